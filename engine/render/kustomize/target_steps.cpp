// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/value.h"
#include "object/yaml.h"
#include "render/kustomize/document.h"
#include "render/kustomize/generators.h"
#include "render/kustomize/patch_transform.h"
#include "render/kustomize/replacement_transform.h"
#include "render/kustomize/target.h"

#include <algorithm>

namespace tiphys::render::kustomize {

using object::Value;

namespace {

std::unexpected<Error> configuring(const Error &error, std::string_view kind)
{
    return std::unexpected(error.in("trouble configuring builtin " + std::string(kind)));
}

/// \p patch as the built-in plugin gets it: YAML, members without content left out.
/// Source: kustomize api/internal/target/kusttarget_configplugin.go@v5.8.1
std::string configOf(const Patch &patch)
{
    using Members = std::vector<std::pair<std::string, Value>>;
    const auto add = [](Members &members, const char *name, const std::string &text) {
        if (!text.empty())
            members.emplace_back(name, Value(text));
    };
    Members config;
    add(config, "path", patch.path);
    add(config, "patch", patch.patch);
    if (patch.target) {
        Members target;
        add(target, "group", patch.target->id.gvk.group);
        add(target, "version", patch.target->id.gvk.version);
        add(target, "kind", patch.target->id.gvk.kind);
        add(target, "name", patch.target->id.name);
        add(target, "namespace", patch.target->id.ns);
        add(target, "annotationSelector", patch.target->annotationSelector);
        add(target, "labelSelector", patch.target->labelSelector);
        config.emplace_back("target", Value::map(target));
    }
    if (patch.options) {
        Members options;
        if (patch.options->allowsNameChange)
            options.emplace_back("allowNameChange", Value(true));
        if (patch.options->allowsKindChange)
            options.emplace_back("allowKindChange", Value(true));
        config.emplace_back("options", Value::map(options));
    }
    return object::toYaml(Value::map(config));
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

/// The specs of one entry of `labels`.
Expected<FieldSpecs> specsOf(const Label &label, const TransformerConfig &config)
{
    FieldSpecs specs = label.fields;
    Expected<void> done = mergeInto(specs, config.labels);
    if (done && label.includesSelectors) {
        done = mergeInto(specs, config.commonLabels);
    } else if (done) {
        if (label.includesTemplates)
            done = mergeInto(specs, config.templateLabels);
        if (!done)
            return std::unexpected(done.error().in("failed to merge template fieldSpec"));
        done = mergeInto(specs, {{{}, "metadata/labels", true}});
    }
    if (!done)
        return std::unexpected(done.error().in("failed to merge labels"));
    return specs;
}

/// A resource as validators may leave it: with the label that says so taken away.
Expected<Value> validatedValue(const Resource &resource)
{
    const Expected<Value> value = valueOf(resource.root());
    if (!value)
        return value;
    Value result = value->withoutPath({"metadata", "labels", "validated-by"});
    if (result.path({"metadata", "labels"}).isEmpty())
        result = result.withoutPath({"metadata", "labels"});
    return result;
}

} // namespace

Expected<std::vector<GeneratorStep>> Target::generators()
{
    std::vector<GeneratorStep> steps;
    Build *build = m_build;
    const Loader loader = m_loader;
    for (ConfigMapArgs args : m_file.configMapGenerator) {
        args.options = withGlobalOptions(args.options, m_file.generatorOptions);
        steps.push_back({[=] { return single(generatedConfigMap(args, loader, build->context)); },
                         builtInOrigin("ConfigMapGenerator")});
    }
    for (SecretArgs args : m_file.secretGenerator) {
        args.options = withGlobalOptions(args.options, m_file.generatorOptions);
        steps.push_back(
            {[=] { return single(generatedSecret(args, loader, build->context)); }, builtInOrigin("SecretGenerator")});
    }
    for (HelmChart chart : m_file.helmCharts) {
        if (chart.ns.empty())
            chart.ns = m_file.ns.empty() ? m_helmNamespace : m_file.ns;
        Expected<Generator> generator =
            helmGenerator(std::move(chart), m_file.helmGlobals.value_or(HelmGlobals()), loader, build->context);
        if (!generator)
            return configuring(generator.error(), "HelmChartInflationGenerator");
        steps.push_back({std::move(*generator), builtInOrigin("HelmChartInflationGenerator")});
    }
    if (m_file.generators.empty())
        return steps;
    const Expected<std::vector<ResourcePtr>> configurations = pluginConfigurations(m_file.generators);
    if (!configurations)
        return std::unexpected(configurations.error().in("loading generator plugins"));
    for (const ResourcePtr &configuration : *configurations) {
        Expected<GeneratorStep> step = pluginGenerator(*configuration, m_loader, build->context);
        if (!step)
            return std::unexpected(step.error().in("loading generator plugins"));
        steps.push_back(std::move(*step));
    }
    return steps;
}

Expected<void> Target::generate(Accumulation &into)
{
    const Expected<std::vector<GeneratorStep>> steps = generators();
    if (!steps)
        return std::unexpected(steps.error());
    for (const GeneratorStep &step : *steps) {
        const Expected<ResourceList> made = step.run();
        if (!made)
            return std::unexpected(made.error());
        if (step.origin) {
            for (const ResourcePtr &resource : made->all()) {
                const Expected<void> noted = noteOrigin(*resource, *step.origin);
                if (!noted)
                    return noted;
            }
        }
        const Expected<void> done = into.resources.absorb(*made);
        if (!done)
            return std::unexpected(done.error().in("merging from generator"));
    }
    return {};
}

void Target::add(std::vector<TransformStep> &steps, std::string_view kind, Transform transform) const
{
    steps.push_back({std::move(transform), builtInOrigin(kind)});
}

Expected<void> Target::addPatches(std::vector<TransformStep> &steps)
{
    if (!m_file.patchesStrategicMerge.empty()) {
        Expected<Transform> transform =
            strategicMergeTransform(m_file.patchesStrategicMerge, "", m_loader, m_build->context);
        if (!transform)
            return configuring(transform.error(), "PatchStrategicMergeTransformer");
        add(steps, "PatchStrategicMergeTransformer", std::move(*transform));
    }
    for (const Patch &patch : m_file.patches) {
        Expected<Transform> transform = patchTransform(patch, m_loader, m_build->context);
        if (!transform)
            return configuring(transform.error(), "PatchTransformer with config: `\n" + configOf(patch) + "`");
        add(steps, "PatchTransformer", std::move(*transform));
    }
    return {};
}

void Target::addNames(std::vector<TransformStep> &steps, const TransformerConfig &config)
{
    if (!m_file.ns.empty())
        add(steps, "NamespaceTransformer", namespaceTransform({.ns = m_file.ns, .specs = preparedSpecs(config.ns)}));
    if (!m_file.namePrefix.empty())
        add(steps, "PrefixTransformer", affixTransform(Affix::Prefix, m_file.namePrefix, config.namePrefix));
    if (!m_file.nameSuffix.empty())
        add(steps, "SuffixTransformer", affixTransform(Affix::Suffix, m_file.nameSuffix, config.nameSuffix));
}

Expected<void> Target::addLabels(std::vector<TransformStep> &steps, const TransformerConfig &config)
{
    for (const Label &label : m_file.labels) {
        const bool isUsual = &config == TransformerConfig::defaults().get();
        if (isUsual && label.includesSelectors && label.fields.empty()) {
            add(steps, "LabelTransformer", textsTransform(label.pairs, config.commonLabels));
            continue;
        }
        const Expected<FieldSpecs> specs = specsOf(label, config);
        if (!specs)
            return std::unexpected(specs.error());
        add(steps, "LabelTransformer", textsTransform(label.pairs, *specs));
    }
    if (!m_file.labels.empty() || !m_file.commonLabels.empty())
        add(steps, "LabelTransformer", textsTransform(m_file.commonLabels, config.commonLabels));
    if (!m_file.commonAnnotations.empty())
        add(steps, "AnnotationsTransformer", textsTransform(m_file.commonAnnotations, config.commonAnnotations));
    return {};
}

Expected<void> Target::addLateSteps(std::vector<TransformStep> &steps, const TransformerConfig &config)
{
    for (const Patch &patch : m_file.patchesJson6902) {
        Expected<Transform> transform = jsonPatchTransform(patch, m_loader);
        if (!transform)
            return configuring(transform.error(), "PatchJson6902Transformer");
        add(steps, "PatchJson6902Transformer", std::move(*transform));
    }
    for (const Replica &replica : m_file.replicas)
        add(steps, "ReplicaCountTransformer", replicaTransform(replica, config.replicas));
    for (const Image &image : m_file.images) {
        Expected<Transform> transform = imageTransform(image, config.images);
        if (!transform)
            return configuring(transform.error(), "ImageTagTransformer");
        add(steps, "ImageTagTransformer", std::move(*transform));
    }
    if (!m_file.replacements.empty()) {
        Expected<Transform> transform = replacementTransform(m_file.replacements, m_loader);
        if (!transform)
            return configuring(transform.error(), "ReplacementTransformer");
        add(steps, "ReplacementTransformer", std::move(*transform));
    }
    return {};
}

Expected<std::vector<TransformStep>> Target::transformers(const TransformerConfig &config)
{
    std::vector<TransformStep> steps;
    Expected<void> done = addPatches(steps);
    if (!done)
        return std::unexpected(done.error());
    addNames(steps, config);
    done = addLabels(steps, config);
    if (done)
        done = addLateSteps(steps, config);
    if (!done)
        return std::unexpected(done.error());
    if (m_file.transformers.empty())
        return steps;
    const Expected<std::vector<ResourcePtr>> configurations = pluginConfigurations(m_file.transformers);
    if (!configurations)
        return std::unexpected(configurations.error());
    for (const ResourcePtr &configuration : *configurations) {
        Expected<TransformStep> step = pluginTransformer(*configuration, m_loader, m_build->context);
        if (!step)
            return std::unexpected(step.error());
        steps.push_back(std::move(*step));
    }
    return steps;
}

Expected<void> Target::transform(Accumulation &into)
{
    const Expected<std::vector<TransformStep>> steps = transformers(*into.config);
    if (!steps)
        return std::unexpected(steps.error());
    for (const TransformStep &step : *steps) {
        const Expected<void> done = step.run(into.resources);
        if (!done)
            return done;
        if (step.origin) {
            for (const ResourcePtr &resource : into.resources.all()) {
                if (resource->isGone())
                    continue;
                const Expected<void> noted = noteTransformation(*resource, *step.origin);
                if (!noted)
                    return noted;
            }
        }
        into.resources.dropGone();
    }
    return {};
}

Expected<void> Target::validate(Accumulation &into)
{
    if (m_file.validators.empty())
        return {};
    const Expected<std::vector<ResourcePtr>> configurations = pluginConfigurations(m_file.validators);
    if (!configurations)
        return std::unexpected(configurations.error());
    std::vector<TransformStep> steps;
    for (const ResourcePtr &configuration : *configurations) {
        Expected<TransformStep> step = pluginTransformer(*configuration, m_loader, m_build->context);
        if (!step)
            return std::unexpected(step.error());
        steps.push_back(std::move(*step));
    }
    const auto valuesNow = [&]() -> Expected<std::vector<Value>> {
        std::vector<Value> values;
        for (const ResourcePtr &resource : into.resources.all()) {
            const Expected<Value> value = validatedValue(*resource);
            if (!value)
                return std::unexpected(value.error());
            values.push_back(*value);
        }
        return values;
    };
    for (const TransformStep &step : steps) {
        const Expected<std::vector<Value>> before = valuesNow();
        if (!before)
            return std::unexpected(before.error());
        const Expected<void> done = step.run(into.resources);
        if (!done)
            return done;
        const Expected<std::vector<Value>> after = valuesNow();
        if (!after)
            return std::unexpected(after.error());
        if (*before != *after)
            return failure(ErrorCode::InvalidInput, "validator shouldn't modify the resource map: nodes unequal");
    }
    return {};
}

} // namespace tiphys::render::kustomize
