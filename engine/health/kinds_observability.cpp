// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

Health grafanaInstance(const Field &object)
{
    const Field status = object["status"];
    const Field word = status.exists() ? status["stageStatus"] : status;
    if (word.isNil())
        return progressing("Waiting for Grafana status info");
    const Field stage = status["stage"];
    if (word == "failed")
        return degraded(concat(object.evaluation(), {"Failed at stage ", stage}));
    if (stage == "complete" && word == "success")
        return healthy("");
    return progressing(stage);
}

Health grafanaContent(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    HealthCode code = HealthCode::Progressing;
    std::string message;
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("");
    for (const auto &[key, condition] : conditions.items()) {
        const Field status = condition["status"];
        if (status.isNil())
            continue;
        if (!message.empty())
            message += ", ";
        const Field reason = condition["reason"];
        const Field type = condition["type"];
        if (reason.exists()) {
            message = concat(evaluation, {message, reason});
            if (type.exists()) {
                message = concat(evaluation, {message, " for ", type});
                if (condition["message"].exists())
                    message = concat(evaluation, {message, " because ", condition["message"]});
            }
        }
        if (status == "False")
            return degraded(message);
        if (status == "True")
            code = HealthCode::Healthy;
    }
    return verdict(code, message);
}

Health grafanaDatasource(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil() || status["uid"] == "")
        return progressing("");
    return status["NoMatchingInstances"].isTruthy() ? degraded("can't find matching grafana instance") : healthy("");
}

Health victoriaMetrics(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for the operator to reconcile");
    const Field metadata = object["metadata"];
    const Field observed = status["observedGeneration"];
    if (metadata.exists() && metadata["generation"].exists() && observed.exists()
        && !(observed == metadata["generation"]))
        return progressing("Waiting for the operator to reconcile");
    const Field word = status["updateStatus"];
    const Field reason = status["reason"];
    const auto reasonOr = [&](std::string_view text) {
        return reason.isTruthy() && !(reason == "") ? Term(reason) : Term(text);
    };
    if (word == "operational")
        return healthy("All components are operational");
    if (word == "expanding")
        return progressing(reasonOr("Reconciliation in progress"));
    if (word == "paused")
        return suspended(reasonOr("Reconciliation is paused"));
    if (word == "failed")
        return degraded(reasonOr("Reconciliation failed"));
    return progressing("Waiting for the operator to report status");
}

Health prometheusInstance(const Field &object)
{
    Health health = progressing("Waiting for initialization");
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return health;
    for (const auto &[key, condition] : conditions.items()) {
        if (!(condition["type"] == "Available"))
            continue;
        if (condition["status"] == "True") {
            health = healthy("All instances are available");
            continue;
        }
        const HealthCode code =
            condition["reason"] == "SomePodsNotReady" ? HealthCode::Progressing : HealthCode::Degraded;
        const Field message = condition["message"];
        health = verdict(code, message.orElse(condition["reason"]));
    }
    return health;
}

Health datadogMetric(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (!(condition["type"] == "Error") || !(condition["status"] == "True"))
                continue;
            const Term reason = condition["reason"].orElse("");
            const Term message = condition["message"].orElse("DatadogMetric reported an error");
            if (reason.kind() == Kind::Text && reason.text().empty())
                return degraded(message);
            return degraded(concat(object.evaluation(), {reason, ": ", message}));
        }
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Valid" && condition["status"] == "False")
                return degraded(condition["message"].orElse("DatadogMetric is not valid"));
        }
    }
    return healthy("DatadogMetric is healthy");
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// "3/5" anywhere in \p text: what is ready and what there should be.
std::optional<std::pair<std::string_view, std::string_view>> replicaFraction(std::string_view text)
{
    for (std::size_t at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1)) {
        std::size_t first = at;
        while (first > 0 && isDigit(text[first - 1]))
            --first;
        std::size_t last = at + 1;
        while (last < text.size() && isDigit(text[last]))
            ++last;
        if (first < at && last > at + 1)
            return std::pair(text.substr(first, at - first), text.substr(at + 1, last - at - 1));
    }
    return std::nullopt;
}

Health openTelemetryCollector(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for OpenTelemetry Collector status");
    const Field scale = status["scale"];
    if (scale.isNil() || scale["statusReplicas"].isNil()) {
        if (object["spec"]["mode"] == "sidecar")
            return healthy("Collector is running in sidecar mode");
        return progressing("Scale status not available");
    }
    const std::string text = textArgument(object.evaluation(), scale["statusReplicas"], "match");
    const auto fraction = replicaFraction(text);
    if (!fraction)
        return progressing("Unable to parse replica status: " + text);
    const std::optional<double> ready = toNumber(fraction->first);
    const std::optional<double> total = toNumber(fraction->second);
    if (ready == 0.0) {
        const Field spec = object["spec"];
        if (spec.exists() && spec["mode"] == "daemonset" && total == 0.0)
            return healthy("DaemonSet has no eligible nodes (0/0)");
        return degraded("No replicas are ready");
    }
    return ready == total ? healthy("All replicas are ready") : progressing("Replicas are starting up");
}

constexpr Clause kOrganisation[] = {{"Ready", "False", "", HealthCode::Degraded},
                                    {"Ready", "True", "", HealthCode::Healthy},
                                    {"Ready", "", "", HealthCode::Progressing}};
constexpr Clause kKiali[] = {{"Successful", "True", "", HealthCode::Healthy},
                             {"Failure", "True", "", HealthCode::Degraded},
                             {"Running", "", "Running", HealthCode::Progressing}};
constexpr Clause kRemote[] = {{"RemoteSynced", "True", "", HealthCode::Healthy, MessageOf::Text, "Resource is ready"},
                              {"RemoteSynced", "False", "", HealthCode::Degraded}};
constexpr State kJaeger[] = {{"Running", HealthCode::Healthy, "Jaeger is Running"},
                             {"Failed", HealthCode::Degraded, "Jaeger Failed For Some Reason"}};

constexpr std::string_view kContentWords =
    "The first condition False is **Degraded**; else one True is **Healthy**, none **Progressing**; the message lists "
    "reason, type and message of all that were looked at.";

constexpr KindRule kRules[] = {
    {"grafana.integreatly.org", "Grafana",
     OwnRule{grafanaInstance,
             "`status.stageStatus` `failed` is **Degraded** (naming the stage); `success` at stage `complete` is "
             "**Healthy**; else **Progressing** (the stage)."}},
    {"grafana.integreatly.org", "GrafanaDashboard", OwnRule{grafanaContent, kContentWords}},
    {"grafana.integreatly.org", "GrafanaFolder", OwnRule{grafanaContent, kContentWords}},
    {"grafana.integreatly.org", "GrafanaDatasource",
     OwnRule{grafanaDatasource,
             "`status.uid` empty is **Progressing**; `status.NoMatchingInstances` is **Degraded**; else **Healthy**."}},
    {"grafana-org-operator.kubitus-project.gitlab.io", "*", ConditionRule{kOrganisation, "Waiting ..."}},
    {"operator.victoriametrics.com", "*",
     OwnRule{victoriaMetrics,
             "A stale `observedGeneration` is **Progressing**; `status.updateStatus`: `operational` is **Healthy**, "
             "`expanding` **Progressing**, `paused` **Suspended**, `failed` **Degraded** (`status.reason`); else "
             "**Progressing**."}},
    {"monitoring.coreos.com", "Prometheus",
     OwnRule{prometheusInstance,
             "The last `Available`: True is **Healthy**, reason `SomePodsNotReady` **Progressing**, else **Degraded** "
             "(its message or reason)."}},
    {"datadoghq.com", "DatadogMetric",
     OwnRule{
         datadogMetric,
         "`Error=True` is **Degraded** (reason and message); then `Valid=False` is **Degraded**; else **Healthy**."}},
    {"opentelemetry.io", "OpenTelemetryCollector",
     OwnRule{
         openTelemetryCollector,
         "`status.scale.statusReplicas` \"ready/wanted\": 0 ready is **Degraded** (a daemonset with 0/0 **Healthy**), "
         "all ready **Healthy**, else **Progressing**; without it mode `sidecar` is **Healthy**."}},
    {"jaegertracing.io", "Jaeger", StateRule{"phase", kJaeger, "Waiting for Jaeger"}},
    {"kiali.io", "Kiali", ConditionRule{kKiali, "Waiting for Kiali", HealthCode::Progressing, "message"}},
    {"coralogix.com", "Alert", ConditionRule{kRemote, "Waiting for status to be updated"}},
    {"coralogix.com", "RecordingRuleGroupSet", ConditionRule{kRemote, "Waiting for status to be updated"}},
};

} // namespace

std::span<const KindRule> observabilityRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
