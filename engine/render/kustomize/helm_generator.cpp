// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "object/yaml.h"
#include "render/helm/chart_archive.h"
#include "render/kustomize/document.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/merge.h"
#include "render/kustomize/plugin.h"

namespace tiphys::render::kustomize {

namespace {

/// \p file of the kustomization; it may stand in the folder that the chart was pulled to.
Expected<FileContent> valuesText(const HelmInflation &inflation, const std::string &file, const Loader &loader)
{
    const Expected<std::string> path = loader.below(file);
    const std::string folder = inflation.chartFolder + "/";
    if (inflation.pulled && path && path->starts_with(folder))
        return inflation.pulled->read(std::string_view(*path).substr(folder.size()));
    return loader.load(file);
}

/// The values of a chart: its file and the inline ones, as valuesMerge says.
Expected<std::string> valuesOf(const HelmInflation &inflation, const std::string &file, const Loader &loader,
                               BuildContext &context)
{
    const HelmChart &chart = inflation.chart;
    if (chart.valuesInline.size() > 0 && chart.valuesMerge == "replace")
        return object::toYaml(chart.valuesInline);
    const Expected<FileContent> content = valuesText(inflation, file, loader);
    if (!content)
        return std::unexpected(content.error());
    if (chart.valuesInline.size() == 0)
        return std::string(content->text);
    const Expected<Node *> own = readNode(context.arena, content->text);
    if (!own)
        return std::unexpected(own.error().in("could not parse values file into rnode"));
    if (!*own)
        return failure(ErrorCode::InvalidInput, "could not parse values file into rnode: EOF");
    Node *inlined = nodeOf(context.arena, chart.valuesInline);
    const bool fileWins = chart.valuesMerge == "merge";
    const Expected<Node *> result = merged(context.arena, fileWins ? inlined : *own, fileWins ? *own : inlined,
                                           *context.schema, ListGrowth::Append);
    if (!result)
        return std::unexpected(result.error().in("could not merge values"));
    const Expected<object::Value> value = valueOf(*result);
    if (!value)
        return std::unexpected(value.error().in("could not parse merged values into map"));
    return object::toYaml(*value);
}

std::string joinedPath(const std::string &folder, const std::string &name)
{
    return folder.empty() ? name : folder + "/" + name;
}

/// The resources in what Helm printed. Text in front of the first document is dropped if it cannot be read.
Expected<ResourceList> resourcesIn(std::string_view output, BuildContext &context)
{
    Expected<std::vector<Node *>> nodes = readResources(context.arena, output);
    if (!nodes)
        return std::unexpected(nodes.error().in("could not parse bytes into resource map"));
    ResourceList list;
    for (Node *node : *nodes) {
        Expected<void> done = setAnnotation(context.arena, *node, annotation::kHelmGenerated, "true");
        if (done)
            done = list.append(std::make_shared<Resource>(context, node));
        if (!done)
            return std::unexpected(done.error());
    }
    return list;
}

/// The files of the chart that `helm pull` would bring.
Expected<std::shared_ptr<const FileTree>> pulledChart(const HelmInflation &inflation, const Loader &loader)
{
    const HelmChart &chart = inflation.chart;
    const ChartReference wanted{
        .repository = chart.repo, .name = chart.name, .version = chart.version, .allowsPrereleases = chart.isDevel};
    Fetched<ArchivePtr> archive;
    if (loader.options().remote)
        archive = loader.options().remote->chart(wanted);
    if (!archive) {
        loader.need({.url = wanted.repository, .repository = {}, .chart = wanted, .artifact = {}});
        return failure(ErrorCode::Unavailable,
                       wanted.text() + " is not fetched to " + tiphys::quoted(inflation.chartFolder));
    }
    if (!*archive)
        return std::unexpected(fetchFailure(archive->error()));
    Expected<std::shared_ptr<const FileTree>> files = chartArchiveTree(***archive);
    if (!files)
        return std::unexpected(files.error().in(wanted.text()));
    return files;
}

Expected<ResourceList> inflated(HelmInflation inflation, const std::string &valuesFile, const Loader &loader,
                                BuildContext &context)
{
    const HelmChart &chart = inflation.chart;
    const Expected<FileEntry> folder = loader.files().entry(inflation.chartFolder);
    if ((!folder || folder->kind != FileKind::Folder) && chart.repo.empty())
        return failure(ErrorCode::NotFound,
                       "no repo specified for pull, no chart found at '" + inflation.chartFolder + "'");
    if (!folder || folder->kind != FileKind::Folder) {
        Expected<std::shared_ptr<const FileTree>> pulled = pulledChart(inflation, loader);
        if (!pulled)
            return std::unexpected(pulled.error());
        inflation.pulled = std::move(*pulled);
    }
    if (!loader.options().helm)
        return failure(ErrorCode::Unsupported, "not yet supported: helmCharts");
    Expected<std::string> values = valuesOf(inflation, valuesFile, loader, context);
    if (!values)
        return std::unexpected(values.error());
    inflation.values.push_back(std::move(*values));
    for (const std::string &file : chart.additionalValuesFiles) {
        const Expected<FileContent> content = loader.load(file);
        if (!content)
            return std::unexpected(content.error().in("could not load additionalValuesFile"));
        inflation.values.emplace_back(content->text);
    }
    inflation.files = &loader.files();
    const Expected<std::string> output = loader.options().helm(inflation);
    if (!output)
        return std::unexpected(output.error());
    return resourcesIn(*output, context);
}

} // namespace

Expected<Generator> helmGenerator(HelmChart chart, const HelmGlobals &globals, const Loader &loader,
                                  BuildContext &context)
{
    const KustomizeOptions &options = loader.options();
    if (!options.enablesHelm)
        return failure(ErrorCode::InvalidInput, "must specify --enable-helm");
    if (chart.name.empty())
        return failure(ErrorCode::InvalidInput, "chart name cannot be empty");
    if (chart.kubeVersion.empty())
        chart.kubeVersion = options.helmKubeVersion;
    if (chart.apiVersions.empty())
        chart.apiVersions = options.helmApiVersions;
    for (const std::string &file : chart.additionalValuesFiles) {
        const Expected<FileContent> content = loader.load(file);
        if (!content)
            return std::unexpected(content.error().in("could not load additionalValuesFile"));
    }
    const std::string &merge = chart.valuesMerge;
    if (!merge.empty() && merge != "merge" && merge != "override" && merge != "replace")
        return failure(ErrorCode::InvalidInput, "valuesMerge must be one of [merge override replace]");
    HelmInflation inflation;
    std::string home = globals.chartHome.empty() ? "charts" : globals.chartHome;
    if (!chart.version.empty() && !chart.repo.empty())
        home += "/" + chart.name + "-" + chart.version;
    const Expected<std::string> parent = loader.below(home);
    if (!parent)
        return std::unexpected(parent.error());
    inflation.chartParent = *parent;
    inflation.chartFolder = joinedPath(*parent, chart.name);
    const std::string valuesFile =
        chart.valuesFile.empty() ? home + "/" + chart.name + "/values.yaml" : chart.valuesFile;
    inflation.chart = std::move(chart);
    return [inflation, valuesFile, loader, &context] { return inflated(inflation, valuesFile, loader, context); };
}

} // namespace tiphys::render::kustomize
