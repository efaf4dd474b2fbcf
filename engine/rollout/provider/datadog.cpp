// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/duration.h"
#include "object/json.h"
#include "rollout/provider/provider.h"

/// Source: argo-rollouts metricproviders/datadog/{datadog,finders}.go@v1.9.1
namespace tiphys::rollout::provider {

using object::Value;

namespace {

struct Credentials
{
    std::string address;
    std::string apiKey;
    std::string appKey;
    bool isComplete() const { return !apiKey.empty() && !appKey.empty(); }
};

/// All three variables, or none counts.
Credentials fromEnvironment(const Course &course)
{
    const auto &known = course.environment;
    if (!known.contains("DD_ADDRESS") || !known.contains("DD_API_KEY") || !known.contains("DD_APP_KEY"))
        return {};
    return {known.at("DD_ADDRESS"), known.at("DD_API_KEY"), known.at("DD_APP_KEY")};
}

std::string problemOf(const Value &config, bool isV1)
{
    const bool hasQuery = !config["query"].stringOr().empty();
    const std::size_t queries = config["queries"].size();
    const bool hasFormula = !config["formula"].stringOr().empty();
    if (!hasQuery && queries == 0)
        return "Must have either a query or queries. Please review the Analysis Template.";
    if (hasQuery && queries > 0)
        return "Cannot have both a query and queries. Please review the Analysis Template.";
    if (isV1 && !hasQuery)
        return "Query is empty. API Version v1 only supports using the query parameter in your Analysis Template.";
    if (hasFormula && queries == 0)
        return "Formula are only valid when queries are set. Please review the Analysis Template.";
    if (!hasFormula && queries > 1)
        return "When multiple queries are provided you must include a formula.";
    if (isV1 && !config["aggregator"].stringOr().empty())
        return "Aggregator is not supported in v1. Please review the Analysis Template.";
    return {};
}

std::string bodyOfV2(const Value &config, std::int64_t from, std::int64_t to)
{
    const std::string_view aggregator = config["aggregator"].stringOr();
    Value queries = config["queries"];
    if (queries.size() == 0)
        queries = Value::map({{"query", config["query"]}});
    std::vector<Value> list;
    for (const auto &[name, query] : queries.sortedEntries())
        list.push_back(Value::map({{"aggregator", aggregator.empty() ? "last" : aggregator},
                                   {"data_source", "metrics"},
                                   {"name", name},
                                   {"query", query}}));
    std::vector<Value> formulas;
    if (const auto formula = config["formula"].stringOr(); !formula.empty())
        formulas.push_back(Value::map({{"formula", formula}}));
    const Value attributes = Value::map({{"from", Value(from * 1000)},
                                         {"to", Value(to * 1000)},
                                         {"queries", Value::list(list)},
                                         {"formulas", Value::list(formulas)}});
    return object::toJson(Value::map({{"data", Value::map({{"type", "scalar_request"}, {"attributes", attributes}})}}),
                          {.order = object::KeyOrder::Kept, .escapesHtml = true});
}

/// \p list with nothing but the member \p kept of its items, named \p name.
Value onlyMember(const Value &list, std::string_view kept, const std::string &name)
{
    std::vector<Value> items;
    for (const Value &item : list.items())
        items.push_back(Value::map({{name, item[kept]}}));
    return list.isNull() ? Value() : Value::list(items);
}

Step readV1(const Course &course, const Value &answer)
{
    const Value series = answer["series"];
    const Value points = series.at(0)["pointlist"];
    if (points.size() == 0)
        return assessed(course, {}, object::toJson(onlyMember(series, "pointlist", "pointlist")));
    const Value point = points.at(points.size() - 1);
    if (point.size() != 2)
        return erroneous(course, "Datapoint does not have 2 values");
    const double number = point.at(1).asNumber().value_or(0);
    return assessed(course, {.value = Value(number)}, plainDigits(number));
}

Step readV2(const Course &course, const Value &answer)
{
    if (const auto problem = answer.path({"data", "errors"}).stringOr(); !problem.empty())
        return erroneous(course, "There were errors in your query: " + std::string(problem));
    const Value columns = answer.path({"data", "attributes", "columns"});
    const Value values = columns.at(0)["values"];
    const auto number = values.at(0).asNumber();
    if (!number) {
        if (columns.size() == 1)
            return assessed(course, {}, object::toJson(values));
        return assessed(course, {}, "{\"Columns\":" + object::toJson(onlyMember(columns, "values", "Values")) + "}");
    }
    return assessed(course, {.value = Value(*number)}, plainDigits(*number));
}

Step readAnswer(const Course &course, const HttpReply &reply, bool isV1)
{
    if (!reply.error.empty())
        return erroneous(course, reply.error);
    if (reply.status == 401 || reply.status == 403)
        return erroneous(course, "received authentication error response code: " + std::to_string(reply.status) + " "
                                     + reply.body);
    if (reply.status != 200)
        return erroneous(course, "received non 2xx response code: " + std::to_string(reply.status) + " " + reply.body);
    const JsonReply answer = jsonOf(reply);
    if (!answer.problem.empty())
        return erroneous(course, answer.problem);
    return isV1 ? readV1(course, answer.value) : readV2(course, answer.value);
}

} // namespace

Step datadogStep(const Course &course)
{
    const Value config = course.request.metric.provider["datadog"];
    // Anything but "v1" is the newer one; the API's default is v1.
    const std::string_view version = config["apiVersion"].stringOr("v1");
    const bool isV1 = version == "v1";
    const bool isNamespaced = config.path({"secretRef", "namespaced"}).boolOr(false);
    const std::string secretName(config.path({"secretRef", "name"}).stringOr());
    if (isNamespaced && secretName.empty())
        return erroneous(course, "secret name is required for namespaced credentials");
    Credentials credentials = secretName.empty() ? fromEnvironment(course) : Credentials();
    if (!credentials.isComplete()) {
        const SecretNeed need{isNamespaced ? course.ns : "", secretName.empty() ? "datadog" : secretName};
        const SecretValues *secret = secretOf(course, need);
        if (!secret)
            return need;
        credentials = {valueIn(*secret, "address"), valueIn(*secret, "api-key"), valueIn(*secret, "app-key")};
    }
    if (!credentials.isComplete())
        return erroneous(course, "failed to find the credentials for datadog metrics provider");
    if (const std::string problem = problemOf(config, isV1); !problem.empty())
        return erroneous(course, problem);
    if (!course.replies.empty())
        return readAnswer(course, course.replies[0], isV1);
    const Expected<crd::Duration> interval = crd::goDurationOf(config["interval"].stringOr("5m"));
    if (!interval)
        return erroneous(course, interval.error().message());
    const std::int64_t now = course.now.milliseconds / 1000;
    const std::int64_t from = now - interval->seconds();
    const std::string address = credentials.address.empty() ? "https://api.datadoghq.com" : credentials.address;
    HttpCall call{.url = address + (isV1 ? "/api/v1/query" : "/api/v2/query/scalar"),
                  .headers = {{"Content-Type", "application/json"},
                              {"DD-API-KEY", credentials.apiKey},
                              {"DD-APPLICATION-KEY", credentials.appKey}},
                  .timeout = std::chrono::seconds(10)};
    if (isV1) {
        call.url += "?from=" + std::to_string(from) + "&query=" + queryEscaped(config["query"].stringOr())
                    + "&to=" + std::to_string(now);
    } else {
        call.method = "POST";
        call.body = bodyOfV2(config, from, now);
    }
    return call;
}

} // namespace tiphys::rollout::provider
