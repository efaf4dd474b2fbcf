// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/provider.h"

#include "base/base64.h"
#include "base/text.h"
#include "object/json.h"
#include "object/number_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tiphys::rollout::provider {

using object::Value;

namespace {

struct Entry
{
    std::string_view name;
    Step (*step)(const Course &);
};
constexpr Entry kProviders[] = {
    {"prometheus", prometheusStep}, {"kayenta", kayentaStep},       {"web", webStep},
    {"datadog", datadogStep},       {"wavefront", wavefrontStep},   {"newRelic", newRelicStep},
    {"graphite", graphiteStep},     {"cloudWatch", cloudWatchStep}, {"influxdb", influxStep},
    {"skywalking", skyWalkingStep}};

} // namespace

std::vector<std::string> environmentNames()
{
    return {"ARGO_ROLLOUTS_PROMETHEUS_ADDRESS",
            "ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE",
            "ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG",
            "DD_ADDRESS",
            "DD_API_KEY",
            "DD_APP_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_ROLE_ARN",
            "AWS_ROLE_SESSION_NAME",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "AWS_EC2_METADATA_V1_DISABLED",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_STS",
            "AWS_ENDPOINT_URL_CLOUDWATCH",
            "HOME"};
}

bool isJob(const Metric &metric)
{
    return metric.provider["job"].isMap();
}

Step nextStep(const Course &course)
{
    const Value &provider = course.request.metric.provider;
    for (const Entry &entry : kProviders) {
        if (!provider[entry.name].isMap())
            continue;
        // Only Jobs have something to end.
        if (course.request.task == MeasurementTask::Terminate)
            return course.request.measurement;
        return entry.step(course);
    }
    const Value plugin = provider["plugin"];
    for (const auto &[name, config] : plugin.entries())
        return erroneous(course, "metric plugins are not supported: " + std::string(name));
    for (const auto &[name, config] : provider.entries())
        return erroneous(course, "metric provider '" + std::string(name) + "' is not supported");
    return erroneous(course, "no valid provider in metric '" + course.request.metric.name + "'");
}

bool isConfigurationProblem(std::string_view problem)
{
    static constexpr std::string_view kProblems[] = {"prometheus address is not configured",
                                                     "prometheus address is not is url format",
                                                     "prometheus timeout should not be negative",
                                                     "missing mandatory parameter in metric for OAuth2 setup",
                                                     "account ID or personal API key not found",
                                                     "secrets \"",
                                                     "could not parse account ID",
                                                     "could not get SigV4 credentials",
                                                     "region not configured in sigv4"};
    return std::ranges::any_of(kProblems, [problem](std::string_view known) { return problem.starts_with(known); });
}

crd::TextMap metadataOf(const Metric &metric)
{
    crd::TextMap metadata;
    if (const auto query = metric.provider.path({"prometheus", "query"}).stringOr(); !query.empty())
        metadata.emplace("ResolvedPrometheusQuery", query);
    if (const auto query = metric.provider.path({"newRelic", "query"}).stringOr(); !query.empty())
        metadata.emplace("ResolvedNewRelicQuery", query);
    return metadata;
}

Measurement erroneous(Measurement measurement, std::string message, Moment now)
{
    if (!measurement.startedAt)
        measurement.startedAt = now.timestamp();
    measurement.phase = AnalysisPhase::Error;
    measurement.message = std::move(message);
    if (!measurement.finishedAt)
        measurement.finishedAt = now.timestamp();
    return measurement;
}

Measurement erroneous(const Course &course, std::string message)
{
    return erroneous(course.request.measurement, std::move(message), course.now);
}

Measurement assessed(const Course &course, const MetricAnswer &answer, std::string shown)
{
    const Expected<AnalysisPhase> phase = assess(answer, course.request.metric, course.now);
    if (!phase)
        return erroneous(course, phase.error().message());
    Measurement measurement = course.request.measurement;
    if (!measurement.startedAt)
        measurement.startedAt = course.now.timestamp();
    measurement.finishedAt = course.now.timestamp();
    measurement.phase = *phase;
    measurement.value = std::move(shown);
    return measurement;
}

JsonReply jsonOf(const HttpReply &reply)
{
    if (!reply.error.empty())
        return {.value = {}, .problem = reply.error};
    if (reply.status < 200 || reply.status > 299)
        return {.value = {}, .problem = "received non 2xx response code: " + std::to_string(reply.status)};
    const Expected<Value> parsed = object::parseJson(reply.body);
    if (!parsed)
        return {.value = {}, .problem = "Could not parse JSON body: " + parsed.error().message()};
    return {.value = *parsed, .problem = {}};
}

const SecretValues *secretOf(const Course &course, const SecretNeed &need)
{
    const auto found = course.secrets.find(need);
    return found == course.secrets.end() ? nullptr : &found->second;
}

std::string valueIn(const SecretValues &secret, const std::string &key)
{
    const auto found = secret.find(key);
    return found == secret.end() ? std::string() : found->second;
}

std::string fixed(double number, int digits)
{
    if (std::isnan(number))
        return "NaN";
    if (std::isinf(number))
        return number > 0 ? "+Inf" : "-Inf";
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", digits, number);
    return text;
}

std::string plainDigits(double number)
{
    if (std::isnan(number) || std::isinf(number))
        return fixed(number, 0);
    std::string text;
    object::detail::appendJsonNumber(text, number);
    if (text.find('e') == std::string::npos)
        return text;
    // Very large and very small ones: as many digits as give the number back.
    for (int digits = 0; digits < 340; ++digits) {
        text = fixed(number, digits);
        if (object::detail::doubleOf(text) == number)
            break;
    }
    return text;
}

namespace {

/// The header that the token in \p reply makes. Errors: Unavailable with the server's words.
Expected<std::string> authorizationOf(const HttpReply &reply)
{
    if (!reply.error.empty())
        return failure(ErrorCode::Unavailable, reply.error);
    const Expected<Value> body = object::parseJson(reply.body);
    const Value answer = body ? *body : Value();
    if (const auto code = answer["error"].stringOr(); !code.empty()) {
        const auto words = answer["error_description"].stringOr();
        return failure(ErrorCode::Unavailable, "oauth2: " + object::toJson(Value(code))
                                                   + (words.empty() ? "" : " " + object::toJson(Value(words))));
    }
    if (reply.status < 200 || reply.status > 299)
        return failure(ErrorCode::Unavailable, "oauth2: cannot fetch token: " + std::to_string(reply.status));
    const std::string token(answer["access_token"].stringOr());
    if (token.empty())
        return failure(ErrorCode::Unavailable, "oauth2: server response missing access_token");
    const std::string type(answer["token_type"].stringOr("bearer"));
    const std::string lower = asciiLower(type);
    const bool isBearer = lower.empty() || lower == "bearer";
    return (isBearer ? "Bearer" : lower == "mac" ? "MAC" : lower == "basic" ? "Basic" : type) + " " + token;
}

} // namespace

OAuth oauthOf(const Course &course, const Value &authentication, bool skipsVerification,
              std::chrono::milliseconds timeout)
{
    OAuth oauth;
    const Value config = authentication["oauth2"];
    const std::string url(config["tokenUrl"].stringOr());
    if (url.empty())
        return oauth;
    const std::string id = queryEscaped(config["clientId"].stringOr()),
                      secret = queryEscaped(config["clientSecret"].stringOr());
    if (id.empty() || secret.empty()) {
        oauth.problem = "missing mandatory parameter in metric for OAuth2 setup";
        return oauth;
    }
    for (oauth.replies = 0; oauth.replies < 2 && oauth.replies < course.replies.size();) {
        const Expected<std::string> authorization = authorizationOf(course.replies[oauth.replies++]);
        oauth.problem = authorization ? std::string() : authorization.error().message();
        oauth.authorization = authorization.value_or(std::string());
        if (authorization || oauth.replies == 2)
            return oauth;
    }
    oauth.problem.clear();
    std::string scopes;
    const Value list = config["scopes"];
    for (const Value &scope : list.items())
        scopes += (scopes.empty() ? "" : " ") + std::string(scope.stringOr());
    const bool isInForm = oauth.replies == 1;
    std::string body = isInForm ? "client_id=" + id + "&client_secret=" + secret + "&" : "";
    body += "grant_type=client_credentials";
    if (!scopes.empty())
        body += "&scope=" + queryEscaped(scopes);
    oauth.call = HttpCall{.method = "POST",
                          .url = url,
                          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                          .body = body,
                          .skipsVerification = skipsVerification,
                          .timeout = timeout};
    if (!isInForm)
        oauth.call->headers.emplace_back("Authorization", "Basic " + base64Of(id + ":" + secret));
    return oauth;
}

std::string queryEscaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
                             || c == '_' || c == '.' || c == '~';
        if (isPlain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            char code[4];
            std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
            out += code;
        }
    }
    return out;
}

} // namespace tiphys::rollout::provider
