// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "render/render_context.h"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::render {

using PluginEnvironment = std::vector<std::pair<std::string, std::string>>;

/// The variables that a plugin gets beside those of its process: ARGOCD_APP_…, KUBE_VERSION, KUBE_API_VERSIONS, and what
/// \p plugin (`source.plugin`: env and parameters) says as ARGOCD_ENV_…, ARGOCD_APP_PARAMETERS and PARAM_…. Names are
/// there once. Errors: InvalidInput for entries of other types and values that hold a zero byte.
/// Source: argo-cd reposerver/repository/repository.go (getPluginEnvs), pkg/apis/application/v1alpha1/types.go
/// (ApplicationSourcePluginParameters.Environ)@v3.5.1
Expected<PluginEnvironment> pluginEnvironment(const object::Value &plugin, const RenderContext &context);

} // namespace tiphys::render
