// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "object/json.h"
#include "rollout/number.h"
#include "rollout/provider/provider.h"

/// Source: argo-rollouts metricproviders/newrelic/newrelic.go@v1.9.1
namespace tiphys::rollout::provider {

using object::Value;

namespace {

constexpr std::string_view kQuery =
    "query($query: Nrql!, $accountId: Int!, $timeout: Seconds!) { actor { account(id: $accountId) "
    "{ nrql(query: $query, timeout: $timeout) { results } } } }";

Step readAnswer(const Course &course, const HttpReply &reply)
{
    const JsonReply answer = jsonOf(reply);
    if (!answer.problem.empty())
        return erroneous(course, answer.problem);
    std::string problems;
    const Value errors = answer.value["errors"];
    for (const Value &error : errors.items())
        problems += (problems.empty() ? "" : ", ") + std::string(error["message"].stringOr());
    if (!problems.empty())
        return erroneous(course, problems);
    const Value results = withFloats(answer.value.path({"data", "actor", "account", "nrql", "results"}));
    if (results.size() == 0 || (results.size() == 1 && results.at(0).size() == 0))
        return erroneous(course, "no results returned from NRQL query");
    const Value result = results.size() == 1 ? results.at(0) : results;
    return assessed(course, {.value = result}, object::toJson(result, {.escapesHtml = true}));
}

} // namespace

Step newRelicStep(const Course &course)
{
    const Value config = course.request.metric.provider["newRelic"];
    const std::string profile(config["profile"].stringOr());
    const SecretNeed need{"", profile.empty() ? "newrelic" : profile};
    const SecretValues *secret = secretOf(course, need);
    if (!secret)
        return need;
    if (secret->empty())
        return erroneous(course, "secrets \"" + need.name + "\" not found");
    const std::string key = valueIn(*secret, "personal-api-key"), account = valueIn(*secret, "account-id");
    if (key.empty() || account.empty())
        return erroneous(course, "account ID or personal API key not found");
    const std::optional<std::int64_t> id = decimalOf(account);
    if (!id)
        return erroneous(course,
                         "could not parse account ID: strconv.Atoi: parsing \"" + account + "\": invalid syntax");
    const std::int64_t timeout = config["timeout"].intOr(5);
    if (timeout < 0)
        return erroneous(course, "timeout value needs to be a positive value");
    if (!course.replies.empty())
        return readAnswer(course, course.replies[0]);
    std::string url = valueIn(*secret, "base-url-nerdgraph");
    const std::string region = asciiLower(valueIn(*secret, "region"));
    if (url.empty())
        url = region == "eu"        ? "https://api.eu.newrelic.com/graphql"
              : region == "staging" ? "https://staging-api.newrelic.com/graphql"
                                    : "https://api.newrelic.com/graphql";
    const Value variables =
        Value::map({{"accountId", Value(*id)}, {"query", config["query"]}, {"timeout", Value(timeout)}});
    return HttpCall{.method = "POST",
                    .url = url,
                    .headers = {{"Content-Type", "application/json"}, {"Api-Key", key}},
                    .body = object::toJson(Value::map({{"query", kQuery}, {"variables", variables}})),
                    .timeout = std::chrono::seconds(30)};
}

} // namespace tiphys::rollout::provider
