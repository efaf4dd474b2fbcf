// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "crd/duration.h"
#include "object/json.h"
#include "rollout/analysis/expression_value.h"
#include "rollout/provider/aws_access.h"
#include "rollout/provider/provider.h"

#include <algorithm>

/// Source: argo-rollouts metricproviders/prometheus/prometheus.go@v1.9.3, prometheus/client_golang api@v1.22.0
namespace tiphys::rollout::provider {

using object::Value;

namespace {

bool isUrl(std::string_view text)
{
    const std::size_t colon = text.find("://");
    return colon != std::string_view::npos && colon > 0 && text.size() > colon + 3 && text[colon + 3] != '/';
}

/// Seconds with milliseconds, as the client writes moments.
std::string secondsText(std::int64_t milliseconds)
{
    std::string text = std::to_string(milliseconds / 1000);
    const std::int64_t rest = milliseconds % 1000;
    if (rest == 0)
        return text;
    std::string fraction = std::to_string(1000 + rest).substr(1);
    while (fraction.ends_with('0'))
        fraction.pop_back();
    return text + "." + fraction;
}

Expected<std::string> form(const Course &course, const Value &config)
{
    const std::string query = queryEscaped(config["query"].stringOr());
    const Value range = config["rangeQuery"];
    if (!range.isMap())
        return "query=" + query + "&time=" + secondsText(course.now.milliseconds);
    const Expected<std::int64_t> start = timeOf(range["start"].stringOr(), course.now);
    if (!start)
        return failure(ErrorCode::InvalidInput, "failed to parse rangeQuery.start as time: " + start.error().message());
    const Expected<std::int64_t> end = timeOf(range["end"].stringOr(), course.now);
    if (!end)
        return failure(ErrorCode::InvalidInput, "failed to parse rangeQuery.end as time: " + end.error().message());
    const Expected<crd::Duration> step = crd::goDurationOf(range["step"].stringOr());
    if (!step)
        return failure(ErrorCode::InvalidInput,
                       "failed to parse rangeQuery.step as duration: " + step.error().message());
    return "end=" + secondsText(*end / 1'000'000) + "&query=" + query + "&start=" + secondsText(*start / 1'000'000)
           + "&step=" + secondsText(step->nanoseconds / 1'000'000);
}

/// The number of a [moment, "number"] pair.
Expected<double> sampleOf(const Value &pair)
{
    const std::string_view text = pair.at(1).stringOr();
    const std::optional<double> number = expression::floatOf(text);
    if (!number)
        return failure(ErrorCode::InvalidInput, "bad_response: sample " + object::toJson(pair) + " holds no number");
    return *number;
}

Expected<std::vector<double>> samplesOf(const Value &payload)
{
    std::vector<double> samples;
    const bool isMatrix = payload["resultType"].stringOr() == "matrix";
    const Value result = payload["result"];
    for (const Value &series : result.items()) {
        const Value values = isMatrix ? series["values"] : Value::list({series["value"]});
        for (const Value &pair : values.items()) {
            const Expected<double> sample = sampleOf(pair);
            if (!sample)
                return std::unexpected(sample.error());
            samples.push_back(*sample);
        }
    }
    return samples;
}

std::string warningsOf(const Value &answer)
{
    std::string text;
    const Value warnings = answer["warnings"];
    for (const Value &warning : warnings.items())
        text += (text.empty() ? "\"" : ", \"") + std::string(warning.stringOr()) + "\"";
    return text;
}

Step measured(const Course &course, const Value &answer)
{
    const Value payload = answer["data"];
    const std::string_view type = payload["resultType"].stringOr();
    Measurement measurement;
    if (type == "scalar") {
        const Expected<double> sample = sampleOf(payload["result"]);
        if (!sample)
            return erroneous(course, sample.error().message());
        measurement = assessed(course, {.value = Value(*sample)}, plainDigits(*sample));
    } else if (type == "vector" || type == "matrix") {
        const Expected<std::vector<double>> samples = samplesOf(payload);
        if (!samples)
            return erroneous(course, samples.error().message());
        std::vector<Value> numbers;
        std::vector<std::string> texts;
        for (const double sample : *samples) {
            numbers.emplace_back(sample);
            texts.push_back(plainDigits(sample));
        }
        measurement =
            assessed(course, {.value = Value::list(numbers), .isFloatList = true}, "[" + join(texts, ",") + "]");
    } else {
        return erroneous(course, "unexpected value type " + object::toJson(Value(type)));
    }
    if (const std::string warnings = warningsOf(answer); !warnings.empty() && measurement.phase != AnalysisPhase::Error)
        measurement.metadata.emplace("warnings", warnings);
    return measurement;
}

/// Errors carry the server's type and words.
Step readAnswer(const Course &course, const HttpReply &reply)
{
    if (!reply.error.empty())
        return erroneous(course, reply.error);
    const bool isApiError = reply.status == 400 || reply.status == 422;
    const std::string status = std::to_string(reply.status);
    if (reply.status / 100 != 2 && !isApiError)
        return erroneous(course, reply.status / 100 == 4   ? "client_error: client error: " + status
                                 : reply.status / 100 == 5 ? "server_error: server error: " + status
                                                           : "bad_response: bad response code " + status);
    const Expected<Value> parsed = object::parseJson(reply.body);
    if (!parsed)
        return erroneous(course, "bad_response: " + parsed.error().message());
    const std::string_view outcome = (*parsed)["status"].stringOr();
    if (outcome == "error")
        return erroneous(course, std::string((*parsed)["errorType"].stringOr()) + ": "
                                     + std::string((*parsed)["error"].stringOr()));
    if (isApiError && outcome == "success")
        return erroneous(course, "bad_response: inconsistent body for response code");
    if ((*parsed)["data"].isNull())
        return erroneous(course, "unexpected end of JSON input");
    return measured(course, *parsed);
}

/// Source: argo-rollouts metricproviders/prometheus/prometheus.go (NewPrometheusAPI)@v1.9.3
bool isSigned(const Value &sigv4, const std::string &url)
{
    const bool isWanted =
        std::ranges::any_of(sigv4.entries(), [](const auto &entry) { return !entry.second.isEmpty(); });
    return isWanted && url.find("aps-workspaces") != std::string::npos;
}

/// True if a server takes no form: it is asked again with GET.
bool isMethodRefused(const HttpReply &reply)
{
    return reply.status == 405 || reply.status == 501;
}

/// Where the API is below an address, which may have parameters of its own.
struct Place
{
    std::string url;
    std::string query;      ///< "?a=b" as written, or ""
    std::string parameters; ///< the same before others, "a=b&" or ""
};
Place placeOf(std::string address, std::string_view endpoint)
{
    Place place;
    address = address.substr(0, address.find('#'));
    if (const std::size_t mark = address.find('?'); mark != std::string::npos) {
        place.query = address.substr(mark);
        place.parameters = place.query.size() > 1 ? place.query.substr(1) + "&" : "";
        address.resize(mark);
    }
    while (address.ends_with('/'))
        address.pop_back();
    place.url = address + std::string(endpoint);
    return place;
}

} // namespace

Step prometheusStep(const Course &course)
{
    const Value config = course.request.metric.provider["prometheus"];
    std::string address(config["address"].stringOr());
    if (address.empty()) {
        const auto known = course.environment.find("ARGO_ROLLOUTS_PROMETHEUS_ADDRESS");
        if (known == course.environment.end() || known->second.empty())
            return erroneous(course, "prometheus address is not configured");
        address = known->second;
    }
    if (!isUrl(address))
        return erroneous(course, "prometheus address is not is url format");
    const std::int64_t seconds = config["timeout"].isNull() ? 30 : config["timeout"].intOr(30);
    if (seconds < 0)
        return erroneous(course, "prometheus timeout should not be negative");
    const std::chrono::milliseconds timeout{1000 * std::min<std::int64_t>(seconds, 24 * 3600)};
    const bool isInsecure = config["insecure"].boolOr(false);
    const OAuth oauth = oauthOf(course, config["authentication"], isInsecure, timeout);
    if (!oauth.problem.empty())
        return erroneous(course, oauth.problem);
    if (oauth.call)
        return *oauth.call;
    const Value sigv4 = config.path({"authentication", "sigv4"});
    AwsAccess access;
    if (isSigned(sigv4, address)) {
        const AwsWish wish{std::string(sigv4["region"].stringOr()), std::string(sigv4["profile"].stringOr()),
                           std::string(sigv4["roleArn"].stringOr())};
        access = awsAccessOf(course, wish, oauth.replies);
        if (access.next)
            return *access.next;
        if (!access.problem.empty())
            return erroneous(course, "could not get SigV4 credentials: " + access.problem);
        if (access.region.empty())
            return erroneous(course, "region not configured in sigv4 or in default credentials chain");
    }
    const std::size_t asked = oauth.replies + access.replies;
    const bool wasPosted = course.replies.size() > asked;
    const bool isPostRefused = wasPosted && isMethodRefused(course.replies[asked]);
    if (wasPosted && (!isPostRefused || course.replies.size() > asked + 1))
        return readAnswer(course, course.replies.back());
    const Expected<std::string> parameters = form(course, config);
    if (!parameters)
        return erroneous(course, parameters.error().message());
    const Place place = placeOf(address, config["rangeQuery"].isMap() ? "/api/v1/query_range" : "/api/v1/query");
    HttpCall call{.url = place.url, .skipsVerification = isInsecure, .timeout = timeout};
    if (isPostRefused) {
        call.url += "?" + place.parameters + *parameters;
    } else {
        call.method = "POST";
        call.url += place.query;
        call.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        call.body = place.parameters + *parameters;
    }
    const Value headers = config["headers"];
    for (const Value &header : headers.items())
        call.headers.emplace_back(header["key"].stringOr(), header["value"].stringOr());
    if (!oauth.authorization.empty())
        call.headers.emplace_back("Authorization", oauth.authorization);
    if (!access.region.empty())
        signForAws(call, access.region, "aps", access.credentials, course.now);
    return call;
}

} // namespace tiphys::rollout::provider
