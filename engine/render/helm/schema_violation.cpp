// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/schema_violation.h"

#include "object/json.h"

namespace tiphys::render {

namespace {

void append(std::string &text, const SchemaViolation &violation, int depth)
{
    using Shape = SchemaViolation::Shape;
    const bool isShown = violation.shape != Shape::Reference || violation.causes.size() != 1;
    if (isShown) {
        text.append(static_cast<std::size_t>(depth) * 2, ' ');
        text += "- at " + inSchemaQuotes(violation.place) + ": " + violation.message + "\n";
    }
    for (const SchemaViolation &cause : violation.causes)
        append(text, cause, depth + (isShown ? 1 : 0));
}

void replaceAll(std::string &text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

} // namespace

std::string listed(const std::vector<SchemaViolation> &violations)
{
    std::string text;
    for (const SchemaViolation &violation : violations)
        append(text, violation, 0);
    return text;
}

std::string inSchemaQuotes(std::string_view text)
{
    std::string quoted = object::toJson(object::Value(text));
    quoted = quoted.substr(1, quoted.size() - 2);
    replaceAll(quoted, "\\\"", "\"");
    replaceAll(quoted, "'", "\\'");
    return "'" + quoted + "'";
}

std::string inSchemaQuotes(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : ", ") + inSchemaQuotes(name);
    return text;
}

std::string shownScalar(const object::Value &value)
{
    if (value.isString())
        return inSchemaQuotes(value.stringOr());
    if (value.isNull())
        return "<nil>";
    return value.isList() || value.isMap() ? "value" : object::toJson(value);
}

std::string shownNumber(double number)
{
    std::string text = object::toJson(object::Value(number));
    const auto digits = text.find_first_of("0123456789");
    const auto end = text.find_first_not_of("0123456789", digits);
    for (std::size_t at = end == std::string::npos ? text.size() : end; at > digits + 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

} // namespace tiphys::render
