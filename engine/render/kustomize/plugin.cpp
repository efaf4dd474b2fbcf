// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/plugin.h"

#include "base/text.h"
#include "object/yaml.h"
#include "render/kustomize/document.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/generators.h"
#include "render/kustomize/kustomization_fields.h"
#include "render/kustomize/patch_transform.h"
#include "render/kustomize/plugin_fields.h"
#include "render/kustomize/replacement_transform.h"
#include "render/kustomize/value_add.h"

namespace tiphys::render::kustomize {

using object::Value;

namespace {

/// What a plugin's configuration says, read into \p into. The arguments of generators are embedded structs.
template <typename T>
Expected<void> read(const Value &value, T &into, Scalars scalars = Scalars::Converted)
{
    StructReader reader(Unknown::Ignored, scalars);
    reader.read(value, into);
    if (reader.problem())
        return failure(ErrorCode::InvalidInput, "error unmarshaling JSON: while decoding JSON: " + *reader.problem());
    return {};
}

template <typename Args>
void takeMetadata(Args &args, const ObjectMeta &metadata)
{
    if (args.name.empty())
        args.name = metadata.name;
    if (args.ns.empty())
        args.ns = metadata.ns;
}

Expected<ResourceList> single(const Expected<ResourcePtr> &resource)
{
    if (!resource)
        return std::unexpected(resource.error());
    ResourceList list;
    const Expected<void> done = list.append(*resource);
    if (!done)
        return std::unexpected(done.error());
    return list;
}

/// A service account of Google's cloud.
/// Source: kustomize api/filters/iampolicygenerator@v5.8.1
Expected<ResourceList> iamPolicy(const IamPolicyConfig &config, BuildContext &context)
{
    if (config.cloud != "gke")
        return failure(ErrorCode::Unsupported, "cloud provider " + config.cloud + " not supported yet");
    std::string text = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:\n    "
                       "iam.gke.io/gcp-service-account: "
                       + config.account.name + "@" + config.account.projectId
                       + ".iam.gserviceaccount.com\n  name: " + config.service.name + "\n";
    if (!config.service.ns.empty())
        text += "  namespace: " + config.service.ns + "\n";
    const Expected<Node *> node = readNode(context.arena, text);
    if (!node)
        return std::unexpected(node.error());
    return single(std::make_shared<Resource>(context, *node));
}

Expected<Generator> generatorOf(std::string_view kind, const Value &value, const Loader &loader, BuildContext &context)
{
    Expected<void> done;
    if (kind == "ConfigMapGenerator" || kind == "SecretGenerator") {
        MetadataConfig metadata;
        SecretArgs args;
        done = read(value, args, Scalars::Strict);
        if (done)
            done = read(value, metadata);
        if (!done)
            return std::unexpected(done.error());
        takeMetadata(args, metadata.metadata);
        if (kind == "SecretGenerator")
            return [args, loader, &context] { return single(generatedSecret(args, loader, context)); };
        ConfigMapArgs plain;
        static_cast<GeneratorArgs &>(plain) = args;
        return [plain, loader, &context] { return single(generatedConfigMap(plain, loader, context)); };
    }
    if (kind == "HelmChartInflationGenerator") {
        HelmChart chart;
        HelmGlobals globals;
        done = read(value, chart, Scalars::Strict);
        if (done)
            done = read(value, globals, Scalars::Strict);
        if (!done)
            return std::unexpected(done.error());
        return helmGenerator(std::move(chart), globals, loader, context);
    }
    if (kind == "IAMPolicyGenerator") {
        IamPolicyConfig config;
        done = read(value, config, Scalars::Strict);
        if (!done)
            return std::unexpected(done.error());
        return [config, &context] { return iamPolicy(config, context); };
    }
    return Generator();
}

Expected<Transform> affixes(std::string_view kind, const Value &value)
{
    AffixConfig config;
    const Expected<void> done = read(value, config);
    if (!done)
        return std::unexpected(done.error());
    if (config.specs.empty())
        return failure(ErrorCode::InvalidInput, "fieldSpecs is not expected to be nil");
    const Transform prefix = affixTransform(Affix::Prefix, config.prefix, config.specs);
    const Transform suffix = affixTransform(Affix::Suffix, config.suffix, config.specs);
    if (kind == "PrefixTransformer")
        return prefix;
    if (kind == "SuffixTransformer")
        return suffix;
    return [prefix, suffix](ResourceList &resources) -> Expected<void> {
        const Expected<void> prefixed = prefix(resources);
        return prefixed ? suffix(resources) : prefixed;
    };
}

Expected<Transform> patches(std::string_view kind, const Value &value, const Loader &loader, BuildContext &context)
{
    Expected<void> done;
    if (kind == "PatchTransformer") {
        Patch patch;
        done = read(value, patch);
        return done ? patchTransform(patch, loader, context) : std::unexpected(done.error());
    }
    if (kind == "PatchJson6902Transformer") {
        JsonPatchConfig config;
        done = read(value, config);
        return done ? jsonPatchTransform({config.path, config.operations, config.target, {}}, loader)
                    : std::unexpected(done.error());
    }
    StrategicMergeConfig config;
    done = read(value, config);
    return done ? strategicMergeTransform(config.paths, config.patches, loader, context)
                : std::unexpected(done.error());
}

Expected<Transform> namespaces(const Value &value)
{
    NamespaceConfig config;
    const Expected<void> done = read(value, config);
    if (!done)
        return std::unexpected(done.error().in("unmarshalling NamespaceTransformer config"));
    const std::string &subjects = config.subjects;
    if (!subjects.empty() && subjects != "allServiceAccounts" && subjects != "defaultOnly" && subjects != "none")
        return failure(ErrorCode::InvalidInput, "invalid value \"" + subjects
                                                    + "\" for setRoleBindingSubjects: must be one of \"defaultOnly\", "
                                                      "\"none\" or \"allServiceAccounts\"");
    return namespaceTransform({config.metadata.ns, preparedSpecs(config.specs), config.setsUnsetOnly,
                               subjects.empty() ? "defaultOnly" : subjects});
}

Expected<Transform> others(std::string_view kind, const Value &value, const Loader &loader)
{
    SpecsConfig config;
    const Expected<void> done = read(value, config);
    if (!done)
        return std::unexpected(done.error());
    if (kind == "AnnotationsTransformer")
        return textsTransform(config.annotations, config.specs);
    if (kind == "LabelTransformer")
        return textsTransform(config.labels, config.specs);
    if (kind == "ImageTagTransformer")
        return imageTransform(config.image, config.specs);
    if (kind == "ReplicaCountTransformer")
        return replicaTransform(config.replica, config.specs);
    if (kind == "ReplacementTransformer")
        return replacementTransform(config.replacements, loader);
    if (kind == "HashTransformer")
        return hashTransform();
    return Transform();
}

Expected<Transform> transformOf(std::string_view kind, const Value &value, const Loader &loader, BuildContext &context)
{
    if (kind.ends_with("fixTransformer"))
        return affixes(kind, value);
    if (kind.starts_with("Patch"))
        return patches(kind, value, loader, context);
    if (kind == "NamespaceTransformer")
        return namespaces(value);
    if (kind == "ValueAddTransformer") {
        ValueAddConfig config;
        const Expected<void> done = read(value, config);
        return done ? valueAddTransform(config, loader) : std::unexpected(done.error());
    }
    return others(kind, value, loader);
}

constexpr std::string_view kTransformers[] = {
    "AnnotationsTransformer",
    "HashTransformer",
    "ImageTagTransformer",
    "LabelTransformer",
    "NamespaceTransformer",
    "PatchJson6902Transformer",
    "PatchStrategicMergeTransformer",
    "PatchTransformer",
    "PrefixSuffixTransformer",
    "PrefixTransformer",
    "SuffixTransformer",
    "ReplacementTransformer",
    "ReplicaCountTransformer",
    "ValueAddTransformer",
};
constexpr std::string_view kGenerators[] = {
    "ConfigMapGenerator",
    "IAMPolicyGenerator",
    "SecretGenerator",
    "HelmChartInflationGenerator",
};

template <std::size_t N>
bool isOneOf(std::string_view kind, const std::string_view (&kinds)[N])
{
    for (const std::string_view known : kinds) {
        if (known == kind)
            return true;
    }
    return false;
}

/// The configuration of one of kustomize's own plugins as value.
Expected<Value> builtInConfig(const Resource &configuration)
{
    const Gvk &gvk = configuration.currentId().gvk;
    if (!gvk.group.empty() || gvk.version != "builtin")
        return failure(ErrorCode::Unsupported, "external plugins disabled; unable to load external plugin '"
                                                   + configuration.originalId().gvk.kind + "'");
    if (!isOneOf(gvk.kind, kTransformers) && !isOneOf(gvk.kind, kGenerators))
        return failure(ErrorCode::InvalidInput, "unable to load builtin " + gvk.text());
    return valueOf(configuration.root());
}

std::string failing(const Resource &configuration)
{
    return "plugin " + configuration.originalId().text() + " fails configuration";
}

} // namespace

Expected<GeneratorStep> pluginGenerator(const Resource &configuration, const Loader &loader, BuildContext &context)
{
    const Expected<Value> value = builtInConfig(configuration);
    if (!value)
        return std::unexpected(value.error().in("failed to load generator"));
    const std::string kind = configuration.currentId().gvk.kind;
    Expected<Generator> generator = generatorOf(kind, *value, loader, context);
    if (!generator)
        return std::unexpected(generator.error().in(failing(configuration)).in("failed to load generator"));
    if (!*generator)
        return failure(ErrorCode::InvalidInput,
                       "failed to load generator: plugin " + configuration.originalId().text() + " not a generator");
    return GeneratorStep{std::move(*generator), pluginOrigin(configuration)};
}

Expected<TransformStep> pluginTransformer(const Resource &configuration, const Loader &loader, BuildContext &context)
{
    const Expected<Value> value = builtInConfig(configuration);
    if (!value)
        return std::unexpected(value.error());
    const std::string kind = configuration.currentId().gvk.kind;
    if (!isOneOf(kind, kTransformers))
        return failure(ErrorCode::InvalidInput, "plugin " + configuration.originalId().text() + " not a transformer");
    Expected<Transform> transform = transformOf(kind, *value, loader, context);
    if (!transform)
        return std::unexpected(transform.error().in(failing(configuration)));
    return TransformStep{std::move(*transform), pluginOrigin(configuration)};
}

} // namespace tiphys::render::kustomize
