// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/run_assessment.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

namespace {

constexpr int kErrorLimit = 4;

struct Verdict
{
    AnalysisPhase phase = AnalysisPhase::None;
    std::string message;
};

int numberOf(const std::optional<IntOrText> &field, int absent = 0)
{
    return field ? field->intValue() : absent;
}

std::string exceeded(std::string_view what, int count, std::string_view limit, int most)
{
    return std::string(what) + " (" + std::to_string(count) + ") > " + std::string(limit) + " (" + std::to_string(most)
           + ")";
}

/// A limit that was passed; the last one counts.
Verdict verdictOf(const Metric &metric, const MetricResult &result)
{
    Verdict verdict;
    const int failures = numberOf(metric.failureLimit);
    const int inconclusive = numberOf(metric.inconclusiveLimit);
    const int errors = numberOf(metric.consecutiveErrorLimit, kErrorLimit);
    if (failures >= 0 && result.failed > failures)
        verdict = {AnalysisPhase::Failed, exceeded("failed", result.failed, "failureLimit", failures)};
    if (result.inconclusive > inconclusive)
        verdict = {AnalysisPhase::Inconclusive,
                   exceeded("inconclusive", result.inconclusive, "inconclusiveLimit", inconclusive)};
    if (result.consecutiveError > errors)
        verdict = {AnalysisPhase::Error,
                   exceeded("consecutiveErrors", result.consecutiveError, "consecutiveErrorLimit", errors)};
    return verdict;
}

AnalysisPhase phaseOf(const Metric &metric, const MetricResult &result, bool isEnding)
{
    if (isCompleted(result.phase))
        return result.phase;
    if (result.measurements.empty())
        return isEnding ? AnalysisPhase::Successful : AnalysisPhase::Pending;
    if (!isCompleted(result.measurements.back().phase))
        return AnalysisPhase::Running;
    if (const Verdict verdict = verdictOf(metric, result); verdict.phase != AnalysisPhase::None)
        return verdict.phase;
    const int successes = numberOf(metric.consecutiveSuccessLimit);
    if (successes > 0 && result.consecutiveSuccess >= successes)
        return AnalysisPhase::Successful;
    const std::optional<int> count = metric.effectiveCount();
    if (count && result.count >= *count) {
        if (successes <= 0)
            return AnalysisPhase::Successful;
        // As many successes in a row as wanted did not come.
        return numberOf(metric.failureLimit) >= 0 ? AnalysisPhase::Inconclusive : AnalysisPhase::Failed;
    }
    return isEnding ? AnalysisPhase::Successful : AnalysisPhase::Running;
}

void countIn(RunSummary &summary, AnalysisPhase verdict)
{
    switch (verdict) {
    case AnalysisPhase::Error: ++summary.error; break;
    case AnalysisPhase::Failed: ++summary.failed; break;
    case AnalysisPhase::Inconclusive: ++summary.inconclusive; break;
    case AnalysisPhase::None:
    case AnalysisPhase::Pending:
    case AnalysisPhase::Running:
    case AnalysisPhase::Successful: ++summary.successful; break;
    }
}

bool isBad(AnalysisPhase phase)
{
    return phase == AnalysisPhase::Error || phase == AnalysisPhase::Failed;
}

} // namespace

MetricResult *resultOf(RunStatus &status, const std::string &name)
{
    const auto found = std::ranges::find(status.results, name, &MetricResult::name);
    return found == status.results.end() ? nullptr : &*found;
}

const MetricResult *resultOf(const RunStatus &status, const std::string &name)
{
    const auto found = std::ranges::find(status.results, name, &MetricResult::name);
    return found == status.results.end() ? nullptr : &*found;
}

bool isWorse(AnalysisPhase left, AnalysisPhase right)
{
    static constexpr std::array kOrder{AnalysisPhase::Successful,   AnalysisPhase::Running, AnalysisPhase::Pending,
                                       AnalysisPhase::Inconclusive, AnalysisPhase::Error,   AnalysisPhase::Failed};
    const auto place = [](AnalysisPhase phase) {
        const auto found = std::ranges::find(kOrder, phase);
        return found == kOrder.end() ? 0 : found - kOrder.begin();
    };
    return place(right) > place(left);
}

bool isTerminating(bool isAskedFor, const RunStatus &status)
{
    return isAskedFor || std::ranges::any_of(status.results, [](const MetricResult &result) {
               return !result.isDryRun && (isBad(result.phase) || result.phase == AnalysisPhase::Inconclusive);
           });
}

Assessment assessRun(const AnalysisRun &run, const std::vector<Metric> &metrics, const MetricRules &rules,
                     RunStatus &status)
{
    const bool isEnding = isTerminating(run.isTerminated, status);
    Assessment assessment;
    AnalysisPhase worst = AnalysisPhase::None;
    std::string message = run.isTerminated ? "Run Terminated" : "";
    bool isComplete = true;
    RunSummary summary, drySummary;
    for (const Metric &metric : metrics) {
        const bool isDry = rules.dryRun.contains(metric.name);
        RunSummary &counted = isDry ? drySummary : summary;
        ++counted.count;
        MetricResult *result = resultOf(status, metric.name);
        if (!result) {
            isComplete = false;
            continue;
        }
        const AnalysisPhase phase = phaseOf(metric, *result, isEnding);
        if (phase != result->phase) {
            if (isCompleted(phase))
                assessment.events.push_back(
                    {.isWarning = isBad(phase),
                     .reason = "Metric" + std::string(text(phase)),
                     .message = "Metric '" + metric.name + "' Completed. Result: " + std::string(text(phase)),
                     .about = {}});
            if (!result->measurements.empty())
                result->message = result->measurements.back().message;
            result->phase = phase;
        }
        if (!isCompleted(phase)) {
            isComplete = false;
            continue;
        }
        const Verdict verdict = verdictOf(metric, *result);
        countIn(counted, verdict.phase);
        if (isDry) {
            if (worst == AnalysisPhase::None)
                worst = AnalysisPhase::Successful;
            if (!verdict.message.empty())
                result->message = "Metric assessed " + std::string(text(phase)) + " due to " + verdict.message;
        } else if (worst == AnalysisPhase::None || isWorse(worst, phase)) {
            worst = phase;
            if (!verdict.message.empty()) {
                message = "Metric \"" + metric.name + "\" assessed " + std::string(text(phase)) + " due to "
                          + verdict.message;
                if (!result->message.empty())
                    message += ": \"Error Message: " + result->message + "\"";
            }
        }
    }
    status.summary = summary;
    status.dryRunSummary = drySummary;
    message = std::string(trimmed(message));
    if (isEnding)
        assessment.phase = worst == AnalysisPhase::None ? AnalysisPhase::Successful : worst;
    else
        assessment.phase = !isComplete || worst == AnalysisPhase::None ? AnalysisPhase::Running : worst;
    if (isEnding || assessment.phase != AnalysisPhase::Running)
        assessment.message = message;
    return assessment;
}

} // namespace tiphys::rollout
