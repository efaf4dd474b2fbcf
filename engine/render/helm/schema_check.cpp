// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/schema_check.h"

#include "object/json.h"

#include <jsoncons/json.hpp>
#include <jsoncons_ext/jsonschema/jsonschema.hpp>

#include <exception>
#include <string>

namespace tiphys::render {

using object::Value;

namespace {

namespace jsonschema = jsoncons::jsonschema;
using Json = jsoncons::json;

/// Names of what a schema refers to outside of itself: unknown names are accepted, places are not fetched.
Json resolved(const jsoncons::uri &uri)
{
    if (uri.scheme() == "urn")
        return Json(true);
    throw std::runtime_error("the schema refers to " + uri.string() + ", which is not fetched");
}

/// "Expected integer, found string" in the words of Helm's validator.
std::string inHelmsWords(const jsonschema::validation_message &message)
{
    const std::string &text = message.message();
    const auto found = text.find(", found ");
    if (message.keyword() == "type" && text.starts_with("Expected ") && found != std::string::npos)
        return "got " + text.substr(found + 8) + ", want " + text.substr(9, found - 9);
    return text;
}

/// The violations of one schema, a line each; "" if there are none.
Expected<std::string> violationsOf(const std::string &schemaText, const Value &values)
{
    // The library speaks in exceptions.
    try {
        const auto options = jsonschema::evaluation_options{}.default_version(jsonschema::schema_version::draft202012());
        const auto schema = jsonschema::make_json_schema(Json::parse(schemaText), resolved, options);
        std::string lines;
        const auto report = [&lines](const jsonschema::validation_message &message) {
            lines += "- at '" + message.instance_location().string() + "': " + inHelmsWords(message) + "\n";
            return jsonschema::walk_result::advance;
        };
        schema.validate(Json::parse(object::toJson(values)), report);
        return lines;
    } catch (const std::exception &problem) {
        return failure(ErrorCode::InvalidInput, problem.what());
    }
}

std::string goType(const Value &value)
{
    if (value.isString())
        return "string";
    if (value.isBool())
        return "bool";
    return value.isList() ? "[]interface {}" : value.isInteger() ? "int64" : "float64";
}

std::string problemsOf(const Chart &chart, const Value &values)
{
    std::string problems;
    if (!chart.content->schema.empty()) {
        const Expected<std::string> violations = violationsOf(chart.content->schema, values);
        const std::string text = violations ? *violations : violations.error().text() + "\n";
        if (!text.empty())
            problems += chart.name() + ":\n" + text;
    }
    for (const Chart &subchart : chart.dependencies) {
        const Value own = values[subchart.name()];
        if (own.isNull())
            continue;
        if (own.isMap())
            problems += problemsOf(subchart, own);
        else
            problems += subchart.name() + ":\ninvalid type for values: expected object (map), got " + goType(own) + "\n";
    }
    return problems;
}

} // namespace

Expected<void> checkSchemas(const Chart &chart, const Value &values)
{
    const std::string problems = problemsOf(chart, values);
    if (problems.empty())
        return {};
    return failure(ErrorCode::InvalidInput,
                   "values don't meet the specifications of the schema(s) in the following chart(s):\n" + problems);
}

} // namespace tiphys::render
