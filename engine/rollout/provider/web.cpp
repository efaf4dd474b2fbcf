// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "object/json.h"
#include "rollout/provider/json_path.h"
#include "rollout/provider/provider.h"

#include <algorithm>

/// Source: argo-rollouts metricproviders/webmetric/webmetric.go@v1.9.1
namespace tiphys::rollout::provider {

using object::Value;

namespace {

/// The first value that \p path finds in the answer.
Step readAnswer(const Course &course, const JsonPath &path, const HttpReply &reply)
{
    if (!reply.error.empty())
        return erroneous(course, reply.error);
    if (reply.status < 200 || reply.status >= 300)
        return erroneous(course, "received non 2xx response code: " + std::to_string(reply.status));
    const Expected<Value> parsed = object::parseJson(reply.body);
    if (!parsed) {
        // A text is taken as it is, and no condition is asked.
        Measurement measurement = course.request.measurement;
        if (!measurement.startedAt)
            measurement.startedAt = course.now.timestamp();
        measurement.finishedAt = course.now.timestamp();
        measurement.phase = AnalysisPhase::Successful;
        measurement.value = reply.body;
        return measurement;
    }
    const Expected<std::vector<Value>> found = path.find(withFloats(*parsed));
    if (!found)
        return erroneous(course, "Could not find JSONPath in body: " + found.error().message());
    if (found->empty())
        return erroneous(course, "result of web metric produced no value");
    const Value &value = found->front();
    return assessed(course, {.value = value}, object::toJson(value, {.escapesHtml = true}));
}

/// Sets a header as Go does: the last of one name wins.
void setHeader(HttpCall &call, std::string name, std::string text)
{
    std::erase_if(call.headers, [&name](const auto &header) { return asciiLower(header.first) == asciiLower(name); });
    call.headers.emplace_back(std::move(name), std::move(text));
}

} // namespace

Step webStep(const Course &course)
{
    const Value web = course.request.metric.provider["web"];
    const std::string written(web["jsonPath"].stringOr());
    const Expected<JsonPath> path = JsonPath::parse(written.empty() ? "{$}" : written);
    if (!path)
        return erroneous(course, path.error().message());
    const std::int64_t seconds = web["timeoutSeconds"].intOr(0);
    const std::chrono::milliseconds timeout{1000 * (seconds <= 0 ? 10 : std::min<std::int64_t>(seconds, 24 * 3600))};
    const bool isInsecure = web["insecure"].boolOr(false);
    const OAuth oauth = oauthOf(course, web["authentication"], isInsecure, timeout);
    if (!oauth.problem.empty())
        return erroneous(course, oauth.problem);
    HttpCall call{.url = std::string(web["url"].stringOr()), .skipsVerification = isInsecure, .timeout = timeout};
    if (const auto method = web["method"].stringOr(); !method.empty())
        call.method = method;
    const std::string body(web["body"].stringOr());
    const Value jsonBody = web["jsonBody"];
    if (!body.empty() && !jsonBody.isNull())
        return erroneous(course, "use either Body or JSONBody; both cannot exists for WebMetric payload");
    if ((!body.empty() || !jsonBody.isNull()) && call.method == "GET")
        return erroneous(course, "Body/JSONBody can only be used with POST or PUT WebMetric Method types");
    call.body = jsonBody.isNull() ? body : object::toJson(jsonBody, {.escapesHtml = true});
    const Value headers = web["headers"];
    for (const Value &header : headers.items())
        setHeader(call, std::string(header["key"].stringOr()), std::string(header["value"].stringOr()));
    if (!jsonBody.isNull())
        setHeader(call, "Content-Type", "application/json");
    if (oauth.call)
        return *oauth.call;
    if (!oauth.authorization.empty())
        setHeader(call, "Authorization", oauth.authorization);
    if (course.replies.size() == oauth.replies)
        return call;
    return readAnswer(course, *path, course.replies[oauth.replies]);
}

} // namespace tiphys::rollout::provider
