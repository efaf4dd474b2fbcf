// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/workspace.h"

#include "store/folder_tree.h"

#include <system_error>
#include <vector>

namespace tiphys::store {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kLimitBytes = 8 << 20;

/// \p folder and those above it up to the root of its repository; \p folder alone outside of one.
std::vector<fs::path> foldersOfRepository(const fs::path &folder)
{
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (fs::path current = folder;; current = current.parent_path()) {
        folders.push_back(current);
        if (fs::exists(current / ".git", ignored))
            return folders;
        if (current == current.parent_path())
            return {folder};
    }
}

} // namespace

Expected<std::optional<WorkspaceFile>> workspaceSettings(const fs::path &folder)
{
    std::error_code problem;
    const fs::path absolute = fs::absolute(folder, problem);
    if (problem)
        return failure(ErrorCode::NotFound, "folder '" + folder.string() + "': " + problem.message());
    for (const fs::path &place : foldersOfRepository(absolute.lexically_normal())) {
        const fs::path file = place / fs::path(kWorkspaceSettings);
        if (!fs::is_regular_file(file, problem))
            continue;
        Expected<std::string> text = fileContent(file.string(), kLimitBytes);
        if (!text)
            return std::unexpected(text.error());
        return WorkspaceFile{file.string(), std::move(*text)};
    }
    return std::nullopt;
}

} // namespace tiphys::store
