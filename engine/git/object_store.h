// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/libgit2.h"
#include "render/file_tree.h"

#include <functional>
#include <mutex>
#include <unordered_map>

namespace tiphys::git {

/// One name in a stored folder.
struct StoredEntry : render::FileEntry
{
    bool isExecutable = false;
};
/// Sorted entries of one Git tree.
using TreeListing = std::vector<StoredEntry>;

/// The objects of one repository, readable from several threads: each reader has a libgit2 handle for the time of one
/// call. Parsed trees and small blobs are kept by object id, so that a second revision reads only what differs, and what many
/// folders have alike is read once.
class ObjectStore
{
public:
    /// \p place is a work tree or a repository folder that is known to open; a blob has at most \p mostBytes.
    explicit ObjectStore(std::string place, std::size_t mostBytes = render::kLargestFile)
        : m_place(std::move(place)), m_mostBytes(mostBytes)
    {
    }

    std::size_t mostBytes() const { return m_mostBytes; }
    /// Runs \p use with a handle of its own. A failure is tried once more on a fresh handle, because another process
    /// may have replaced the packs.
    template <typename T>
    Expected<T> with(const std::function<Expected<T>(git_repository *)> &use)
    {
        for (bool fresh = false;; fresh = true) {
            Expected<RepositoryHandle> handle = taken(fresh);
            if (!handle)
                return std::unexpected(handle.error());
            Expected<T> result = use(handle->get());
            if (result || fresh) {
                giveBack(*std::move(handle));
                return result;
            }
        }
    }

    /// Entries of the tree \p id. NotFound if the object is absent, InvalidInput if it is damaged.
    Expected<std::shared_ptr<const TreeListing>> listing(const git_oid &id);
    /// Bytes of the blob \p id; they live as long as the owner. LimitExceeded if it is too large, which is seen before it is read.
    Expected<render::FileContent> blob(const git_oid &id);

private:
    Expected<RepositoryHandle> taken(bool fresh);
    void giveBack(RepositoryHandle handle);

    const std::string m_place;
    const std::size_t m_mostBytes;
    std::mutex m_mutex; ///< guards what follows
    std::vector<RepositoryHandle> m_idle;
    std::unordered_map<std::string, std::shared_ptr<const TreeListing>> m_listings;
    std::size_t m_listedEntries = 0;
    std::unordered_map<std::string, render::FileContent> m_blobs;
    std::size_t m_blobBytes = 0;
};

} // namespace tiphys::git
