// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/object_store.h"

#include "base/text.h"
#include "git/loose_object.h"

#include <algorithm>

namespace tiphys::git {

namespace {

using render::FileEntry;
using render::FileKind;

constexpr std::size_t kMostListedEntries = 500'000;
constexpr std::size_t kMostIdleHandles = 8;
constexpr std::size_t kLargestKeptBlob = 64 << 10;
constexpr std::size_t kMostBlobBytes = 8 << 20;

/// As a key of a map.
std::string bytesOf(const git_oid &id)
{
    return {reinterpret_cast<const char *>(id.id), GIT_OID_SHA1_SIZE};
}

/// Whether contents were left out of \p repository when it was cloned, to be got when they are needed.
bool isPartialClone(git_repository *repository)
{
    git_config *raw = nullptr;
    if (git_repository_config_snapshot(&raw, repository) != 0)
        return false;
    const ConfigHandle config(raw);
    git_config_iterator *iterator = nullptr;
    if (git_config_iterator_glob_new(&iterator, config.get(), "^(remote\\..*\\.promisor|extensions\\.partialclone)$")
        != 0)
        return false;
    git_config_entry *entry = nullptr;
    const bool isPartial = git_config_next(&entry, iterator) == 0;
    git_config_iterator_free(iterator);
    return isPartial;
}

/// One object of type \p wanted, of at most \p mostBytes.
Expected<render::FileContent> objectIn(git_repository *repository, const git_oid &id, git_object_t wanted,
                                       std::size_t mostBytes)
{
    OdbHandle odb;
    OdbObjectHandle object;
    int code = git_repository_odb(out(odb), repository);
    // A few bytes may unpack to what fills the memory. What else is wrong with it is told by reading it.
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (code == 0 && wanted == GIT_OBJECT_BLOB && git_odb_read_header(&size, &type, odb.get(), &id) == 0
        && size > mostBytes)
        return failure(ErrorCode::LimitExceeded,
                       "larger than " + std::to_string(mostBytes) + " bytes: " + std::to_string(size));
    if (code == 0)
        code = git_odb_read(out(object), odb.get(), &id);
    if (code == GIT_ENOTFOUND)
        return failure(ErrorCode::Unsupported,
                       "object " + hexOf(id) + " is not in the repository"
                           + (isPartialClone(repository)
                                  ? ", which is a partial clone: git gets it when the commit is checked out"
                                  : ""));
    if (code != 0)
        return std::unexpected(libgit2Error(code, "reading object " + hexOf(id)));
    if (git_odb_object_type(object.get()) != wanted)
        return failure(ErrorCode::InvalidInput, "object " + hexOf(id) + " is no " + git_object_type2string(wanted));
    const std::shared_ptr<git_odb_object> owner(object.release(), git_odb_object_free);
    const auto *bytes = static_cast<const char *>(git_odb_object_data(owner.get()));
    return render::FileContent{owner, {bytes, git_odb_object_size(owner.get())}};
}

FileKind kindOf(std::string_view mode)
{
    if (mode == "40000")
        return FileKind::Folder;
    if (mode == "120000")
        return FileKind::Symlink;
    if (mode == "160000")
        return FileKind::Submodule;
    return FileKind::File;
}

/// The stored form: "<mode> <name>\0<20 bytes of id>", repeated.
Expected<TreeListing> parsedTree(std::string_view text)
{
    TreeListing entries;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::size_t end = text.find('\0');
        if (space == std::string_view::npos || end == std::string_view::npos || end < space
            || text.size() - end <= GIT_OID_SHA1_SIZE)
            return failure(ErrorCode::InvalidInput, "damaged tree");
        git_oid id;
        git_oid_fromraw(&id, reinterpret_cast<const unsigned char *>(text.data() + end + 1));
        const std::string_view mode = text.substr(0, space);
        entries.push_back(
            {{std::string(text.substr(space + 1, end - space - 1)), kindOf(mode), hexOf(id)}, mode == "100755"});
        text.remove_prefix(end + 1 + GIT_OID_SHA1_SIZE);
    }
    // Git sorts folders as if their names ended in '/'.
    std::ranges::sort(entries, {}, &FileEntry::name);
    return entries;
}

} // namespace

Expected<RepositoryHandle> ObjectStore::taken(bool fresh)
{
    if (!fresh) {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            RepositoryHandle handle = std::move(m_idle.back());
            m_idle.pop_back();
            return handle;
        }
    }
    RepositoryHandle handle;
    const int code = git_repository_open_ext(out(handle), m_place.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    if (code == GIT_ENOTFOUND)
        return failure(ErrorCode::NotFound, "the repository at " + quoted(m_place) + " is gone");
    if (code != 0)
        return std::unexpected(libgit2Error(code, "opening repository " + quoted(m_place)));
    if (const Expected<void> ready = readLooseObjectsOurselves(handle.get()); !ready)
        return std::unexpected(ready.error());
    return handle;
}

void ObjectStore::giveBack(RepositoryHandle handle)
{
    const std::lock_guard lock(m_mutex);
    if (m_idle.size() < kMostIdleHandles)
        m_idle.push_back(std::move(handle));
}

Expected<std::shared_ptr<const TreeListing>> ObjectStore::listing(const git_oid &id)
{
    const std::string key = bytesOf(id);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_listings.find(key); found != m_listings.end())
            return found->second;
    }
    Expected<TreeListing> entries = with<TreeListing>([&](git_repository *repository) -> Expected<TreeListing> {
        const Expected<render::FileContent> object = objectIn(repository, id, GIT_OBJECT_TREE, m_mostBytes);
        if (!object)
            return std::unexpected(object.error());
        return parsedTree(object->text);
    });
    if (!entries)
        return std::unexpected(entries.error());
    auto listing = std::make_shared<const TreeListing>(*std::move(entries));
    const std::lock_guard lock(m_mutex);
    if (m_listedEntries > kMostListedEntries) {
        m_listings.clear();
        m_listedEntries = 0;
    }
    m_listedEntries += listing->size();
    m_listings.emplace(key, listing);
    return std::shared_ptr<const TreeListing>(listing);
}

Expected<render::FileContent> ObjectStore::blob(const git_oid &id)
{
    const std::string key = bytesOf(id);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_blobs.find(key); found != m_blobs.end())
            return found->second;
    }
    Expected<render::FileContent> content = with<render::FileContent>(
        [&](git_repository *repository) { return objectIn(repository, id, GIT_OBJECT_BLOB, m_mostBytes); });
    if (!content || content->text.size() > kLargestKeptBlob)
        return content;
    const std::lock_guard lock(m_mutex);
    if (m_blobBytes > kMostBlobBytes) {
        m_blobs.clear();
        m_blobBytes = 0;
    }
    if (m_blobs.emplace(key, *content).second)
        m_blobBytes += content->text.size();
    return content;
}

} // namespace tiphys::git
