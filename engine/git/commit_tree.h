// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/object_store.h"
#include "git/submodule.h"
#include "render/file_modes.h"

#include <map>
#include <optional>

namespace tiphys::git {

/// The files of one commit, read from the object store without a checkout.
///
/// A submodule whose files can be had is a folder; LFS pointers are replaced by their content where the repository
/// holds it.
class CommitTree final : public render::FileTree, public render::FileModes
{
public:
    /// \p lfsFolder is the `lfs/objects` folder of the repository.
    CommitTree(std::shared_ptr<ObjectStore> store, const git_oid &root, std::string lfsFolder,
               SubmoduleTrees submodules);

    Expected<std::vector<render::FileEntry>> list(std::string_view folder) const override;
    Expected<render::FileEntry> entry(std::string_view path) const override;
    Expected<render::FileContent> read(std::string_view path) const override;
    bool isExecutable(std::string_view path) const override;

private:
    struct Inside
    {
        std::shared_ptr<const render::FileTree> tree;
        std::string path;
    };

    Expected<std::shared_ptr<const TreeListing>> listing(std::string_view folder) const;
    Expected<StoredEntry> storedEntry(std::string_view path) const;
    /// The submodule that \p path lies in (or is), and the path there.
    std::optional<Expected<Inside>> submoduleOf(std::string_view path) const;
    Expected<std::shared_ptr<const render::FileTree>> submoduleTree(const std::string &path,
                                                                    const std::string &commit) const;
    const std::vector<Submodule> &submodules() const;

    const std::shared_ptr<ObjectStore> m_store;
    const git_oid m_root;
    const std::string m_lfsFolder;
    const SubmoduleTrees m_submoduleTrees;
    mutable std::once_flag m_submodulesRead;
    mutable std::vector<Submodule> m_submodules;
    mutable std::mutex m_mutex; ///< guards what follows
    mutable std::map<std::string, std::shared_ptr<const TreeListing>, std::less<>> m_listings;
    mutable std::map<std::string, Expected<std::shared_ptr<const render::FileTree>>> m_opened;
};

/// Content of the LFS object that \p text points at, from \p lfsFolder; \p text itself (with \p owner) if it is no
/// pointer. Unsupported, naming \p path, where the content is absent; LimitExceeded where it is too large to be read.
Expected<render::FileContent> smudged(render::FileContent content, const std::string &lfsFolder, std::string_view path);

/// InvalidInput if the symbolic link at \p path with target \p target leaves the root.
Expected<void> checkedLink(std::string_view path, std::string_view target);

} // namespace tiphys::git
