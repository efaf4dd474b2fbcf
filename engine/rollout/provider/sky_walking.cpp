// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/duration.h"
#include "object/json.h"
#include "rollout/provider/provider.h"

/// Source: argo-rollouts metricproviders/skywalking/skywalking.go@v1.9.1, machinebox/graphql graphql.go@v0.2.2
namespace tiphys::rollout::provider {

using object::Value;

namespace {

/// "2006-01-02 1504", in UTC.
std::string minuteText(std::int64_t milliseconds)
{
    const std::string text = Moment{milliseconds}.text();
    return text.substr(0, 10) + " " + text.substr(11, 2) + text.substr(14, 2);
}

Step readAnswer(const Course &course, const HttpReply &reply)
{
    if (!reply.error.empty())
        return erroneous(course, reply.error);
    const Expected<Value> answer = object::parseJson(reply.body);
    if (!answer && reply.status != 200)
        return erroneous(course, "graphql: server returned a non-200 status code: " + std::to_string(reply.status));
    if (!answer)
        return erroneous(course, "decoding response: " + answer.error().message());
    if (const Value errors = (*answer)["errors"]; errors.size() > 0)
        return erroneous(course, "graphql: " + std::string(errors.at(0)["message"].stringOr()));
    const Value result = withFloats((*answer)["data"]);
    if (result.isNull())
        return erroneous(course, "no results returned from SkyWalking query");
    return assessed(course, {.value = result}, object::toJson(result, {.escapesHtml = true}));
}

} // namespace

Step skyWalkingStep(const Course &course)
{
    const Value config = course.request.metric.provider["skywalking"];
    const Expected<crd::Duration> interval = crd::goDurationOf(config["interval"].stringOr("5m"));
    if (!interval)
        return erroneous(course, interval.error().message());
    if (!course.replies.empty())
        return readAnswer(course, course.replies[0]);
    const std::int64_t now = course.now.milliseconds;
    const Value duration = Value::map(
        {{"start", minuteText(now - interval->nanoseconds / 1'000'000)}, {"end", minuteText(now)}, {"step", "MINUTE"}});
    const Value body = Value::map({{"query", config["query"]}, {"variables", Value::map({{"duration", duration}})}});
    return HttpCall{
        .method = "POST",
        .url = std::string(config["address"].stringOr()) + "/graphql",
        .headers = {{"Content-Type", "application/json; charset=utf-8"}, {"Accept", "application/json; charset=utf-8"}},
        .body = object::toJson(body, {.order = object::KeyOrder::Kept, .escapesHtml = true}) + "\n",
        .timeout = std::chrono::seconds(30)};
}

} // namespace tiphys::rollout::provider
