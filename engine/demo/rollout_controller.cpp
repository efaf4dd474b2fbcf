// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/rollout_controller.h"

#include "rollout/reconcile.h"
#include "rollout/router/router_kinds.h"

#include <algorithm>

namespace tiphys::demo {

using object::GroupKind;
using object::Object;
using object::Value;
using rollout::Decision;
using rollout::OnFailure;
using rollout::Verb;
using rollout::Write;

namespace {

constexpr std::string_view kManager = "rollouts-controller";
constexpr ports::WallTime kRetry = 1000; ///< after a write that was refused

bool isIgnored(const Write &write, const Refusal &refusal)
{
    return write.onFailure == OnFailure::Ignore || (write.onFailure == OnFailure::IgnoreIfAbsent && refusal.code == 404);
}

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
    Objects rollouts;
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
    const bool isDone = carryOut(decision, observed);
    if (decision.lookAgain)
        lookAgainAt(decision.lookAgain->milliseconds);
    else if (!isDone || !decision.failure.empty())
        lookAgainAt(m_store->now() + kRetry);
}

RolloutController::Objects RolloutController::inNamespace(std::string_view group, std::string_view kind,
                                                          std::string_view ns) const
{
    Objects objects;
    const auto &all = m_store->objectsOf({std::string(group), std::string(kind)});
    for (auto each = all.lower_bound({std::string(ns), ""}); each != all.end() && each->first.first == ns; ++each)
        objects.push_back(each->second);
    return objects;
}

rollout::Observed RolloutController::observe(const Object &object) const
{
    const std::string_view ns = object.ns();
    rollout::Observed observed;
    observed.rollout = rollout::readRollout(object);
    for (const Object &set : inNamespace("apps", "ReplicaSet", ns))
        observed.replicaSets.push_back(rollout::readReplicaSet(set));
    observed.pods = inNamespace("", "Pod", ns);
    for (const Object &service : inNamespace("", "Service", ns))
        observed.services.push_back(rollout::readService(service));
    for (const Object &run : inNamespace("argoproj.io", "AnalysisRun", ns))
        observed.analysisRuns.push_back(rollout::readAnalysisRun(run));
    for (const Object &found : inNamespace("argoproj.io", "AnalysisTemplate", ns))
        observed.templates.push_back(rollout::readAnalysisTemplate(found));
    for (const Object &found : inNamespace("argoproj.io", "ClusterAnalysisTemplate", ""))
        observed.templates.push_back(rollout::readAnalysisTemplate(found));
    for (const Object &experiment : inNamespace("argoproj.io", "Experiment", ns))
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

bool RolloutController::carryOut(const Decision &decision, const rollout::Observed &observed)
{
    for (const rollout::Act &act : decision.acts) {
        if (const auto *event = std::get_if<rollout::Event>(&act)) {
            report(observed.rollout.object, *event);
            continue;
        }
        const Write &write = std::get<Write>(act);
        const Answer<Object> result = written(write);
        if (result || isIgnored(write, result.error()))
            continue;
        if (write.onFailure == OnFailure::ReportReplicaSet)
            carryOut(rollout::replicaSetCreateFailure(observed, write.name, result.error().message, {m_store->now()}),
                     observed);
        return false;
    }
    return true;
}

Answer<Object> RolloutController::written(const Write &write)
{
    const Resource *resource = m_store->catalog().byKind({write.gvk.group, write.gvk.kind});
    if (!resource)
        return std::unexpected(noSuchPath());
    const Place place{write.ns, write.name};
    const WriteOptions options{.fieldManager = std::string(kManager)};
    // The decision was made on what the store holds now: no write needs a condition.
    switch (write.verb) {
    case Verb::Create: return m_store->create(*resource, write.ns, Object(write.body), options);
    case Verb::MergePatch:
        return m_store->patch(*resource, place, PatchKind::Merge, write.body, write.subresource, options);
    case Verb::StrategicMergePatch:
        return m_store->patch(*resource, place, PatchKind::StrategicMerge, write.body, write.subresource, options);
    case Verb::JsonPatch: return m_store->patch(*resource, place, PatchKind::Json, write.body, write.subresource, options);
    case Verb::Delete:
    case Verb::Evict: break;
    }
    return m_store->remove(*m_store->catalog().byKind(write.verb == Verb::Evict ? GroupKind{"", "Pod"} : resource->groupKind()),
                           place);
}

void RolloutController::report(const Object &about, const rollout::Event &event)
{
    Object subject = about;
    if (event.about)
        subject = m_store->find({event.about->group, event.about->kind}, {event.about->ns, event.about->name});
    if (subject.isNull())
        return;
    const std::string time = m_store->timeText();
    const Value involved = Value::map({{"apiVersion", subject.apiVersion()},
                                       {"kind", subject.kind()},
                                       {"name", subject.name()},
                                       {"namespace", subject.ns()},
                                       {"uid", subject.uid()}});
    const Object made{Value::map(
        {{"apiVersion", "v1"},
         {"kind", "Event"},
         {"metadata", Value::map({{"name", std::string(subject.name()) + "." + m_store->names().suffix(16)},
                                  {"namespace", subject.ns()}})},
         {"involvedObject", involved},
         {"type", event.isWarning ? "Warning" : "Normal"},
         {"reason", event.reason},
         {"message", event.message},
         {"count", 1},
         {"firstTimestamp", time},
         {"lastTimestamp", time},
         {"source", Value::map({{"component", kManager}})}})};
    (void)m_store->create(*m_store->catalog().byKind({"", "Event"}), subject.ns(), made,
                          {.fieldManager = std::string(kManager)});
}

} // namespace tiphys::demo
