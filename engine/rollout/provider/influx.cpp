// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "rollout/analysis/expression_value.h"
#include "rollout/number.h"
#include "rollout/provider/provider.h"

/// Source: argo-rollouts metricproviders/influxdb/influxdb.go@v1.9.1, influxdata/influxdb-client-go api/query.go@v2.14.0
namespace tiphys::rollout::provider {

using object::Value;

namespace {

constexpr std::size_t kMostRecords = 100'000;

using Row = std::vector<std::string>;

/// Rows of comma separated values; empty lines are left out.
std::vector<Row> rowsOf(std::string_view text)
{
    std::vector<Row> rows;
    Row row;
    std::string cell;
    bool isQuoted = false, hasText = false;
    const auto endRow = [&] {
        if (hasText || !row.empty()) {
            row.push_back(std::move(cell));
            rows.push_back(std::move(row));
        }
        row.clear();
        cell.clear();
        hasText = false;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isQuoted) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"')
                cell += text[++i];
            else if (c == '"')
                isQuoted = false;
            else
                cell += c;
        } else if (c == '"') {
            isQuoted = hasText = true;
        } else if (c == ',') {
            row.push_back(std::move(cell));
            cell.clear();
            hasText = true;
        } else if (c == '\n') {
            endRow();
        } else if (c != '\r') {
            cell += c;
            hasText = true;
        }
    }
    endRow();
    return rows;
}

Value typed(const std::string &text, const std::string &type)
{
    if (type == "boolean")
        return Value(text != "false");
    if (type == "double") {
        const auto number = expression::floatOf(text);
        return number ? Value(*number) : Value();
    }
    if (type == "long" || type == "unsignedLong") {
        const auto number = decimalOf(text);
        return number ? Value(*number) : Value();
    }
    return Value(text);
}

/// Values of the column _value of all tables.
Expected<std::vector<Value>> valuesOf(std::string_view csv)
{
    std::vector<Value> values;
    Row types, defaults;
    std::optional<std::size_t> column;
    bool wantsHeader = false;
    for (const Row &row : rowsOf(csv)) {
        const std::string &first = row.front();
        if (first.starts_with('#')) {
            if (first == "#datatype")
                types = row;
            else if (first == "#default")
                defaults = row;
            wantsHeader = true;
            continue;
        }
        if (wantsHeader || !column) {
            column.reset();
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (row[i] == "_value")
                    column = i;
            }
            // What came before the error of a query counts.
            if (row.size() > 1 && row[1] == "error")
                return values;
            wantsHeader = false;
            if (!column)
                column = row.size();
            continue;
        }
        if (values.size() >= kMostRecords)
            return failure(ErrorCode::LimitExceeded, "more than 100000 records");
        if (*column >= row.size()) {
            values.emplace_back();
            continue;
        }
        const std::string fallback = *column < defaults.size() ? defaults[*column] : std::string();
        const std::string &text = row[*column].empty() ? fallback : row[*column];
        values.push_back(text.empty() ? Value() : typed(text, *column < types.size() ? types[*column] : std::string()));
    }
    return values;
}

Step readAnswer(const Course &course, const HttpReply &reply)
{
    if (!reply.error.empty())
        return erroneous(course, reply.error);
    if (reply.status < 200 || reply.status > 299) {
        const Expected<Value> answer = object::parseJson(reply.body);
        const std::string code(answer ? (*answer)["code"].stringOr() : std::string_view());
        const std::string words(answer ? (*answer)["message"].stringOr() : std::string_view());
        return erroneous(course,
                         code.empty() ? "Unexpected status code " + std::to_string(reply.status) : code + ": " + words);
    }
    const Expected<std::vector<Value>> values = valuesOf(reply.body);
    if (!values)
        return erroneous(course, values.error().message());
    if (values->empty())
        return erroneous(course, "no results returned from flux query");
    const Value list = Value::list(*values);
    return assessed(course, {.value = list}, expression::printed(list));
}

} // namespace

Step influxStep(const Course &course)
{
    const Value config = course.request.metric.provider["influxdb"];
    const std::string profile(config["profile"].stringOr());
    const SecretNeed need{"", profile.empty() ? "influxdb" : profile};
    const SecretValues *secret = secretOf(course, need);
    if (!secret)
        return need;
    if (secret->empty())
        return erroneous(course, "secrets \"" + need.name + "\" not found");
    const std::string token = valueIn(*secret, "authToken"), org = valueIn(*secret, "org");
    std::string address = valueIn(*secret, "address");
    if (token.empty() || org.empty() || address.empty())
        return erroneous(course, "authToken, org, or address not found");
    if (!course.replies.empty())
        return readAnswer(course, course.replies[0]);
    while (address.ends_with('/'))
        address.pop_back();
    const Value dialect = Value::map(
        {{"annotations", Value::list({"datatype", "group", "default"})}, {"delimiter", ","}, {"header", true}});
    return HttpCall{
        .method = "POST",
        .url = address + "/api/v2/query?org=" + queryEscaped(org),
        .headers = {{"Authorization", "Token " + token},
                    {"Content-Type", "application/json"},
                    {"Accept", "application/csv"}},
        .body = object::toJson(Value::map({{"dialect", dialect}, {"query", config["query"]}, {"type", "flux"}})),
        .timeout = std::chrono::seconds(30)};
}

} // namespace tiphys::rollout::provider
