// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

Health deploymentConfig(const Field &object)
{
    constexpr std::string_view kWaiting = "replication controller is waiting for pods to run";
    const Field status = object["status"];
    if (status.isNil() || status["conditions"].isNil() || status["replicas"].isNil())
        return progressing(kWaiting);
    int trueOnes = 0;
    for (const auto &[key, condition] : status["conditions"].each()) {
        const Field type = condition["type"];
        const bool counts = type == "Available"
                            || (type == "Progressing" && condition["reason"] == "NewReplicationControllerAvailable");
        trueOnes += counts && condition["status"] == "True" ? 1 : 0;
    }
    if (trueOnes == 2 || status["replicas"] == 0)
        return healthy("replication controller successfully rolled out");
    return trueOnes == 1 ? progressing(kWaiting) : degraded("Deployment config is degraded");
}

constexpr Clause kIngressController[] = {
    {"Degraded", "True", "", HealthCode::Degraded},
    {"DeploymentReplicasAllAvailable", "False", "", HealthCode::Progressing},
    {"Progressing", "True", "", HealthCode::Progressing, MessageOf::Reason},
    {"Available", "True", "", HealthCode::Healthy, MessageOf::Text, "IngressController is available"}};

/// Whether an install plan waits for a person, which is nobody's fault.
bool waitsForApproval(const Field &object, const Field &conditions)
{
    const Field spec = object["spec"];
    if (spec.isNil() || !(spec["installPlanApproval"] == "Manual"))
        return false;
    for (const auto &[key, condition] : conditions.each()) {
        if (condition["type"] == "InstallPlanPending" && condition["status"] == "True"
            && condition["reason"] == "RequiresApproval")
            return object["status"]["installedCSV"].exists();
    }
    return false;
}

Health olmSubscription(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("An install plan for a subscription is pending installation");
    const bool isWaiting = waitsForApproval(object, conditions);
    int failing = 0;
    int pending = 0;
    std::string message;
    for (const auto &[key, condition] : conditions.each()) {
        const Field type = condition["type"];
        const Field value = condition["status"];
        if (isWaiting && type == "InstallPlanPending")
            continue;
        message = concat(evaluation, {message, key, ": ", type, " | ", value, "\n"});
        const bool isTrue = value == "True";
        if (type == "InstallPlanPending" && isTrue)
            ++pending;
        else if (type == "InstallPlanMissing" && !(condition["reason"] == "ReferencedInstallPlanNotFound"))
            ++failing;
        else if (isTrue
                 && (type == "CatalogSourcesUnhealthy" || type == "InstallPlanFailed" || type == "ResolutionFailed"))
            ++failing;
    }
    const Field state = object["status"]["state"];
    if (state.isNil()) {
        ++pending;
        message += ".status.state not yet known\n";
    } else if (state == "UpgradePending" && isWaiting) {
        message += ".status.state is 'UpgradePending' (manual InstallPlan approval pending; treated as healthy)\n";
    } else {
        pending += state == "" || state == "UpgradeAvailable" || state == "UpgradePending" ? 1 : 0;
        failing += state == "UpgradeFailed" ? 1 : 0;
        message = concat(evaluation, {message, ".status.state is '", state, "'\n"});
    }
    if (failing > 0)
        return degraded(message);
    return pending > 0 ? progressing(message) : healthy(message);
}

Health openshiftRoute(const Field &object)
{
    constexpr std::string_view kWaiting = "Route is still getting admitted";
    const Field status = object["status"];
    if (status.isNil() || status["ingress"].isNil())
        return progressing(kWaiting);
    int rules = 0;
    int trueOnes = 0;
    int falseOnes = 0;
    for (const auto &[key, rule] : status["ingress"].each()) {
        ++rules;
        for (const auto &[place, condition] : rule["conditions"].each()) {
            if (!(condition["type"] == "Admitted"))
                continue;
            trueOnes += condition["status"] == "True" ? 1 : 0;
            falseOnes += condition["status"] == "False" ? 1 : 0;
        }
    }
    if (trueOnes == rules)
        return healthy("Route is healthy");
    return falseOnes > 0 ? degraded("Route is degraded") : progressing(kWaiting);
}

Health storageCluster(const Field &object)
{
    std::optional<Health> bad;
    std::optional<Health> busy;
    std::optional<Health> good;
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.each()) {
            const Field type = condition["type"];
            if (!(condition["status"] == "True"))
                continue;
            if (type == "Degraded")
                bad = degraded(condition["message"]);
            else if (type == "Progressing")
                busy = progressing(condition["message"]);
            else if (type == "Available")
                good = healthy(condition["message"]);
        }
    }
    if (bad)
        return *bad;
    if (busy)
        return *busy;
    return good ? *good : unknown("StorageCluster is in an unknown state.");
}

constexpr KindRule kRules[] = {
    {"apps.openshift.io", "DeploymentConfig",
     OwnRule{
         deploymentConfig,
         "`Available=True` and `Progressing=True` with reason `NewReplicationControllerAvailable`, or 0 replicas, is "
         "**Healthy**; one of both **Progressing**; none **Degraded**; no conditions **Progressing**."}},
    {"operator.openshift.io", "IngressController",
     ConditionRule{kIngressController, "Status of IngressController is not known yet", HealthCode::Progressing, "type",
                   Walk::Each}},
    {"operators.coreos.com", "Subscription",
     OwnRule{olmSubscription,
             "`InstallPlanMissing` (unless it is only not found yet), `CatalogSourcesUnhealthy`, `InstallPlanFailed`, "
             "`ResolutionFailed` True or state `UpgradeFailed` is **Degraded**; `InstallPlanPending=True` or no, an "
             "available or a pending upgrade state **Progressing**; else **Healthy**. A plan that waits for manual "
             "approval while something is installed is not pending."}},
    {"route.openshift.io", "Route",
     OwnRule{openshiftRoute,
             "`Admitted=True` in every ingress is **Healthy**; any False **Degraded**; else **Progressing**."}},
    {"ocs.openshift.io", "StorageCluster",
     OwnRule{storageCluster,
             "`Degraded=True` is **Degraded**, else `Progressing=True` **Progressing**, else `Available=True` "
             "**Healthy** (message of the last one), else **Unknown**."}},
};

} // namespace

std::span<const KindRule> openshiftRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
