// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/kustomization.h"

#include "base/text.h"
#include "object/yaml.h"
#include "render/kustomize/kustomization_fields.h"

#include <algorithm>

namespace tiphys::render::kustomize {

using object::Value;

namespace {

constexpr std::string_view kVersion = "kustomize.config.k8s.io/v1beta1";
constexpr std::string_view kComponentVersion = "kustomize.config.k8s.io/v1alpha1";
constexpr std::string_view kRunFix = " Run 'kustomize edit fix' to update your Kustomization automatically.";

void warnOf(bool isUsed, std::string_view former, std::string_view now, std::vector<std::string> &warnings)
{
    if (isUsed)
        warnings.push_back("'" + std::string(former) + "' is deprecated. Please use '" + std::string(now) + "' instead."
                           + std::string(kRunFix));
}

void warnOfFormerFields(const Kustomization &file, std::vector<std::string> &warnings)
{
    warnOf(!file.bases.empty(), "bases", "resources", warnings);
    warnOf(!file.commonLabels.empty(), "commonLabels", "labels", warnings);
    warnOf(!file.imageTags.empty(), "imageTags", "images", warnings);
    warnOf(!file.patchesJson6902.empty(), "patchesJson6902", "patches", warnings);
    warnOf(!file.patchesStrategicMerge.empty(), "patchesStrategicMerge", "patches", warnings);
    warnOf(!file.vars.empty(), "vars", "replacements", warnings);
}

template <typename T>
void moveBehind(std::vector<T> &into, std::vector<T> &from)
{
    into.insert(into.end(), from.begin(), from.end());
    from.clear();
}

HelmChart chartOf(const HelmChartArgs &args)
{
    HelmChart chart;
    chart.name = args.chartName;
    chart.version = args.chartVersion;
    chart.repo = args.chartRepoUrl;
    chart.valuesFile = args.values;
    chart.valuesInline = args.valuesLocal;
    chart.valuesMerge = args.valuesMerge;
    chart.releaseName = args.releaseName;
    return chart;
}

void fixHelmCharts(Kustomization &file)
{
    HelmGlobals globals;
    for (const HelmChartArgs &args : file.helmChartInflationGenerator) {
        file.helmCharts.push_back(chartOf(args));
        if (!args.helmHome.empty())
            globals.configHome = args.helmHome;
        if (!args.chartHome.empty())
            globals.chartHome = args.chartHome;
    }
    if (!file.helmGlobals && (!globals.chartHome.empty() || !globals.configHome.empty()))
        file.helmGlobals = globals;
    file.helmChartInflationGenerator.clear();
}

template <typename Args>
void fixEnv(std::vector<Args> &generators)
{
    for (Args &args : generators) {
        if (!args.env.empty())
            args.envs.push_back(std::exchange(args.env, {}));
    }
}

void fix(Kustomization &file)
{
    if (file.kind.empty())
        file.kind = "Kustomization";
    if (file.apiVersion.empty())
        file.apiVersion = file.isComponent() ? kComponentVersion : kVersion;
    moveBehind(file.resources, file.bases);
    moveBehind(file.images, file.imageTags);
    fixEnv(file.configMapGenerator);
    fixEnv(file.secretGenerator);
    fixHelmCharts(file);
}

/// True if no field but kind and apiVersion was given a value; an empty list is one.
bool isBare(const Value &value)
{
    for (const auto &[key, member] : value.entries()) {
        const std::string name = asciiLower(key);
        const bool isZero = member.isNull() || (member.isString() && member.isEmpty());
        const bool isDropped = name == "bases" || name == "imagetags" || name == "helmchartinflationgenerator";
        if (name != "kind" && name != "apiversion" && !isZero && !(isDropped && member.isEmpty()))
            return false;
    }
    return true;
}

bool hasOnlyResources(const Value &value)
{
    return std::ranges::all_of(value.entries(), [](const Value::Member &member) {
        return member.first == "kind" || member.first == "apiVersion" || member.first == "resources";
    });
}

Expected<void> checkFields(const Kustomization &file, std::string_view root)
{
    std::string problems;
    if (file.kind != "Kustomization" && !file.isComponent())
        problems += "\nkind should be Kustomization or Component";
    const std::string_view version = file.isComponent() ? kComponentVersion : kVersion;
    if (file.apiVersion != version)
        problems += "\napiVersion for " + file.kind + " should be " + std::string(version);
    if (problems.empty())
        return {};
    return failure(ErrorCode::InvalidInput,
                   "Failed to read kustomization file under " + std::string(root) + ":" + problems);
}

} // namespace

bool Kustomization::builds(std::string_view metadata) const
{
    return std::ranges::find(buildMetadata, metadata) != buildMetadata.end();
}

Expected<Kustomization> parseKustomization(std::string_view text, std::string_view root,
                                           std::vector<std::string> &warnings)
{
    const Expected<Value> value = object::parseYaml(text);
    if (!value)
        return std::unexpected(value.error().in("invalid Kustomization"));
    Kustomization file;
    StructReader reader(Unknown::Refused);
    reader.read(*value, file);
    if (reader.problem())
        return failure(ErrorCode::InvalidInput, "invalid Kustomization: " + *reader.problem());
    warnOfFormerFields(file, warnings);
    fix(file);
    file.hasOnlyResources = hasOnlyResources(*value);
    if (isBare(*value))
        return failure(ErrorCode::InvalidInput, "kustomization.yaml is empty");
    const Expected<void> valid = checkFields(file, root);
    if (!valid)
        return std::unexpected(valid.error());
    return file;
}

std::optional<GeneratorOptions> withGlobalOptions(std::optional<GeneratorOptions> local,
                                                  const std::optional<GeneratorOptions> &global)
{
    if (!global)
        return local;
    if (!local)
        local.emplace();
    local->labels.insert(global->labels.begin(), global->labels.end());
    local->annotations.insert(global->annotations.begin(), global->annotations.end());
    local->disablesNameSuffixHash = local->disablesNameSuffixHash || global->disablesNameSuffixHash;
    local->isImmutable = local->isImmutable || global->isImmutable;
    return local;
}

std::string SourceSelector::text() const
{
    std::string text = id.text();
    if (!fieldPath.empty())
        text += ":" + fieldPath;
    if (options && (!options->delimiter.empty() || options->creates))
        text += ":" + options->delimiter + "(" + std::to_string(options->index)
                + "), create=" + (options->creates ? "true" : "false");
    return text;
}

ResourceId Var::targetId() const
{
    ResourceId id{target.gvk, target.name, target.ns};
    if (!target.apiVersion.empty()) {
        const std::vector<std::string_view> parts = split(target.apiVersion, '/');
        if (parts.size() == 2)
            id.gvk.group = parts[0];
        if (parts.size() <= 2)
            id.gvk.version = parts.back();
    }
    return id;
}

std::string Var::text() const
{
    const ResourceId id = targetId();
    const std::string path = field.fieldPath.empty() ? "metadata.name" : field.fieldPath;
    return "{" + name + " " + id.gvk.text() + " {" + path + "}}";
}

} // namespace tiphys::render::kustomize
