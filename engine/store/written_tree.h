// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace tiphys::store {

/// A temporary folder of this machine, removed with the object.
class TemporaryFolder
{
public:
    /// Errors: Unavailable.
    static Expected<std::unique_ptr<TemporaryFolder>> make();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;

    const std::filesystem::path &path() const { return m_path; }

private:
    explicit TemporaryFolder(std::filesystem::path path) : m_path(std::move(path)) {}

    std::filesystem::path m_path;
};

/// How a tree is written.
struct WriteOptions
{
    bool keepsLinks = false;      ///< links stay links; else they become what they point to
    bool keepsExecutable = false; ///< files that may be run stay so; else none may
};

/// Writes the files of \p tree below \p folder, which is made.
/// Errors: as reading; Denied, Unavailable; InvalidInput for a link that stays one and leaves the tree; LimitExceeded
/// beyond 1 GiB or 100 folders deep.
Expected<void> writeTree(const render::FileTree &tree, const std::filesystem::path &folder, WriteOptions options = {});

/// Writes \p text to \p file. Errors: Denied.
Expected<void> writeFile(const std::filesystem::path &file, std::string_view text);

} // namespace tiphys::store
