// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/names.h"
#include "rollout/pass.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

const Service *Pass::service(std::string_view name) const
{
    const auto made = std::ranges::find(m_madeServices, name, &Service::name);
    return made != m_madeServices.end() ? &*made : m_observed.service(name);
}

void Pass::switchService(const Service &service, const std::string &hash)
{
    const bool isSelected = service.selector.contains(std::string(kHashLabel)) && service.hash == hash;
    if (isSelected && service.managedBy)
        return;
    const Value selector = Value::map({{"selector", Value::map({{kHashLabel, Value(hash)}})}});
    Value body = Value::map({{"spec", selector}});
    if (!service.managedBy) {
        const Value annotations = Value::map({{kManagedByAnnotation, Value(ro().name)}});
        body = Value::map({{"metadata", Value::map({{"annotations", annotations}})}, {"spec", selector}});
    }
    write({.verb = Verb::StrategicMergePatch,
           .gvk = {"", "v1", "Service"},
           .ns = ro().ns,
           .name = service.name,
           .body = body});
    event(false, "SwitchService",
          "Switched selector for service '" + service.name + "' from '" + service.hash + "' to '" + hash + "'");
    Service changed = service;
    changed.selector.insert_or_assign(std::string(kHashLabel), hash);
    changed.hash = hash;
    changed.managedBy = ro().name;
    std::erase_if(m_madeServices, [&changed](const Service &made) { return made.name == changed.name; });
    m_madeServices.push_back(std::move(changed));
}

void Pass::ensureServiceTargets(const std::string &name, const ReplicaSet *replicaSet, bool checksAvailability)
{
    if (!replicaSet || name.empty())
        return;
    const Service *found = service(name);
    if (!found || found->hash == replicaSet->hash)
        return;
    if (checksAvailability) {
        const bool isFullyAvailable =
            replicaSet->replicas != 0 && replicaSet->availableReplicas >= replicaSet->replicas;
        // A Service that is taken over must not overload what it leads to.
        if (!found->managedBy && !isFullyAvailable)
            return;
        if (replicaSet->availableReplicas <= 0)
            return;
    }
    switchService(*found, replicaSet->hash);
}

// The controller points the canary Service of an aborted Rollout to the new ReplicaSet and back in every pass; here
// it stays on stable.
bool Pass::abortReturnsCanaryService() const
{
    if (!m_pause.isAborted(ro()) || ro().status.isFullyPromoted() || ro().canary->trafficRouting->routers().empty())
        return false;
    return !ro().canary->dynamicStableScale || weightOnRollback() == 0;
}

void Pass::reconcileCanaryServices()
{
    const Canary &canary = *ro().canary;
    if (canary.pingPong && !ro().status.isFullyPromoted())
        ensureServiceTargets(stableAndCanaryServices(ro(), PreferPingPong::Yes).canary, m_new, false);
    ensureServiceTargets(canary.stableService, m_stable, true);
    if (m_pause.isAborted(ro()) && !canary.trafficRouting) {
        ensureServiceTargets(canary.canaryService, m_stable, true);
        return;
    }
    if (dynamicRollbackHash() || (canary.trafficRouting && abortReturnsCanaryService()))
        return;
    ensureServiceTargets(canary.canaryService, m_new, true);
}

} // namespace tiphys::rollout
