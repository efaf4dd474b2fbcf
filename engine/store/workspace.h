// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::store {

/// Where a workspace keeps its own settings, in the format of the ConfigMap argocd-cm.
inline constexpr std::string_view kWorkspaceSettings = ".tiphys/argocd-cm.yaml";

/// Where a workspace keeps config management plugins, one file each.
inline constexpr std::string_view kWorkspacePlugins = ".tiphys/plugins";
/// Which applications of a workspace helm and kustomize of this machine render.
inline constexpr std::string_view kWorkspaceTools = ".tiphys/tools.yaml";

/// A file and what is in it.
struct WorkspaceFile
{
    std::string path;
    std::string text;
};

/// The settings file of the workspace that \p folder is in: in \p folder or the nearest folder above, up to the one that
/// holds `.git`; outside a Git repository in \p folder only. Nothing if there is none. Errors name the path: Denied,
/// LimitExceeded.
Expected<std::optional<WorkspaceFile>> workspaceSettings(const std::filesystem::path &folder);
/// The same for the file that says which tools render what.
Expected<std::optional<WorkspaceFile>> workspaceTools(const std::filesystem::path &folder);
/// The nearest folder of plugins of the workspace that \p folder is in, found likewise; "" if there is none.
std::filesystem::path workspacePluginFolder(const std::filesystem::path &folder);

/// The YAML files of \p folder, sorted by name; none if there is no such folder. Errors: as above.
Expected<std::vector<WorkspaceFile>> yamlFilesIn(const std::filesystem::path &folder);
/// Where this user's own settings are: $TIPHYS_CONFIG, else `tiphys` in the folder of the user's settings; "" if that is
/// not known.
std::filesystem::path userConfigFolder();

} // namespace tiphys::store
