// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/origin.h"
#include "render/kustomize/transform.h"

#include <functional>
#include <optional>

namespace tiphys::render::kustomize {

/// Makes resources.
using Generator = std::function<Expected<ResourceList>()>;

struct GeneratorStep
{
    Generator run;
    std::optional<Origin> origin;
};
struct TransformStep
{
    Transform run;
    std::optional<Origin> origin;
};

/// The generator that \p configuration configures: one of kustomize's own.
/// Errors: Unsupported "external plugins disabled; …" for others; InvalidInput for what it cannot read.
/// Source: kustomize api/internal/plugins/loader/loader.go, api/internal/plugins/builtinhelpers@v5.8.1
Expected<GeneratorStep> pluginGenerator(const Resource &configuration, const Loader &loader, BuildContext &context);

/// The transformer that \p configuration configures: one of kustomize's own.
Expected<TransformStep> pluginTransformer(const Resource &configuration, const Loader &loader, BuildContext &context);

/// The generator of one entry of helmCharts.
/// Errors: InvalidInput "must specify --enable-helm" and others.
/// Source: kustomize api/internal/builtins/HelmChartInflationGenerator.go@v5.8.1
Expected<Generator> helmGenerator(HelmChart chart, const HelmGlobals &globals, const Loader &loader,
                                  BuildContext &context);

} // namespace tiphys::render::kustomize
