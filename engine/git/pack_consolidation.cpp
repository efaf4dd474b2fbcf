// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "git/libgit2.h"
#include "git/mirror.h"

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace tiphys::git {

namespace fs = std::filesystem;

namespace {

struct Pack
{
    fs::path index;
    std::uintmax_t bytes = 0;
};

/// Packs of the folder, smallest first; those marked to be kept are left out.
std::vector<Pack> packsIn(const fs::path &folder)
{
    std::vector<Pack> packs;
    std::error_code fault;
    for (fs::directory_iterator place(folder, fault), end; !fault && place != end; place.increment(fault)) {
        fs::path other = place->path();
        std::error_code absent;
        if (other.extension() != ".idx" || fs::exists(fs::path(other).replace_extension(".keep"), absent))
            continue;
        const std::uintmax_t bytes = fs::file_size(fs::path(other).replace_extension(".pack"), absent);
        if (!absent)
            packs.push_back({other, bytes});
    }
    std::ranges::sort(packs, {}, &Pack::bytes);
    return packs;
}

int insertObject(const git_oid *id, void *builder)
{
    return git_packbuilder_insert(static_cast<git_packbuilder *>(builder), id, nullptr);
}

Expected<void> insertAll(git_packbuilder *builder, const Pack &pack)
{
    OdbHandle odb;
    git_odb_backend *backend = nullptr;
    int code = git_odb_new(out(odb));
    if (code == 0)
        code = git_odb_backend_one_pack(&backend, pack.index.c_str());
    if (code == 0)
        code = git_odb_add_backend(odb.get(), backend, 1);
    if (code == 0)
        code = git_odb_foreach(odb.get(), insertObject, builder);
    if (code != 0)
        return std::unexpected(libgit2Error(code, "reading pack " + tiphys::quoted(pack.index.string())));
    return {};
}

/// How many of the smallest packs to join: all but the large ones at the end, each of which is bigger than everything
/// before it together.
std::size_t countToJoin(const std::vector<Pack> &packs)
{
    std::size_t count = packs.size();
    while (count > 1) {
        std::uintmax_t smaller = 0;
        for (std::size_t i = 0; i + 1 < count; ++i)
            smaller += packs[i].bytes;
        if (packs[count - 1].bytes < 2 * smaller)
            break;
        --count;
    }
    return std::max<std::size_t>(count, packs.size() > 1 ? 2 : 1);
}

} // namespace

Expected<void> consolidatePacks(const std::string &path, std::size_t most)
{
    const fs::path folder = fs::path(path) / "objects" / "pack";
    const std::vector<Pack> packs = packsIn(folder);
    if (packs.size() <= most)
        return {};
    const std::size_t count = countToJoin(packs);
    RepositoryHandle repository;
    PackBuilderHandle builder;
    int code = git_repository_open_bare(out(repository), path.c_str());
    if (code == 0)
        code = git_packbuilder_new(out(builder), repository.get());
    if (code != 0)
        return std::unexpected(libgit2Error(code, "joining packs of " + tiphys::quoted(path)));
    for (std::size_t i = 0; i < count; ++i)
        if (const Expected<void> inserted = insertAll(builder.get(), packs[i]); !inserted)
            return inserted;
    code = git_packbuilder_write(builder.get(), folder.c_str(), 0, nullptr, nullptr);
    if (code != 0)
        return std::unexpected(libgit2Error(code, "joining packs of " + tiphys::quoted(path)));
    const std::string written = std::string("pack-") + git_packbuilder_name(builder.get());
    // Readers that look for an object in a pack that is gone open the repository anew.
    for (std::size_t i = 0; i < count; ++i) {
        if (packs[i].index.stem() == written)
            continue;
        std::error_code ignored;
        fs::remove(packs[i].index, ignored);
        fs::remove(fs::path(packs[i].index).replace_extension(".rev"), ignored);
        fs::remove(fs::path(packs[i].index).replace_extension(".pack"), ignored);
    }
    return {};
}

} // namespace tiphys::git
