// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/source_edit.h"

#include "crd/application_patch.h"
#include "object/yaml.h"

#include <algorithm>
#include <charconv>
#include <type_traits>

namespace tiphys::crd {

using object::Value;

namespace {

using Texts = std::vector<std::string>;

Expected<NamedText> pairOf(const std::string &text, std::string_view what)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
        return failure(ErrorCode::InvalidInput,
                       std::string(what) + " must have the form name=value, is '" + text + "'");
    return NamedText{text.substr(0, equals), text.substr(equals + 1)};
}

/// Commas of a value get a backslash, as --set wants them: each that follows another character than a backslash.
std::string withEscapedCommas(std::string_view text)
{
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        escaped += text[i];
        if (text[i] != '\\' && i + 1 < text.size() && text[i + 1] == ',') {
            escaped += "\\,";
            ++i;
        }
    }
    return escaped;
}

/// The block, made if it is not there.
template <typename Block>
Block &blockIn(std::optional<Block> &block)
{
    if (!block)
        block.emplace();
    return *block;
}

template <typename Item>
void mergeNamed(std::vector<Item> &items, Item item)
{
    const auto found = std::ranges::find(items, item.name, &Item::name);
    if (found != items.end())
        *found = std::move(item);
    else
        items.push_back(std::move(item));
}

template <typename Item>
void removeNamed(std::vector<Item> &items, const std::string &name)
{
    const auto found = std::ranges::find(items, name, &Item::name);
    if (found != items.end())
        items.erase(found);
}

void setText(std::string &field, const std::string &text)
{
    if (!text.empty())
        field = text;
}

void setSwitch(bool &field, bool isOn)
{
    field = field || isOn;
}

void setTexts(Texts &field, const Texts &texts)
{
    if (!texts.empty())
        field = texts;
}

Expected<void> addParameters(HelmSource &helm, const Texts &texts, bool isText)
{
    for (const std::string &text : texts) {
        const Expected<NamedText> pair = pairOf(text, "a parameter of Helm");
        if (!pair)
            return std::unexpected(pair.error());
        mergeNamed(helm.parameters, HelmParameter{pair->name, withEscapedCommas(pair->value), isText});
    }
    return {};
}

Expected<void> editHelm(HelmSource &helm, const SourceEdit &edit)
{
    setTexts(helm.valueFiles, edit.valueFiles);
    setText(helm.releaseName, edit.releaseName);
    setText(helm.version, edit.helmVersion);
    setText(helm.ns, edit.helmNamespace);
    setText(helm.kubeVersion, edit.helmKubeVersion);
    setTexts(helm.apiVersions, edit.helmApiVersions);
    setSwitch(helm.ignoreMissingValueFiles, edit.ignoresMissingValueFiles);
    setSwitch(helm.passCredentials, edit.passesCredentials);
    setSwitch(helm.skipCrds, edit.skipsCrds);
    setSwitch(helm.skipSchemaValidation, edit.skipsSchemaValidation);
    setSwitch(helm.skipTests, edit.skipsTests);
    if (!edit.values.empty()) {
        if (const Expected<void> set = setValues(helm, edit.values); !set)
            return set;
    }
    if (const Expected<void> added = addParameters(helm, edit.helmSets, false); !added)
        return added;
    if (const Expected<void> added = addParameters(helm, edit.helmSetStrings, true); !added)
        return added;
    for (const std::string &text : edit.helmSetFiles) {
        const Expected<NamedText> pair = pairOf(text, "a file parameter of Helm");
        if (!pair)
            return std::unexpected(pair.error());
        mergeNamed(helm.fileParameters, HelmFileParameter{pair->name, withEscapedCommas(pair->value)});
    }
    return {};
}

/// Whether two image overrides speak of the same image: up to the delimiter that \p old has.
bool isSameImage(std::string_view one, std::string_view old)
{
    char delimiter = ':';
    for (const char candidate : {'=', ':', '@'}) {
        if (old.contains(candidate)) {
            delimiter = candidate;
            break;
        }
    }
    return one.substr(0, one.find(delimiter)) == old.substr(0, old.find(delimiter));
}

Expected<void> setTextMap(TextMap &field, const Texts &texts, std::string_view what)
{
    if (texts.empty())
        return {};
    TextMap map;
    for (const std::string &text : texts) {
        const Expected<NamedText> pair = pairOf(text, what);
        if (!pair)
            return std::unexpected(pair.error());
        map[pair->name] = pair->value;
    }
    field = std::move(map);
    return {};
}

Expected<void> editKustomize(KustomizeSource &kustomize, const SourceEdit &edit)
{
    setText(kustomize.namePrefix, edit.namePrefix);
    setText(kustomize.nameSuffix, edit.nameSuffix);
    setText(kustomize.ns, edit.kustomizeNamespace);
    setText(kustomize.version, edit.kustomizeVersion);
    setText(kustomize.kubeVersion, edit.kustomizeKubeVersion);
    setTexts(kustomize.apiVersions, edit.kustomizeApiVersions);
    setSwitch(kustomize.labelWithoutSelector, edit.labelsWithoutSelector);
    setSwitch(kustomize.labelIncludeTemplates, edit.labelsTemplates);
    setSwitch(kustomize.forceCommonLabels, edit.forcesCommonLabels);
    setSwitch(kustomize.forceCommonAnnotations, edit.forcesCommonAnnotations);
    setSwitch(kustomize.ignoreMissingComponents, edit.ignoresMissingComponents);
    if (const Expected<void> set = setTextMap(kustomize.commonLabels, edit.commonLabels, "a label"); !set)
        return set;
    if (const Expected<void> set = setTextMap(kustomize.commonAnnotations, edit.commonAnnotations, "an annotation");
        !set)
        return set;
    for (const std::string &image : edit.images) {
        const auto found =
            std::ranges::find_if(kustomize.images, [&](const std::string &old) { return isSameImage(old, image); });
        if (found != kustomize.images.end())
            *found = image;
        else
            kustomize.images.push_back(image);
    }
    for (const std::string &text : edit.replicas) {
        Expected<KustomizeReplica> replica = replicaOf(text);
        if (!replica)
            return std::unexpected(replica.error());
        mergeNamed(kustomize.replicas, std::move(*replica));
    }
    return {};
}

void addVariables(std::vector<JsonnetVariable> &variables, const Texts &texts, bool isCode)
{
    for (const std::string &text : texts) {
        const std::size_t equals = text.find('=');
        const bool hasValue = equals != std::string::npos;
        variables.push_back({text.substr(0, equals), hasValue ? text.substr(equals + 1) : std::string(), isCode});
    }
}

void editDirectory(DirectorySource &directory, const SourceEdit &edit)
{
    directory.recurses = edit.recurses.value_or(directory.recurses);
    directory.include = edit.include.value_or(directory.include);
    directory.exclude = edit.exclude.value_or(directory.exclude);
    addVariables(directory.topLevelArguments, edit.tlaStrings, false);
    addVariables(directory.topLevelArguments, edit.tlaCodes, true);
    addVariables(directory.externalVariables, edit.extVarStrings, false);
    addVariables(directory.externalVariables, edit.extVarCodes, true);
    directory.libraries.insert(directory.libraries.end(), edit.jsonnetLibraries.begin(), edit.jsonnetLibraries.end());
}

Expected<void> editPlugin(ApplicationSource &source, const SourceEdit &edit)
{
    if (edit.plugin)
        source.plugin = PluginSource{.name = *edit.plugin, .env = {}, .parameters = {}};
    for (const std::string &text : edit.pluginEnvironment) {
        const Expected<NamedText> pair = pairOf(text, "an environment variable");
        if (!pair)
            return std::unexpected(pair.error());
        mergeNamed(blockIn(source.plugin).env, *pair);
    }
    return {};
}

/// \p edit as it would change an empty block: one that stays empty is not made.
template <typename Block, typename Edit>
Expected<void> editBlock(std::optional<Block> &block, const SourceEdit &change, Edit edit)
{
    Block changed = block.value_or(Block{});
    if constexpr (std::is_void_v<decltype(edit(changed, change))>) {
        edit(changed, change);
    } else {
        if (const Expected<void> done = edit(changed, change); !done)
            return done;
    }
    if (block || changed != Block{})
        block = std::move(changed);
    return {};
}

/// Who renders \p source: its own word, else what was found before, else Helm for "name=value".
/// Source: argo-cd cmd/util/app.go (SetParameterOverrides)@v3.5.1
Expected<void> setParameters(ApplicationSource &source, const Texts &parameters, std::string_view statusType)
{
    if (parameters.empty())
        return {};
    const Expected<std::string> type = explicitType(source);
    if (!type)
        return std::unexpected(type.error());
    std::string tool = type->empty() ? std::string(statusType) : *type;
    if (tool.empty() && parameters.front().contains('='))
        tool = "Helm";
    if (tool != "Helm")
        return failure(ErrorCode::InvalidInput, "parameters can only be set where Helm renders"
                                                    + (tool.empty() ? std::string() : ", this is " + tool));
    return addParameters(blockIn(source.helm), parameters, false);
}

} // namespace

Expected<KustomizeReplica> replicaOf(const std::string &text)
{
    const Expected<NamedText> pair = pairOf(text, "a replica count");
    if (!pair)
        return std::unexpected(pair.error());
    std::int32_t count = 0;
    const char *end = pair->value.data() + pair->value.size();
    const auto [stop, error] = std::from_chars(pair->value.data(), end, count);
    if (error != std::errc() || stop != end)
        return failure(ErrorCode::InvalidInput,
                       "the replica count of '" + pair->name + "' must be a number, is '" + pair->value + "'");
    return KustomizeReplica{pair->name, Value(static_cast<std::int64_t>(count))};
}

Expected<void> setValues(HelmSource &helm, const std::string &yaml)
{
    Value parsed;
    if (!yaml.empty()) {
        const Expected<Value> value = object::parseYaml(yaml);
        if (!value)
            return std::unexpected(value.error().in("values"));
        if (!value->isMap() && !value->isString())
            return failure(ErrorCode::InvalidInput, "values must be a map");
        parsed = *value;
    }
    helm.valuesObject = parsed;
    helm.values.clear();
    return {};
}

Expected<std::string> explicitType(const ApplicationSource &source)
{
    std::string types;
    int count = 0;
    const auto add = [&](bool isThere, std::string_view name) {
        if (!isThere)
            return;
        types += (types.empty() ? "" : ", ") + std::string(name);
        ++count;
    };
    add(source.kustomize.has_value(), "Kustomize");
    add(source.helm.has_value(), "Helm");
    add(source.directory.has_value(), "Directory");
    add(source.plugin.has_value(), "Plugin");
    if (count > 1)
        return failure(ErrorCode::InvalidInput, "a source takes one tool, this one would have several: " + types);
    return types;
}

Expected<ApplicationSource> edited(ApplicationSource source, const SourceEdit &edit, std::string_view statusType,
                                   SourcePlace place)
{
    const ApplicationSource before = source;
    source.repoUrl = edit.repoUrl.value_or(source.repoUrl);
    source.path = edit.path.value_or(source.path);
    source.chart = edit.chart.value_or(source.chart);
    source.targetRevision = edit.targetRevision.value_or(source.targetRevision);
    source.tagPrefix = edit.tagPrefix.value_or(source.tagPrefix);
    source.ref = edit.ref.value_or(source.ref);
    if (const Expected<void> done = editBlock(source.helm, edit, editHelm); !done)
        return std::unexpected(done.error());
    if (const Expected<void> done = editBlock(source.kustomize, edit, editKustomize); !done)
        return std::unexpected(done.error());
    if (const Expected<void> done = editBlock(source.directory, edit, editDirectory); !done)
        return std::unexpected(done.error());
    if (const Expected<void> done = editPlugin(source, edit); !done)
        return std::unexpected(done.error());
    if (const Expected<void> done = setParameters(source, edit.parameters, statusType); !done)
        return std::unexpected(done.error());
    ApplicationSource result = storedAfterChange(before, std::move(source), place);
    if (const Expected<std::string> type = explicitType(result); !type)
        return std::unexpected(type.error());
    return result;
}

ApplicationSource without(ApplicationSource source, const SourceRemoval &removal, SourcePlace place)
{
    const ApplicationSource before = source;
    if (removal.ref)
        source.ref.clear();
    if (source.kustomize) {
        KustomizeSource &kustomize = *source.kustomize;
        const auto clear = [](bool isRemoved, std::string &field) {
            if (isRemoved)
                field.clear();
        };
        clear(removal.namePrefix, kustomize.namePrefix);
        clear(removal.nameSuffix, kustomize.nameSuffix);
        clear(removal.kustomizeVersion, kustomize.version);
        clear(removal.kustomizeNamespace, kustomize.ns);
        if (removal.ignoresMissingComponents)
            kustomize.ignoreMissingComponents = false;
        for (const std::string &image : removal.images)
            std::erase_if(kustomize.images, [&](const std::string &item) { return isSameImage(image, item); });
        for (const std::string &name : removal.replicas)
            removeNamed(kustomize.replicas, name);
    }
    if (source.helm) {
        HelmSource &helm = *source.helm;
        for (const std::string &name : removal.parameters)
            removeNamed(helm.parameters, name);
        for (const std::string &file : removal.valueFiles) {
            if (const auto found = std::ranges::find(helm.valueFiles, file); found != helm.valueFiles.end())
                helm.valueFiles.erase(found);
        }
        if (removal.values) {
            helm.values.clear();
            helm.valuesObject = {};
        }
        helm.ignoreMissingValueFiles = helm.ignoreMissingValueFiles && !removal.ignoresMissingValueFiles;
        helm.passCredentials = helm.passCredentials && !removal.passesCredentials;
    }
    if (source.plugin) {
        for (const std::string &name : removal.pluginEnvironment)
            removeNamed(source.plugin->env, name);
    }
    return storedAfterChange(before, std::move(source), place);
}

Expected<ApplicationSource> sourceAt(const ApplicationSpec &spec, int position)
{
    if (spec.sourceHydrator)
        return failure(ErrorCode::Unsupported, "the source is hydrated: its dry source is changed in the manifest");
    if (spec.hasMultipleSources()) {
        if (position <= 0)
            return failure(ErrorCode::InvalidInput, "the application has " + std::to_string(spec.sources.size())
                                                        + " sources: say which one, counted from 1");
        if (static_cast<std::size_t>(position) > spec.sources.size())
            return failure(ErrorCode::NotFound, "there is no source " + std::to_string(position)
                                                    + ", the application has " + std::to_string(spec.sources.size()));
        return spec.sources[static_cast<std::size_t>(position) - 1];
    }
    if (position > 1)
        return failure(ErrorCode::NotFound, "the application has one source");
    if (!spec.source)
        return failure(ErrorCode::NotFound, "the application has no source");
    return *spec.source;
}

SourcePlace sourcePlaceOf(const ApplicationSpec &spec)
{
    return spec.hasMultipleSources() ? SourcePlace::OneOfSeveral : SourcePlace::Single;
}

Expected<Value> sourcePatch(const ApplicationSpec &spec, int position, const ApplicationSource &edited)
{
    const Expected<ApplicationSource> seen = sourceAt(spec, position);
    if (!seen)
        return std::unexpected(seen.error());
    if (edited == *seen)
        return Value::list(std::vector<Value>());
    const Value after = toValue(edited);
    const std::string path =
        spec.hasMultipleSources() ? "/spec/sources/" + std::to_string(position - 1) : "/spec/source";
    return Value::list(std::vector<Value>{Value::map({{"op", "test"}, {"path", path}, {"value", seen->value}}),
                                          Value::map({{"op", "replace"}, {"path", path}, {"value", after}})});
}

namespace {

/// JSON Patch that makes \p sources those of \p app.
Value sourcesPatch(const Application &app, std::vector<Value> sources)
{
    const Value &before = app.object.value();
    return applicationPatch(before, before.withPath({"spec", "sources"}, Value::list(std::move(sources))));
}

} // namespace

Expected<Value> sourceAdditionPatch(const Application &app, const ApplicationSource &added)
{
    if (app.spec.sources.empty())
        return failure(ErrorCode::InvalidInput, "cannot add source: application " + std::string(app.name())
                                                    + " does not have spec.sources defined");
    const Value before = app.spec.value["sources"];
    std::vector<Value> after(before.items().begin(), before.items().end());
    after.push_back(toValue(added));
    return sourcesPatch(app, std::move(after));
}

Expected<Value> sourceRemovalPatch(const Application &app, int position)
{
    const std::size_t count = app.spec.sources.size();
    if (!app.spec.hasMultipleSources())
        return failure(ErrorCode::InvalidInput, "application does not have multiple sources configured");
    if (count == 1)
        return failure(ErrorCode::InvalidInput, "cannot remove the only source remaining in the app");
    if (position <= 0 || static_cast<std::size_t>(position) > count)
        return failure(ErrorCode::InvalidInput, "application does not have source at " + std::to_string(position));
    const Value before = app.spec.value["sources"];
    std::vector<Value> after(before.items().begin(), before.items().end());
    after.erase(after.begin() + (position - 1));
    return sourcesPatch(app, std::move(after));
}

} // namespace tiphys::crd
