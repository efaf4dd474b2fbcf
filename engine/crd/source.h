// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::crd {

/// `helm.parameters[]`: a value as of `--set` or `--set-string`.
struct HelmParameter
{
    std::string name;
    std::string value;
    bool forceString = false;

    bool operator==(const HelmParameter &) const = default;
};

/// `helm.fileParameters[]`: a value read from a file.
struct HelmFileParameter
{
    std::string name;
    std::string path;

    bool operator==(const HelmFileParameter &) const = default;
};

/// `source.helm`.
struct HelmSource
{
    std::vector<std::string> valueFiles;
    std::vector<HelmParameter> parameters;
    std::vector<HelmFileParameter> fileParameters;
    std::string releaseName; ///< "": the name of the Application
    std::string values;      ///< YAML text; valuesObject wins over it
    object::Value valuesObject;
    std::string version;
    bool passCredentials = false;
    bool ignoreMissingValueFiles = false;
    bool skipCrds = false;
    bool skipTests = false;
    bool skipSchemaValidation = false;
    std::string ns; ///< `namespace`: overrides the namespace of templates
    std::string kubeVersion;
    std::vector<std::string> apiVersions;

    bool isZero() const { return *this == HelmSource{}; }
    bool operator==(const HelmSource &) const = default;
};

/// `kustomize.replicas[]`; the count may be a number or text.
struct KustomizeReplica
{
    std::string name;
    object::Value count;

    bool operator==(const KustomizeReplica &) const = default;
};

/// `kustomize.patches[].target`.
struct KustomizeSelector
{
    std::string group;
    std::string version;
    std::string kind;
    std::string name;
    std::string ns;
    std::string annotationSelector;
    std::string labelSelector;

    bool operator==(const KustomizeSelector &) const = default;
};

/// `kustomize.patches[]`.
struct KustomizePatch
{
    std::string path;
    std::string patch;
    std::optional<KustomizeSelector> target;
    std::map<std::string, bool> options;

    bool operator==(const KustomizePatch &) const = default;
};

/// `source.kustomize`.
struct KustomizeSource
{
    std::string namePrefix;
    std::string nameSuffix;
    std::vector<std::string> images; ///< "[old=]new[:tag][@digest]"
    TextMap commonLabels;
    TextMap commonAnnotations;
    bool forceCommonLabels = false;
    bool forceCommonAnnotations = false;
    bool commonAnnotationsEnvsubst = false;
    bool labelWithoutSelector = false;
    bool labelIncludeTemplates = false;
    std::string ns;
    std::string version;
    std::vector<KustomizeReplica> replicas;
    std::vector<KustomizePatch> patches;
    std::vector<std::string> components;
    bool ignoreMissingComponents = false;
    std::string kubeVersion;
    std::vector<std::string> apiVersions;

    /// The five label and annotation switches do not count.
    bool isZero() const;
    bool operator==(const KustomizeSource &) const = default;
};

/// A variable of jsonnet; \p isCode: the value is an expression.
struct JsonnetVariable
{
    std::string name;
    std::string value;
    bool isCode = false;

    bool operator==(const JsonnetVariable &) const = default;
};

/// `source.directory`.
struct DirectorySource
{
    bool recurses = false;
    std::string include; ///< glob; "" takes every file
    std::string exclude; ///< glob, stronger than include
    std::vector<JsonnetVariable> externalVariables;
    std::vector<JsonnetVariable> topLevelArguments;
    std::vector<std::string> libraries;

    /// include and exclude do not count.
    bool isZero() const;
    bool operator==(const DirectorySource &) const = default;
};

/// Name and value: environment of a plugin, `spec.info`, `operation.info`.
struct NamedText
{
    std::string name;
    std::string value;

    bool operator==(const NamedText &) const = default;
};

/// `plugin.parameters[]`: one of text, list, map; empty lists and maps equal absent ones.
struct PluginParameter
{
    std::string name;
    std::optional<std::string> text;
    std::vector<std::string> list;
    bool hasList = false; ///< also true for an explicit empty list
    TextMap map;
    bool hasMap = false; ///< also true for an explicit empty map

    bool operator==(const PluginParameter &other) const
    {
        return name == other.name && text == other.text && list == other.list && map == other.map;
    }
};

/// `source.plugin`.
struct PluginSource
{
    std::string name;
    std::vector<NamedText> env;
    std::vector<PluginParameter> parameters;

    bool isZero() const { return *this == PluginSource{}; }
    bool operator==(const PluginSource &) const = default;
};

/// Where manifests come from: an entry of spec.source(s), comparedTo, history and operations.
struct ApplicationSource
{
    object::Value value; ///< as it was read, with unknown fields
    std::string repoUrl;
    std::string path;
    std::string targetRevision;
    std::string chart;
    std::string ref;
    std::string name;
    std::string tagPrefix;
    std::optional<HelmSource> helm;
    std::optional<KustomizeSource> kustomize;
    std::optional<DirectorySource> directory;
    std::optional<PluginSource> plugin;

    /// From an `oci://` repository.
    bool isOci() const { return repoUrl.starts_with("oci://"); }
    /// A chart of a Helm repository.
    bool isHelmChart() const { return !chart.empty(); }
    /// Only there to be referred to: it renders nothing itself.
    bool isRefOnly() const { return !ref.empty() && path.empty() && chart.empty() && !isOci(); }
    /// Nothing that matters is set (chart, ref, name and tagPrefix do not count).
    bool isZero() const;
    /// Equality of the typed fields: unknown fields do not matter, empty lists and maps equal absent ones,
    /// valuesObject is compared as JSON.
    /// Source: argo-cd pkg/apis/application/v1alpha1/types.go (ApplicationSource.Equals)@v3.5.1
    bool operator==(const ApplicationSource &other) const;
};

/// The source that \p reader stands on; type errors go to its slot.
ApplicationSource readSource(const FieldReader &reader);
/// The source that \p value describes; \p path names it in errors.
Expected<ApplicationSource> sourceOf(const object::Value &value, std::string path = "source");
/// \p source as the API writes it, unknown fields of `source.value` kept; `repoURL` is always there.
object::Value toValue(const ApplicationSource &source);
/// \p source without kustomize, helm and directory blocks that say nothing.
/// Source: argo-cd util/argo/argo.go (NormalizeSource)@v3.5.1
ApplicationSource normalized(ApplicationSource source);

/// Where a source stands in the spec.
enum class SourcePlace {
    Single,       ///< `spec.source`
    OneOfSeveral, ///< an entry of `spec.sources`
};
/// \p after, which a change made of \p before, as it is stored. A single source is normalized. One of several is not: a
/// block that says nothing names its tool there, and only those go that the change has emptied.
/// Source: argo-cd util/argo/argo.go (NormalizeApplicationSpec), cmd/util/app.go (setHelmOpt, setKustomizeOpt)@v3.5.1
ApplicationSource storedAfterChange(const ApplicationSource &before, ApplicationSource after, SourcePlace place);

} // namespace tiphys::crd
