// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/source_fields.h"

#include "object/yaml.h"

#include <algorithm>
#include <functional>

namespace tiphys::crd {

using object::Value;

namespace {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;
using Texts = std::vector<std::string>;

/// One field: how it reads and how it is written.
struct Field
{
    std::string_view name;
    SourceFieldKind kind;
    Texts columns;
    std::function<SourceField(const ApplicationSource &)> read; ///< text or rows
    std::function<Expected<void>(ApplicationSource &, const SourceField &)> write;
};

SourceField ofText(std::string text)
{
    SourceField field;
    field.text = std::move(text);
    return field;
}

SourceField ofRows(Rows rows)
{
    SourceField field;
    field.rows = std::move(rows);
    return field;
}

/// The rows that say something, each with \p count cells.
Rows filledRows(const Rows &rows, std::size_t count)
{
    Rows filled;
    for (Row row : rows) {
        row.resize(count);
        const auto isFilled = [](const std::string &cell) { return !cell.empty() && cell != "false"; };
        if (std::ranges::any_of(row, isFilled))
            filled.push_back(std::move(row));
    }
    return filled;
}

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
    return {name,
            SourceFieldKind::Text,
            {},
            [=](const ApplicationSource &source) { return ofText(blockOf(source, block).*member); },
            [=](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                blockToWrite(source, block).*member = field.text;
                return {};
            }};
}

template <typename Block>
Field switchField(std::string_view name, BlockMember<Block> block, bool Block::*member)
{
    return {name,
            SourceFieldKind::Switch,
            {},
            [=](const ApplicationSource &source) { return ofText(blockOf(source, block).*member ? "true" : "false"); },
            [=](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                if (field.text != "true" && field.text != "false")
                    return failure(ErrorCode::InvalidInput, "must be true or false, is '" + field.text + "'");
                blockToWrite(source, block).*member = field.text == "true";
                return {};
            }};
}

template <typename Block>
Field linesField(std::string_view name, BlockMember<Block> block, Texts Block::*member)
{
    return {name,
            SourceFieldKind::Lines,
            {},
            [=](const ApplicationSource &source) {
                Rows rows;
                const Block here = blockOf(source, block);
                for (const std::string &item : here.*member)
                    rows.push_back({item});
                return ofRows(std::move(rows));
            },
            [=](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                Texts items;
                for (const Row &row : filledRows(field.rows, 1))
                    items.push_back(row.front());
                blockToWrite(source, block).*member = std::move(items);
                return {};
            }};
}

Field mapField(std::string_view name, TextMap KustomizeSource::*member)
{
    return {name,
            SourceFieldKind::Table,
            {"name", "value"},
            [=](const ApplicationSource &source) {
                Rows rows;
                const KustomizeSource here = blockOf(source, &ApplicationSource::kustomize);
                for (const auto &[key, value] : here.*member)
                    rows.push_back({key, value});
                return ofRows(std::move(rows));
            },
            [=](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                TextMap map;
                for (const Row &row : filledRows(field.rows, 2)) {
                    if (row[0].empty())
                        return failure(ErrorCode::InvalidInput, "the value '" + row[1] + "' has no name");
                    if (!map.emplace(row[0], row[1]).second)
                        return failure(ErrorCode::InvalidInput, "'" + row[0] + "' is named twice");
                }
                blockToWrite(source, &ApplicationSource::kustomize).*member = std::move(map);
                return {};
            }};
}

/// A list of items, each a row that \p rowOf gives and \p itemOf takes.
template <typename Item, typename List, typename RowOf, typename ItemOf>
Field tableField(std::string_view name, Texts columns, List list, RowOf rowOf, ItemOf itemOf)
{
    const std::size_t count = columns.size();
    return {name, SourceFieldKind::Table, std::move(columns),
            [=](const ApplicationSource &source) {
                ApplicationSource copy = source;
                Rows rows;
                for (const Item &item : list(copy))
                    rows.push_back(rowOf(item));
                return ofRows(std::move(rows));
            },
            [=](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                std::vector<Item> items;
                const std::vector<Item> stored = list(source);
                for (const Row &row : filledRows(field.rows, count)) {
                    const auto same =
                        std::ranges::find_if(stored, [&](const Item &item) { return rowOf(item) == row; });
                    if (same != stored.end()) {
                        items.push_back(*same); // as it is spelled
                        continue;
                    }
                    if (row.front().empty())
                        return failure(ErrorCode::InvalidInput, "the value '" + row[1] + "' has no name");
                    Expected<Item> item = itemOf(row);
                    if (!item)
                        return std::unexpected(item.error());
                    items.push_back(std::move(*item));
                }
                list(source) = std::move(items);
                return {};
            }};
}

std::string switchText(bool isOn)
{
    return isOn ? "true" : "false";
}

Field parametersField()
{
    return tableField<HelmParameter>(
        "helm.parameters", {"name", "value", "forceString"},
        [](ApplicationSource &source) -> std::vector<HelmParameter> & {
            return blockToWrite(source, &ApplicationSource::helm).parameters;
        },
        [](const HelmParameter &item) { return Row{item.name, item.value, switchText(item.forceString)}; },
        [](const Row &row) -> Expected<HelmParameter> { return HelmParameter{row[0], row[1], row[2] == "true"}; });
}

Field fileParametersField()
{
    return tableField<HelmFileParameter>(
        "helm.fileParameters", {"name", "path"},
        [](ApplicationSource &source) -> std::vector<HelmFileParameter> & {
            return blockToWrite(source, &ApplicationSource::helm).fileParameters;
        },
        [](const HelmFileParameter &item) { return Row{item.name, item.path}; },
        [](const Row &row) -> Expected<HelmFileParameter> { return HelmFileParameter{row[0], row[1]}; });
}

Field variablesField(std::string_view name, std::vector<JsonnetVariable> DirectorySource::*member)
{
    return tableField<JsonnetVariable>(
        name, {"name", "value", "code"},
        [member](ApplicationSource &source) -> std::vector<JsonnetVariable> & {
            return blockToWrite(source, &ApplicationSource::directory).*member;
        },
        [](const JsonnetVariable &item) { return Row{item.name, item.value, switchText(item.isCode)}; },
        [](const Row &row) -> Expected<JsonnetVariable> { return JsonnetVariable{row[0], row[1], row[2] == "true"}; });
}

Field valuesField()
{
    return {"helm.values",
            SourceFieldKind::Yaml,
            {},
            [](const ApplicationSource &source) {
                const HelmSource helm = blockOf(source, &ApplicationSource::helm);
                return ofText(helm.valuesObject.isNull() ? helm.values : object::toYaml(helm.valuesObject));
            },
            [](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                const bool isBlank = field.text.find_first_not_of(" \t\r\n") == std::string::npos;
                return setValues(blockToWrite(source, &ApplicationSource::helm), isBlank ? std::string() : field.text);
            }};
}

std::string countText(const Value &count)
{
    return count.isString() ? std::string(count.stringOr()) : std::to_string(count.intOr(0));
}

Field replicasField()
{
    return tableField<KustomizeReplica>(
        "kustomize.replicas", {"name", "count"},
        [](ApplicationSource &source) -> std::vector<KustomizeReplica> & {
            return blockToWrite(source, &ApplicationSource::kustomize).replicas;
        },
        [](const KustomizeReplica &item) { return Row{item.name, countText(item.count)}; },
        [](const Row &row) -> Expected<KustomizeReplica> { return replicaOf(row[0] + "=" + row[1]); });
}

Field imagesField()
{
    return tableField<std::string>(
        "kustomize.images", {"image", "newName", "tag", "digest"},
        [](ApplicationSource &source) -> Texts & { return blockToWrite(source, &ApplicationSource::kustomize).images; },
        [](const std::string &item) {
            const KustomizeImageParts parts = imagePartsOf(item);
            return Row{parts.image, parts.newName, parts.tag, parts.digest};
        },
        [](const Row &row) -> Expected<std::string> {
            const KustomizeImageParts parts{row[0], row[1], row[2], row[3]};
            const std::string text = imageText(parts);
            if (text == parts.image)
                return failure(ErrorCode::InvalidInput, "'" + text + "' needs a new name, a tag or a digest");
            if (imagePartsOf(text) != parts)
                return failure(ErrorCode::InvalidInput, "'" + text + "' is no image override");
            return text;
        });
}

std::vector<Field> helmFields()
{
    const auto helm = &ApplicationSource::helm;
    std::vector<Field> fields{parametersField(), linesField("helm.valueFiles", helm, &HelmSource::valueFiles),
                              valuesField(), fileParametersField()};
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
    return {imagesField(),
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
            variablesField("directory.jsonnet.extVars", &DirectorySource::externalVariables),
            variablesField("directory.jsonnet.tlas", &DirectorySource::topLevelArguments),
            linesField("directory.jsonnet.libs", directory, &DirectorySource::libraries)};
}

/// `plugin.parameters` as the list that stands in the manifest.
Field pluginParametersField()
{
    return {"plugin.parameters",
            SourceFieldKind::Yaml,
            {},
            [](const ApplicationSource &source) {
                const Value list = toValue(source).path({"plugin", "parameters"});
                return ofText(list.isNull() ? std::string() : object::toYaml(list));
            },
            [](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                const bool isBlank = field.text.find_first_not_of(" \t\r\n") == std::string::npos;
                const Expected<Value> list =
                    isBlank ? Value::list(std::vector<Value>()) : object::parseYaml(field.text);
                if (!list)
                    return std::unexpected(list.error());
                const Expected<ApplicationSource> read =
                    sourceOf(Value::map({{"repoURL", ""}, {"plugin", Value::map({{"parameters", *list}})}}), "");
                if (!read)
                    return std::unexpected(read.error());
                blockToWrite(source, &ApplicationSource::plugin).parameters =
                    blockOf(*read, &ApplicationSource::plugin).parameters;
                return {};
            }};
}

std::vector<Field> pluginFields()
{
    return {textField("plugin.name", &ApplicationSource::plugin, &PluginSource::name),
            tableField<NamedText>(
                "plugin.env", {"name", "value"},
                [](ApplicationSource &source) -> std::vector<NamedText> & {
                    return blockToWrite(source, &ApplicationSource::plugin).env;
                },
                [](const NamedText &item) { return Row{item.name, item.value}; },
                [](const Row &row) -> Expected<NamedText> { return NamedText{row[0], row[1]}; }),
            pluginParametersField()};
}

Field revisionField()
{
    return {"targetRevision",
            SourceFieldKind::Text,
            {},
            [](const ApplicationSource &source) { return ofText(source.targetRevision); },
            [](ApplicationSource &source, const SourceField &field) -> Expected<void> {
                source.targetRevision = field.text;
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

Expected<std::string> toolOf(const ApplicationSource &source, std::string_view statusType)
{
    const Expected<std::string> type = explicitType(source);
    if (!type || !type->empty())
        return type;
    if (!statusType.empty())
        return std::string(statusType);
    return std::string(source.isHelmChart() ? "Helm" : "");
}

Expected<std::vector<SourceField>> sourceFields(const ApplicationSource &source, std::string_view statusType)
{
    const Expected<std::string> tool = toolOf(source, statusType);
    if (!tool)
        return std::unexpected(tool.error());
    std::vector<Field> all{revisionField()};
    for (Field &field : fieldsOf(*tool))
        all.push_back(std::move(field));
    std::vector<SourceField> fields;
    for (const Field &field : all) {
        SourceField shown = field.read(source);
        shown.name = field.name;
        shown.kind = field.kind;
        shown.columns = field.columns;
        fields.push_back(std::move(shown));
    }
    return fields;
}

Expected<ApplicationSource> withFields(const ApplicationSource &source, const std::vector<SourceField> &fields,
                                       SourcePlace place)
{
    std::vector<Field> all{revisionField()};
    for (const std::string_view tool : {"Helm", "Kustomize", "Directory", "Plugin"}) {
        for (Field &field : fieldsOf(tool))
            all.push_back(std::move(field));
    }
    ApplicationSource changed = source;
    for (const SourceField &wanted : fields) {
        const auto field = std::ranges::find(all, wanted.name, &Field::name);
        if (field == all.end())
            return failure(ErrorCode::InvalidInput, "a source has no parameter '" + wanted.name + "'");
        const SourceField stored = field->read(source);
        if (stored.text == wanted.text && stored.rows == wanted.rows)
            continue;
        if (const Expected<void> written = field->write(changed, wanted); !written)
            return std::unexpected(written.error().in(wanted.name));
    }
    if (changed == source)
        return source;
    ApplicationSource result = storedAfterChange(source, std::move(changed), place);
    if (const Expected<std::string> type = explicitType(result); !type)
        return std::unexpected(type.error());
    return result;
}

KustomizeImageParts imagePartsOf(std::string_view text)
{
    KustomizeImageParts parts;
    const std::size_t equals = text.find('=');
    std::string_view name = equals == std::string_view::npos ? text : text.substr(equals + 1);
    if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
        parts.digest = name.substr(at + 1);
        name = name.substr(0, at);
    }
    const std::size_t slash = name.rfind('/');
    const std::size_t colon = name.find(':', slash == std::string_view::npos ? 0 : slash);
    if (colon != std::string_view::npos) {
        parts.tag = name.substr(colon + 1);
        name = name.substr(0, colon);
    }
    parts.image = equals == std::string_view::npos ? name : text.substr(0, equals);
    if (equals != std::string_view::npos)
        parts.newName = name;
    return parts;
}

std::string imageText(const KustomizeImageParts &parts)
{
    std::string text = parts.image;
    if (!parts.newName.empty())
        text += "=" + parts.newName;
    if (!parts.tag.empty())
        text += ":" + parts.tag;
    if (!parts.digest.empty())
        text += "@" + parts.digest;
    return text;
}

} // namespace tiphys::crd
