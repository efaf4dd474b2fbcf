// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/source.h"

#include "crd/field_writer.h"

namespace tiphys::crd {

namespace {

using object::Value;

HelmSource readHelm(const FieldReader &reader)
{
    HelmSource helm;
    helm.valueFiles = reader.texts("valueFiles");
    helm.parameters = readList(reader, "parameters", [](const FieldReader &item) {
        return HelmParameter{item.text("name"), item.text("value"), item.boolean("forceString")};
    });
    helm.fileParameters = readList(reader, "fileParameters", [](const FieldReader &item) {
        return HelmFileParameter{item.text("name"), item.text("path")};
    });
    helm.releaseName = reader.text("releaseName");
    helm.values = reader.text("values");
    helm.valuesObject = reader.any("valuesObject");
    helm.version = reader.text("version");
    helm.passCredentials = reader.boolean("passCredentials");
    helm.ignoreMissingValueFiles = reader.boolean("ignoreMissingValueFiles");
    helm.skipCrds = reader.boolean("skipCrds");
    helm.skipTests = reader.boolean("skipTests");
    helm.skipSchemaValidation = reader.boolean("skipSchemaValidation");
    helm.ns = reader.text("namespace");
    helm.kubeVersion = reader.text("kubeVersion");
    helm.apiVersions = reader.texts("apiVersions");
    return helm;
}

KustomizeSelector readSelector(const FieldReader &reader)
{
    return {reader.text("group"),        reader.text("version"),   reader.text("kind"),
            reader.text("name"),         reader.text("namespace"), reader.text("annotationSelector"),
            reader.text("labelSelector")};
}

KustomizePatch readPatch(const FieldReader &reader)
{
    KustomizePatch patch{reader.text("path"), reader.text("patch"), readOptional(reader, "target", readSelector), {}};
    const FieldReader options = reader.objectOrEmpty("options");
    for (const auto &[name, value] : options.value().entries())
        patch.options.emplace(name, options.boolean(name));
    return patch;
}

KustomizeSource readKustomize(const FieldReader &reader)
{
    KustomizeSource kustomize;
    kustomize.namePrefix = reader.text("namePrefix");
    kustomize.nameSuffix = reader.text("nameSuffix");
    kustomize.images = reader.texts("images");
    kustomize.commonLabels = reader.textMap("commonLabels");
    kustomize.commonAnnotations = reader.textMap("commonAnnotations");
    kustomize.forceCommonLabels = reader.boolean("forceCommonLabels");
    kustomize.forceCommonAnnotations = reader.boolean("forceCommonAnnotations");
    kustomize.commonAnnotationsEnvsubst = reader.boolean("commonAnnotationsEnvsubst");
    kustomize.labelWithoutSelector = reader.boolean("labelWithoutSelector");
    kustomize.labelIncludeTemplates = reader.boolean("labelIncludeTemplates");
    kustomize.ns = reader.text("namespace");
    kustomize.version = reader.text("version");
    kustomize.replicas = readList(reader, "replicas", [](const FieldReader &item) {
        const Value count = item.any("count");
        if (!count.isNull() && !count.isInteger() && !count.isString())
            item.fail("count", "must be an integer or text");
        return KustomizeReplica{item.text("name"), count};
    });
    kustomize.patches = readList(reader, "patches", readPatch);
    kustomize.components = reader.texts("components");
    kustomize.ignoreMissingComponents = reader.boolean("ignoreMissingComponents");
    kustomize.kubeVersion = reader.text("kubeVersion");
    kustomize.apiVersions = reader.texts("apiVersions");
    return kustomize;
}

JsonnetVariable readVariable(const FieldReader &reader)
{
    return {reader.text("name"), reader.text("value"), reader.boolean("code")};
}

DirectorySource readDirectory(const FieldReader &reader)
{
    DirectorySource directory;
    directory.recurses = reader.boolean("recurse");
    directory.include = reader.text("include");
    directory.exclude = reader.text("exclude");
    const FieldReader jsonnet = reader.objectOrEmpty("jsonnet");
    directory.externalVariables = readList(jsonnet, "extVars", readVariable);
    directory.topLevelArguments = readList(jsonnet, "tlas", readVariable);
    directory.libraries = jsonnet.texts("libs");
    return directory;
}

PluginParameter readParameter(const FieldReader &reader)
{
    PluginParameter parameter;
    parameter.name = reader.text("name");
    parameter.text = reader.optionalText("string");
    parameter.list = reader.texts("array");
    parameter.hasList = reader.value().contains("array");
    parameter.map = reader.textMap("map");
    parameter.hasMap = reader.value().contains("map");
    return parameter;
}

PluginSource readPlugin(const FieldReader &reader)
{
    return {reader.text("name"),
            readList(reader, "env",
                     [](const FieldReader &item) { return NamedText{item.text("name"), item.text("value")}; }),
            readList(reader, "parameters", readParameter)};
}

Value helmValue(const HelmSource &helm, const Value &original)
{
    FieldWriter writer(original);
    writer.texts("valueFiles", helm.valueFiles);
    writer.any("parameters", listOf(helm.parameters, [](const HelmParameter &item) {
                   return FieldWriter({})
                       .text("name", item.name)
                       .text("value", item.value)
                       .boolean("forceString", item.forceString)
                       .finish();
               }));
    writer.text("releaseName", helm.releaseName).text("values", helm.values);
    writer.any("fileParameters", listOf(helm.fileParameters, [](const HelmFileParameter &item) {
                   return FieldWriter({}).text("name", item.name).text("path", item.path).finish();
               }));
    writer.text("version", helm.version)
        .boolean("passCredentials", helm.passCredentials)
        .boolean("ignoreMissingValueFiles", helm.ignoreMissingValueFiles)
        .boolean("skipCrds", helm.skipCrds)
        .any("valuesObject", helm.valuesObject)
        .text("namespace", helm.ns)
        .text("kubeVersion", helm.kubeVersion)
        .texts("apiVersions", helm.apiVersions)
        .boolean("skipTests", helm.skipTests)
        .boolean("skipSchemaValidation", helm.skipSchemaValidation);
    return writer.finish();
}

Value patchValue(const KustomizePatch &patch)
{
    FieldWriter writer({});
    writer.text("path", patch.path).text("patch", patch.patch);
    if (patch.target) {
        const KustomizeSelector &target = *patch.target;
        writer.any("target", FieldWriter({})
                                 .text("group", target.group)
                                 .text("version", target.version)
                                 .text("kind", target.kind)
                                 .text("name", target.name)
                                 .text("namespace", target.ns)
                                 .text("annotationSelector", target.annotationSelector)
                                 .text("labelSelector", target.labelSelector)
                                 .finish());
    }
    std::vector<std::pair<std::string, Value>> options;
    for (const auto &[name, isOn] : patch.options)
        options.emplace_back(name, Value(isOn));
    return writer.any("options", options.empty() ? Value() : Value::map(options)).finish();
}

Value kustomizeValue(const KustomizeSource &kustomize, const Value &original)
{
    FieldWriter writer(original);
    writer.text("namePrefix", kustomize.namePrefix)
        .text("nameSuffix", kustomize.nameSuffix)
        .texts("images", kustomize.images)
        .textMap("commonLabels", kustomize.commonLabels)
        .text("version", kustomize.version)
        .textMap("commonAnnotations", kustomize.commonAnnotations)
        .boolean("forceCommonLabels", kustomize.forceCommonLabels)
        .boolean("forceCommonAnnotations", kustomize.forceCommonAnnotations)
        .text("namespace", kustomize.ns)
        .boolean("commonAnnotationsEnvsubst", kustomize.commonAnnotationsEnvsubst)
        .any("replicas", listOf(kustomize.replicas,
                                [](const KustomizeReplica &item) {
                                    return FieldWriter({})
                                        .requiredText("name", item.name)
                                        .required("count", item.count.isNull() ? Value(0) : item.count)
                                        .finish();
                                }))
        .any("patches", listOf(kustomize.patches, patchValue))
        .texts("components", kustomize.components)
        .boolean("ignoreMissingComponents", kustomize.ignoreMissingComponents)
        .boolean("labelWithoutSelector", kustomize.labelWithoutSelector)
        .text("kubeVersion", kustomize.kubeVersion)
        .texts("apiVersions", kustomize.apiVersions)
        .boolean("labelIncludeTemplates", kustomize.labelIncludeTemplates);
    return writer.finish();
}

Value variableValue(const JsonnetVariable &item)
{
    return FieldWriter({})
        .requiredText("name", item.name)
        .requiredText("value", item.value)
        .boolean("code", item.isCode)
        .finish();
}

Value directoryValue(const DirectorySource &directory, const Value &original)
{
    const Value jsonnet = FieldWriter(original["jsonnet"])
                              .any("extVars", listOf(directory.externalVariables, variableValue))
                              .any("tlas", listOf(directory.topLevelArguments, variableValue))
                              .texts("libs", directory.libraries)
                              .finish();
    return FieldWriter(original)
        .boolean("recurse", directory.recurses)
        .any("jsonnet", jsonnet.isEmpty() ? Value() : jsonnet)
        .text("exclude", directory.exclude)
        .text("include", directory.include)
        .finish();
}

Value pluginValue(const PluginSource &plugin, const Value &original)
{
    const auto parameter = [](const PluginParameter &item) {
        FieldWriter writer({});
        writer.text("name", item.name);
        if (item.text)
            writer.requiredText("string", *item.text);
        if (item.hasMap || !item.map.empty())
            writer.required("map", Value::map({})).textMap("map", item.map);
        if (item.hasList || !item.list.empty())
            writer.required("array", Value::list({})).texts("array", item.list);
        return writer.finish();
    };
    return FieldWriter(original)
        .text("name", plugin.name)
        .any("env",
             listOf(
                 plugin.env,
                 [](const NamedText &item) {
                     return FieldWriter({}).requiredText("name", item.name).requiredText("value", item.value).finish();
                 }))
        .any("parameters", listOf(plugin.parameters, parameter))
        .finish();
}

/// A block of the source as value; null when the source has none.
template <typename Block, typename Write>
Value blockValue(const std::optional<Block> &block, const Value &original, Write write)
{
    return block ? write(*block, original) : Value();
}

} // namespace

bool KustomizeSource::isZero() const
{
    return namePrefix.empty() && nameSuffix.empty() && version.empty() && ns.empty() && images.empty()
           && replicas.empty() && commonLabels.empty() && commonAnnotations.empty() && patches.empty()
           && components.empty() && kubeVersion.empty() && apiVersions.empty() && !ignoreMissingComponents;
}

bool DirectorySource::isZero() const
{
    return !recurses && externalVariables.empty() && topLevelArguments.empty() && libraries.empty();
}

bool ApplicationSource::isZero() const
{
    return repoUrl.empty() && path.empty() && targetRevision.empty() && (!helm || helm->isZero())
           && (!kustomize || kustomize->isZero()) && (!directory || directory->isZero())
           && (!plugin || plugin->isZero());
}

bool ApplicationSource::operator==(const ApplicationSource &other) const
{
    return repoUrl == other.repoUrl && path == other.path && targetRevision == other.targetRevision
           && chart == other.chart && ref == other.ref && name == other.name && tagPrefix == other.tagPrefix
           && helm == other.helm && kustomize == other.kustomize && directory == other.directory
           && plugin == other.plugin;
}

ApplicationSource readSource(const FieldReader &reader)
{
    ApplicationSource source;
    source.value = reader.value();
    source.repoUrl = reader.text("repoURL");
    source.path = reader.text("path");
    source.targetRevision = reader.text("targetRevision");
    source.chart = reader.text("chart");
    source.ref = reader.text("ref");
    source.name = reader.text("name");
    source.tagPrefix = reader.text("tagPrefix");
    source.helm = readOptional(reader, "helm", readHelm);
    source.kustomize = readOptional(reader, "kustomize", readKustomize);
    source.directory = readOptional(reader, "directory", readDirectory);
    source.plugin = readOptional(reader, "plugin", readPlugin);
    return source;
}

Expected<ApplicationSource> sourceOf(const Value &value, std::string path)
{
    return readDocument(value, std::move(path), readSource);
}

Value toValue(const ApplicationSource &source)
{
    FieldWriter writer(source.value);
    writer.requiredText("repoURL", source.repoUrl)
        .text("path", source.path)
        .text("targetRevision", source.targetRevision);
    const auto block = [&](std::string_view key, const Value &value) {
        // A block that was dropped must go even if it was {}.
        if (value.isNull() && source.value.contains(key))
            writer.required(key, Value(true)).any(key, {});
        else
            writer.any(key, value);
    };
    block("helm", blockValue(source.helm, source.value["helm"], helmValue));
    block("kustomize", blockValue(source.kustomize, source.value["kustomize"], kustomizeValue));
    block("directory", blockValue(source.directory, source.value["directory"], directoryValue));
    block("plugin", blockValue(source.plugin, source.value["plugin"], pluginValue));
    return writer.text("chart", source.chart)
        .text("ref", source.ref)
        .text("name", source.name)
        .text("tagPrefix", source.tagPrefix)
        .finish();
}

ApplicationSource normalized(ApplicationSource source)
{
    if (source.kustomize && source.kustomize->isZero())
        source.kustomize.reset();
    if (source.helm && source.helm->isZero())
        source.helm.reset();
    if (source.directory && source.directory->isZero() && source.directory->include.empty()
        && source.directory->exclude.empty())
        source.directory.reset();
    source.value = toValue(source);
    return source;
}

ApplicationSource storedAfterChange(const ApplicationSource &before, ApplicationSource after, SourcePlace place)
{
    if (place == SourcePlace::Single)
        return normalized(std::move(after));
    if (after.kustomize && after.kustomize->isZero() && !(before.kustomize && before.kustomize->isZero()))
        after.kustomize.reset();
    if (after.helm && after.helm->isZero() && !(before.helm && before.helm->isZero()))
        after.helm.reset();
    after.value = toValue(after);
    return after;
}

} // namespace tiphys::crd
