// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include <algorithm>

namespace tiphys::health::kinds {

namespace {

/// The messages of Ceph's health details in the order of their names: " (a; b)".
std::string cephDetails(const Field &details)
{
    Evaluation &evaluation = details.evaluation();
    std::vector<std::pair<std::string, Term>> named;
    for (const auto &[key, detail] : details.each()) {
        const Field message = detail["message"];
        if (message.exists())
            named.emplace_back(std::string(key.text()), Term(message));
    }
    std::ranges::stable_sort(named, {}, [](const auto &one) { return one.first; });
    std::vector<Term> messages;
    for (const auto &[name, message] : named)
        messages.push_back(message);
    return messages.empty() ? std::string() : " (" + join(evaluation, messages, "; ") + ")";
}

Health cephCluster(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for status to be reported");
    HealthCode code = HealthCode::Progressing;
    std::string message;
    const Field ceph = status["ceph"];
    if (ceph.exists() && ceph["health"].exists()) {
        const Field word = ceph["health"];
        const std::string details = ceph["details"].exists() ? cephDetails(ceph["details"]) : std::string();
        if (word == "HEALTH_ERR" || word == "HEALTH_WARN")
            code = HealthCode::Degraded;
        else if (word == "HEALTH_OK")
            code = HealthCode::Healthy;
        message = concat(evaluation, {"Ceph health is ", word, details});
    }
    const Field state = status["state"];
    if (state.exists() && code == HealthCode::Healthy) {
        message = concat(evaluation, {message, " - ", "Ceph cluster state is ", state});
        if (state == "Error")
            code = HealthCode::Degraded;
        else if (!(state == "Created") && !(state == "Connected"))
            code = HealthCode::Progressing;
    }
    const Field more = status["message"];
    if (more.isNil() || more == "")
        return verdict(code, message);
    return message.empty() ? verdict(code, more) : verdict(code, concat(evaluation, {message, " - ", more}));
}

Health cephObjectStore(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    std::string message = "Waiting for status to be reported";
    const Field status = object["status"];
    if (status.isNil())
        return progressing(message);
    HealthCode code = HealthCode::Progressing;
    const Field phase = status["phase"];
    if (phase.exists()) {
        message = concat(evaluation, {"Ceph object store phase is ", phase});
        if (phase == "Ready")
            code = HealthCode::Healthy;
        else if (phase == "Failure")
            code = HealthCode::Degraded;
    }
    if (status["info"].exists()) {
        const Field endpoint = status["info"]["endpoint"];
        if (endpoint.exists() && !(endpoint == ""))
            message = concat(evaluation, {message, " - endpoint: ", endpoint});
    }
    return verdict(code, message);
}

Health bucketClaim(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for status to be reported");
    const Field phase = status["phase"];
    if (phase.isNil())
        return progressing("Waiting for phase to be reported");
    const std::string message = concat(object.evaluation(), {"Object bucket claim phase is ", phase});
    if (phase == "Bound")
        return healthy(message);
    return phase == "Failed" ? degraded(message) : progressing(message);
}

constexpr std::string_view kNoAstraStatus = "No status available";

Health astraVault(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const Field state = status["state"];
        if (state == "available" || state == "Available")
            return healthy(concat(object.evaluation(), {object["kind"], " Available"}));
        if (state == "failed" || state == "Failed")
            return degraded(concat(object.evaluation(), {object["kind"], " Failed"}));
    }
    return progressing(kNoAstraStatus);
}

Health astraApplication(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (!(condition["type"] == "Ready"))
                continue;
            if (condition["status"] == "True")
                return healthy(concat(
                    evaluation, {"Astra Application Ready, protectionState: ", object["status"]["protectionState"]}));
            if (condition["status"] == "False")
                return degraded(concat(evaluation, {"Astra Application Degraded, message: ", condition["message"]}));
        }
    }
    return progressing(kNoAstraStatus);
}

Health astraOperation(const Field &object)
{
    const Field status = object["status"];
    const Field state = status.exists() ? status["state"] : status;
    if (state.isNil())
        return progressing(kNoAstraStatus);
    if (state == "Completed")
        return healthy(concat(object.evaluation(), {object["kind"], " Completed"}));
    if (state == "Running")
        return progressing(concat(object.evaluation(), {object["kind"], " Running"}));
    return degraded(state);
}

Health astraHook(const Field &object)
{
    const Field spec = object["spec"];
    if (spec.exists()) {
        const Field enabled = spec["enabled"];
        if (enabled.is(true))
            return healthy(concat(object.evaluation(), {object["kind"], " enabled"}));
        if (enabled.is(false))
            return suspended(concat(object.evaluation(), {object["kind"], " disabled"}));
    }
    return progressing(kNoAstraStatus);
}

Health astraSchedule(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil() || status["lastScheduleTime"].isNil())
        return healthy("Protection policy not yet executed");
    return healthy(concat(object.evaluation(), {"Protection policy lastScheduleTime: ", status["lastScheduleTime"]}));
}

Health tridentBackend(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const Field phase = status["phase"];
        const Field last = status["lastOperationStatus"];
        if (phase == "Bound" && last == "Success")
            return healthy(status["message"]);
        if (last == "Failed")
            return degraded(status["message"]);
    }
    return progressing("Waiting for backend creation");
}

Health tridentOrchestrator(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const Field word = status["status"];
        if (word == "Installed")
            return healthy(status["message"]);
        if (word == "Failed" || word == "Error")
            return degraded(status["message"]);
    }
    return progressing("Waiting for trident installation");
}

constexpr std::string_view kOperationWords =
    "`status.state`: `Completed` is **Healthy**, `Running` or none **Progressing**, another word **Degraded** (it).";

constexpr KindRule kRules[] = {
    {"ceph.rook.io", "CephCluster",
     OwnRule{
         cephCluster,
         "`status.ceph.health`: `HEALTH_WARN` and `HEALTH_ERR` are **Degraded** (with details); `HEALTH_OK` by state: "
         "`Created`, `Connected` or none **Healthy**, `Error` **Degraded**, else **Progressing**; else "
         "**Progressing**."}},
    {"ceph.rook.io", "CephObjectStore",
     OwnRule{cephObjectStore,
             "Phase `Ready` is **Healthy**, `Failure` **Degraded**, else **Progressing** (phase and endpoint)."}},
    {"objectbucket.io", "ObjectBucketClaim",
     OwnRule{bucketClaim, "Phase `Bound` is **Healthy**, `Failed` **Degraded**, else **Progressing**."}},
    {"astra.netapp.io", "AppVault",
     OwnRule{astraVault, "`status.state` available is **Healthy**, failed **Degraded** (either with a capital), else "
                         "**Progressing**."}},
    {"astra.netapp.io", "Application",
     OwnRule{astraApplication, "`Ready=True` is **Healthy**, `Ready=False` **Degraded**, else **Progressing**."}},
    {"astra.netapp.io", "Backup", OwnRule{astraOperation, kOperationWords}},
    {"astra.netapp.io", "ExecHooksRun", OwnRule{astraOperation, kOperationWords}},
    {"astra.netapp.io", "ResourceBackup", OwnRule{astraOperation, kOperationWords}},
    {"astra.netapp.io", "ResticVolumeBackup", OwnRule{astraOperation, kOperationWords}},
    {"astra.netapp.io", "Snapshot", OwnRule{astraOperation, kOperationWords}},
    {"astra.netapp.io", "ExecHook",
     OwnRule{astraHook, "`spec.enabled` true is **Healthy**, false **Suspended**, none **Progressing**."}},
    {"astra.netapp.io", "Schedule", OwnRule{astraSchedule, "Always **Healthy** (when it last ran)."}},
    {"trident.netapp.io", "TridentBackendConfig",
     OwnRule{tridentBackend,
             "Phase `Bound` and last operation `Success` is **Healthy**, last operation `Failed` **Degraded** "
             "(`status.message`), else **Progressing**."}},
    {"trident.netapp.io", "TridentOrchestrator",
     OwnRule{tridentOrchestrator,
             "`status.status`: `Installed` is **Healthy**, `Failed` and `Error` **Degraded** (`status.message`), else "
             "**Progressing**."}},
};

} // namespace

std::span<const KindRule> storageRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
