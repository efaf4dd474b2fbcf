// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/provider.h"

#include "object/json.h"

#include <cstdio>

namespace tiphys::rollout::provider {

using object::Value;

namespace {

struct Entry
{
    std::string_view name;
    Step (*step)(const Course &);
};
constexpr Entry kProviders[] = {{"prometheus", prometheusStep}, {"web", webStep}};

} // namespace

std::vector<std::string> environmentNames()
{
    return {"ARGO_ROLLOUTS_PROMETHEUS_ADDRESS", "ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE"};
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
        if (course.request.task != MeasurementTask::Run && course.request.measurement.phase != AnalysisPhase::Running)
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

crd::TextMap metadataOf(const Metric &metric)
{
    crd::TextMap metadata;
    if (const auto query = metric.provider.path({"prometheus", "query"}).stringOr(); !query.empty())
        metadata.emplace("ResolvedPrometheusQuery", query);
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

OAuth oauthOf(const Value &authentication, bool skipsVerification, std::chrono::milliseconds timeout)
{
    OAuth oauth;
    const Value config = authentication["oauth2"];
    const std::string url(config["tokenUrl"].stringOr());
    if (url.empty())
        return oauth;
    oauth.isWanted = true;
    const std::string_view id = config["clientId"].stringOr(), secret = config["clientSecret"].stringOr();
    if (id.empty() || secret.empty()) {
        oauth.problem = "missing mandatory parameter in metric for OAuth2 setup";
        return oauth;
    }
    std::string body = "client_id=" + queryEscaped(id) + "&client_secret=" + queryEscaped(secret) + "&grant_type=client_credentials";
    std::string scopes;
    const Value list = config["scopes"];
    for (const Value &scope : list.items())
        scopes += (scopes.empty() ? "" : " ") + std::string(scope.stringOr());
    if (!scopes.empty())
        body += "&scope=" + queryEscaped(scopes);
    oauth.call = {.method = "POST",
                  .url = url,
                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                  .body = body,
                  .skipsVerification = skipsVerification,
                  .timeout = timeout};
    return oauth;
}

Expected<std::string> tokenOf(const HttpReply &reply)
{
    if (!reply.error.empty())
        return failure(ErrorCode::Unavailable, "oauth2: " + reply.error);
    if (reply.status < 200 || reply.status > 299)
        return failure(ErrorCode::Unavailable, "oauth2: cannot fetch token: " + std::to_string(reply.status));
    const Expected<Value> body = object::parseJson(reply.body);
    const std::string token(body ? (*body)["access_token"].stringOr() : std::string_view());
    if (token.empty())
        return failure(ErrorCode::Unavailable, "oauth2: server response missing access_token");
    return token;
}

std::string queryEscaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
                             || c == '.' || c == '~';
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
