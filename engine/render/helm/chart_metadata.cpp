// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_metadata.h"

#include "base/semver.h"
#include "base/text.h"
#include "object/json.h"
#include "object/number_text.h"
#include "object/view.h"
#include "object/yaml.h"

#include <algorithm>
#include <set>

namespace tiphys::render {

using object::Value;
using object::View;

namespace {

/// Fields of one map, read as sigs.k8s.io/yaml fills Go's structs.
class Fields
{
public:
    Fields(const Value &map, std::optional<Error> &error) : m_map(map), m_error(error) {}

    void text(std::string_view name, std::string &place) const
    {
        const std::optional<Value> value = find(name);
        if (value)
            place = textOf(*value, name);
    }
    void boolean(std::string_view name, bool &place) const
    {
        const std::optional<Value> value = find(name);
        if (!value || value->isNull())
            return;
        if (!value->isBool())
            return fail(name, *value, "bool");
        place = value->boolOr(false);
    }
    void texts(std::string_view name, std::vector<std::string> &place) const
    {
        const std::optional<Value> value = find(name);
        if (!value || value->isNull())
            return;
        if (!value->isList())
            return fail(name, *value, "[]string");
        place.clear();
        for (const Value &item : value->items())
            place.push_back(textOf(item, name));
    }
    void textMap(std::string_view name, std::map<std::string, std::string> &place) const
    {
        const std::optional<Value> value = find(name);
        if (!value || value->isNull())
            return;
        if (!value->isMap())
            return fail(name, *value, "map[string]string");
        for (const auto &[key, item] : value->entries())
            place[std::string(key)] = textOf(item, name);
    }
    /// The maps in the list \p name; nothing if it is absent.
    std::optional<std::vector<Value>> maps(std::string_view name) const
    {
        const std::optional<Value> value = find(name);
        if (!value || value->isNull())
            return std::nullopt;
        std::vector<Value> maps;
        if (!value->isList()) {
            fail(name, *value, "list");
            return maps;
        }
        for (const Value &item : value->items()) {
            if (!item.isMap() && !item.isNull())
                fail(name, item, "map");
            maps.push_back(item);
        }
        return maps;
    }
    std::vector<Value> anyList(std::string_view name) const
    {
        const std::optional<Value> value = find(name);
        std::vector<Value> items;
        if (value && !value->isNull() && !value->isList())
            fail(name, *value, "[]interface {}");
        if (value && value->isList()) {
            for (const Value &item : value->items())
                items.push_back(item);
        }
        return items;
    }

private:
    /// Go's decoder takes names in any case.
    std::optional<Value> find(std::string_view name) const
    {
        if (const std::optional<Value> exact = m_map.find(name))
            return exact;
        for (const auto &[key, value] : m_map.entries()) {
            if (asciiLower(key) == asciiLower(name))
                return value;
        }
        return std::nullopt;
    }

    std::string textOf(const Value &value, std::string_view name) const
    {
        if (value.isString())
            return std::string(value.stringOr());
        if (value.isBool())
            return value.boolOr(false) ? "true" : "false";
        // The YAML reader writes floats that become text with single precision.
        if (value.type() == object::Type::Double) {
            std::string text;
            object::detail::appendShortest(text, *value.asNumber(), object::detail::FloatWidth::Single);
            return text;
        }
        if (value.isNumber())
            return object::toJson(value);
        if (!value.isNull())
            fail(name, value, "string");
        return {};
    }

    void fail(std::string_view name, const Value &value, std::string_view type) const
    {
        if (m_error)
            return;
        const std::string found = value.isMap()      ? "object"
                                  : value.isList()   ? "array"
                                  : value.isBool()   ? "bool"
                                  : value.isString() ? "string"
                                                     : "number";
        m_error = Error(ErrorCode::InvalidInput, "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                                                     + found + " into Go struct field Metadata." + std::string(name)
                                                     + " of type " + std::string(type));
    }

    const Value m_map;
    std::optional<Error> &m_error;
};

ChartDependency dependencyOf(const Value &map, std::optional<Error> &error)
{
    ChartDependency dependency;
    const Fields fields(map, error);
    fields.text("name", dependency.name);
    fields.text("version", dependency.version);
    fields.text("repository", dependency.repository);
    fields.text("condition", dependency.condition);
    fields.texts("tags", dependency.tags);
    fields.boolean("enabled", dependency.isEnabled);
    fields.text("alias", dependency.alias);
    dependency.importValues = fields.anyList("import-values");
    return dependency;
}

/// White space becomes a space, other unprintable characters vanish (ASCII; the rest is kept).
void sanitize(std::string &text)
{
    std::string clean;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '\t' || byte == '\n' || byte == '\v' || byte == '\f' || byte == '\r')
            clean += ' ';
        else if (byte >= 0x20 && byte != 0x7F)
            clean += c;
    }
    text = std::move(clean);
}

std::unexpected<Error> invalid(std::string text)
{
    return failure(ErrorCode::InvalidInput, "validation: " + std::move(text));
}

std::string inDoubleQuotes(const std::string &text)
{
    return object::toJson(Value(text));
}

bool isAlias(std::string_view alias)
{
    return std::ranges::all_of(alias, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

Expected<void> validateDependencies(ChartMetadata &metadata)
{
    std::set<std::string> names;
    for (ChartDependency &dependency : metadata.dependencies) {
        for (std::string *text : {&dependency.name, &dependency.version, &dependency.repository, &dependency.condition})
            sanitize(*text);
        for (std::string &tag : dependency.tags)
            sanitize(tag);
        if (!isAlias(dependency.alias))
            return invalid("dependency " + inDoubleQuotes(dependency.name) + " has disallowed characters in the alias");
        const std::string &key = dependency.alias.empty() ? dependency.name : dependency.alias;
        if (!names.insert(key).second)
            return invalid("more than one dependency with name or alias " + inDoubleQuotes(key));
    }
    return {};
}

} // namespace

Expected<void> readChartMetadata(std::string_view text, ChartMetadata &metadata)
{
    const Expected<Value> document = object::parseYaml(text, {.wholeFloats = object::WholeFloats::Doubles});
    if (!document)
        return std::unexpected(document.error().in("error converting YAML to JSON"));
    if (document->isNull())
        return {};
    if (!document->isMap())
        return failure(ErrorCode::InvalidInput, "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                                                "the document into Go value of type v2.Metadata");
    std::optional<Error> error;
    const Fields fields(*document, error);
    const std::pair<std::string_view, std::string *> texts[] = {{"apiVersion", &metadata.apiVersion},
                                                                {"name", &metadata.name},
                                                                {"version", &metadata.version},
                                                                {"kubeVersion", &metadata.kubeVersion},
                                                                {"description", &metadata.description},
                                                                {"type", &metadata.type},
                                                                {"home", &metadata.home},
                                                                {"icon", &metadata.icon},
                                                                {"appVersion", &metadata.appVersion},
                                                                {"condition", &metadata.condition},
                                                                {"tags", &metadata.tags}};
    for (const auto &[name, place] : texts)
        fields.text(name, *place);
    fields.texts("keywords", metadata.keywords);
    fields.texts("sources", metadata.sources);
    fields.boolean("deprecated", metadata.isDeprecated);
    fields.textMap("annotations", metadata.annotations);
    if (const auto maintainers = fields.maps("maintainers")) {
        metadata.maintainers.clear();
        for (const Value &map : *maintainers) {
            ChartMaintainer maintainer;
            const Fields own(map, error);
            own.text("name", maintainer.name);
            own.text("email", maintainer.email);
            own.text("url", maintainer.url);
            metadata.maintainers.push_back(std::move(maintainer));
        }
    }
    if (const auto dependencies = fields.maps("dependencies")) {
        metadata.dependencies.clear();
        metadata.hasDependencies = true;
        for (const Value &map : *dependencies) {
            if (map.isNull())
                return invalid("dependencies must not contain empty or null nodes");
            metadata.dependencies.push_back(dependencyOf(map, error));
        }
    }
    if (error)
        return std::unexpected(*error);
    return {};
}

Expected<void> validateChartMetadata(ChartMetadata &metadata)
{
    for (std::string *text : {&metadata.name, &metadata.description, &metadata.home, &metadata.icon,
                              &metadata.condition, &metadata.tags, &metadata.appVersion, &metadata.kubeVersion})
        sanitize(*text);
    for (std::vector<std::string> *texts : {&metadata.sources, &metadata.keywords}) {
        for (std::string &text : *texts)
            sanitize(text);
    }
    if (metadata.apiVersion.empty())
        return invalid("chart.metadata.apiVersion is required");
    if (metadata.name.empty())
        return invalid("chart.metadata.name is required");
    if (metadata.name == "." || metadata.name == "..")
        return invalid("chart.metadata.name " + inDoubleQuotes(metadata.name) + " is not allowed");
    if (metadata.name.contains('/'))
        return invalid("chart.metadata.name " + inDoubleQuotes(metadata.name) + " is invalid");
    if (metadata.version.empty())
        return invalid("chart.metadata.version is required");
    if (!SemVersion::parse(metadata.version))
        return invalid("chart.metadata.version " + inDoubleQuotes(metadata.version) + " is invalid");
    if (!metadata.type.empty() && metadata.type != "application" && metadata.type != "library")
        return invalid("chart.metadata.type must be application or library");
    return validateDependencies(metadata);
}

namespace {

bool hasInteger(const View &value)
{
    const std::size_t size = value.size();
    for (std::size_t i = 0; i < size; ++i) {
        if (hasInteger(value.isMap() ? value.valueAt(i) : value.at(i)))
            return true;
    }
    return value.type() == object::Type::Int || value.type() == object::Type::Uint;
}

void addWithDoubles(object::Builder &builder, const View &value)
{
    switch (value.type()) {
    case object::Type::Null: builder.null(); return;
    case object::Type::Bool: builder.boolean(value.boolOr(false)); return;
    case object::Type::Int:
    case object::Type::Uint:
    case object::Type::Double: builder.number(value.numberOrZero()); return;
    case object::Type::String: builder.string(value.stringOr()); return;
    case object::Type::List:
        builder.beginList();
        for (std::size_t i = 0; i < value.size(); ++i)
            addWithDoubles(builder, value.at(i));
        builder.endList();
        return;
    case object::Type::Map:
        builder.beginMap();
        for (std::size_t i = 0; i < value.size(); ++i) {
            builder.key(value.keyAt(i));
            addWithDoubles(builder, value.valueAt(i));
        }
        builder.endMap();
        return;
    }
}

} // namespace

Value withDoubles(const Value &value)
{
    if (!hasInteger(View(value)))
        return value;
    object::Builder builder;
    addWithDoubles(builder, View(value));
    return builder.finish();
}

Value mergedMaps(const Value &base, const Value &over)
{
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[key, value] : base.entries()) {
        const std::optional<Value> other = over.find(key);
        if (!other)
            members.emplace_back(std::string(key), value);
        else
            members.emplace_back(std::string(key),
                                 other->isMap() && value.isMap() ? mergedMaps(value, *other) : *other);
    }
    for (const auto &[key, value] : over.entries()) {
        if (!base.contains(key))
            members.emplace_back(std::string(key), value);
    }
    return Value::map(members);
}

Expected<Value> readValues(std::string_view text)
{
    // Helm reads it by lines and ends each of them, the last one too: a block scalar there ends with a line feed.
    std::string ended;
    if (!text.empty() && !text.ends_with('\n'))
        text = ended = std::string(text) + '\n';
    Value values = Value::map({});
    for (const std::string_view document : object::splitYamlDocuments(text)) {
        const Expected<Value> parsed = object::parseYaml(document, {.wholeFloats = object::WholeFloats::Doubles});
        if (!parsed)
            return std::unexpected(
                parsed.error().in("error converting YAML to JSON").in("cannot unmarshal yaml document"));
        if (parsed->isNull())
            continue;
        if (!parsed->isMap())
            return failure(ErrorCode::InvalidInput,
                           "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: "
                           "cannot unmarshal "
                               + std::string(parsed->isList()     ? "array"
                                             : parsed->isString() ? "string"
                                             : parsed->isBool()   ? "bool"
                                                                  : "number")
                               + " into Go value of type map[string]interface {}");
        values = values.isEmpty() ? withDoubles(*parsed) : mergedMaps(values, withDoubles(*parsed));
    }
    return values;
}

} // namespace tiphys::render
