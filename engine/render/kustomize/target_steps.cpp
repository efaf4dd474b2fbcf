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

/// A built-in plugin's configuration as kustomize shows it: YAML, members without content left out.
/// Source: kustomize api/internal/target/kusttarget_configplugin.go@v5.8.1
class ShownConfig
{
public:
    void add(const char *name, const std::string &text)
    {
        if (!text.empty())
            m_members.emplace_back(name, Value(text));
    }
    void add(const char *name, const std::vector<std::string> &texts)
    {
        std::vector<Value> items;
        for (const std::string &text : texts)
            items.emplace_back(text);
        if (!items.empty())
            m_members.emplace_back(name, Value::list(items));
    }
    void addFlag(const char *name, bool isOn)
    {
        if (isOn)
            m_members.emplace_back(name, Value(true));
    }
    /// A member that is there without content too.
    void addValue(const char *name, Value value) { m_members.emplace_back(name, std::move(value)); }

    Value value() const { return Value::map(m_members); }

private:
    std::vector<std::pair<std::string, Value>> m_members;
};

std::unexpected<Error> configuring(const Error &error, std::string_view kind, const ShownConfig &config)
{
    return configuring(error, std::string(kind) + " with config: `\n" + object::toYaml(config.value()) + "`");
}

void addTarget(ShownConfig &config, const std::optional<Selector> &target)
{
    if (!target)
        return;
    ShownConfig shown;
    shown.add("group", target->id.gvk.group);
    shown.add("version", target->id.gvk.version);
    shown.add("kind", target->id.gvk.kind);
    shown.add("name", target->id.name);
    shown.add("namespace", target->id.ns);
    shown.add("annotationSelector", target->annotationSelector);
    shown.add("labelSelector", target->labelSelector);
    config.addValue("target", shown.value());
}

ShownConfig configOf(const Patch &patch)
{
    ShownConfig config;
    config.add("path", patch.path);
    config.add("patch", patch.patch);
    addTarget(config, patch.target);
    if (patch.options) {
        ShownConfig options;
        options.addFlag("allowNameChange", patch.options->allowsNameChange);
        options.addFlag("allowKindChange", patch.options->allowsKindChange);
        config.addValue("options", options.value());
    }
    return config;
}

ShownConfig jsonPatchConfig(const Patch &patch)
{
    ShownConfig config;
    addTarget(config, patch.target);
    config.add("path", patch.path);
    config.add("jsonOp", patch.patch);
    return config;
}

ShownConfig configOf(const HelmChart &chart, const HelmGlobals &globals)
{
    ShownConfig config;
    config.add("chartHome", globals.chartHome);
    config.add("configHome", globals.configHome);
    config.add("name", chart.name);
    config.add("version", chart.version);
    config.add("repo", chart.repo);
    config.add("releaseName", chart.releaseName);
    config.add("namespace", chart.ns);
    config.add("additionalValuesFiles", chart.additionalValuesFiles);
    config.add("valuesFile", chart.valuesFile);
    if (!chart.valuesInline.isEmpty())
        config.addValue("valuesInline", chart.valuesInline);
    config.add("valuesMerge", chart.valuesMerge);
    config.addFlag("includeCRDs", chart.includesCrds);
    config.addFlag("skipHooks", chart.skipsHooks);
    config.add("apiVersions", chart.apiVersions);
    config.add("kubeVersion", chart.kubeVersion);
    config.add("nameTemplate", chart.nameTemplate);
    config.addFlag("skipTests", chart.skipsTests);
    config.addFlag("debug", chart.debugs);
    config.addFlag("devel", chart.isDevel);
    return config;
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
        const HelmGlobals globals = m_file.helmGlobals.value_or(HelmGlobals());
        Expected<Generator> generator = helmGenerator(chart, globals, loader, build->context);
        if (!generator)
            return configuring(generator.error(), "HelmChartInflationGenerator", configOf(chart, globals));
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
        if (!transform) {
            ShownConfig config;
            config.add("paths", m_file.patchesStrategicMerge);
            return configuring(transform.error(), "PatchStrategicMergeTransformer", config);
        }
        add(steps, "PatchStrategicMergeTransformer", std::move(*transform));
    }
    for (const Patch &patch : m_file.patches) {
        Expected<Transform> transform = patchTransform(patch, m_loader, m_build->context);
        if (!transform)
            return configuring(transform.error(), "PatchTransformer", configOf(patch));
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
            return configuring(transform.error(), "PatchJson6902Transformer", jsonPatchConfig(patch));
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
