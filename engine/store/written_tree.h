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

/// Writes the files of \p tree below \p folder, which is made; links become what they point to.
/// Errors: as reading; Denied, Unavailable; LimitExceeded beyond 1 GiB or 100 folders deep.
Expected<void> writeTree(const render::FileTree &tree, const std::filesystem::path &folder);

/// Writes \p text to \p file. Errors: Denied.
Expected<void> writeFile(const std::filesystem::path &file, std::string_view text);

} // namespace tiphys::store
