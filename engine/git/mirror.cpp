// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/mirror.h"

#include "base/repo_url.h"
#include "base/text.h"
#include "git/connection.h"
#include "git/file_lock.h"
#include "git/url.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

namespace tiphys::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostPacks = 8;

/// A folder name for \p url: readable, and unique by a hash.
std::string folderNameOf(const std::string &url)
{
    const UrlKind kind = parsedUrl(url).kind;
    const std::string normal = kind == UrlKind::Local  ? localPathOf(url)
                               : kind == UrlKind::Http ? normalizedRepoUrl(urlWithoutUser(url))
                                                       : normalizedRepoUrl(url);
    std::string name;
    for (const char c : normal.substr(normal.size() > 40 ? normal.size() - 40 : 0))
        name +=
            std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_").contains(c) ? c : '-';
    git_oid id;
    git_odb_hash(&id, normal.data(), normal.size(), GIT_OBJECT_BLOB);
    return name + "-" + hexOf(id).substr(0, 16) + ".git";
}

/// \p path gets \p text in one step: a reader sees the old or the new one.
Expected<void> replaceFile(const fs::path &path, const std::string &text)
{
    const fs::path next = path.string() + ".next";
    std::ofstream file(next, std::ios::binary);
    file << text;
    file.close();
    std::error_code fault;
    if (file)
        fs::rename(next, path, fault);
    if (!file || fault)
        return failure(ErrorCode::Unavailable, "cannot write " + tiphys::quoted(path.string()));
    return {};
}

bool matches(std::string_view pattern, std::string_view name)
{
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos)
        return pattern == name;
    return name.size() + 1 >= pattern.size() && name.starts_with(pattern.substr(0, star))
           && name.ends_with(pattern.substr(star + 1));
}

std::set<std::string> refNamesIn(git_repository *repository)
{
    std::set<std::string> found;
    git_strarray names = {};
    if (git_reference_list(&names, repository) == 0)
        found.insert(names.strings, names.strings + names.count);
    git_strarray_dispose(&names);
    return found;
}

/// Refs as the packed-refs file holds them.
std::string packedRefs(std::vector<Ref> refs)
{
    std::ranges::sort(refs, {}, &Ref::name);
    std::string text = "# pack-refs with: peeled fully-peeled sorted \n";
    for (const Ref &ref : refs) {
        text += ref.id + " " + ref.name + "\n";
        if (!ref.peeled.empty())
            text += "^" + ref.peeled + "\n";
    }
    return text;
}

/// Where an earlier writer was killed, what it left half-written is in the way of nobody but takes place.
void removeLeftovers(const fs::path &packs)
{
    std::error_code fault;
    for (fs::directory_iterator place(packs, fault), end; !fault && place != end; place.increment(fault)) {
        const std::string name = place->path().filename().string();
        if (!name.ends_with(".pack") && !name.ends_with(".idx") && !name.ends_with(".keep")
            && !name.ends_with(".rev")) {
            std::error_code ignored;
            fs::remove(place->path(), ignored);
        }
    }
}

/// All refs in one step, then HEAD.
Expected<void> writeRefs(const std::string &path, const std::vector<Ref> &offered, const std::vector<Ref> &kept)
{
    if (const Expected<void> written = replaceFile(path + "/packed-refs", packedRefs(kept)); !written)
        return written;
    const auto head = std::ranges::find(offered, "HEAD", &Ref::name);
    if (head == offered.end())
        return {};
    return replaceFile(path + "/HEAD", head->target.empty() ? head->id + "\n" : "ref: " + head->target + "\n");
}

} // namespace

Mirror::Mirror(const std::string &cacheFolder, std::string url) : m_url(std::move(url))
{
    startLibgit2();
    m_path = cacheFolder + "/" + folderNameOf(m_url);
}

Expected<std::vector<Ref>> Mirror::fetch(const RemoteAccess &access, const FetchOptions &options) const
{
    std::error_code fault;
    fs::create_directories(fs::path(m_path).parent_path(), fault);
    const Expected<FileLock> lock = FileLock::wait(m_path + ".lock", access.cancel);
    if (!lock)
        return std::unexpected(lock.error());
    return fetchLocked(access, options);
}

Expected<std::vector<Ref>> Mirror::fetchLocked(const RemoteAccess &access, const FetchOptions &options) const
{
    RepositoryHandle repository;
    int code = git_repository_open_bare(out(repository), m_path.c_str());
    if (code != 0)
        code = git_repository_init(out(repository), m_path.c_str(), true);
    if (code != 0)
        return std::unexpected(libgit2Error(code, "mirror " + tiphys::quoted(m_path)));
    removeLeftovers(m_path + "/objects/pack");

    Connection connection(m_url, access);
    if (const Expected<void> open = connection.open(repository.get()); !open)
        return std::unexpected(open.error());
    const Expected<std::vector<Ref>> offered = connection.refs();
    if (!offered)
        return std::unexpected(offered.error());
    std::vector<std::string> patterns = {"refs/heads/*", "refs/tags/*"};
    patterns.insert(patterns.end(), options.extraRefs.begin(), options.extraRefs.end());
    std::vector<std::string> refspecs;
    for (const std::string &pattern : patterns)
        refspecs.push_back("+" + pattern + ":" + pattern);
    if (!offered->empty())
        if (const Expected<void> done = connection.download(refspecs, options.depth); !done)
            return std::unexpected(done.error());

    const std::set<std::string> before = refNamesIn(repository.get());
    OdbHandle odb;
    if (code = git_repository_odb(out(odb), repository.get()); code != 0)
        return std::unexpected(libgit2Error(code, "mirror " + tiphys::quoted(m_path)));
    git_odb_refresh(odb.get());
    std::vector<Ref> kept;
    for (const Ref &ref : *offered) {
        const bool asked =
            std::ranges::any_of(patterns, [&](const std::string &pattern) { return matches(pattern, ref.name); });
        const Expected<git_oid> id = idOf(ref.id);
        // Refs that an earlier fetch asked for stay as long as the remote has them and their commit is here.
        const bool here = id && git_odb_exists(odb.get(), &*id);
        if (asked && !here)
            return failure(ErrorCode::Unavailable, "the remote did not send " + tiphys::quoted(ref.name));
        if (asked || (here && before.contains(ref.name)))
            kept.push_back(ref);
    }
    if (const Expected<void> written = writeRefs(m_path, *offered, kept); !written)
        return std::unexpected(written.error());
    if (const Expected<void> joined = consolidatePacks(m_path, kMostPacks); !joined)
        return std::unexpected(joined.error());
    if (const auto head = std::ranges::find(*offered, "HEAD", &Ref::name); head != offered->end())
        kept.insert(kept.begin(), *head);
    return kept;
}

Expected<Repository> Mirror::repository() const
{
    std::error_code fault;
    if (!fs::exists(m_path + "/packed-refs", fault))
        return failure(ErrorCode::NotFound, "repository " + tiphys::quoted(shownUrl(m_url)) + " has not been fetched");
    return Repository::open(m_path);
}

} // namespace tiphys::git
