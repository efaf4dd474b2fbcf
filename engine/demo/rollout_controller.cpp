// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/rollout_controller.h"

#include "demo/namespace_view.h"
#include "rollout/reconcile.h"
#include "rollout/router/router_kinds.h"

#include <algorithm>

namespace tiphys::demo {

using object::GroupKind;
using object::Object;
using rollout::Decision;

namespace {

constexpr ports::WallTime kRetry = 1000; ///< after a write that was refused

GroupKind workloadKindOf(const rollout::WorkloadReference &reference)
{
    const object::Gvk gvk = object::gvkOf(reference.apiVersion, reference.kind);
    return {gvk.group, gvk.kind};
}

} // namespace

void RolloutController::lookAgainAt(ports::WallTime moment)
{
    m_again = m_again ? std::min(*m_again, moment) : moment;
}

std::optional<ports::WallTime> RolloutController::step()
{
    m_again.reset();
    std::vector<Object> rollouts;
    for (const auto &[place, object] : m_store->objectsOf({"argoproj.io", "Rollout"}))
        rollouts.push_back(object);
    for (const Object &object : rollouts)
        pass(object);
    return m_again;
}

void RolloutController::pass(const Object &object)
{
    const rollout::Observed observed = observe(object);
    const Decision decision = rollout::reconcile(observed, {}, {m_store->now()});
    const std::optional<DecisionWriter::Refused> refused = m_writer.carryOut(decision, object);
    if (refused && refused->write.onFailure == rollout::OnFailure::ReportReplicaSet) {
        const Decision report =
            rollout::replicaSetCreateFailure(observed, refused->write.name, refused->message, {m_store->now()});
        (void)m_writer.carryOut(report, object);
    }
    if (decision.lookAgain)
        lookAgainAt(decision.lookAgain->milliseconds);
    else if (refused || !decision.failure.empty())
        lookAgainAt(m_store->now() + kRetry);
}

rollout::Observed RolloutController::observe(const Object &object) const
{
    const std::string_view ns = object.ns();
    rollout::Observed observed;
    observed.rollout = rollout::readRollout(object);
    observeNamespace(*m_store, ns, observed);
    observed.pods = m_store->objectsIn({"", "Pod"}, ns);
    for (const Object &experiment : m_store->objectsIn({"argoproj.io", "Experiment"}, ns))
        observed.experiments.push_back(rollout::readExperiment(experiment));
    for (const GroupKind &kind : rollout::routerKindsOf(observed.rollout)) {
        for (const auto &[place, router] : m_store->objectsOf(kind))
            observed.routerObjects.push_back(router);
    }
    if (observed.rollout.workload) {
        const Object workload = m_store->find(workloadKindOf(*observed.rollout.workload),
                                              {std::string(ns), observed.rollout.workload->name});
        if (!workload.isNull())
            observed.workload = workload;
    }
    return observed;
}

} // namespace tiphys::demo
