// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/loose_object.h"

#include <git2/sys/errors.h>
#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <zlib.h>

namespace tiphys::git {

namespace {

/// An object read from a file of its own.
struct LooseObject
{
    git_object_t type = GIT_OBJECT_INVALID;
    std::string content;
};

/// All bytes that \p packed inflates to; nothing if it does not end properly.
std::optional<std::string> inflated(const std::string &packed)
{
    constexpr std::size_t kFirstGuess = 4096;
    z_stream stream = {};
    if (inflateInit(&stream) != Z_OK)
        return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string bytes(std::max(kFirstGuess, packed.size() * 3), '\0');
    std::size_t filled = 0;
    int code = Z_OK;
    while (code == Z_OK) {
        if (filled == bytes.size())
            bytes.resize(bytes.size() * 2);
        stream.next_out = reinterpret_cast<Bytef *>(bytes.data() + filled);
        stream.avail_out = static_cast<uInt>(bytes.size() - filled);
        code = inflate(&stream, Z_NO_FLUSH);
        filled = bytes.size() - stream.avail_out;
    }
    inflateEnd(&stream);
    if (code != Z_STREAM_END)
        return std::nullopt;
    bytes.resize(filled);
    return bytes;
}

/// "<type> <size>\0<content>"
std::optional<LooseObject> parsedObject(std::string bytes)
{
    const std::size_t space = bytes.find(' ');
    const std::size_t end = bytes.find('\0');
    if (space == std::string::npos || end == std::string::npos || space > end)
        return std::nullopt;
    std::size_t size = 0;
    const auto [stop, fault] = std::from_chars(bytes.data() + space + 1, bytes.data() + end, size);
    if (fault != std::errc() || stop != bytes.data() + end || bytes.size() - end - 1 != size)
        return std::nullopt;
    LooseObject object;
    object.type = git_object_string2type(bytes.substr(0, space).c_str());
    bytes.erase(0, end + 1);
    object.content = std::move(bytes);
    return object;
}

/// The object \p id as a file below \p objectsFolder; nothing where there is no such file.
/// InvalidInput if the file is cut off or damaged.
Expected<std::optional<LooseObject>> looseObject(const std::string &objectsFolder, const git_oid &id)
{
    const std::string hex = hexOf(id);
    std::ifstream file(objectsFolder + "/" + hex.substr(0, 2) + "/" + hex.substr(2), std::ios::binary);
    if (!file)
        return std::optional<LooseObject>();
    const std::string packed((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::optional<std::string> bytes = inflated(packed);
    std::optional<LooseObject> object = bytes ? parsedObject(*std::move(bytes)) : std::nullopt;
    if (!object)
        return failure(ErrorCode::InvalidInput, "object " + hex + " is damaged (its file is cut off or changed)");
    return object;
}

/// Reads loose objects in libgit2's place.
struct LooseBackend : git_odb_backend
{
    std::string objectsFolder;
};

int readLoose(void **bytes, size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *id)
{
    const Expected<std::optional<LooseObject>> object =
        looseObject(static_cast<LooseBackend *>(backend)->objectsFolder, *id);
    if (!object) {
        git_error_set_str(GIT_ERROR_ODB, object.error().message().c_str());
        return GIT_ERROR;
    }
    if (!*object)
        return GIT_ENOTFOUND;
    const std::string &content = (*object)->content;
    *bytes = git_odb_backend_data_alloc(backend, content.size() + 1);
    if (!*bytes)
        return GIT_ERROR;
    std::memcpy(*bytes, content.c_str(), content.size() + 1);
    *size = content.size();
    *type = (*object)->type;
    return GIT_OK;
}

int readLooseByPrefix(git_oid *found, void **bytes, size_t *size, git_object_t *type, git_odb_backend *backend,
                      const git_oid *shortId, size_t length)
{
    const std::string wanted = hexOf(*shortId).substr(0, length);
    if (length < 2)
        return GIT_ENOTFOUND;
    int count = 0;
    std::error_code fault;
    const std::filesystem::path folder =
        static_cast<LooseBackend *>(backend)->objectsFolder + "/" + wanted.substr(0, 2);
    for (std::filesystem::directory_iterator place(folder, fault), end; !fault && place != end;
         place.increment(fault)) {
        const std::string name = wanted.substr(0, 2) + place->path().filename().string();
        git_oid id;
        if (name.size() != GIT_OID_SHA1_HEXSIZE || !name.starts_with(wanted) || git_oid_fromstr(&id, name.c_str()) != 0)
            continue;
        *found = id;
        ++count;
    }
    if (count > 1)
        return GIT_EAMBIGUOUS;
    return count == 1 ? readLoose(bytes, size, type, backend, found) : static_cast<int>(GIT_ENOTFOUND);
}

} // namespace

Expected<void> readLooseObjectsOurselves(git_repository *repository)
{
    constexpr int kBeforeAllOthers = 100;
    git_odb *raw = nullptr;
    int code = git_repository_odb(&raw, repository);
    const OdbHandle odb(raw);
    if (code == 0) {
        auto backend = std::make_unique<LooseBackend>();
        code = git_odb_init_backend(backend.get(), GIT_ODB_BACKEND_VERSION);
        backend->objectsFolder = std::string(git_repository_commondir(repository)) + "objects";
        backend->read = readLoose;
        backend->read_prefix = readLooseByPrefix;
        backend->free = [](git_odb_backend *own) { delete static_cast<LooseBackend *>(own); };
        if (code == 0)
            code = git_odb_add_backend(odb.get(), backend.get(), kBeforeAllOthers);
        if (code == 0)
            static_cast<void>(backend.release()); // the store frees it
    }
    return code == 0 ? Expected<void>() : std::unexpected(libgit2Error(code, "opening the objects of the repository"));
}

} // namespace tiphys::git
