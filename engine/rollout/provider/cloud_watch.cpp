// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/duration.h"
#include "object/json.h"
#include "rollout/analysis/expression_value.h"
#include "rollout/int_or_text.h"
#include "rollout/members.h"
#include "rollout/provider/aws_access.h"
#include "rollout/provider/provider.h"

/// Source: argo-rollouts metricproviders/cloudwatch/cloudwatch.go@v1.9.1
namespace tiphys::rollout::provider {

using object::Value;

namespace {

Value periodOf(const Value &value)
{
    const std::optional<IntOrText> period = IntOrText::of(value);
    return Value(period ? period->intValue() : 0);
}

Value statOf(const Value &stat)
{
    const Value metric = stat["metric"];
    std::vector<Value> dimensions;
    const Value written = metric["dimensions"];
    for (const Value &dimension : written.items())
        dimensions.push_back(
            Value::map({{"Name", dimension["name"].stringOr()}, {"Value", dimension["value"].stringOr()}}));
    Members described;
    if (!dimensions.empty())
        described.add("Dimensions", Value::list(dimensions));
    described.add("MetricName", metric["metricName"].stringOr()).text("Namespace", metric["namespace"].stringOr());
    return Members()
        .add("Metric", described.map())
        .add("Period", periodOf(stat["period"]))
        .add("Stat", stat["stat"].stringOr())
        .text("Unit", stat["unit"].stringOr())
        .map();
}

Value queryOf(const Value &query)
{
    Members result;
    result.add("Id", query["id"].stringOr())
        .text("Expression", query["expression"].stringOr())
        .text("Label", query["label"].stringOr());
    if (const Value stat = query["metricStat"]; stat.isMap())
        result.add("MetricStat", statOf(stat));
    if (!query["period"].isNull())
        result.add("Period", periodOf(query["period"]));
    if (const auto flag = query["returnData"].asBool())
        result.add("ReturnData", Value(*flag));
    return result.map();
}

std::string bodyOf(const Value &config, Moment from, Moment to)
{
    std::vector<Value> queries;
    const Value written = config["metricDataQueries"];
    for (const Value &query : written.items())
        queries.push_back(queryOf(query));
    return object::toJson(Value::map({{"StartTime", Value(from.timestamp().seconds)},
                                      {"EndTime", Value(to.timestamp().seconds)},
                                      {"MetricDataQueries", Value::list(queries)}}),
                          {.order = object::KeyOrder::Kept});
}

Step readAnswer(const Course &course, const HttpReply &reply)
{
    if (!reply.error.empty())
        return erroneous(course, reply.error);
    const Expected<Value> answer = object::parseJson(reply.body);
    if (reply.status != 200 || !answer) {
        const Value problem = answer ? *answer : Value();
        const std::string words(problem["message"].stringOr(problem["Message"].stringOr()));
        return erroneous(course, "operation error CloudWatch: GetMetricData, https response error StatusCode: "
                                     + std::to_string(reply.status) + (words.empty() ? "" : ", " + words));
    }
    const Value results = withFloats((*answer)["MetricDataResults"]);
    std::vector<Value> values;
    for (const Value &result : results.items())
        values.push_back(result["Values"].isNull() ? Value::list({}) : result["Values"]);
    const std::string shown = expression::printed(Value::list(values));
    Measurement measurement = assessed(course, {.value = results}, shown);
    measurement.value = shown; // of an error as well
    if (const Value messages = (*answer)["Messages"]; messages.size() > 0)
        measurement.metadata.emplace("messages", object::toJson(messages));
    return measurement;
}

} // namespace

Step cloudWatchStep(const Course &course)
{
    const Value config = course.request.metric.provider["cloudWatch"];
    const std::string_view written = config["interval"].stringOr();
    const Expected<crd::Duration> interval = crd::goDurationOf(written.empty() ? "5m" : written);
    if (!interval)
        return erroneous(course, interval.error().message());
    const AwsAccess access = awsAccessOf(course, {}, 0);
    if (access.next)
        return *access.next;
    if (!access.problem.empty())
        return erroneous(course, access.problem);
    if (access.region.empty())
        return erroneous(course, "no AWS region: neither AWS_REGION nor the profile names one");
    if (course.replies.size() > access.replies)
        return readAnswer(course, course.replies[access.replies]);
    HttpCall call{.method = "POST",
                  .url = awsEndpointOf(course, "AWS_ENDPOINT_URL_CLOUDWATCH", "monitoring", access.region),
                  .headers = {{"Content-Type", "application/x-amz-json-1.0"},
                              {"X-Amz-Target", "GraniteServiceVersion20100801.GetMetricData"}},
                  .body = bodyOf(config, course.now.plusMilliseconds(-interval->nanoseconds / 1'000'000), course.now)};
    signForAws(call, access.region, "monitoring", access.credentials, course.now);
    return call;
}

} // namespace tiphys::rollout::provider
