// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/kustomization.h"
#include "render/kustomize/struct_reader.h"

#include <string_view>

/// Which members of files go where: names as in kustomize's JSON tags.
/// Source: kustomize api/types, kyaml/resid@v5.8.1
namespace tiphys::render::kustomize {

inline std::string_view goType(const Gvk &)
{
    return "Gvk";
}
inline std::string_view goType(const FieldSpec &)
{
    return "FieldSpec";
}
inline std::string_view goType(const Selector &)
{
    return "Selector";
}
inline std::string_view goType(const ObjectMeta &)
{
    return "ObjectMeta";
}
inline std::string_view goType(const Label &)
{
    return "Label";
}
inline std::string_view goType(const PatchOptions &)
{
    return "PatchArgs";
}
inline std::string_view goType(const Patch &)
{
    return "Patch";
}
inline std::string_view goType(const Image &)
{
    return "Image";
}
inline std::string_view goType(const Replica &)
{
    return "Replica";
}
inline std::string_view goType(const FieldOptions &)
{
    return "FieldOptions";
}
inline std::string_view goType(const SourceSelector &)
{
    return "SourceSelector";
}
inline std::string_view goType(const TargetSelector &)
{
    return "TargetSelector";
}
inline std::string_view goType(const Replacement &)
{
    return "Replacement";
}
inline std::string_view goType(const ReplacementField &)
{
    return "ReplacementField";
}
inline std::string_view goType(const VarTarget &)
{
    return "Target";
}
inline std::string_view goType(const VarField &)
{
    return "FieldSelector";
}
inline std::string_view goType(const Var &)
{
    return "Var";
}
inline std::string_view goType(const GeneratorOptions &)
{
    return "GeneratorOptions";
}
inline std::string_view goType(const ConfigMapArgs &)
{
    return "ConfigMapArgs";
}
inline std::string_view goType(const SecretArgs &)
{
    return "SecretArgs";
}
inline std::string_view goType(const HelmGlobals &)
{
    return "HelmGlobals";
}
inline std::string_view goType(const HelmChart &)
{
    return "HelmChart";
}
inline std::string_view goType(const HelmChartArgs &)
{
    return "HelmChartArgs";
}
inline std::string_view goType(const LegacySortOptions &)
{
    return "LegacySortOptions";
}
inline std::string_view goType(const SortOptions &)
{
    return "SortOptions";
}
inline std::string_view goType(const Kustomization &)
{
    return "Kustomization";
}

template <typename Visit>
void visitGvk(Visit &visit, Gvk &gvk, std::string_view embedded)
{
    visit("group", gvk.group, embedded);
    visit("version", gvk.version, embedded);
    visit("kind", gvk.kind, embedded);
}

template <typename Visit>
void visitId(Visit &visit, ResourceId &id)
{
    visitGvk(visit, id.gvk, "ResId.Gvk.");
    visit("name", id.name, "ResId.");
    visit("namespace", id.ns, "ResId.");
}

template <typename Visit>
void visitFields(Visit &visit, FieldSpec &spec)
{
    visitGvk(visit, spec.gvk, "Gvk.");
    visit("path", spec.path);
    visit("create", spec.creates);
}

template <typename Visit>
void visitFields(Visit &visit, Selector &selector)
{
    visitId(visit, selector.id);
    visit("annotationSelector", selector.annotationSelector);
    visit("labelSelector", selector.labelSelector);
}

template <typename Visit>
void visitFields(Visit &visit, ObjectMeta &meta)
{
    visit("name", meta.name);
    visit("namespace", meta.ns);
    visit("labels", meta.labels);
    visit("annotations", meta.annotations);
}

template <typename Visit>
void visitFields(Visit &visit, Label &label)
{
    visit("pairs", label.pairs);
    visit("includeSelectors", label.includesSelectors);
    visit("includeTemplates", label.includesTemplates);
    visit("fields", label.fields);
}

template <typename Visit>
void visitFields(Visit &visit, PatchOptions &options)
{
    visit("allowNameChange", options.allowsNameChange);
    visit("allowKindChange", options.allowsKindChange);
}

template <typename Visit>
void visitFields(Visit &visit, Patch &patch)
{
    visit("path", patch.path);
    visit("patch", patch.patch);
    visit("target", patch.target);
    visit("options", patch.options);
}

template <typename Visit>
void visitFields(Visit &visit, Image &image)
{
    visit("name", image.name);
    visit("newName", image.newName);
    visit("tagSuffix", image.tagSuffix);
    visit("newTag", image.newTag);
    visit("digest", image.digest);
}

template <typename Visit>
void visitFields(Visit &visit, Replica &replica)
{
    visit("name", replica.name);
    visit("count", replica.count);
}

template <typename Visit>
void visitFields(Visit &visit, FieldOptions &options)
{
    visit("delimiter", options.delimiter);
    visit("index", options.index);
    visit("encoding", options.encoding);
    visit("create", options.creates);
}

template <typename Visit>
void visitFields(Visit &visit, SourceSelector &source)
{
    visitId(visit, source.id);
    visit("fieldPath", source.fieldPath);
    visit("options", source.options);
}

template <typename Visit>
void visitFields(Visit &visit, TargetSelector &target)
{
    visit("select", target.select);
    visit("reject", target.reject);
    visit("fieldPaths", target.fieldPaths);
    visit("options", target.options);
}

template <typename Visit>
void visitReplacement(Visit &visit, Replacement &replacement, std::string_view embedded)
{
    visit("source", replacement.source, embedded);
    visit("targets", replacement.targets, embedded);
    visit("sourceValue", replacement.sourceValue, embedded);
}

template <typename Visit>
void visitFields(Visit &visit, Replacement &replacement)
{
    visitReplacement(visit, replacement, {});
}

template <typename Visit>
void visitFields(Visit &visit, ReplacementField &field)
{
    visitReplacement(visit, field.replacement, "Replacement.");
    visit("path", field.path);
}

template <typename Visit>
void visitFields(Visit &visit, VarTarget &target)
{
    visit("apiVersion", target.apiVersion);
    visitGvk(visit, target.gvk, "Gvk.");
    visit("name", target.name);
    visit("namespace", target.ns);
}

template <typename Visit>
void visitFields(Visit &visit, VarField &field)
{
    visit("fieldPath", field.fieldPath);
}

template <typename Visit>
void visitFields(Visit &visit, Var &var)
{
    visit("name", var.name);
    visit("objref", var.target);
    visit("fieldref", var.field);
}

template <typename Visit>
void visitFields(Visit &visit, GeneratorOptions &options)
{
    visit("labels", options.labels);
    visit("annotations", options.annotations);
    visit("disableNameSuffixHash", options.disablesNameSuffixHash);
    visit("immutable", options.isImmutable);
}

template <typename Visit>
void visitGenerator(Visit &visit, GeneratorArgs &args)
{
    visit("namespace", args.ns, "GeneratorArgs.");
    visit("name", args.name, "GeneratorArgs.");
    visit("behavior", args.behavior, "GeneratorArgs.");
    visit("literals", args.literals, "GeneratorArgs.KvPairSources.");
    visit("files", args.files, "GeneratorArgs.KvPairSources.");
    visit("envs", args.envs, "GeneratorArgs.KvPairSources.");
    visit("env", args.env, "GeneratorArgs.KvPairSources.");
    visit("options", args.options, "GeneratorArgs.");
}

template <typename Visit>
void visitFields(Visit &visit, ConfigMapArgs &args)
{
    visitGenerator(visit, args);
}

template <typename Visit>
void visitFields(Visit &visit, SecretArgs &args)
{
    visitGenerator(visit, args);
    visit("type", args.type);
}

template <typename Visit>
void visitFields(Visit &visit, HelmGlobals &globals)
{
    visit("chartHome", globals.chartHome);
    visit("configHome", globals.configHome);
}

template <typename Visit>
void visitFields(Visit &visit, HelmChart &chart)
{
    visit("name", chart.name);
    visit("version", chart.version);
    visit("repo", chart.repo);
    visit("releaseName", chart.releaseName);
    visit("namespace", chart.ns);
    visit("additionalValuesFiles", chart.additionalValuesFiles);
    visit("valuesFile", chart.valuesFile);
    visit("valuesInline", chart.valuesInline);
    visit("valuesMerge", chart.valuesMerge);
    visit("includeCRDs", chart.includesCrds);
    visit("skipHooks", chart.skipsHooks);
    visit("apiVersions", chart.apiVersions);
    visit("kubeVersion", chart.kubeVersion);
    visit("nameTemplate", chart.nameTemplate);
    visit("skipTests", chart.skipsTests);
    visit("debug", chart.debugs);
    visit("devel", chart.isDevel);
}

template <typename Visit>
void visitFields(Visit &visit, HelmChartArgs &args)
{
    visit("chartName", args.chartName);
    visit("chartVersion", args.chartVersion);
    visit("chartRepoUrl", args.chartRepoUrl);
    visit("chartHome", args.chartHome);
    visit("chartRepoName", args.chartRepoName);
    visit("helmBin", args.helmBin);
    visit("helmHome", args.helmHome);
    visit("values", args.values);
    visit("valuesLocal", args.valuesLocal);
    visit("valuesMerge", args.valuesMerge);
    visit("releaseName", args.releaseName);
    visit("releaseNamespace", args.releaseNamespace);
    visit("extraArgs", args.extraArgs);
}

template <typename Visit>
void visitFields(Visit &visit, LegacySortOptions &options)
{
    visit("orderFirst", options.orderFirst);
    visit("orderLast", options.orderLast);
}

template <typename Visit>
void visitFields(Visit &visit, SortOptions &options)
{
    visit("order", options.order);
    visit("legacySortOptions", options.legacy);
}

template <typename Visit>
void visitFields(Visit &visit, Kustomization &file)
{
    visit("kind", file.kind, "TypeMeta.");
    visit("apiVersion", file.apiVersion, "TypeMeta.");
    visit("metadata", file.metadata);
    visit("openapi", file.openapi);
    visit("namePrefix", file.namePrefix);
    visit("nameSuffix", file.nameSuffix);
    visit("namespace", file.ns);
    visit("commonLabels", file.commonLabels);
    visit("labels", file.labels);
    visit("commonAnnotations", file.commonAnnotations);
    visit("patchesStrategicMerge", file.patchesStrategicMerge);
    visit("patchesJson6902", file.patchesJson6902);
    visit("patches", file.patches);
    visit("images", file.images);
    visit("imageTags", file.imageTags);
    visit("replacements", file.replacements);
    visit("replicas", file.replicas);
    visit("vars", file.vars);
    visit("sortOptions", file.sortOptions);
    visit("resources", file.resources);
    visit("components", file.components);
    visit("crds", file.crds);
    visit("bases", file.bases);
    visit("configMapGenerator", file.configMapGenerator);
    visit("secretGenerator", file.secretGenerator);
    visit("helmGlobals", file.helmGlobals);
    visit("helmCharts", file.helmCharts);
    visit("helmChartInflationGenerator", file.helmChartInflationGenerator);
    visit("generatorOptions", file.generatorOptions);
    visit("configurations", file.configurations);
    visit("generators", file.generators);
    visit("transformers", file.transformers);
    visit("validators", file.validators);
    visit("buildMetadata", file.buildMetadata);
}

} // namespace tiphys::render::kustomize
