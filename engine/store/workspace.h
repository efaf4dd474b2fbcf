// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::store {

/// Where a workspace keeps its own settings, in the format of the ConfigMap argocd-cm.
inline constexpr std::string_view kWorkspaceSettings = ".tiphys/argocd-cm.yaml";

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

} // namespace tiphys::store
