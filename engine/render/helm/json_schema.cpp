// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/json_schema.h"

#include "base/text.h"
#include "object/json.h"
#include "render/helm/schema_form.h"

#include <algorithm>
#include <array>
#include <set>

namespace tiphys::render {

using object::Value;
using text::sprig::RegularExpression;

namespace {

constexpr std::string_view kAddress = "file:///values.schema.json";
constexpr int kDeepestSchema = 400;
constexpr std::size_t kMostNodes = 200'000;

/// A keyword that holds schemas, known from a draft on.
struct Holder
{
    std::string_view key;
    int since = 4;
};
constexpr std::array<Holder, 11> kSchemas{{{"additionalItems"},
                                           {"additionalProperties"},
                                           {"contains", 6},
                                           {"else", 7},
                                           {"if", 7},
                                           {"items"},
                                           {"not"},
                                           {"propertyNames", 6},
                                           {"then", 7},
                                           {"unevaluatedItems", 2019},
                                           {"unevaluatedProperties", 2019}}};
constexpr std::array<Holder, 5> kSchemaLists{{{"allOf"}, {"anyOf"}, {"items"}, {"oneOf"}, {"prefixItems", 2020}}};
constexpr std::array<Holder, 6> kSchemaMaps{{{"$defs", 2019},
                                             {"definitions"},
                                             {"dependencies"},
                                             {"dependentSchemas", 2019},
                                             {"patternProperties"},
                                             {"properties"}}};
constexpr std::array<std::string_view, 7> kTypes{"array", "boolean", "integer", "null", "number", "object", "string"};

std::string pointerPart(std::string_view key)
{
    std::string part = "/";
    for (const char c : key) {
        if (c == '~')
            part += "~0";
        else if (c == '/')
            part += "~1";
        else
            part += c;
    }
    return part;
}

int hexOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// One part of a pointer in a fragment: percent signs and tildes undone.
std::string keyOf(std::string_view part)
{
    std::string plain;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '%' && i + 2 < part.size() && hexOf(part[i + 1]) >= 0 && hexOf(part[i + 2]) >= 0) {
            plain += static_cast<char>(hexOf(part[i + 1]) * 16 + hexOf(part[i + 2]));
            i += 2;
        } else {
            plain += part[i];
        }
    }
    std::string key;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const bool isEscape = plain[i] == '~' && i + 1 < plain.size() && (plain[i + 1] == '0' || plain[i + 1] == '1');
        key += !isEscape ? plain[i] : plain[++i] == '0' ? '~' : '/';
    }
    return key;
}

bool hasScheme(std::string_view address)
{
    const auto colon = address.find(':');
    return colon != std::string_view::npos && colon > 0 && address.find_first_of("/?#") > colon;
}

/// \p reference (without fragment) relative to \p base.
std::string joined(std::string_view base, std::string_view reference)
{
    if (reference.empty())
        return std::string(base);
    if (hasScheme(reference))
        return std::string(reference);
    const auto authority = base.find("://");
    const auto path = authority == std::string_view::npos ? base.find(':') + 1 : base.find('/', authority + 3);
    if (path == std::string_view::npos)
        return std::string(base) + "/" + std::string(reference);
    if (reference.starts_with('/'))
        return std::string(base.substr(0, path)) + std::string(reference);
    std::vector<std::string> parts;
    std::string_view folder = base.substr(path);
    folder = folder.substr(0, folder.rfind('/') + 1);
    const std::string whole = std::string(folder) + std::string(reference);
    for (const std::string_view part : split(whole, '/')) {
        if (part == ".." && parts.size() > 1)
            parts.pop_back();
        else if (part != "." && part != "..")
            parts.emplace_back(part);
    }
    return std::string(base.substr(0, path)) + join(parts, "/");
}

/// The draft that `$schema` names, 0 for another one.
int draftOf(std::string_view name)
{
    name = name.substr(0, name.find('#'));
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (name.starts_with(scheme))
            name.remove_prefix(scheme.size());
    }
    if (name == "json-schema.org/schema" || name == "json-schema.org/draft/2020-12/schema")
        return 2020;
    if (name == "json-schema.org/draft/2019-09/schema")
        return 2019;
    if (name == "json-schema.org/draft-07/schema")
        return 7;
    if (name == "json-schema.org/draft-06/schema")
        return 6;
    return name == "json-schema.org/draft-04/schema" ? 4 : 0;
}

std::unexpected<Error> notValid(const std::string &place, const std::string &problem)
{
    return failure(ErrorCode::InvalidInput, "\"" + std::string(kAddress) + "#\" is not valid against metaschema: at "
                                                + inSchemaQuotes(place) + ": " + problem);
}

} // namespace

SchemaNode SchemaNode::child(std::string_view key) const
{
    return {value[key], base, place + pointerPart(key)};
}

SchemaNode SchemaNode::child(std::string_view key, std::size_t index) const
{
    return {value[key].at(index), base, place + pointerPart(key) + "/" + std::to_string(index)};
}

SchemaNode SchemaNode::child(std::string_view key, std::string_view member) const
{
    return {value[key][member], base, place + pointerPart(key) + pointerPart(member)};
}

/// Collects addresses and patterns, then checks that references name something.
class JsonSchema::Reading
{
public:
    explicit Reading(JsonSchema &schema) : m_schema(schema) {}

    /// Every part of the schema, as far as its place says that it is one.
    Expected<void> collect(SchemaNode node, int depth = 0)
    {
        if (depth > kDeepestSchema || ++m_nodes > kMostNodes)
            return failure(ErrorCode::LimitExceeded, "the schema is too large or nested too deeply");
        if (!node.value.isMap())
            return {};
        addAddresses(node);
        return each(node, Children::All, [&](const SchemaNode &child) { return collect(child, depth + 1); });
    }

    /// Keywords, patterns and references of \p node and of what it uses.
    Expected<void> check(SchemaNode node, int depth = 0)
    {
        if (depth > kDeepestSchema)
            return failure(ErrorCode::LimitExceeded, "the schema is nested too deeply");
        if (!m_checked.insert(node.place).second || node.value.isBool())
            return {};
        if (!node.value.isMap())
            return notValid(node.place, "a schema must be an object or a boolean");
        node.base = m_schema.baseOf(node);
        // Up to draft 7 nothing beside a reference counts.
        const bool isReference = m_schema.m_draft < 2019 && node.value["$ref"].isString();
        if (!isReference) {
            if (const Expected<void> checked = checkKeywords(node); !checked)
                return checked;
        }
        for (const std::string_view keyword : {"$ref", "$recursiveRef", "$dynamicRef"}) {
            const std::optional<std::string_view> reference = node.value[keyword].asString();
            if (!reference)
                continue;
            const Expected<std::optional<SchemaNode>> target = m_schema.referred(node, *reference);
            if (!target)
                return std::unexpected(target.error());
            if (*target) {
                if (const Expected<void> checked = check(**target, depth + 1); !checked)
                    return checked;
            }
        }
        if (isReference)
            return {};
        return each(node, Children::Used, [&](const SchemaNode &child) { return check(child, depth + 1); });
    }

private:
    enum class Children {
        All,  ///< definitions too
        Used, ///< what values are checked with
    };

    bool isUsed(const SchemaNode &node, std::string_view key) const
    {
        const Value items = node.value["items"];
        if (key == "additionalItems")
            return m_schema.m_draft < 2020 && items.isList();
        if (key == "items")
            return m_schema.m_draft < 2020 || !items.isList();
        if (key == "then" || key == "else")
            return node.value.contains("if");
        return key != "$defs" && key != "definitions";
    }

    /// Calls \p visit for each schema directly in \p node.
    template <typename Visit>
    Expected<void> each(const SchemaNode &node, Children children, Visit visit) const
    {
        const auto isVisited = [&](const Holder &holder) {
            return m_schema.m_draft >= holder.since && (children == Children::All || isUsed(node, holder.key));
        };
        for (const Holder &holder : kSchemas) {
            const std::string_view key = holder.key;
            const Value value = node.value[key];
            if (!isVisited(holder) || (!value.isMap() && !value.isBool()))
                continue;
            if (const Expected<void> visited = visit(node.child(key)); !visited)
                return visited;
        }
        for (const Holder &holder : kSchemaLists) {
            const std::string_view key = holder.key;
            const Value list = node.value[key];
            for (std::size_t i = 0; isVisited(holder) && list.isList() && i < list.size(); ++i) {
                if (const Expected<void> visited = visit(node.child(key, i)); !visited)
                    return visited;
            }
        }
        for (const Holder &holder : kSchemaMaps) {
            const std::string_view key = holder.key;
            if (!isVisited(holder))
                continue;
            const Value map = node.value[key];
            for (const auto &[name, member] : map.entries()) {
                if (key == "dependencies" && member.isList())
                    continue;
                if (const Expected<void> visited = visit(node.child(key, name)); !visited)
                    return visited;
            }
        }
        return {};
    }

    void addAddresses(SchemaNode &node)
    {
        const std::string_view id = node.value[m_schema.m_draft == 4 ? "id" : "$id"].stringOr();
        node.base = m_schema.baseOf(node);
        if (!id.empty() && !id.starts_with('#'))
            m_schema.m_resources.emplace(node.base, node);
        if (m_schema.m_draft < 2019 && id.contains('#'))
            m_schema.m_resources.emplace(node.base + std::string(id.substr(id.find('#'))), node);
        for (const std::string_view keyword : {"$anchor", "$dynamicAnchor"}) {
            if (m_schema.m_draft < 2019)
                break;
            if (const std::string_view name = node.value[keyword].stringOr(); !name.empty())
                m_schema.m_resources.emplace(node.base + "#" + std::string(name), node);
        }
    }

    Expected<void> checkKeywords(const SchemaNode &node)
    {
        if (const std::optional<Value> type = node.value.find("type")) {
            const Value types = type->isList() ? *type : Value::list({*type});
            for (const Value &item : types.items()) {
                if (!std::ranges::contains(kTypes, item.stringOr()))
                    return notValid(
                        node.place + "/type",
                        "value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'");
            }
        }
        for (const auto &[key, since] : kSchemaMaps) {
            if (m_schema.m_draft < since)
                continue;
            if (const std::optional<Value> map = node.value.find(key); map && !map->isMap())
                return notValid(node.place + "/" + std::string(key), "want object");
        }
        const std::optional<Value> required = node.value.find("required");
        if (required && !required->isList() && m_schema.m_draft >= 4)
            return notValid(node.place + "/required", "want array");
        if (const std::optional<std::string_view> pattern = node.value["pattern"].asString()) {
            if (const Expected<void> added = addPattern(node.place + "/pattern", *pattern); !added)
                return added;
        }
        const Value properties = node.value["patternProperties"];
        for (const auto &[pattern, ignored] : properties.entries()) {
            if (const Expected<void> added = addPattern(node.place + "/patternProperties", pattern); !added)
                return added;
        }
        return {};
    }

    Expected<void> addPattern(const std::string &place, std::string_view pattern)
    {
        if (m_schema.m_patterns.contains(pattern))
            return {};
        auto compiled = RegularExpression::compile(pattern);
        if (!compiled)
            return notValid(place, inSchemaQuotes(pattern) + " is not valid regex");
        m_schema.m_patterns.emplace(std::string(pattern), *std::move(compiled));
        return {};
    }

    JsonSchema &m_schema;
    std::set<std::string> m_checked;
    std::size_t m_nodes = 0;
};

std::string JsonSchema::baseOf(const SchemaNode &node) const
{
    if (m_draft < 2019 && node.value.contains("$ref"))
        return node.base;
    const std::string_view id = node.value[m_draft == 4 ? "id" : "$id"].stringOr();
    return joined(node.base, id.substr(0, id.find('#')));
}

Expected<JsonSchema> JsonSchema::parse(std::string_view text)
{
    Expected<Value> value = object::parseJson(text);
    return value ? read(*std::move(value), true) : std::unexpected(value.error());
}

Expected<JsonSchema> JsonSchema::trusted(Value value)
{
    return read(std::move(value), false);
}

Expected<JsonSchema> JsonSchema::read(Value value, bool isFormChecked)
{
    JsonSchema schema;
    schema.m_root = {std::move(value), std::string(kAddress), ""};
    if (const std::optional<std::string_view> name = schema.m_root.value["$schema"].asString()) {
        schema.m_draft = draftOf(*name);
        if (schema.m_draft == 0)
            return failure(ErrorCode::Unsupported,
                           "the schema follows \"" + std::string(*name) + "\", which is not fetched");
    }
    if (isFormChecked) {
        if (const Expected<void> formed = checkSchemaForm(schema.m_root.value, schema.m_draft); !formed)
            return std::unexpected(formed.error());
    }
    schema.m_resources.emplace(std::string(kAddress), schema.m_root);
    Reading reading(schema);
    if (const Expected<void> collected = reading.collect(schema.m_root); !collected)
        return std::unexpected(collected.error());
    if (const Expected<void> checked = reading.check(schema.m_root); !checked)
        return std::unexpected(checked.error());
    return schema;
}

Expected<std::optional<SchemaNode>> JsonSchema::referred(const SchemaNode &from, std::string_view reference) const
{
    const auto hash = reference.find('#');
    const std::string address = joined(from.base, reference.substr(0, hash));
    const std::string_view fragment = hash == std::string_view::npos ? std::string_view() : reference.substr(hash + 1);
    if (!fragment.empty() && !fragment.starts_with('/')) {
        const auto anchor = m_resources.find(address + "#" + std::string(fragment));
        if (anchor != m_resources.end())
            return anchor->second;
        return failure(ErrorCode::InvalidInput,
                       "anchor in \"" + address + "#" + std::string(fragment) + "\" not found");
    }
    const auto resource = m_resources.find(address);
    if (resource == m_resources.end()) {
        if (address.starts_with("urn:") || draftOf(address) != 0)
            return std::nullopt;
        if (address.starts_with("file:"))
            return failure(ErrorCode::InvalidInput, "failing loading \"" + address + "\": open "
                                                        + address.substr(std::min<std::size_t>(7, address.size()))
                                                        + ": no such file or directory");
        return failure(ErrorCode::Unsupported, "the schema refers to \"" + address + "\", which is not fetched");
    }
    SchemaNode node = resource->second;
    if (fragment.empty())
        return node;
    for (const std::string_view part : split(fragment.substr(1), '/')) {
        const std::string key = keyOf(part);
        std::optional<Value> next = node.value.find(key);
        if (node.value.isList() && !key.empty() && key.size() < 6
            && key.find_first_not_of("0123456789") == std::string::npos && std::stoul(key) < node.value.size())
            next = node.value.at(std::stoul(key));
        if (!next)
            return failure(ErrorCode::InvalidInput,
                           "json-pointer in \"" + address + "#" + std::string(fragment) + "\" not found");
        node.value = *next;
        node.place += pointerPart(key);
        node.base = baseOf(node);
    }
    return node;
}

const RegularExpression *JsonSchema::pattern(std::string_view pattern) const
{
    const auto found = m_patterns.find(pattern);
    return found == m_patterns.end() ? nullptr : &found->second;
}

} // namespace tiphys::render
