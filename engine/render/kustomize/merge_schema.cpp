// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/merge_schema.h"

#include "base/text.h"
#include "object/json.h"
#include "object/short_text.h"
#include "object/yaml.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace tiphys::render::kustomize {

using object::Value;

namespace {

struct MergeField
{
    std::string_view name;
    std::string_view keys;
    std::uint16_t type;
    Shape shape;
    bool merges;
};
struct MergeKind
{
    std::string_view apiVersion;
    std::string_view kind;
    std::uint16_t type;
};
struct ClusterKind
{
    std::string_view apiVersion;
    std::string_view kind;
};
#include "render/kustomize/merge_tables.inc"

constexpr std::string_view kDefinitions = "#/definitions/";

} // namespace

MergeSchema MergeSchema::member(std::string_view name) const
{
    if (!m_table || m_shape == Shape::List)
        return {};
    if (m_shape == Shape::Map) {
        MergeSchema place = *this;
        place.m_shape = Shape::Plain;
        return place;
    }
    for (const Table::Field &field : m_table->m_types[m_type]) {
        if (field.name.size() == name.size() && object::detail::isSameText(field.name.data(), name.data(), name.size()))
            return m_table->placeOf(field);
    }
    return {};
}

MergeSchema MergeSchema::items() const
{
    if (!m_table || m_shape != Shape::List)
        return {};
    MergeSchema place;
    place.m_table = m_table;
    place.m_type = m_type;
    return place;
}

const std::vector<std::string_view> &MergeSchema::keys() const
{
    return m_table->m_keys[m_keys];
}

MergeSchema MergeSchema::Table::placeOf(const Field &field) const
{
    MergeSchema place;
    place.m_table = this;
    place.m_type = field.type;
    place.m_keys = field.keys;
    place.m_shape = field.shape;
    place.m_merges = field.merges;
    return place;
}

MergeSchema MergeSchema::Table::kind(std::string_view apiVersion, std::string_view kind) const
{
    if (m_builtIn == BuiltIn::Winning) {
        if (const MergeSchema place = builtIn().kind(apiVersion, kind); place.isKnown())
            return place;
    }
    const auto found = m_kinds.find(std::pair(apiVersion, kind));
    if (found == m_kinds.end())
        return m_builtIn == BuiltIn::Losing ? builtIn().kind(apiVersion, kind) : MergeSchema();
    MergeSchema place;
    place.m_table = this;
    place.m_type = found->second;
    return place;
}

bool MergeSchema::Table::isClusterScoped(std::string_view apiVersion, std::string_view kind) const
{
    const auto found = m_scopes.find(std::pair(apiVersion, kind));
    return found != m_scopes.end() && found->second;
}

bool MergeSchema::Table::knows(std::string_view apiVersion, std::string_view kind) const
{
    const auto key = std::pair(apiVersion, kind);
    return m_kinds.contains(key) || m_scopes.contains(key);
}

std::uint16_t MergeSchema::Table::keysOf(std::string_view list)
{
    if (list.empty())
        return 0;
    m_texts.push_back(std::make_unique<std::string>(list));
    const std::vector<std::string_view> keys = split(*m_texts.back(), ',');
    const auto found = std::ranges::find(m_keys, keys);
    if (found != m_keys.end())
        return static_cast<std::uint16_t>(found - m_keys.begin());
    m_keys.push_back(keys);
    return static_cast<std::uint16_t>(m_keys.size() - 1);
}

/// Reads a document's definitions, each when it is first needed.
class MergeTableReader
{
public:
    MergeTableReader(MergeSchema::Table &table, const Value &document)
        : m_table(table), m_definitions(document["definitions"])
    {
        m_table.m_types.emplace_back();
    }

    Expected<void> read(const Value &paths)
    {
        for (const auto &[name, definition] : m_definitions.entries()) {
            const Value kinds = definition["x-kubernetes-group-version-kind"];
            for (const Value &kind : kinds.items())
                m_table.m_kinds[keyOf(kind)] = typeOf(name);
            if (m_table.m_types.size() > std::numeric_limits<std::uint16_t>::max() / 2)
                return failure(ErrorCode::LimitExceeded, "OpenAPI document has too many definitions");
        }
        for (const auto &[path, operations] : paths.entries()) {
            const Value kind = operations["get"]["x-kubernetes-group-version-kind"];
            if (!kind.isMap())
                continue;
            if (path.contains("namespaces/{namespace}"))
                m_table.m_scopes[keyOf(kind)] = false;
            else
                m_table.m_scopes.try_emplace(keyOf(kind), true);
        }
        return {};
    }

private:
    static std::pair<std::string, std::string> keyOf(const Value &kind)
    {
        std::string apiVersion(kind["version"].stringOr());
        if (const std::string_view group = kind["group"].stringOr(); !group.empty())
            apiVersion = std::string(group) + "/" + apiVersion;
        return {apiVersion, std::string(kind["kind"].stringOr())};
    }

    std::uint16_t typeOf(std::string_view name)
    {
        const auto found = m_numbers.find(std::string(name));
        if (found != m_numbers.end())
            return found->second;
        const auto number = static_cast<std::uint16_t>(m_table.m_types.size());
        m_table.m_types.emplace_back();
        m_numbers.emplace(name, number);
        if (number > std::numeric_limits<std::uint16_t>::max() / 2)
            return 0;
        MergeSchema::Table::Type fields = fieldsOf(m_definitions[name]);
        m_table.m_types[number] = std::move(fields);
        return number;
    }

    MergeSchema::Table::Type fieldsOf(const Value &definition)
    {
        MergeSchema::Table::Type fields;
        const Value properties = definition["properties"];
        for (const auto &[name, property] : properties.entries()) {
            MergeSchema::Table::Field field = fieldOf(property);
            field.name = name;
            fields.push_back(std::move(field));
        }
        return fields;
    }

    std::uint16_t targetOf(const Value &schema)
    {
        if (const std::string_view reference = schema["$ref"].stringOr(); reference.starts_with(kDefinitions))
            return typeOf(reference.substr(kDefinitions.size()));
        if (!schema["properties"].isMap())
            return 0;
        const auto number = static_cast<std::uint16_t>(m_table.m_types.size());
        m_table.m_types.emplace_back();
        if (number > std::numeric_limits<std::uint16_t>::max() / 2)
            return 0;
        MergeSchema::Table::Type fields = fieldsOf(schema);
        m_table.m_types[number] = std::move(fields);
        return number;
    }

    MergeSchema::Table::Field fieldOf(const Value &property)
    {
        MergeSchema::Table::Field field;
        Value target = property;
        if (property["type"].stringOr() == "array") {
            field.shape = Shape::List;
            target = property["items"];
        } else if (property["additionalProperties"].isMap()) {
            field.shape = Shape::Map;
            target = property["additionalProperties"];
        }
        field.type = targetOf(target);
        for (const std::string_view part : split(property["x-kubernetes-patch-strategy"].stringOr(), ','))
            field.merges = field.merges || part == "merge";
        std::vector<std::string> keys;
        const Value listed = property["x-kubernetes-list-map-keys"];
        for (const Value &key : listed.items())
            keys.emplace_back(key.stringOr());
        field.keys = m_table.keysOf(listed.isList() ? join(keys, ",")
                                                    : std::string(property["x-kubernetes-patch-merge-key"].stringOr()));
        return field;
    }

    MergeSchema::Table &m_table;
    Value m_definitions;
    std::unordered_map<std::string, std::uint16_t> m_numbers;
};

const MergeSchema::Table &MergeSchema::Table::builtIn()
{
    static const Table table = [] {
        Table made;
        for (std::size_t type = 0; type + 1 < std::size(kMergeTypes); ++type) {
            Type fields;
            for (std::size_t i = kMergeTypes[type]; i < kMergeTypes[type + 1]; ++i) {
                const MergeField &field = kMergeFields[i];
                fields.push_back(
                    {std::string(field.name), field.type, made.keysOf(field.keys), field.shape, field.merges});
            }
            made.m_types.push_back(std::move(fields));
        }
        for (const MergeKind &kind : kMergeKinds)
            made.m_kinds[{std::string(kind.apiVersion), std::string(kind.kind)}] = kind.type;
        for (const ClusterKind &kind : kClusterKinds)
            made.m_scopes[{std::string(kind.apiVersion), std::string(kind.kind)}] = true;
        return made;
    }();
    return table;
}

Expected<std::shared_ptr<const MergeSchema::Table>> MergeSchema::Table::parse(std::string_view document,
                                                                              BuiltIn builtIn)
{
    constexpr std::string_view kNotRead = "invalid schema file: json: cannot unmarshal Go value of type spec.Swagger";
    const bool isJson = document.empty() || document.starts_with('{');
    const Expected<Value> value = isJson ? object::parseJson(document) : object::parseYaml(document);
    if (!value)
        return std::unexpected(value.error().in(isJson ? std::string(kNotRead) : "invalid schema file"));
    if (!value->isMap() && !value->isNull())
        return failure(ErrorCode::InvalidInput, std::string(kNotRead));
    auto table = std::make_shared<Table>();
    table->m_builtIn = builtIn;
    // Kinds whose scope does not come from a document.
    for (const ClusterKind &kind : kClusterKinds)
        table->m_scopes[{std::string(kind.apiVersion), std::string(kind.kind)}] = true;
    const Expected<void> read = MergeTableReader(*table, *value).read((*value)["paths"]);
    if (!read)
        return std::unexpected(read.error());
    return table;
}

} // namespace tiphys::render::kustomize
