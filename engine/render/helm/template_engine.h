// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/for_each.h"
#include "render/helm/capabilities.h"
#include "render/helm/chart.h"
#include "render/helm/chart_values.h"
#include "render/helm/template_cache.h"
#include "text/sprig/world.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tiphys::render {

/// What `lookup` finds: apiVersion, kind, namespace, name ("" for a list); an empty map for nothing.
using ChartLookup = std::function<Expected<object::Value>(const std::string &, const std::string &, const std::string &,
                                                          const std::string &)>;

/// `.Release`.
struct ChartRelease
{
    std::string name = "release-name";
    std::string ns = "default";
};

/// What the templates of a chart are executed with.
struct TemplateInput
{
    ValueTablePtr values; ///< coalesced
    ChartRelease release;
    KubeVersion kubeVersion = defaultKubeVersion();
    std::vector<std::string> apiVersions = defaultApiVersions();
    ChartLookup lookup; ///< nothing: `lookup` finds nothing
    text::SprigWorldPtr world;
    ForEach forEach; ///< reads many templates
};

/// The text of every template of \p chart and its subcharts that is no partial, by its full path.
///
/// Errors: InvalidInput with Helm's text (see template_errors.h); LimitExceeded for templates that do not end.
/// Source: helm pkg/engine/engine.go (Render)@v4.2.4
Expected<std::map<std::string, std::string>> renderedTemplates(const Chart &chart, const TemplateInput &input,
                                                               TemplateCache &cache);

} // namespace tiphys::render
