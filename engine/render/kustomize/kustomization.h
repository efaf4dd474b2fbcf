// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "render/kustomize/field_spec.h"
#include "render/kustomize/selector.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render::kustomize {

using StringMap = std::map<std::string, std::string>;

/// The contents of kustomization files. Source: kustomize api/types@v5.8.1

struct ObjectMeta
{
    std::string name;
    std::string ns;
    StringMap labels;
    StringMap annotations;
};

struct Label
{
    StringMap pairs;
    bool includesSelectors = false;
    bool includesTemplates = false;
    FieldSpecs fields;
};

struct PatchOptions
{
    bool allowsNameChange = false;
    bool allowsKindChange = false;
};

struct Patch
{
    std::string path;
    std::string patch;
    std::optional<Selector> target;
    std::optional<PatchOptions> options;
};

struct Image
{
    std::string name;
    std::string newName;
    std::string tagSuffix;
    std::string newTag;
    std::string digest;
};

struct Replica
{
    std::string name;
    std::int64_t count = 0;
};

struct FieldOptions
{
    std::string delimiter;
    std::int64_t index = 0;
    std::string encoding;
    bool creates = false;
};

struct SourceSelector
{
    ResourceId id;
    std::string fieldPath;
    std::optional<FieldOptions> options;

    /// As messages name it.
    std::string text() const;
};

struct TargetSelector
{
    std::optional<Selector> select;
    std::vector<Selector> reject;
    std::vector<std::string> fieldPaths;
    std::optional<FieldOptions> options;
};

struct Replacement
{
    std::optional<SourceSelector> source;
    std::optional<std::vector<TargetSelector>> targets;
    std::optional<std::string> sourceValue;
};

/// An entry of `replacements`: inline or a file.
struct ReplacementField
{
    Replacement replacement;
    std::string path;
};

struct VarTarget
{
    std::string apiVersion;
    Gvk gvk;
    std::string name;
    std::string ns;
};

struct VarField
{
    std::string fieldPath;
};

struct Var
{
    std::string name;
    VarTarget target;
    VarField field;

    /// The target's id.
    ResourceId targetId() const;
    /// As messages name it.
    std::string text() const;
};

struct GeneratorOptions
{
    StringMap labels;
    StringMap annotations;
    bool disablesNameSuffixHash = false;
    bool isImmutable = false;
};

/// One entry of configMapGenerator or secretGenerator.
struct GeneratorArgs
{
    std::string ns;
    std::string name;
    std::string behavior;
    std::vector<std::string> literals;
    std::vector<std::string> files;
    std::vector<std::string> envs;
    std::string env;
    std::optional<GeneratorOptions> options;
};
struct ConfigMapArgs : GeneratorArgs
{
};
struct SecretArgs : GeneratorArgs
{
    std::string type;
};

struct HelmGlobals
{
    std::string chartHome;
    std::string configHome;
};

struct HelmChart
{
    std::string name;
    std::string version;
    std::string repo;
    std::string releaseName;
    std::string ns;
    std::vector<std::string> additionalValuesFiles;
    std::string valuesFile;
    object::Value valuesInline;
    std::string valuesMerge;
    bool includesCrds = false;
    bool skipsHooks = false;
    std::vector<std::string> apiVersions;
    std::string kubeVersion;
    std::string nameTemplate;
    bool skipsTests = false;
    bool debugs = false;
    bool isDevel = false;
};

/// An entry of the former helmChartInflationGenerator.
struct HelmChartArgs
{
    std::string chartName, chartVersion, chartRepoUrl, chartHome, chartRepoName, helmBin, helmHome, values;
    object::Value valuesLocal;
    std::string valuesMerge, releaseName, releaseNamespace;
    std::vector<std::string> extraArgs;
};

struct LegacySortOptions
{
    std::vector<std::string> orderFirst;
    std::vector<std::string> orderLast;
};

struct SortOptions
{
    std::string order;
    std::optional<LegacySortOptions> legacy;
};

struct Kustomization
{
    std::string kind;
    std::string apiVersion;
    std::optional<ObjectMeta> metadata;
    StringMap openapi;
    std::string namePrefix;
    std::string nameSuffix;
    std::string ns;
    StringMap commonLabels;
    std::vector<Label> labels;
    StringMap commonAnnotations;
    std::vector<std::string> patchesStrategicMerge;
    std::vector<Patch> patchesJson6902;
    std::vector<Patch> patches;
    std::vector<Image> images;
    std::vector<Image> imageTags;
    std::vector<ReplacementField> replacements;
    std::vector<Replica> replicas;
    std::vector<Var> vars;
    std::optional<SortOptions> sortOptions;
    std::vector<std::string> resources;
    std::vector<std::string> components;
    std::vector<std::string> crds;
    std::vector<std::string> bases;
    std::vector<ConfigMapArgs> configMapGenerator;
    std::vector<SecretArgs> secretGenerator;
    std::optional<HelmGlobals> helmGlobals;
    std::vector<HelmChart> helmCharts;
    std::vector<HelmChartArgs> helmChartInflationGenerator;
    std::optional<GeneratorOptions> generatorOptions;
    std::vector<std::string> configurations;
    std::vector<std::string> generators;
    std::vector<std::string> transformers;
    std::vector<std::string> validators;
    std::vector<std::string> buildMetadata;
    bool hasOnlyResources = false; ///< nothing but resources is in the file, beside kind and apiVersion

    bool isComponent() const { return kind == "Component"; }
    bool builds(std::string_view metadata) const;
};

/// The file names that are looked for.
inline constexpr std::string_view kFileNames[] = {"kustomization.yaml", "kustomization.yml", "Kustomization"};

/// A file's text, strictly read, with former fields turned into today's. Warnings about them go to \p warnings.
/// Errors: InvalidInput "invalid Kustomization: …", "kustomization.yaml is empty" and others.
/// Source: kustomize api/types/kustomization.go (Unmarshal, FixKustomization, CheckEmpty), api/internal/target/
/// kusttarget.go (Load)@v5.8.1
Expected<Kustomization> parseKustomization(std::string_view text, std::string_view root,
                                           std::vector<std::string> &warnings);

/// Options of a generator with the file's own ones behind them.
/// Source: kustomize api/types/generatoroptions.go (MergeGlobalOptionsIntoLocal)@v5.8.1
std::optional<GeneratorOptions> withGlobalOptions(std::optional<GeneratorOptions> local,
                                                  const std::optional<GeneratorOptions> &global);

} // namespace tiphys::render::kustomize
