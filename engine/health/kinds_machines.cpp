// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

// Cluster API, Gardener, and virtual machines.
namespace tiphys::health::kinds {

namespace {

Health capiCluster(const Field &object)
{
    if (object["spec"]["paused"].isTruthy())
        return suspended("Cluster is paused");
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for clusters");
    const Field phase = status["phase"];
    const Field conditions = status["conditions"];
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Ready" && condition["status"] == "False")
                return degraded(condition["message"]);
        }
    }
    if (phase == "Provisioned")
        return healthy("Cluster is running");
    return phase == "Failed" ? degraded("") : progressing("Waiting for clusters");
}

Health capiMachine(const Field &object)
{
    const Field status = object["status"];
    const Field phase = status.exists() ? status["phase"] : status;
    if (phase == "Running")
        return healthy("Machine is running");
    const HealthCode code = phase == "Failed" ? HealthCode::Degraded : HealthCode::Progressing;
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Ready" && condition["status"] == "False")
                return verdict(code, condition["message"]);
        }
    }
    return verdict(code, "Condition is unknown");
}

Health capiMachineDeployment(const Field &object)
{
    if (object["spec"]["paused"].isTruthy())
        return suspended("MachineDeployment is paused");
    const Field status = object["status"];
    const Field phase = status.exists() ? status["phase"] : status;
    if (phase == "Running")
        return healthy("Machines are running under this deployment");
    if (phase == "ScalingUp")
        return progressing("Cluster is spawning machines");
    if (phase == "ScalingDown")
        return progressing("Cluster is stopping machines");
    return phase == "Failed" ? degraded("MachineDeployment is failed") : progressing("Waiting for machines");
}

Health capiHealthCheck(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil() || status["currentHealthy"].isNil())
        return progressing("");
    return status["expectedMachines"] == status["currentHealthy"] ? healthy("") : degraded("");
}

Health capiMachinePool(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    HealthCode code = HealthCode::Progressing;
    std::string message;
    const Field status = object["status"];
    if (status.isNil())
        return progressing("");
    const Field phase = status["phase"];
    if (phase.exists()) {
        message = concat(evaluation, {"MachinePool is ", phase});
        if (phase == "Running" || phase == "Scaling")
            code = HealthCode::Healthy;
        if (phase == "Failed" || phase == "Unknown")
            code = HealthCode::Degraded;
    }
    std::string problems;
    const Field conditions = status["conditions"];
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            const Field type = condition["type"];
            if (type.isNil() || !(condition["status"] == "False"))
                continue;
            problems = concat(evaluation, {problems, problems.empty() ? "" : ", ", "Not ", type});
            if (condition["reason"].exists())
                problems = concat(evaluation, {problems, " (", condition["reason"], ")"});
        }
    }
    if (!problems.empty())
        message += ": " + problems;
    return verdict(code, message);
}

Health awsControlPlane(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Provisioning...");
    bool hasFailed = false;
    std::string errors;
    for (const auto &[key, condition] : conditions.items()) {
        if (condition["type"] == "Ready" && condition["status"] == "True")
            return healthy("Control plane is ready");
        if (condition["status"] == "False" && condition["severity"] == "Error") {
            hasFailed = true;
            errors = concat(evaluation, {errors, condition["message"], " "});
        }
    }
    if (hasFailed)
        return degraded(errors);
    return progressing(object["status"]["ready"].is(false) ? "Control plane is not ready (.status.ready is false)"
                                                           : "Control plane is not ready");
}

Health gardenerShoot(const Field &object)
{
    const Field labels = object["metadata"]["labels"];
    if (labels.exists()) {
        const Field word = labels["shoot.gardener.cloud/status"];
        if (word == "healthy")
            return healthy("Component state: Healthy");
        if (word == "progressing")
            return progressing("Component state: Update in progress");
        if (word == "unhealthy")
            return degraded("Component state: Unhealthy");
        if (word == "unknown")
            return unknown("Component state: Unknown");
    }
    return progressing("Update in progress");
}

Health dataVolume(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("No status available");
    const Field phase = status["phase"];
    if (phase == "Succeeded")
        return healthy(phase);
    if (phase == "Paused")
        return suspended(phase);
    const Field conditions = status["conditions"];
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Running" && condition["status"] == "False" && condition["reason"] == "Error")
                return degraded(condition["message"]);
        }
    }
    if (phase.isNil())
        return progressing("No status available");
    return phase == "Failed" || phase == "Unknown" ? degraded(phase) : progressing(phase);
}

Health virtualMachine(const Field &object)
{
    const Field status = object["status"];
    HealthCode code = HealthCode::Progressing;
    Term message = "No status available";
    if (status.isNil())
        return progressing(message);
    const Field conditions = status["conditions"];
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            const Field type = condition["type"];
            if (type == "Paused" && condition["status"] == "True")
                return suspended("Paused");
            if (!(type == "Ready"))
                continue;
            if (condition["status"] == "True") {
                code = HealthCode::Healthy;
                message = "Running";
            } else if (status["created"].isTruthy()) {
                message = "Starting";
            } else {
                code = HealthCode::Suspended;
                message = "Stopped";
            }
        }
    }
    if (status["printableStatus"].exists())
        message = status["printableStatus"];
    return verdict(code, message);
}

Health virtualMachineInstance(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("No status available");
    const Field phase = status["phase"];
    if (phase == "Failed")
        return degraded(phase);
    if (phase == "Pending" || phase == "Scheduling" || phase == "Scheduled")
        return progressing(phase);
    if (phase == "Succeeded")
        return suspended(phase);
    if (phase == "Unknown")
        return unknown(phase);
    Health health = progressing(phase.exists() ? Term(phase) : Term("No status available"));
    const Field conditions = status["conditions"];
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Ready")
                health = condition["status"] == "True" ? healthy("Running") : degraded(condition["message"]);
            else if (condition["type"] == "Paused" && condition["status"] == "True")
                return suspended(condition["message"]);
        }
    }
    return health;
}

constexpr KindRule kRules[] = {
    {"cluster.x-k8s.io", "Cluster",
     OwnRule{capiCluster,
             "`spec.paused` is **Suspended**; `Ready=False` **Degraded** (its message); phase `Provisioned` "
             "**Healthy**, `Failed` **Degraded**, else **Progressing**."}},
    {"cluster.x-k8s.io", "Machine",
     OwnRule{
         capiMachine,
         "Phase `Running` is **Healthy**, `Failed` **Degraded**, else **Progressing** (message of `Ready=False`)."}},
    {"cluster.x-k8s.io", "MachineDeployment",
     OwnRule{capiMachineDeployment,
             "`spec.paused` is **Suspended**; phase `Running` **Healthy**, `Failed` **Degraded**, else "
             "**Progressing**."}},
    {"cluster.x-k8s.io", "MachineHealthCheck",
     OwnRule{capiHealthCheck,
             "`currentHealthy` as `expectedMachines` is **Healthy**, else **Degraded**; none **Progressing**."}},
    {"cluster.x-k8s.io", "MachinePool",
     OwnRule{
         capiMachinePool,
         "Phase `Running` and `Scaling` are **Healthy**, `Failed` and `Unknown` **Degraded**, else **Progressing**; "
         "the message lists the conditions that are False."}},
    {"controlplane.cluster.x-k8s.io", "AWSManagedControlPlane",
     OwnRule{awsControlPlane,
             "`Ready=True` is **Healthy**; a condition False of severity `Error` **Degraded** (all messages); else "
             "**Progressing**."}},
    {"core.gardener.cloud", "Shoot",
     OwnRule{
         gardenerShoot,
         "Label `shoot.gardener.cloud/status`: `healthy` is **Healthy**, `progressing` **Progressing**, `unhealthy` "
         "**Degraded**, `unknown` **Unknown**; else **Progressing**."}},
    {"cdi.kubevirt.io", "DataVolume",
     OwnRule{dataVolume,
             "Phase `Succeeded` is **Healthy**, `Paused` **Suspended**; `Running=False` with reason `Error` "
             "**Degraded**; phase `Failed` or `Unknown` **Degraded**; else **Progressing** (the phase)."}},
    {"kubevirt.io", "VirtualMachine",
     OwnRule{virtualMachine,
             "`Paused=True` is **Suspended**; `Ready=True` **Healthy**; not ready **Progressing** if created, else "
             "**Suspended** (`status.printableStatus`)."}},
    {"kubevirt.io", "VirtualMachineInstance",
     OwnRule{
         virtualMachineInstance,
         "Phase `Failed` is **Degraded**, `Pending`, `Scheduling`, `Scheduled` **Progressing**, `Succeeded` "
         "**Suspended**, `Unknown` **Unknown**; while running `Paused=True` **Suspended**, `Ready=True` **Healthy**, "
         "else **Degraded**."}},
};

} // namespace

std::span<const KindRule> machineRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
