// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/experiment_status.h"

#include "crd/duration.h"
#include "object/json.h"
#include "rollout/analysis/run_assessment.h"
#include "rollout/status_rules.h"

#include <algorithm>
#include <array>
#include <set>

namespace tiphys::rollout {

namespace {

constexpr std::string_view kProgressing = "Progressing";
constexpr std::string_view kInvalidSpec = "InvalidSpec";

struct Verdict
{
    AnalysisPhase phase = AnalysisPhase::Successful;
    std::string message;
};

Condition *conditionOf(ExperimentStatus &status, std::string_view type)
{
    const auto found = std::ranges::find(status.conditions, type, &Condition::type);
    return found == status.conditions.end() ? nullptr : &*found;
}

void removeCondition(ExperimentStatus &status, std::string_view type)
{
    std::erase_if(status.conditions, [type](const Condition &condition) { return condition.type == type; });
}

void setCondition(ExperimentStatus &status, Condition condition)
{
    const Condition *current = conditionOf(status, condition.type);
    if (current && current->status == condition.status && current->reason == condition.reason)
        return;
    if (current && current->status == condition.status)
        condition.lastTransitionTime = current->lastTransitionTime;
    removeCondition(status, condition.type);
    status.conditions.push_back(std::move(condition));
}

bool isWorseTemplate(TemplatePhase left, TemplatePhase right)
{
    static constexpr std::array kOrder{TemplatePhase::Successful, TemplatePhase::Running, TemplatePhase::Progressing,
                                       TemplatePhase::Error, TemplatePhase::Failed};
    const auto place = [](TemplatePhase phase) {
        const auto found = std::ranges::find(kOrder, phase);
        return found == kOrder.end() ? 0 : found - kOrder.begin();
    };
    return place(right) > place(left);
}

Verdict verdictOfTemplates(const Experiment &experiment, const ExperimentStatus &status)
{
    TemplatePhase worst = TemplatePhase::Successful;
    std::string message;
    for (const ExperimentTemplate &part : experiment.templates) {
        const ExperimentTemplateStatus *known = templateStatusOf(status, part.name);
        if (!known) {
            worst = isWorseTemplate(worst, TemplatePhase::Progressing) ? TemplatePhase::Progressing : worst;
        } else if (isWorseTemplate(worst, known->status)) {
            worst = known->status;
            message = known->message;
        }
    }
    switch (worst) {
    case TemplatePhase::Progressing: return {AnalysisPhase::Pending, message};
    case TemplatePhase::Failed: return {AnalysisPhase::Failed, message};
    case TemplatePhase::Error: return {AnalysisPhase::Error, message};
    case TemplatePhase::Successful: return {AnalysisPhase::Successful, message};
    case TemplatePhase::None:
    case TemplatePhase::Running: break;
    }
    return {AnalysisPhase::Running, message};
}

Verdict verdictOfRuns(const Experiment &experiment, const ExperimentStatus &status)
{
    Verdict verdict;
    for (const ExperimentAnalysis &analysis : experiment.analyses) {
        const ExperimentRunStatus *known = runStatusOf(status, analysis.name);
        if (known && isWorse(verdict.phase, known->phase))
            verdict = {known->phase, known->message};
    }
    if (hasRequiredSuccess(experiment, status) && isWorse(verdict.phase, AnalysisPhase::Running))
        return {AnalysisPhase::Successful, "Required AnalysisRuns completed"};
    if (verdict.phase == AnalysisPhase::Pending)
        verdict.phase = AnalysisPhase::Running;
    return verdict;
}

bool hasProgressed(const ExperimentStatus &before, const ExperimentStatus &after)
{
    if (before.templates.size() < after.templates.size())
        return true;
    return std::ranges::any_of(before.templates, [&after](const ExperimentTemplateStatus &old) {
        const ExperimentTemplateStatus *part = templateStatusOf(after, old.name);
        return part
               && (old.replicas != part->replicas || old.updatedReplicas != part->updatedReplicas
                   || old.readyReplicas != part->readyReplicas || old.availableReplicas != part->availableReplicas);
    });
}

void concludeConditions(const Experiment &experiment, ExperimentStatus &status, Moment now)
{
    removeCondition(status, kInvalidSpec);
    const std::string name = "Experiment " + object::toJson(object::Value(experiment.name));
    if (status.phase == AnalysisPhase::Successful) {
        setCondition(status, conditionAt(now, kProgressing, "False", "ExperimentCompleted",
                                         name + " has successfully ran and completed."));
    } else if (hasProgressed(experiment.status, status)) {
        Condition condition = conditionAt(now, kProgressing, "True", "ReplicaSetUpdated", name + " is progressing.");
        if (const Condition *current = conditionOf(status, kProgressing); current && current->status == "True")
            condition.lastTransitionTime = current->lastTransitionTime;
        removeCondition(status, kProgressing);
        status.conditions.push_back(std::move(condition));
    } else if (const std::optional<Moment> end = endOf(experiment, experiment.status);
               experiment.status.availableAt && !(end && now > *end)) {
        setCondition(status, conditionAt(now, kProgressing, "True", "NewReplicaSetAvailable", name + " is running."));
    }
}

} // namespace

bool isCompleted(TemplatePhase phase)
{
    return phase == TemplatePhase::Successful || phase == TemplatePhase::Failed || phase == TemplatePhase::Error;
}

ExperimentTemplateStatus *templateStatusOf(ExperimentStatus &status, const std::string &name)
{
    const auto found = std::ranges::find(status.templates, name, &ExperimentTemplateStatus::name);
    return found == status.templates.end() ? nullptr : &*found;
}

const ExperimentTemplateStatus *templateStatusOf(const ExperimentStatus &status, const std::string &name)
{
    const auto found = std::ranges::find(status.templates, name, &ExperimentTemplateStatus::name);
    return found == status.templates.end() ? nullptr : &*found;
}

const ExperimentRunStatus *runStatusOf(const ExperimentStatus &status, const std::string &name)
{
    const auto found = std::ranges::find(status.runs, name, &ExperimentRunStatus::name);
    return found == status.runs.end() ? nullptr : &*found;
}

void setTemplateStatus(ExperimentStatus &status, const ExperimentTemplateStatus &part)
{
    if (ExperimentTemplateStatus *known = templateStatusOf(status, part.name))
        *known = part;
    else
        status.templates.push_back(part);
}

void setRunStatus(ExperimentStatus &status, const ExperimentRunStatus &part)
{
    const auto found = std::ranges::find(status.runs, part.name, &ExperimentRunStatus::name);
    if (found == status.runs.end())
        status.runs.push_back(part);
    else
        *found = part;
}

bool hasRequiredSuccess(const Experiment &experiment, const ExperimentStatus &status)
{
    bool hasRequired = false;
    for (const ExperimentAnalysis &analysis : experiment.analyses) {
        if (!analysis.isRequiredForCompletion)
            continue;
        hasRequired = true;
        const ExperimentRunStatus *run = runStatusOf(status, analysis.name);
        if (!run || run->phase != AnalysisPhase::Successful)
            return false;
    }
    return hasRequired;
}

bool isTerminating(const Experiment &experiment, const ExperimentStatus &status)
{
    if (experiment.isTerminated || isCompleted(status.phase))
        return true;
    const bool isBroken = std::ranges::any_of(status.templates, [](const ExperimentTemplateStatus &part) {
        return part.status == TemplatePhase::Failed || part.status == TemplatePhase::Error;
    });
    const bool hasFailed = std::ranges::any_of(status.runs, [](const ExperimentRunStatus &run) {
        return isCompleted(run.phase) && run.phase != AnalysisPhase::Successful;
    });
    return isBroken || hasFailed || hasRequiredSuccess(experiment, status);
}

std::optional<Moment> endOf(const Experiment &experiment, const ExperimentStatus &status)
{
    if (experiment.duration.empty() || !status.availableAt)
        return std::nullopt;
    const Expected<crd::Duration> duration = crd::goDurationOf(experiment.duration);
    if (!duration)
        return std::nullopt;
    return Moment::of(*status.availableAt).plusMilliseconds(duration->nanoseconds / 1'000'000);
}

int replicasOf(const Experiment &experiment, const ExperimentTemplate &part)
{
    if (isTerminating(experiment, experiment.status))
        return 0;
    const ExperimentTemplateStatus *status = templateStatusOf(experiment.status, part.name);
    return status && isCompleted(status->status) ? 0 : part.replicas.value_or(1);
}

void concludeExperiment(const Experiment &experiment, ExperimentStatus &status, Moment now)
{
    if (status.phase == AnalysisPhase::None) {
        status.phase = AnalysisPhase::Pending;
    } else if (status.phase == AnalysisPhase::Pending || status.phase == AnalysisPhase::Running) {
        const Verdict templates = verdictOfTemplates(experiment, status);
        const Verdict runs = verdictOfRuns(experiment, status);
        if (templates.phase == AnalysisPhase::Running && !status.availableAt)
            status.availableAt = now.timestamp();
        bool countsRuns = false;
        if (isCompleted(templates.phase)) {
            const bool hasRequired =
                std::ranges::any_of(experiment.analyses, &ExperimentAnalysis::isRequiredForCompletion);
            countsRuns = templates.phase == AnalysisPhase::Successful && (isCompleted(runs.phase) || hasRequired);
        } else {
            countsRuns = (isCompleted(runs.phase) && runs.phase != AnalysisPhase::Successful)
                         || hasRequiredSuccess(experiment, status);
        }
        status.phase = countsRuns ? runs.phase : templates.phase;
        status.message = countsRuns ? runs.message : templates.message;
    }
    concludeConditions(experiment, status, now);
}

std::string invalidReasonOf(const Experiment &experiment)
{
    std::set<std::string> names;
    const int deadline = experiment.progressDeadlineSeconds.value_or(kExperimentDeadlineSeconds);
    for (std::size_t i = 0; i < experiment.templates.size(); ++i) {
        const ExperimentTemplate &part = experiment.templates[i];
        const std::string index = std::to_string(i);
        if (part.selector.isNull())
            return "Rollout has missing field '.Spec.Templates[" + index + "].Selector'";
        if (part.selector.isEmpty())
            return "This experiment is selecting all pods at index " + index + ". A non-empty selector is required.";
        if (part.minReadySeconds > deadline)
            return "MinReadySeconds cannot be longer than ProgressDeadlineSeconds. Check template index " + index;
        if (part.name.empty())
            return "Experiment " + experiment.name + " has empty template name at index " + index;
        if (!names.insert(part.name).second)
            return "Experiment " + experiment.name + " has repeated template name '" + part.name + "' in templates";
    }
    return {};
}

void setInvalid(ExperimentStatus &status, const std::string &reason, Moment now)
{
    if (const Condition *known = conditionOf(status, kInvalidSpec); known && known->message != reason)
        removeCondition(status, kInvalidSpec);
    setCondition(status, conditionAt(now, kInvalidSpec, "True", "InvalidSpec", reason));
}

} // namespace tiphys::rollout
