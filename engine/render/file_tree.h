// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

enum class FileKind { File, Folder, Symlink, Submodule };

/// One name in a folder.
struct FileEntry
{
    std::string name;
    FileKind kind = FileKind::File;
    std::string id; ///< names the content (a Git object id); "" where there is none

    bool operator==(const FileEntry &) const = default;
};

/// Bytes of a file and whatever keeps them alive.
struct FileContent
{
    std::shared_ptr<const void> owner;
    std::string_view text;
};

/// Bytes that a file may have; reading a larger one is LimitExceeded, before it fills the memory.
inline constexpr std::size_t kLargestFile = 1'000'000'000;

/// The files of one repository at one revision, or of a folder: the one read that pure code may cause.
///
/// Paths are relative to the root, with '/' and without "." or ".."; the root itself is "". Reading is lazy,
/// synchronous and safe from several threads.
class FileTree
{
public:
    virtual ~FileTree() = default;

    /// The entries of \p folder sorted bytewise by name. NotFound if it is absent or no folder.
    virtual Expected<std::vector<FileEntry>> list(std::string_view folder) const = 0;
    /// What stands at \p path itself, links not followed. NotFound if nothing does.
    virtual Expected<FileEntry> entry(std::string_view path) const = 0;
    /// Bytes of the file at \p path; of a symlink its target text. NotFound if absent or a folder; InvalidInput
    /// for a link that leaves the root; Unsupported with the path for content that is not here (an LFS pointer
    /// whose content is absent, a submodule that is not fetched).
    virtual Expected<FileContent> read(std::string_view path) const = 0;
};

/// \p path below \p tree with symlinks resolved inside the root: the path of what a checkout would open.
/// Errors: NotFound; InvalidInput for links that leave the root or go round.
Expected<std::string> resolvedPath(const FileTree &tree, std::string_view path);

/// \p path without ".", ".." and doubled slashes; InvalidInput if it would leave the root.
Expected<std::string> cleanPath(std::string_view path);

/// A tree held in memory, for tests and workspaces: pairs of path and content.
std::shared_ptr<const FileTree> memoryTree(std::vector<std::pair<std::string, std::string>> files);

} // namespace tiphys::render
