// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/experiment_build.h"
#include "rollout/names.h"
#include "rollout/pass.h"
#include "rollout/reading.h"
#include "rollout/retention.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

object::Gvk experimentGvk()
{
    return {std::string(kGroup), std::string(kVersion), "Experiment"};
}

} // namespace

void Pass::findExperiments()
{
    for (const Experiment &experiment : m_observed.experiments) {
        if (experiment.ownerUid != ro().uid)
            continue;
        if (experiment.name == ro().status.canary.currentExperiment)
            m_experiment = &experiment;
        else
            m_otherExperiments.push_back(&experiment);
    }
}

Pass::Outcome Pass::reconcileExperiments()
{
    const Step *step = ro().currentStep();
    const bool isAtExperiment = step && step->experiment;
    if (!isAtExperiment && !m_experiment && m_otherExperiments.empty())
        return {};
    std::vector<const Experiment *> others = m_otherExperiments;
    if (m_pause.isAborted(ro()) || ro().status.promoteFull) {
        others.push_back(m_experiment);
        for (const Experiment *experiment : others)
            cancelExperiment(experiment);
        return {};
    }
    if (isInconclusivePaused())
        return {};
    const Experiment *current = m_experiment;
    if (isAtExperiment) {
        if (!current) {
            // It needs the stable template.
            if (!m_stable)
                return {};
            const Expected<const Experiment *> created = createExperiment(*step->experiment);
            if (!created)
                return std::unexpected(created.error());
            current = *created;
            event(false, "ExperimentCreated", "Created Experiment '" + current->name + "'");
        }
        const AnalysisPhase phase = current->status.phase;
        if (phase == AnalysisPhase::Inconclusive) {
            m_pause.add(kInconclusiveExperiment);
        } else if (phase == AnalysisPhase::Error || phase == AnalysisPhase::Failed) {
            m_pause.abort("Experiment analysis phase is error/failed"
                          + (current->status.message.empty() ? "" : ": " + current->status.message));
        } else if (phase != AnalysisPhase::Successful) {
            m_experiment = current;
            m_status.canary.currentExperiment = current->name;
            std::erase_if(others, [current](const Experiment *other) { return other->name == current->name; });
        }
    } else if (current) {
        others.push_back(current);
    }
    for (const Experiment *experiment : others)
        cancelExperiment(experiment);
    for (const Experiment *experiment : surplusOf(others, m_all, historyLimitsOf(ro())))
        deleteExperiment(*experiment);
    return {};
}

Expected<const Experiment *> Pass::createExperiment(const ExperimentStep &step)
{
    const Expected<Object> built = experimentOf(ro(), step, *m_new, *m_stable);
    if (!built)
        return std::unexpected(built.error());
    const std::string base(built->name());
    std::string name = base;
    for (int collisions = 1;; ++collisions) {
        const auto taken = std::ranges::find(m_observed.experiments, name, &Experiment::name);
        if (taken == m_observed.experiments.end())
            break;
        if (!isCompleted(taken->status.phase) && taken->ownerUid == ro().uid
            && isSameExperimentSpec(taken->object.value()["spec"], built->value()["spec"]))
            return &*taken;
        name = base + "-" + std::to_string(collisions);
    }
    const Object object(built->value().withPath({"metadata", "name"}, Value(name)));
    write({.verb = Verb::Create, .gvk = experimentGvk(), .ns = ro().ns, .name = name, .body = object.value()});
    m_madeExperiments.push_back(readExperiment(object));
    return &m_madeExperiments.back();
}

void Pass::cancelExperiment(const Experiment *experiment)
{
    if (!experiment || experiment->isTerminated || isCompleted(experiment->status.phase))
        return;
    write({.verb = Verb::MergePatch,
           .gvk = experimentGvk(),
           .ns = ro().ns,
           .name = experiment->name,
           .body = Value::map({{"spec", Value::map({{"terminate", true}})}})});
}

void Pass::deleteExperiment(const Experiment &experiment)
{
    if (experiment.isBeingDeleted)
        return;
    write({.verb = Verb::Delete,
           .gvk = experimentGvk(),
           .ns = ro().ns,
           .name = experiment.name,
           .onFailure = OnFailure::IgnoreIfAbsent});
}

} // namespace tiphys::rollout
