// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/functions.h"
#include "text/sprig/groups.h"

#include "object/json.h"
#include "object/yaml.h"
#include "text/sprig/go_json.h"
#include "text/sprig/pretty_yaml.h"
#include "text/sprig/toml_writer.h"

namespace tiphys::text {

namespace sprig {

namespace {

using types::kAny;
using types::kAnyList;
using types::kAnyMap;
using types::kString;

TemplateExpected<std::string> yamlTextOf(const TemplateValue &value)
{
    const TemplateExpected<object::Value> json = jsonValueOf(value);
    if (!json)
        return templateError("error marshaling into JSON: " + json.error().text);
    Expected<std::string> text = object::marshalYaml(*json);
    if (!text)
        return std::unexpected(TemplateError(text.error()));
    if (text->ends_with('\n'))
        text->pop_back();
    return *std::move(text);
}

TemplateExpected<std::string> jsonTextOf(const TemplateValue &value)
{
    const TemplateExpected<object::Value> json = jsonValueOf(value);
    if (!json)
        return std::unexpected(json.error());
    return object::toJson(*json, {object::JsonStyle::Compact, object::KeyOrder::Kept, true});
}

TemplateExpected<std::string> tomlOrRefusal(const TemplateValue &value)
{
    TemplateExpected<TomlText> toml = tomlTextOf(value);
    if (!toml)
        return std::unexpected(toml.error());
    return toml->refusal.empty() ? std::move(toml->text) : std::move(toml->refusal);
}

TemplateExpected<std::string> tomlOrError(const TemplateValue &value)
{
    TemplateExpected<TomlText> toml = tomlTextOf(value);
    if (!toml)
        return std::unexpected(toml.error());
    if (!toml->refusal.empty())
        return templateError(toml->refusal);
    return std::move(toml->text);
}

/// What a value that cannot be written gives.
enum class OnFault { Empty, Error };

void addWriter(FunctionTable &table, std::string name, TemplateExpected<std::string> (*write)(const TemplateValue &),
               OnFault onFault)
{
    table.add(std::move(name), {&kAny}, [write, onFault](Arguments args, CallContext &context) -> CallResult {
        const TemplateExpected<std::string> text = write(args[0]);
        if (!text)
            return onFault == OnFault::Empty ? textResult("") : CallResult(std::unexpected(text.error()));
        if (!takeBytes(context, text->size()))
            return budgetExceeded("text made by a function");
        return textResult(*text);
    });
}

/// A map that holds the text of an error instead of what could not be read.
TemplateValue errorMap(std::string_view text)
{
    const TemplateValue map = TemplateValue::map();
    map.set("Error", TemplateValue::string(text));
    return map;
}

TemplateValue errorList(std::string_view text)
{
    return TemplateValue::list({TemplateValue::string(text)});
}

/// \p value as a map or list of type \p wanted; null is a nil one.
TemplateExpected<TemplateValue> unmarshalled(const object::Value &value, const Type &wanted)
{
    if (value.isNull())
        return TemplateValue::nilOf(wanted);
    if (wanted.kind == Kind::Map ? !value.isMap() : !value.isList())
        return cannotUnmarshal(value, wanted);
    return templateValueOf(value);
}

TemplateExpected<TemplateValue> fromJson(std::string_view text, const Type &wanted)
{
    const TemplateExpected<object::Value> value = parseGoJson(text);
    if (!value)
        return std::unexpected(value.error());
    return unmarshalled(*value, wanted);
}

TemplateExpected<TemplateValue> fromYaml(std::string_view text, const Type &wanted)
{
    const Expected<object::Value> value = object::parseYaml(text, {.wholeFloats = object::WholeFloats::Doubles});
    if (!value)
        return templateError("error converting YAML to JSON: " + value.error().text());
    // The YAML reader leaves the empty map or list that it is given where JSON's makes nil of it.
    if (value->isNull())
        return wanted.kind == Kind::Map ? TemplateValue::map() : TemplateValue::list({});
    TemplateExpected<TemplateValue> result = unmarshalled(*value, wanted);
    if (!result)
        return templateError("error unmarshaling JSON: while decoding JSON: " + result.error().text);
    return result;
}

TemplateExpected<TemplateValue> fromToml(std::string_view text, const Type &)
{
    return parseToml(text);
}

void addReader(FunctionTable &table, std::string name, const Type &wanted,
               TemplateExpected<TemplateValue> (*read)(std::string_view, const Type &))
{
    table.add(std::move(name), {&kString}, [&wanted, read](Arguments args, CallContext &) -> CallResult {
        TemplateExpected<TemplateValue> value = read(args[0].text(), wanted);
        if (value)
            return *std::move(value);
        return wanted.kind == Kind::Map ? errorMap(value.error().text) : errorList(value.error().text);
    });
}

} // namespace

void addHelmFunctions(FunctionTable &table)
{
    addWriter(table, "toYaml", yamlTextOf, OnFault::Empty);
    addWriter(table, "mustToYaml", yamlTextOf, OnFault::Error);
    addWriter(table, "toYamlPretty", prettyYamlOf, OnFault::Empty);
    addWriter(table, "toJson", jsonTextOf, OnFault::Empty);
    addWriter(table, "mustToJson", jsonTextOf, OnFault::Error);
    addWriter(table, "toToml", tomlOrRefusal, OnFault::Error);
    addWriter(table, "mustToToml", tomlOrError, OnFault::Error);
    addReader(table, "fromYaml", kAnyMap, fromYaml);
    addReader(table, "fromYamlArray", kAnyList, fromYaml);
    addReader(table, "fromJson", kAnyMap, fromJson);
    addReader(table, "fromJsonArray", kAnyList, fromJson);
    addReader(table, "fromToml", kAnyMap, fromToml);
    table.add("required", {&kString, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        if (args[1].isNil() || (args[1].is(kString) && args[1].text().empty()))
            return templateError(std::string(args[0].text()));
        return args[1];
    });
}

} // namespace sprig

FunctionTable helmFunctions(const SprigWorldPtr &world)
{
    FunctionTable table = sprigFunctions(world);
    sprig::addHelmFunctions(table);
    return table;
}

} // namespace tiphys::text
