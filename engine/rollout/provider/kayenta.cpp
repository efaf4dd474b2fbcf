// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/duration.h"
#include "object/json.h"
#include "rollout/provider/provider.h"

/// Source: argo-rollouts metricproviders/kayenta/kayenta.go@v1.9.1
namespace tiphys::rollout::provider {

using object::Value;

namespace {

constexpr std::chrono::seconds kTimeout{15};
constexpr std::int64_t kPauseSeconds = 15;

std::string textOf(const Value &config, std::string_view key)
{
    return std::string(config[key].stringOr());
}

Value scopeOf(const Value &scope, const std::string &start, const std::string &end)
{
    const std::string own(scope["start"].stringOr()), ownEnd(scope["end"].stringOr());
    return Value::map({{"scope", scope["scope"].stringOr()},
                       {"location", scope["region"].stringOr()},
                       {"step", Value(scope["step"].intOr(0))},
                       {"start", own.empty() ? start : own},
                       {"end", ownEnd.empty() ? end : ownEnd}});
}

Expected<Value> scopesOf(const Course &course, const Value &config)
{
    // That of the measurement, however long the server took to name the configuration.
    const Moment begin =
        course.request.measurement.startedAt ? Moment::of(*course.request.measurement.startedAt) : course.now;
    std::vector<std::pair<std::string, Value>> result;
    const Value scopes = config["scopes"];
    for (const Value &scope : scopes.items()) {
        const Value control = scope["controlScope"], experiment = scope["experimentScope"];
        for (const char *end : {"start", "end"}) {
            if (control[end].stringOr().empty() != experiment[end].stringOr().empty())
                return failure(ErrorCode::InvalidInput, std::string("controlScope.") + end + " and experimentScope."
                                                            + end + " must both be set or be empty");
        }
        std::string start;
        if (control["start"].stringOr().empty()) {
            if (config["lookback"].boolOr(false)) {
                start = course.runStartedAt ? course.runStartedAt->text() : begin.text();
            } else {
                const std::string &interval = course.request.metric.interval;
                const Expected<crd::Duration> duration = crd::goDurationOf(interval);
                if (!duration)
                    return failure(ErrorCode::InvalidInput,
                                   "Invalid duration \"" + interval + "\": " + duration.error().message());
                start = begin.plusMilliseconds(-duration->nanoseconds / 1'000'000).text();
            }
        }
        const std::string end = begin.text();
        result.emplace_back(textOf(scope, "name"), Value::map({{"controlScope", scopeOf(control, start, end)},
                                                               {"experimentScope", scopeOf(experiment, start, end)}}));
    }
    return Value::map(result);
}

Step started(const Course &course, const HttpReply &reply)
{
    if (!reply.error.empty() || reply.status != 200)
        return erroneous(course, reply.error.empty() ? "Invalid Response" : reply.error);
    const Expected<Value> answer = object::parseJson(reply.body);
    if (!answer)
        return erroneous(course, answer.error().message());
    const std::string id((*answer)["canaryExecutionId"].stringOr());
    if (id.empty())
        return erroneous(course, "Invalid canaryExecutionId");
    Measurement measurement = course.request.measurement;
    if (!measurement.startedAt)
        measurement.startedAt = course.now.timestamp();
    measurement.metadata = {{"canaryExecutionId", id}};
    measurement.phase = AnalysisPhase::Running;
    measurement.resumeAt = course.now.plusSeconds(kPauseSeconds).timestamp();
    return measurement;
}

Step judged(const Course &course, const Value &config, const HttpReply &reply)
{
    if (!reply.error.empty() || reply.status != 200)
        return erroneous(course, reply.error.empty() ? "Invalid Response" : reply.error);
    const Expected<Value> answer = object::parseJson(reply.body);
    if (!answer)
        return erroneous(course, answer.error().message());
    const auto isComplete = (*answer)["complete"].asBool();
    if (!isComplete)
        return erroneous(course, "Missing Complete Status");
    Measurement measurement = course.request.measurement;
    if (!*isComplete) {
        measurement.resumeAt = course.now.plusSeconds(kPauseSeconds).timestamp();
        measurement.phase = AnalysisPhase::Running;
        return measurement;
    }
    const auto result = answer->path({"result", "judgeResult", "score", "score"}).asNumber();
    if (!result || !(*result > -1e9 && *result < 1e9))
        return erroneous(course, "Missing Score");
    const std::int64_t score = static_cast<std::int64_t>(*result);
    measurement.value = std::to_string(score);
    measurement.phase = score >= config.path({"threshold", "pass"}).intOr(0)       ? AnalysisPhase::Successful
                        : score >= config.path({"threshold", "marginal"}).intOr(0) ? AnalysisPhase::Inconclusive
                                                                                   : AnalysisPhase::Failed;
    measurement.finishedAt = course.now.timestamp();
    return measurement;
}

Expected<std::string> configIdOf(const Value &config, const HttpReply &reply)
{
    if (!reply.error.empty())
        return failure(ErrorCode::Unavailable, reply.error);
    if (reply.status != 200)
        return failure(ErrorCode::Unavailable, "Invalid Response: HTTP " + std::to_string(reply.status));
    const Expected<Value> answer = object::parseJson(reply.body);
    if (!answer)
        return std::unexpected(answer.error());
    for (const Value &known : answer->items()) {
        if (known["name"].stringOr() == config["canaryConfigName"].stringOr())
            return textOf(known, "id");
    }
    return failure(ErrorCode::NotFound, "Canary config not found");
}

} // namespace

Step kayentaStep(const Course &course)
{
    const Value config = course.request.metric.provider["kayenta"];
    const std::string address = textOf(config, "address");
    if (course.request.task == MeasurementTask::Resume) {
        if (!course.replies.empty())
            return judged(course, config, course.replies[0]);
        const auto id = course.request.measurement.metadata.find("canaryExecutionId");
        return HttpCall{.url =
                            address + "/canary/" + (id == course.request.measurement.metadata.end() ? "" : id->second),
                        .timeout = kTimeout};
    }
    const std::string application = textOf(config, "application"), storage = textOf(config, "storageAccountName");
    if (course.replies.empty())
        return HttpCall{.url = address + "/canaryConfig?application=" + application
                               + "&configurationAccountName=" + storage,
                        .timeout = kTimeout};
    const Expected<std::string> id = configIdOf(config, course.replies[0]);
    if (!id)
        return erroneous(course, id.error().message());
    if (course.replies.size() > 1)
        return started(course, course.replies[1]);
    const Expected<Value> scopes = scopesOf(course, config);
    if (!scopes)
        return erroneous(course, scopes.error().message());
    const Value thresholds = Value::map({{"pass", Value(config.path({"threshold", "pass"}).intOr(0))},
                                         {"marginal", Value(config.path({"threshold", "marginal"}).intOr(0))}});
    return HttpCall{.method = "POST",
                    .url = address + "/canary/" + *id + "?application=" + application + "&metricsAccountName="
                           + textOf(config, "metricsAccountName") + "&configurationAccountName="
                           + textOf(config, "configurationAccountName") + "&storageAccountName=" + storage,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = object::toJson(Value::map({{"scopes", *scopes}, {"thresholds", thresholds}}),
                                           {.order = object::KeyOrder::Kept, .escapesHtml = true}),
                    .timeout = kTimeout};
}

} // namespace tiphys::rollout::provider
