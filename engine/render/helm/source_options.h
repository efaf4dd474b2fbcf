// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/helm/helm_render.h"
#include "render/render_context.h"

namespace tiphys::render {

/// What Argo CD tells Helm for \p source (one source of an Application with a chart in \p folder of \p files).
///
/// Errors: NotFound and InvalidInput naming the values file; Unavailable for values files at an address that are not
/// fetched (noted in the context).
/// Source: argo-cd reposerver/repository/repository.go (helmTemplate, getResolvedValueFiles), util/helm/cmd.go@v3.5.1
Expected<HelmOptions> helmOptionsOf(const object::Value &source, const FileTree &files, std::string_view folder,
                                    const RenderContext &context);

} // namespace tiphys::render
