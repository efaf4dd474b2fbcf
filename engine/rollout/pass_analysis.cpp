// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis_build.h"
#include "rollout/names.h"
#include "rollout/pass.h"
#include "rollout/reading.h"
#include "rollout/retention.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

object::Gvk analysisRunGvk()
{
    return {std::string(kGroup), std::string(kVersion), "AnalysisRun"};
}

AnalysisRunReference referenceTo(const AnalysisRun &run)
{
    return {.name = run.name, .status = run.status.phase, .message = run.status.message};
}

void setReference(std::optional<AnalysisRunReference> &reference, const AnalysisRun *run)
{
    if (run)
        reference = referenceTo(*run);
}

} // namespace

ShortList<const AnalysisRun *> CurrentRuns::all() const
{
    ShortList<const AnalysisRun *> result;
    for (const AnalysisRun *run : {postPromotion, prePromotion, step, background}) {
        if (run)
            result.push_back(run);
    }
    return result;
}

void Pass::findRuns()
{
    const auto isNamed = [](const std::optional<AnalysisRunReference> &reference, const AnalysisRun &run) {
        return reference && reference->name == run.name;
    };
    const CanaryStatus &canary = ro().status.canary;
    const BlueGreenStatus &blueGreen = ro().status.blueGreen;
    for (const AnalysisRun &run : m_observed.analysisRuns) {
        if (isNamed(canary.stepRun, run))
            m_runs.step = &run;
        else if (isNamed(canary.backgroundRun, run))
            m_runs.background = &run;
        else if (isNamed(blueGreen.prePromotionRun, run))
            m_runs.prePromotion = &run;
        else if (isNamed(blueGreen.postPromotionRun, run))
            m_runs.postPromotion = &run;
        else if (run.ownerUid == ro().uid)
            m_otherRuns.push_back(&run);
    }
}

bool Pass::isInconclusivePaused() const
{
    return ro().status.pauseCondition(kInconclusiveAnalysis) != nullptr;
}

void Pass::setCurrentRuns(const CurrentRuns &runs)
{
    m_runs = runs;
    if (ro().canary) {
        setReference(m_status.canary.backgroundRun, runs.background);
        setReference(m_status.canary.stepRun, runs.step);
    } else {
        setReference(m_status.blueGreen.prePromotionRun, runs.prePromotion);
        setReference(m_status.blueGreen.postPromotionRun, runs.postPromotion);
    }
}

Pass::Outcome Pass::reconcileAnalysis()
{
    if (ro().canary && m_observed.analysisRuns.empty() && !ro().canary->analysis) {
        // There is nothing to start, to stop or to tell of.
        const Step *step = ro().currentStep();
        if (!step || !step->analysis)
            return {};
    }
    const bool isSkipped = m_pause.isAborted(ro()) || ro().status.promoteFull || (m_new && m_new->hasDeadline())
                           || ro().status.stableRs.empty() || isRollbackWithinWindow();
    if (isSkipped) {
        setCurrentRuns(m_runs);
        for (const AnalysisRun *run : m_runs.all())
            cancelRun(run);
        for (const AnalysisRun *run : m_otherRuns)
            cancelRun(run);
        return {};
    }
    CurrentRuns runs;
    const auto take = [](Expected<const AnalysisRun *> run, const AnalysisRun *&slot) -> Outcome {
        if (!run)
            return std::unexpected(run.error());
        slot = *run;
        return {};
    };
    Outcome outcome;
    if (ro().canary) {
        outcome = take(stepRun(), runs.step);
        if (outcome)
            outcome = take(backgroundRun(), runs.background);
    } else {
        outcome = take(promotionRun(kPrePromotionType), runs.prePromotion);
        if (outcome) {
            pauseOrAbort(runs.prePromotion, "Blue/green pre-promotion analysis phase error/failed");
            outcome = take(promotionRun(kPostPromotionType), runs.postPromotion);
        }
        if (outcome)
            pauseOrAbort(runs.postPromotion, "Blue/green post-promotion analysis phase error/failed");
    }
    if (!outcome)
        return outcome;
    setCurrentRuns(runs);
    // A cache that lags may list a run of now among the others.
    std::vector<const AnalysisRun *> others;
    const ShortList<const AnalysisRun *> current = runs.all();
    for (const AnalysisRun *run : m_otherRuns) {
        if (!std::ranges::contains(current, run->name, &AnalysisRun::name))
            others.push_back(run);
    }
    for (const AnalysisRun *run : others)
        cancelRun(run);
    for (const AnalysisRun *run : surplusOf(others, m_all, historyLimitsOf(ro())))
        deleteRun(*run);
    reportRunChanges(runs);
    return {};
}

void Pass::pauseOrAbort(const AnalysisRun *run, std::string_view what)
{
    if (!run)
        return;
    const AnalysisPhase phase = run->status.phase;
    if (phase == AnalysisPhase::Inconclusive)
        m_pause.add(kInconclusiveAnalysis);
    if (phase == AnalysisPhase::Error || phase == AnalysisPhase::Failed)
        m_pause.abort(std::string(what) + (run->status.message.empty() ? "" : ": " + run->status.message));
}

bool Pass::needsNewRun(const AnalysisRun *current) const
{
    if (!current)
        return true;
    const Status &status = ro().status;
    // A pause that is neither of a step nor of blue-green was for an inconclusive run, which a user let go on.
    if (status.controllerPause && !status.pauseCondition(kCanaryPauseStep) && !status.pauseCondition(kBlueGreenPause))
        return current->status.phase == AnalysisPhase::Inconclusive;
    return status.abortedAt.has_value();
}

Expected<const AnalysisRun *> Pass::stepRun()
{
    const Step *step = ro().currentStep();
    const AnalysisRun *current = m_runs.step;
    if (!ro().status.pauseConditions.empty() || ro().status.abort)
        return current;
    const bool isAnalysis = step && step->analysis && !step->analysis->templates.empty();
    if (!isAnalysis) {
        cancelRun(current);
        return nullptr;
    }
    const std::string index = std::to_string(ro().stepIndex());
    if (current && textAt(current->labels, kStepIndexLabel) != index) {
        cancelRun(current);
        return nullptr;
    }
    if (needsNewRun(current))
        return createRun(*step->analysis, index, kStepType);
    pauseOrAbort(current, "Step-based analysis phase error/failed");
    return current;
}

Expected<const AnalysisRun *> Pass::backgroundRun()
{
    const std::optional<AnalysisReference> &analysis = ro().canary->analysis;
    const AnalysisRun *current = m_runs.background;
    if (!analysis || analysis->templates.empty()) {
        cancelRun(current);
        return nullptr;
    }
    const bool isBeforeStart =
        analysis->startingStep && ro().canary->stepCount() > 0 && ro().stepIndex() < *analysis->startingStep;
    if (ro().status.isFullyPromoted() || ro().status.currentPodHash.empty() || isBeforeStart)
        return nullptr;
    if (isInconclusivePaused())
        return current;
    if (needsNewRun(current))
        return createRun(*analysis, "", kBackgroundType);
    pauseOrAbort(current, "Background analysis phase error/failed");
    return current;
}

bool Pass::skipsPrePromotion(const AnalysisRun *current) const
{
    const std::string hash = newHash();
    const std::string &active = ro().status.blueGreen.activeSelector;
    if (ro().status.stableRs == hash || active.empty() || active == hash || hash.empty())
        return true;
    if (current)
        return false;
    if (const std::optional<int> &count = ro().blueGreen->previewReplicaCount)
        return m_new->replicas != *count || m_new->availableReplicas != *count;
    return !isSaturated(ro(), m_new);
}

bool Pass::skipsPostPromotion(const AnalysisRun *current) const
{
    const std::string hash = newHash();
    if (ro().status.stableRs == hash || ro().status.blueGreen.activeSelector != hash || hash.empty())
        return true;
    return !current && !isSaturated(ro(), m_new);
}

Expected<const AnalysisRun *> Pass::promotionRun(std::string_view type)
{
    const bool isPre = type == kPrePromotionType;
    const std::optional<AnalysisReference> &analysis =
        isPre ? ro().blueGreen->prePromotionAnalysis : ro().blueGreen->postPromotionAnalysis;
    const AnalysisRun *current = isPre ? m_runs.prePromotion : m_runs.postPromotion;
    if (!analysis || analysis->templates.empty()) {
        cancelRun(current);
        return nullptr;
    }
    if (isPre ? skipsPrePromotion(current) : skipsPostPromotion(current)) {
        cancelRun(current);
        return current;
    }
    if (isInconclusivePaused() || !needsNewRun(current))
        return current;
    return createRun(*analysis, isPre ? "pre" : "post", type);
}

Expected<const AnalysisRun *> Pass::createRun(const AnalysisReference &reference, const std::string &infix,
                                              std::string_view type)
{
    const std::string hash = newHash();
    const Expected<std::vector<RunArgument>> arguments = resolvedArguments(
        reference.arguments, {.latest = hash, .stable = m_stable ? m_stable->hash : std::string()}, ro());
    if (!arguments)
        return std::unexpected(arguments.error());
    const Expected<Templates> templates = templatesOf(reference.templates, m_observed);
    if (!templates)
        return std::unexpected(templates.error());
    const Expected<FlatTemplate> flat =
        runTemplate(*templates, *arguments, reference.dryRun, reference.measurementRetention);
    if (!flat)
        return std::unexpected(flat.error());
    const std::string revision(textAt(ro().annotations, kRevisionAnnotation));
    crd::TextMap labels{{std::string(kHashLabel), hash}, {std::string(kRolloutTypeLabel), std::string(type)}};
    if (type == kStepType)
        labels.emplace(kStepIndexLabel, infix);
    if (const std::string_view instance = ro().instanceId(); !instance.empty())
        labels.emplace(kInstanceIdLabel, instance);
    crd::TextMap annotations{{std::string(kRevisionAnnotation), revision}};
    if (reference.metadata) {
        for (const auto &[key, text] : reference.metadata->labels)
            labels.insert_or_assign(key, text);
        for (const auto &[key, text] : reference.metadata->annotations)
            annotations.insert_or_assign(key, text);
    }
    for (const auto &[key, text] : ro().selector.matchLabels)
        labels.insert_or_assign(key, text);
    const Value spec = runSpec(*flat);
    const std::string base = ro().name + "-" + hash + "-" + revision + (infix.empty() ? "" : "-" + infix);
    std::string name = base;
    for (int collisions = 1;; ++collisions) {
        const auto taken = std::ranges::find(m_observed.analysisRuns, name, &AnalysisRun::name);
        if (taken == m_observed.analysisRuns.end())
            break;
        // One that runs for the same purpose is it: the status was not written yet.
        if (!isCompleted(taken->status.phase) && taken->ownerUid == ro().uid
            && isSameRunSpec(taken->object.value()["spec"], spec))
            return &*taken;
        name = base + "." + std::to_string(collisions);
    }
    const Value metadata = Value::map({{"name", name},
                                       {"namespace", ro().ns},
                                       {"labels", mapOf(labels)},
                                       {"annotations", mapOf(annotations)},
                                       {"ownerReferences", Value::list({ownerReferenceOf(ro())})}});
    const Object object(
        Value::map({{"apiVersion", kApiVersion}, {"kind", "AnalysisRun"}, {"metadata", metadata}, {"spec", spec}}));
    write({.verb = Verb::Create, .gvk = analysisRunGvk(), .ns = ro().ns, .name = name, .body = object.value()});
    m_madeRuns.push_back(readAnalysisRun(object));
    return &m_madeRuns.back();
}

void Pass::cancelRun(const AnalysisRun *run)
{
    if (!run || run->isTerminated || isCompleted(run->status.phase))
        return;
    write({.verb = Verb::MergePatch,
           .gvk = analysisRunGvk(),
           .ns = ro().ns,
           .name = run->name,
           .body = Value::map({{"spec", Value::map({{"terminate", true}})}}),
           .onFailure = OnFailure::IgnoreIfAbsent});
}

void Pass::deleteRun(const AnalysisRun &run)
{
    if (run.isBeingDeleted)
        return;
    write({.verb = Verb::Delete,
           .gvk = analysisRunGvk(),
           .ns = ro().ns,
           .name = run.name,
           .onFailure = OnFailure::IgnoreIfAbsent});
}

void Pass::reportRunChanges(const CurrentRuns &runs)
{
    const auto report = [this](const std::optional<AnalysisRunReference> &before, const AnalysisRun *run,
                               std::string_view type) {
        if (!run || run->status.phase == AnalysisPhase::None)
            return;
        if (before && (before->name != run->name || before->status == run->status.phase))
            return;
        const AnalysisPhase phase = run->status.phase;
        const std::string word(text(phase));
        const std::string previous(before ? text(before->status) : "NoPreviousStatus");
        event(phase == AnalysisPhase::Failed || phase == AnalysisPhase::Error, "AnalysisRun" + word,
              std::string(type) + " Analysis Run '" + run->name + "' Status New: '" + word + "' Previous: '" + previous
                  + "'");
    };
    const Status &before = ro().status;
    report(before.blueGreen.postPromotionRun, runs.postPromotion, kPostPromotionType);
    report(before.blueGreen.prePromotionRun, runs.prePromotion, kPrePromotionType);
    report(before.canary.stepRun, runs.step, kStepType);
    report(before.canary.backgroundRun, runs.background, kBackgroundType);
}

} // namespace tiphys::rollout
