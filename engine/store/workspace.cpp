// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/workspace.h"

#include "store/folder_tree.h"

#include <algorithm>
#include <cstdlib>
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

Expected<std::optional<WorkspaceFile>> nearestFile(const fs::path &folder, std::string_view name)
{
    std::error_code problem;
    const fs::path absolute = fs::absolute(folder, problem);
    if (problem)
        return failure(ErrorCode::NotFound, "folder '" + folder.string() + "': " + problem.message());
    for (const fs::path &place : foldersOfRepository(absolute.lexically_normal())) {
        const fs::path file = place / fs::path(name);
        if (!fs::is_regular_file(file, problem))
            continue;
        Expected<std::string> text = fileContent(file.string(), kLimitBytes);
        if (!text)
            return std::unexpected(text.error());
        return WorkspaceFile{file.string(), std::move(*text)};
    }
    return std::nullopt;
}

} // namespace

Expected<std::optional<WorkspaceFile>> workspaceSettings(const fs::path &folder)
{
    return nearestFile(folder, kWorkspaceSettings);
}

Expected<std::optional<WorkspaceFile>> workspaceTools(const fs::path &folder)
{
    return nearestFile(folder, kWorkspaceTools);
}

fs::path workspacePluginFolder(const fs::path &folder)
{
    std::error_code ignored;
    for (const fs::path &place : foldersOfRepository(fs::absolute(folder, ignored).lexically_normal())) {
        fs::path plugins = place / fs::path(kWorkspacePlugins);
        if (fs::is_directory(plugins, ignored))
            return plugins;
    }
    return {};
}

Expected<std::vector<WorkspaceFile>> yamlFilesIn(const fs::path &folder)
{
    std::vector<fs::path> paths;
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem); !problem && at != fs::directory_iterator();
         at.increment(problem)) {
        const std::string extension = at->path().extension().string();
        std::error_code ignored;
        if ((extension == ".yaml" || extension == ".yml") && at->is_regular_file(ignored))
            paths.push_back(at->path());
    }
    std::ranges::sort(paths);
    std::vector<WorkspaceFile> files;
    for (const fs::path &path : paths) {
        Expected<std::string> text = fileContent(path.string(), kLimitBytes);
        if (!text)
            return std::unexpected(text.error());
        files.push_back({path.string(), std::move(*text)});
    }
    return files;
}

fs::path userConfigFolder()
{
    const auto variable = [](const char *name) {
        const char *value = std::getenv(name);
        return value ? fs::path(value) : fs::path();
    };
    if (fs::path chosen = variable("TIPHYS_CONFIG"); !chosen.empty())
        return chosen;
#if defined(_WIN32)
    const fs::path settings = variable("APPDATA");
#else
    fs::path settings = variable("XDG_CONFIG_HOME");
    if (settings.empty() && !variable("HOME").empty())
        settings = variable("HOME") / ".config";
#endif
    return settings.empty() ? fs::path() : settings / "tiphys";
}

} // namespace tiphys::store
