// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/schema_check.h"

#include "render/helm/json_schema.h"
#include "render/helm/value_table.h"

#include <algorithm>
#include <string>

namespace tiphys::render {

using object::Value;

namespace {

std::string goType(const Value &value)
{
    if (value.isString())
        return "string";
    if (value.isBool())
        return "bool";
    return value.isList() ? "[]interface {}" : value.isInteger() ? "int64" : "float64";
}

/// What \p values break of one schema, a line each. Errors: as JsonSchema.
Expected<std::string> brokenRules(const std::string &schemaText, const Value &values)
{
    const Expected<JsonSchema> schema = JsonSchema::parse(schemaText);
    if (!schema)
        return std::unexpected(schema.error());
    const Expected<std::vector<SchemaViolation>> violations = schema->violationsOf(values);
    if (!violations)
        return std::unexpected(violations.error());
    return listed(*violations);
}

class ChartCheck
{
public:
    void add(const Chart &chart, const Value &values)
    {
        if (!chart.content->schema.empty()) {
            const Expected<std::string> broken = brokenRules(chart.content->schema, values);
            if (!broken && broken.error().code() != ErrorCode::InvalidInput)
                m_code = broken.error().code();
            const std::string text = broken ? *broken : broken.error().text();
            if (!text.empty())
                m_problems += chart.name() + ":\n" + text;
        }
        for (const Chart &subchart : chart.dependencies) {
            const Value own = values[subchart.name()];
            if (own.isMap())
                add(subchart, own);
            else if (!own.isNull())
                m_problems +=
                    subchart.name() + ":\ninvalid type for values: expected object (map), got " + goType(own) + "\n";
        }
    }

    Expected<void> result() const
    {
        if (m_problems.empty())
            return {};
        return failure(m_code, "values don't meet the specifications of the schema(s) in the following chart(s):\n"
                                   + m_problems);
    }

private:
    ErrorCode m_code = ErrorCode::InvalidInput;
    std::string m_problems;
};

bool hasSchema(const Chart &chart)
{
    return !chart.content->schema.empty() || std::ranges::any_of(chart.dependencies, hasSchema);
}

} // namespace

Expected<void> checkSchemas(const Chart &chart, const ValueTable &values)
{
    // Subcharts without a map of values are refused before.
    if (!hasSchema(chart))
        return {};
    ChartCheck check;
    check.add(chart, valueOf(values));
    return check.result();
}

} // namespace tiphys::render
