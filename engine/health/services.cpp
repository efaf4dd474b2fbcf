// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/checks.h"
#include "health/typed.h"

namespace tiphys::health {

namespace {

using crd::FieldReader;

Health serviceOf(const FieldReader &object)
{
    const bool hasAddress = !object.objectOrEmpty("status").objectOrEmpty("loadBalancer").objects("ingress").empty();
    if (object.objectOrEmpty("spec").text("type") == "LoadBalancer" && !hasAddress)
        return progressing();
    return healthy();
}

Health claimOf(const FieldReader &object)
{
    const std::string phase = object.objectOrEmpty("status").text("phase");
    if (phase == "Lost")
        return degraded();
    if (phase == "Pending")
        return progressing();
    return phase == "Bound" ? healthy() : unknown();
}

Health apiServiceOf(const FieldReader &object)
{
    const std::vector<StatusCondition> conditions = conditionsOf(object.objectOrEmpty("status"));
    const StatusCondition *available = findCondition(conditions, "Available");
    if (!available)
        return progressing("Waiting to be processed");
    const std::string message = available->reason + ": " + available->message;
    return available->status == "True" ? healthy(message) : progressing(message);
}

} // namespace

Expected<Health> serviceHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("Service", object);
    return checkTyped("Service", object, serviceOf);
}

Expected<Health> ingressHealth(const object::Object &object)
{
    const object::Value addresses = object.path({"status", "loadBalancer", "ingress"});
    return addresses.isList() && addresses.size() > 0 ? healthy() : progressing();
}

Expected<Health> persistentVolumeClaimHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("PersistentVolumeClaim", object);
    return checkTyped("PersistentVolumeClaim", object, claimOf);
}

Expected<Health> apiServiceHealth(const object::Object &object)
{
    if (object.version() != "v1" && object.version() != "v1beta1")
        return unsupportedVersion("APIService", object);
    return checkTyped("APIService", object, apiServiceOf);
}

Expected<Health> workflowHealth(const object::Object &object)
{
    const object::Value status = object.value()["status"];
    const std::string_view phase = status["phase"].stringOr();
    std::string message(status["message"].stringOr());
    if (phase.empty() || phase == "Pending" || phase == "Running")
        return progressing(std::move(message));
    if (phase == "Succeeded")
        return healthy(std::move(message));
    if (phase == "Failed" || phase == "Error")
        return degraded(std::move(message));
    return unknown(std::move(message));
}

} // namespace tiphys::health
