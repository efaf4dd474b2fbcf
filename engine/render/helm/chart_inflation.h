// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/kustomize.h"
#include "render/render_context.h"

namespace tiphys::render {

/// Renders charts of kustomizations in \p files as `helm template` does for kustomize: what charts/ lacks is not
/// built. \p files and \p context must outlive the function.
///
/// Errors: as chartOutput; those of the template that nameTemplate is.
/// Source: kustomize api/types/helmchartargs.go (AsHelmArgs)@v5.8.1
HelmInflator chartInflator(const FileTree &files, const RenderContext &context);

} // namespace tiphys::render
