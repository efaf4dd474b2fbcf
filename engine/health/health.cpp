// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/health.h"

#include "crd/names.h"
#include "health/checks.h"
#include "health/kind_table.h"
#include "object/view.h"

#include <algorithm>
#include <iterator>

namespace tiphys::health {

namespace {

constexpr TypedCheck kChecks[] = {
    {"", "Pod", podHealth,
     "A container that cannot start (with restart policy Always) is **Degraded**; then by phase: `Pending` "
     "**Progressing**, "
     "`Succeeded` **Healthy**, `Failed` **Degraded**; `Running` with policy Always by `Ready`: **Healthy**, "
     "**Degraded** "
     "after a crash, else **Progressing**; `Running` with another policy **Progressing**; else **Unknown**."},
    {"", "Service", serviceHealth, "A LoadBalancer without address is **Progressing**, else **Healthy**."},
    {"", "PersistentVolumeClaim", persistentVolumeClaimHealth,
     "Phase `Bound` is **Healthy**, `Pending` **Progressing**, `Lost` **Degraded**, else **Unknown**."},
    {"apps", "Deployment", deploymentHealth,
     "Paused is **Suspended**; a generation not observed **Progressing**; past its progress deadline **Degraded**; "
     "replicas "
     "not updated, not gone or not available **Progressing**; else **Healthy**."},
    {"apps", "StatefulSet", statefulSetHealth,
     "A generation not observed, replicas not ready, or not yet updated is **Progressing**; else **Healthy**."},
    {"apps", "ReplicaSet", replicaSetHealth,
     "A generation not observed is **Progressing**; `ReplicaFailure=True` **Degraded**; replicas not available "
     "**Progressing**; else **Healthy**."},
    {"apps", "DaemonSet", daemonSetHealth,
     "A generation not observed, pods not updated or not available are **Progressing**; else **Healthy**."},
    {"batch", "Job", jobHealth,
     "`Failed` is **Degraded**, `Complete` **Healthy**, `Suspended=True` **Suspended**; else **Progressing**."},
    {"extensions", "Ingress", ingressHealth, "With an address **Healthy**, else **Progressing**."},
    {"networking.k8s.io", "Ingress", ingressHealth, "With an address **Healthy**, else **Progressing**."},
    {"autoscaling", "HorizontalPodAutoscaler", autoscalerHealth,
     "A failure to get the scale or the metrics is **Degraded**; `AbleToScale` or `ScalingLimited` True **Healthy**; "
     "else "
     "**Progressing**."},
    {"apiregistration.k8s.io", "APIService", apiServiceHealth,
     "`Available=True` is **Healthy**, else **Progressing**."},
    {"argoproj.io", "Workflow", workflowHealth,
     "Phase `Succeeded` is **Healthy**, `Failed` and `Error` **Degraded**, `Pending`, `Running` or none "
     "**Progressing**, "
     "else **Unknown**."}};

const TypedCheck *typedCheckOf(std::string_view group, std::string_view kind)
{
    const auto found = std::ranges::find_if(
        kChecks, [&](const TypedCheck &check) { return check.kind == kind && check.group == group; });
    return found == std::end(kChecks) ? nullptr : &*found;
}

std::string_view groupIn(std::string_view apiVersion)
{
    const std::size_t slash = apiVersion.find('/');
    return slash == std::string_view::npos ? std::string_view() : apiVersion.substr(0, slash);
}

bool isBeingDeleted(const object::Object &object)
{
    return !object::View(object.value())["metadata"]["deletionTimestamp"].isNull();
}

Health failed(const Error &error)
{
    return {HealthCode::Unknown, error.text(), true, false};
}

} // namespace

std::span<const TypedCheck> typedChecks()
{
    return kChecks;
}

bool isWorse(HealthCode current, HealthCode candidate)
{
    const auto rank = [](HealthCode code) { return code == HealthCode::None ? HealthCode::Healthy : code; };
    return rank(candidate) > rank(current);
}

bool hasBuiltinCheck(std::string_view group, std::string_view kind)
{
    return typedCheckOf(group, kind) || kinds::ruleOf(group, kind);
}

std::optional<Health> builtinHealth(const object::Object &object)
{
    const object::View root(object.value());
    const std::string_view group = groupIn(root["apiVersion"].stringOr());
    const std::string_view kind = root["kind"].stringOr();
    // The kinds of Kubernetes first: most objects are of these, and no rule is for one of them.
    if (const TypedCheck *typed = typedCheckOf(group, kind)) {
        Expected<Health> health = typed->check(object);
        return health ? std::move(*health) : failed(health.error());
    }
    if (const kinds::KindRule *rule = kinds::ruleOf(group, kind))
        return kinds::verdictOf(*rule, object.value());
    return std::nullopt;
}

std::optional<Health> healthOf(const object::Object &object, const ScriptHealth *scripts)
{
    if (isBeingDeleted(object) && !object.hasFinalizer(crd::kHookFinalizer))
        return Health{HealthCode::Progressing, "Pending deletion", false, false};
    if (scripts) {
        const std::optional<Expected<Health>> answer = scripts->healthOf(object);
        if (answer)
            return *answer ? **answer : failed(answer->error());
    }
    return builtinHealth(object);
}

} // namespace tiphys::health
