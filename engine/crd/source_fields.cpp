// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/source_fields.h"

#include "base/text.h"
#include "object/yaml.h"

#include <algorithm>
#include <functional>

namespace tiphys::crd {

using object::Value;

namespace {

using Texts = std::vector<std::string>;

std::string joined(const Texts &lines)
{
    std::string text;
    for (const std::string &line : lines)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

Texts linesOf(std::string_view text)
{
    Texts lines;
    for (std::string_view line : split(text, '\n')) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.find_first_not_of(" \t") != std::string_view::npos)
            lines.emplace_back(line);
    }
    return lines;
}

Expected<std::vector<NamedText>> pairsOf(std::string_view text)
{
    std::vector<NamedText> pairs;
    for (const std::string &line : linesOf(text)) {
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos || equals == 0)
            return failure(ErrorCode::InvalidInput, "'" + line + "' must have the form name=value");
        pairs.push_back({line.substr(0, equals), line.substr(equals + 1)});
    }
    return pairs;
}

/// One field: how it reads and how it is written.
struct Field
{
    std::string_view name;
    SourceFieldKind kind;
    std::function<std::string(const ApplicationSource &)> read;
    std::function<Expected<void>(ApplicationSource &, const std::string &)> write;
};

template <typename Block>
using BlockMember = std::optional<Block> ApplicationSource::*;

template <typename Block>
Block blockOf(const ApplicationSource &source, BlockMember<Block> member)
{
    return (source.*member).value_or(Block{});
}

template <typename Block>
Block &blockToWrite(ApplicationSource &source, BlockMember<Block> member)
{
    if (!(source.*member))
        (source.*member).emplace();
    return *(source.*member);
}

template <typename Block>
Field textField(std::string_view name, BlockMember<Block> block, std::string Block::*member)
{
    return {name, SourceFieldKind::Text, [=](const ApplicationSource &source) { return blockOf(source, block).*member; },
            [=](ApplicationSource &source, const std::string &text) -> Expected<void> {
                blockToWrite(source, block).*member = text;
                return {};
            }};
}

template <typename Block>
Field switchField(std::string_view name, BlockMember<Block> block, bool Block::*member)
{
    return {name, SourceFieldKind::Switch,
            [=](const ApplicationSource &source) { return std::string(blockOf(source, block).*member ? "true" : "false"); },
            [=](ApplicationSource &source, const std::string &text) -> Expected<void> {
                if (text != "true" && text != "false")
                    return failure(ErrorCode::InvalidInput, "must be true or false, is '" + text + "'");
                blockToWrite(source, block).*member = text == "true";
                return {};
            }};
}

template <typename Block>
Field linesField(std::string_view name, BlockMember<Block> block, Texts Block::*member)
{
    return {name, SourceFieldKind::Lines, [=](const ApplicationSource &source) { return joined(blockOf(source, block).*member); },
            [=](ApplicationSource &source, const std::string &text) -> Expected<void> {
                blockToWrite(source, block).*member = linesOf(text);
                return {};
            }};
}

Field mapField(std::string_view name, TextMap KustomizeSource::*member)
{
    return {name, SourceFieldKind::Lines,
            [=](const ApplicationSource &source) {
                Texts lines;
                for (const auto &[key, value] : blockOf(source, &ApplicationSource::kustomize).*member)
                    lines.push_back(key + "=" + value);
                return joined(lines);
            },
            [=](ApplicationSource &source, const std::string &text) -> Expected<void> {
                const Expected<std::vector<NamedText>> pairs = pairsOf(text);
                if (!pairs)
                    return std::unexpected(pairs.error());
                TextMap map;
                for (const NamedText &pair : *pairs)
                    map[pair.name] = pair.value;
                blockToWrite(source, &ApplicationSource::kustomize).*member = std::move(map);
                return {};
            }};
}

/// A list of items with name and value, those that \p isMine takes; the others, and the order, stay.
template <typename Item, typename List, typename IsMine, typename Value, typename Make>
Field pairsField(std::string_view name, List list, IsMine isMine, Value value, Make make)
{
    return {name, SourceFieldKind::Lines,
            [=](const ApplicationSource &source) {
                ApplicationSource copy = source;
                Texts lines;
                for (const Item &item : list(copy)) {
                    if (isMine(item))
                        lines.push_back(item.name + "=" + value(item));
                }
                return joined(lines);
            },
            [=](ApplicationSource &source, const std::string &text) -> Expected<void> {
                const Expected<std::vector<NamedText>> pairs = pairsOf(text);
                if (!pairs)
                    return std::unexpected(pairs.error());
                std::vector<Item> &items = list(source);
                std::vector<Item> wanted;
                for (const NamedText &pair : *pairs) {
                    Expected<Item> item = make(pair);
                    if (!item)
                        return std::unexpected(item.error());
                    wanted.push_back(std::move(*item));
                }
                // What is there keeps its place; what is new comes last.
                std::vector<Item> result;
                for (const Item &item : items) {
                    const auto found = std::ranges::find(wanted, item.name, &Item::name);
                    if (found != wanted.end()) {
                        result.push_back(*found);
                        wanted.erase(found);
                    } else if (!isMine(item)) {
                        result.push_back(item);
                    }
                }
                result.insert(result.end(), wanted.begin(), wanted.end());
                items = std::move(result);
                return {};
            }};
}

Field parametersField(std::string_view name, bool isText)
{
    return pairsField<HelmParameter>(
        name, [](ApplicationSource &source) -> std::vector<HelmParameter> & { return blockToWrite(source, &ApplicationSource::helm).parameters; },
        [isText](const HelmParameter &item) { return item.forceString == isText; }, [](const HelmParameter &item) { return item.value; },
        [isText](const NamedText &pair) -> Expected<HelmParameter> { return HelmParameter{pair.name, pair.value, isText}; });
}

Field variablesField(std::string_view name, std::vector<JsonnetVariable> DirectorySource::*member, bool isCode)
{
    return pairsField<JsonnetVariable>(
        name,
        [member](ApplicationSource &source) -> std::vector<JsonnetVariable> & {
            return blockToWrite(source, &ApplicationSource::directory).*member;
        },
        [isCode](const JsonnetVariable &item) { return item.isCode == isCode; }, [](const JsonnetVariable &item) { return item.value; },
        [isCode](const NamedText &pair) -> Expected<JsonnetVariable> { return JsonnetVariable{pair.name, pair.value, isCode}; });
}

Field valuesField()
{
    return {"helm.values", SourceFieldKind::Yaml,
            [](const ApplicationSource &source) {
                const HelmSource helm = blockOf(source, &ApplicationSource::helm);
                return helm.valuesObject.isNull() ? helm.values : object::toYaml(helm.valuesObject);
            },
            [](ApplicationSource &source, const std::string &text) -> Expected<void> {
                return setValues(blockToWrite(source, &ApplicationSource::helm), linesOf(text).empty() ? std::string() : text);
            }};
}

std::string countText(const Value &count)
{
    return count.isString() ? std::string(count.stringOr()) : std::to_string(count.intOr(0));
}

Field replicasField()
{
    return pairsField<KustomizeReplica>(
        "kustomize.replicas",
        [](ApplicationSource &source) -> std::vector<KustomizeReplica> & { return blockToWrite(source, &ApplicationSource::kustomize).replicas; },
        [](const KustomizeReplica &) { return true; }, [](const KustomizeReplica &item) { return countText(item.count); },
        [](const NamedText &pair) -> Expected<KustomizeReplica> {
            SourceEdit edit;
            edit.replicas = {pair.name + "=" + pair.value};
            const Expected<ApplicationSource> made = edited({}, edit);
            if (!made)
                return std::unexpected(made.error());
            return made->kustomize->replicas.front();
        });
}

std::vector<Field> helmFields()
{
    const auto helm = &ApplicationSource::helm;
    std::vector<Field> fields{parametersField("helm.parameters", false), parametersField("helm.parameters (forceString)", true),
                              linesField("helm.valueFiles", helm, &HelmSource::valueFiles), valuesField()};
    fields.push_back(pairsField<HelmFileParameter>(
        "helm.fileParameters",
        [](ApplicationSource &source) -> std::vector<HelmFileParameter> & { return blockToWrite(source, &ApplicationSource::helm).fileParameters; },
        [](const HelmFileParameter &) { return true; }, [](const HelmFileParameter &item) { return item.path; },
        [](const NamedText &pair) -> Expected<HelmFileParameter> { return HelmFileParameter{pair.name, pair.value}; }));
    fields.push_back(textField("helm.releaseName", helm, &HelmSource::releaseName));
    fields.push_back(textField("helm.namespace", helm, &HelmSource::ns));
    fields.push_back(textField("helm.kubeVersion", helm, &HelmSource::kubeVersion));
    fields.push_back(linesField("helm.apiVersions", helm, &HelmSource::apiVersions));
    fields.push_back(switchField("helm.skipCrds", helm, &HelmSource::skipCrds));
    fields.push_back(switchField("helm.skipTests", helm, &HelmSource::skipTests));
    fields.push_back(switchField("helm.skipSchemaValidation", helm, &HelmSource::skipSchemaValidation));
    fields.push_back(switchField("helm.ignoreMissingValueFiles", helm, &HelmSource::ignoreMissingValueFiles));
    fields.push_back(switchField("helm.passCredentials", helm, &HelmSource::passCredentials));
    return fields;
}

std::vector<Field> kustomizeFields()
{
    const auto kustomize = &ApplicationSource::kustomize;
    return {linesField("kustomize.images", kustomize, &KustomizeSource::images),
            replicasField(),
            textField("kustomize.namePrefix", kustomize, &KustomizeSource::namePrefix),
            textField("kustomize.nameSuffix", kustomize, &KustomizeSource::nameSuffix),
            textField("kustomize.namespace", kustomize, &KustomizeSource::ns),
            mapField("kustomize.commonLabels", &KustomizeSource::commonLabels),
            mapField("kustomize.commonAnnotations", &KustomizeSource::commonAnnotations),
            linesField("kustomize.components", kustomize, &KustomizeSource::components),
            textField("kustomize.version", kustomize, &KustomizeSource::version),
            textField("kustomize.kubeVersion", kustomize, &KustomizeSource::kubeVersion),
            linesField("kustomize.apiVersions", kustomize, &KustomizeSource::apiVersions),
            switchField("kustomize.ignoreMissingComponents", kustomize, &KustomizeSource::ignoreMissingComponents),
            switchField("kustomize.forceCommonLabels", kustomize, &KustomizeSource::forceCommonLabels),
            switchField("kustomize.forceCommonAnnotations", kustomize, &KustomizeSource::forceCommonAnnotations),
            switchField("kustomize.commonAnnotationsEnvsubst", kustomize, &KustomizeSource::commonAnnotationsEnvsubst),
            switchField("kustomize.labelWithoutSelector", kustomize, &KustomizeSource::labelWithoutSelector),
            switchField("kustomize.labelIncludeTemplates", kustomize, &KustomizeSource::labelIncludeTemplates)};
}

std::vector<Field> directoryFields()
{
    const auto directory = &ApplicationSource::directory;
    return {switchField("directory.recurse", directory, &DirectorySource::recurses),
            textField("directory.include", directory, &DirectorySource::include),
            textField("directory.exclude", directory, &DirectorySource::exclude),
            variablesField("directory.jsonnet.extVars", &DirectorySource::externalVariables, false),
            variablesField("directory.jsonnet.extVars (code)", &DirectorySource::externalVariables, true),
            variablesField("directory.jsonnet.tlas", &DirectorySource::topLevelArguments, false),
            variablesField("directory.jsonnet.tlas (code)", &DirectorySource::topLevelArguments, true),
            linesField("directory.jsonnet.libs", directory, &DirectorySource::libraries)};
}

/// `plugin.parameters` as the list that stands in the manifest.
Field pluginParametersField()
{
    return {"plugin.parameters", SourceFieldKind::Yaml,
            [](const ApplicationSource &source) {
                const Value list = toValue(source).path({"plugin", "parameters"});
                return list.isNull() ? std::string() : object::toYaml(list);
            },
            [](ApplicationSource &source, const std::string &text) -> Expected<void> {
                const Expected<Value> list = linesOf(text).empty() ? Value::list(std::vector<Value>()) : object::parseYaml(text);
                if (!list)
                    return std::unexpected(list.error());
                const Expected<ApplicationSource> read =
                    sourceOf(Value::map({{"repoURL", ""}, {"plugin", Value::map({{"parameters", *list}})}}), "");
                if (!read)
                    return std::unexpected(read.error());
                blockToWrite(source, &ApplicationSource::plugin).parameters = blockOf(*read, &ApplicationSource::plugin).parameters;
                return {};
            }};
}

std::vector<Field> pluginFields()
{
    return {textField("plugin.name", &ApplicationSource::plugin, &PluginSource::name),
            pairsField<NamedText>(
                "plugin.env", [](ApplicationSource &source) -> std::vector<NamedText> & { return blockToWrite(source, &ApplicationSource::plugin).env; },
                [](const NamedText &) { return true; }, [](const NamedText &item) { return item.value; },
                [](const NamedText &pair) -> Expected<NamedText> { return pair; }),
            pluginParametersField()};
}

Field revisionField()
{
    return {"targetRevision", SourceFieldKind::Text, [](const ApplicationSource &source) { return source.targetRevision; },
            [](ApplicationSource &source, const std::string &text) -> Expected<void> {
                source.targetRevision = text;
                return {};
            }};
}

std::vector<Field> fieldsOf(std::string_view tool)
{
    if (tool == "Helm")
        return helmFields();
    if (tool == "Kustomize")
        return kustomizeFields();
    if (tool == "Directory")
        return directoryFields();
    if (tool == "Plugin")
        return pluginFields();
    return {};
}

} // namespace

Expected<std::vector<SourceField>> sourceFields(const ApplicationSource &source, std::string_view statusType)
{
    const Expected<std::string> type = explicitType(source);
    if (!type)
        return std::unexpected(type.error());
    std::string tool = type->empty() ? std::string(statusType) : *type;
    if (tool.empty() && source.isHelmChart())
        tool = "Helm";
    std::vector<Field> all{revisionField()};
    for (Field &field : fieldsOf(tool))
        all.push_back(std::move(field));
    std::vector<SourceField> fields;
    for (const Field &field : all)
        fields.push_back({std::string(field.name), field.kind, field.read(source)});
    return fields;
}

Expected<ApplicationSource> withFields(const ApplicationSource &source, const std::vector<std::pair<std::string, std::string>> &texts)
{
    std::vector<Field> all{revisionField()};
    for (const std::string_view tool : {"Helm", "Kustomize", "Directory", "Plugin"}) {
        for (Field &field : fieldsOf(tool))
            all.push_back(std::move(field));
    }
    ApplicationSource changed = source;
    for (const auto &[name, text] : texts) {
        const auto field = std::ranges::find(all, name, &Field::name);
        if (field == all.end())
            return failure(ErrorCode::InvalidInput, "a source has no parameter '" + name + "'");
        if (field->read(source) == text)
            continue;
        if (const Expected<void> written = field->write(changed, text); !written)
            return std::unexpected(written.error().in(name));
    }
    return normalized(std::move(changed));
}

} // namespace tiphys::crd
