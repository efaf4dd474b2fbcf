// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/helm_render.h"

#include "base/semver.h"
#include "base/text.h"
#include "render/helm/chart_dependencies.h"
#include "render/helm/chart_loader.h"
#include "render/helm/chart_metadata.h"
#include "render/helm/dependency_build.h"
#include "render/helm/manifests.h"
#include "render/helm/schema_check.h"
#include "render/helm/value_table.h"

#include <algorithm>

namespace tiphys::render {

using object::Value;

namespace {

bool isNamePart(std::string_view part)
{
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !part.empty() && isLetter(part.front()) && isLetter(part.back())
           && std::ranges::all_of(part, [&](char c) { return isLetter(c) || c == '-'; });
}

Expected<void> checkReleaseName(const std::string &name)
{
    const std::vector<std::string_view> parts = split(name, '.');
    if (name.size() <= 53 && std::ranges::all_of(parts, isNamePart))
        return {};
    return failure(ErrorCode::InvalidInput,
                   "release name check failed: release name \"" + name
                       + "\": invalid release name, must match regex "
                         "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length "
                         "must not be longer than 53");
}

Expected<void> checkInstallable(const Chart &chart)
{
    if (chart.metadata.isLibrary())
        return failure(ErrorCode::InvalidInput, "library charts are not installable");
    const std::vector<ChartDependency> missing = missingDependencies(chart);
    if (missing.empty())
        return {};
    std::string names;
    for (const ChartDependency &dependency : missing)
        names += (names.empty() ? "" : ", ") + dependency.name;
    return failure(
        ErrorCode::NotFound,
        "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' "
        "to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: "
            + names);
}

Expected<void> checkKubeVersion(const Chart &chart, const KubeVersion &version)
{
    if (chart.metadata.kubeVersion.empty())
        return {};
    const Expected<SemVersion> parsed = SemVersion::parse(version.normalized);
    const Expected<SemConstraint> wanted = SemConstraint::parse(chart.metadata.kubeVersion);
    if (parsed && wanted && wanted->allows(*parsed))
        return {};
    return failure(ErrorCode::InvalidInput, "chart requires kubeVersion: " + chart.metadata.kubeVersion
                                                + " which is incompatible with Kubernetes " + version.version);
}

/// CRD files of the chart, then of its subcharts, by the paths that `# Source:` names.
void addCrds(const Chart &chart, const std::string &path, std::vector<CrdFile> &crds)
{
    for (const std::size_t place : chart.content->crds) {
        const ChartFile &file = chart.content->files[place];
        crds.push_back({path + "/" + file.name, file.text});
    }
    for (const Chart &subchart : chart.dependencies)
        addCrds(subchart, path + "/charts/" + subchart.name(), crds);
}

} // namespace

Expected<Value> givenValues(const HelmOptions &options)
{
    Value values = Value::map({});
    for (const ValuesText &file : options.valueTexts) {
        const Expected<Value> read = readValues(file.text);
        if (!read)
            return std::unexpected(read.error().in("failed to parse " + file.name));
        values = mergedMaps(values, *read);
    }
    for (const SetKind kind : {SetKind::Json, SetKind::Typed, SetKind::String, SetKind::File, SetKind::Literal}) {
        for (const SetFlag &flag : options.setFlags) {
            if (flag.kind != kind)
                continue;
            const Expected<Value> changed = withSetFlag(values, kind, flag.text, options.readSetFile);
            if (!changed)
                return changed;
            values = *changed;
        }
    }
    return values;
}

namespace {

/// The documents that a chart makes; the chart keeps their texts.
struct ChartOutput
{
    Chart chart;
    HelmOutput output;
};

Expected<ChartOutput> outputOfChart(const Chart &chart, const HelmOptions &options, const text::SprigWorldPtr &world,
                                    TemplateCache &cache)
{
    if (const Expected<void> valid = checkReleaseName(options.releaseName); !valid)
        return std::unexpected(valid.error());
    TemplateInput input{.values = {},
                        .release = {options.releaseName, options.ns},
                        .lookup = options.lookup,
                        .world = world,
                        .forEach = options.forEach};
    if (!options.kubeVersion.empty()) {
        const Expected<KubeVersion> version = kubeVersionOf(options.kubeVersion);
        if (!version)
            return std::unexpected(version.error());
        input.kubeVersion = *version;
    }
    input.apiVersions.insert(input.apiVersions.end(), options.apiVersions.begin(), options.apiVersions.end());
    const Expected<Value> given = givenValues(options);
    if (!given)
        return std::unexpected(given.error());
    if (const Expected<void> installable = checkInstallable(chart); !installable)
        return std::unexpected(installable.error());
    Expected<Chart> effective = withDependencies(chart, *given);
    if (!effective)
        return std::unexpected(effective.error().in("chart dependencies processing failed"));
    const Expected<ValueTablePtr> values = coalescedTable(*effective, *given, Nulls::Remove);
    if (!values)
        return std::unexpected(values.error());
    if (!options.skipsSchemaValidation) {
        if (const Expected<void> valid = checkSchemas(*effective, **values); !valid)
            return std::unexpected(valid.error());
    }
    if (const Expected<void> compatible = checkKubeVersion(*effective, input.kubeVersion); !compatible)
        return std::unexpected(compatible.error());
    input.values = *values;
    Expected<std::map<std::string, std::string>> texts = renderedTemplates(*effective, input, cache);
    if (!texts)
        return std::unexpected(texts.error());
    std::vector<CrdFile> crds;
    if (options.includesCrds)
        addCrds(*effective, effective->name(), crds);
    Expected<HelmOutput> output =
        outputOf(std::move(*texts), crds, options.skipsTests ? Tests::Skip : Tests::Include, options.forEach);
    if (!output)
        return std::unexpected(output.error());
    if (options.skipsHooks)
        std::erase_if(output->manifests, [](const HelmManifest &manifest) { return manifest.isHook; });
    return ChartOutput{std::move(*effective), std::move(*output)};
}

} // namespace

Expected<Rendered> renderChart(const Chart &chart, const HelmOptions &options, const text::SprigWorldPtr &world,
                               TemplateCache &cache)
{
    const Expected<ChartOutput> made = outputOfChart(chart, options, world, cache);
    if (!made)
        return std::unexpected(made.error());
    return renderedOf(made->output.manifests, options.keepsLists ? Lists::Keep : Lists::Expand, options.forEach);
}

Expected<std::string> chartOutput(const Chart &chart, const HelmOptions &options, const text::SprigWorldPtr &world,
                                  TemplateCache &cache)
{
    const Expected<ChartOutput> made = outputOfChart(chart, options, world, cache);
    if (!made)
        return std::unexpected(made.error());
    std::string text;
    for (const HelmManifest &manifest : made->output.manifests)
        text.append("---\n# Source: ").append(manifest.source).append("\n").append(manifest.text).append("\n");
    return text;
}

Expected<Rendered> renderChartFolder(const FileTree &files, std::string_view folder, const HelmOptions &options,
                                     const text::SprigWorldPtr &world, TemplateCache &cache, const RemoteAccess &remote)
{
    Expected<Chart> chart = loadChart(files, folder, options.forEach);
    if (chart)
        chart = withBuiltDependencies(std::move(*chart), {files, folder}, remote);
    if (!chart)
        return std::unexpected(chart.error());
    return renderChart(*chart, options, world, cache);
}

} // namespace tiphys::render
