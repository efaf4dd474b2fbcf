// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "render/plugin/plugin_host.h"
#include "render/render_context.h"
#include "render/rendered.h"

#include <string>
#include <vector>

namespace tiphys::render {

/// The first plugin of context.plugins whose discovery claims \p folder, where the Application names no type; null if none
/// does. A discovery that fails claims nothing. Errors: Denied where a plugin has to be run to know and may not.
/// Source: argo-cd util/app/discovery/discovery.go (Discover, DetectConfigManagementPlugin)@v3.5.1
Expected<const Plugin *> discoveredPlugin(const FileTree &files, const std::string &folder,
                                          const RenderContext &context);

/// The objects that \p plugin (`source.plugin` of an Application, null for a discovered one) generates in \p folder.
/// Errors: NotFound (no such plugin, or it does not claim the folder), Denied, InvalidInput (what it says when it fails,
/// and output that is no manifest), Timeout, LimitExceeded.
/// Source: argo-cd reposerver/repository/repository.go (runConfigManagementPluginSidecars), cmpserver/plugin/plugin.go@v3.5.1
Expected<Rendered> renderPluginSource(const object::Value &plugin, const FileTree &files, const std::string &folder,
                                      const RenderContext &context);

/// The parameters that the plugin of \p folder announces, dynamic ones first. Errors: as renderPluginSource.
/// Source: argo-cd cmpserver/plugin/plugin.go (getParametersAnnouncement)@v3.5.1
Expected<std::vector<object::Value>> announcedParameters(const object::Value &plugin, const FileTree &files,
                                                         const std::string &folder, const RenderContext &context);

} // namespace tiphys::render
