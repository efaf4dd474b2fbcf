// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/for_each.h"
#include "render/file_tree.h"
#include "render/helm/set_flags.h"
#include "render/helm/template_engine.h"
#include "render/remote_content.h"
#include "render/rendered.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// A values file: what it is called in errors, and its text.
struct ValuesText
{
    std::string name;
    std::string text;
};

/// One flag of the `--set` family.
struct SetFlag
{
    SetKind kind = SetKind::Typed;
    std::string text;
};

/// What `helm template` is told.
struct HelmOptions
{
    std::string releaseName = "release-name";
    std::string ns = "default";
    std::string kubeVersion;              ///< "" is that of Helm's client library
    std::vector<std::string> apiVersions; ///< beside those of the client library
    std::vector<ValuesText> valueTexts;   ///< in order, later ones win
    std::vector<SetFlag> setFlags; ///< carried out by kind (json, typed, string, file, literal), within a kind in order
    ReadSetFile readSetFile;
    bool includesCrds = true;
    bool skipsTests = false;
    bool skipsHooks = false;
    bool skipsSchemaValidation = false;
    bool keepsLists =
        false; ///< a List stays one object, as Helm prints it; else its items stand for it, as Argo CD takes them
    ChartLookup lookup;
    ForEach forEach; ///< for what is large: reading many texts
};

/// The values that a person gives: files, then flags.
/// Errors: InvalidInput "failed to parse NAME: …", "failed parsing --set data: …".
/// Source: helm pkg/cli/values/options.go (MergeValues)@v4.2.4
Expected<object::Value> givenValues(const HelmOptions &options);

/// The objects of \p chart in the order of `helm template`: CRDs, manifests by kind, hooks.
///
/// Errors, with Helm's texts: InvalidInput (chart, values, schema, templates, YAML that templates made); NotFound
/// "found in Chart.yaml, but missing in charts/ directory: …" (see missingDependencies).
/// Source: helm pkg/action/install.go, pkg/cmd/template.go@v4.2.4
Expected<Rendered> renderChart(const Chart &chart, const HelmOptions &options, const text::SprigWorldPtr &world,
                               TemplateCache &cache);

/// What `helm template` prints for \p chart. Errors: as renderChart.
Expected<std::string> chartOutput(const Chart &chart, const HelmOptions &options, const text::SprigWorldPtr &world,
                                  TemplateCache &cache);

/// loadChart, the dependencies that `helm dependency build` would bring where some are missing (withBuiltDependencies),
/// then renderChart. Errors: also Unavailable naming what is not fetched, which is noted in \p remote too.
Expected<Rendered> renderChartFolder(const FileTree &files, std::string_view folder, const HelmOptions &options,
                                     const text::SprigWorldPtr &world, TemplateCache &cache,
                                     const RemoteAccess &remote = {});

} // namespace tiphys::render
