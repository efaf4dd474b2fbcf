// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <map>
#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// Annotations that kustomize keeps on resources while it builds.
/// Source: kustomize api/internal/utils/annotations.go@v5.8.1
namespace annotation {
inline constexpr std::string_view kPreviousKinds = "internal.config.kubernetes.io/previousKinds";
inline constexpr std::string_view kPreviousNames = "internal.config.kubernetes.io/previousNames";
inline constexpr std::string_view kPreviousNamespaces = "internal.config.kubernetes.io/previousNamespaces";
inline constexpr std::string_view kPrefixes = "internal.config.kubernetes.io/prefixes";
inline constexpr std::string_view kSuffixes = "internal.config.kubernetes.io/suffixes";
inline constexpr std::string_view kAllowNameChange = "internal.config.kubernetes.io/allowNameChange";
inline constexpr std::string_view kAllowKindChange = "internal.config.kubernetes.io/allowKindChange";
inline constexpr std::string_view kReferredBy = "internal.config.kubernetes.io/refBy";
inline constexpr std::string_view kBehavior = "internal.config.kubernetes.io/generatorBehavior";
inline constexpr std::string_view kNeedsHash = "internal.config.kubernetes.io/needsHashSuffix";
inline constexpr std::string_view kHelmGenerated = "internal.config.kubernetes.io/helm-generated";
inline constexpr std::string_view kOrigin = "config.kubernetes.io/origin";
inline constexpr std::string_view kTransformations = "alpha.config.kubernetes.io/transformations";
inline constexpr std::string_view kLocalConfig = "config.kubernetes.io/local-config";

/// True for annotations that only live while a build runs.
/// Source: kustomize api/resource/resource.go (BuildAnnotations)@v5.8.1
bool isBuildOnly(std::string_view name);
} // namespace annotation

/// Texts of kind, apiVersion, metadata.name and metadata.namespace, "" when absent or null.
std::string_view kindOf(const Node &resource);
std::string_view apiVersionOf(const Node &resource);
std::string_view nameOf(const Node &resource);
std::string_view namespaceOf(const Node &resource);

/// Errors: InvalidInput "missing Resource metadata", "missing metadata.name in object …" and others.
/// Source: kustomize kyaml/yaml/rnode.go (GetMeta, GetValidatedMetadata)@v5.8.1
Expected<void> checkMetadata(const Node &resource);

/// The value of metadata.annotations[name], null if absent.
const Node *annotationNode(const Node &resource, std::string_view name);
inline std::string_view annotationOf(const Node &resource, std::string_view name)
{
    const Node *node = annotationNode(resource, name);
    return node ? node->value : std::string_view();
}
/// metadata.annotations or metadata.labels as texts.
using Texts = std::map<std::string_view, std::string_view>;
Texts annotationsOf(const Node &resource);
Texts labelsOf(const Node &resource);

/// Sets one annotation; annotations without content are made anew.
/// Source: kustomize kyaml/yaml/kfns.go (AnnotationSetter)@v5.8.1
Expected<void> setAnnotation(Arena &arena, Node &resource, std::string_view name, std::string_view text);
/// Sets one label. Source: kustomize kyaml/yaml/kfns.go (LabelSetter)@v5.8.1
Expected<void> setLabel(Arena &arena, Node &resource, std::string_view name, std::string_view text);
/// Makes metadata.annotations (or labels) anew from \p texts; none removes them.
/// Source: kustomize kyaml/yaml/rnode.go (setMapInMetadata)@v5.8.1
Expected<void> setAnnotations(Arena &arena, Node &resource, const Texts &texts);
Expected<void> setLabels(Arena &arena, Node &resource, const Texts &texts);

Expected<void> setName(Arena &arena, Node &resource, std::string_view name);
/// "" removes the namespace.
Expected<void> setNamespace(Arena &arena, Node &resource, std::string_view ns);
Expected<void> setKind(Arena &arena, Node &resource, std::string_view kind);
Expected<void> setApiVersion(Arena &arena, Node &resource, std::string_view apiVersion);

} // namespace tiphys::render::kustomize
