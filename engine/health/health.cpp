// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/health.h"

#include "crd/names.h"
#include "health/checks.h"
#include "health/kind_table.h"

#include <algorithm>
#include <array>

namespace tiphys::health {

namespace {

using Check = Expected<Health> (*)(const object::Object &);

struct CheckOfKind
{
    std::string_view group;
    std::string_view kind;
    Check check;
};

constexpr std::array<CheckOfKind, 13> kChecks{{{"", "Pod", podHealth},
                                               {"", "Service", serviceHealth},
                                               {"", "PersistentVolumeClaim", persistentVolumeClaimHealth},
                                               {"apps", "Deployment", deploymentHealth},
                                               {"apps", "StatefulSet", statefulSetHealth},
                                               {"apps", "ReplicaSet", replicaSetHealth},
                                               {"apps", "DaemonSet", daemonSetHealth},
                                               {"batch", "Job", jobHealth},
                                               {"extensions", "Ingress", ingressHealth},
                                               {"networking.k8s.io", "Ingress", ingressHealth},
                                               {"autoscaling", "HorizontalPodAutoscaler", autoscalerHealth},
                                               {"apiregistration.k8s.io", "APIService", apiServiceHealth},
                                               {"argoproj.io", "Workflow", workflowHealth}}};

Health failed(const Error &error)
{
    return {HealthCode::Unknown, error.text(), true, false};
}

} // namespace

bool isWorse(HealthCode current, HealthCode candidate)
{
    const auto rank = [](HealthCode code) {
        return code == HealthCode::None ? HealthCode::Healthy : code;
    };
    return rank(candidate) > rank(current);
}

std::optional<Health> builtinHealth(const object::Object &object)
{
    if (const kinds::KindRule *rule = kinds::ruleOf(object.group(), object.kind()))
        return kinds::verdictOf(*rule, object.value());
    const auto found = std::ranges::find_if(kChecks, [&](const CheckOfKind &check) {
        return check.group == object.group() && check.kind == object.kind();
    });
    if (found == kChecks.end())
        return std::nullopt;
    const Expected<Health> health = found->check(object);
    return health ? *health : failed(health.error());
}

std::optional<Health> healthOf(const object::Object &object, const ScriptHealth *scripts)
{
    if (object.isBeingDeleted() && !object.hasFinalizer(crd::kHookFinalizer))
        return Health{HealthCode::Progressing, "Pending deletion", false, false};
    if (scripts) {
        const std::optional<Expected<Health>> answer = scripts->healthOf(object);
        if (answer)
            return *answer ? **answer : failed(answer->error());
    }
    return builtinHealth(object);
}

} // namespace tiphys::health
