// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/analysis.h"

#include "crd/duration.h"
#include "object/merge_patch.h"
#include "rollout/analysis/run_assessment.h"
#include "rollout/analysis/run_metrics.h"
#include "rollout/names.h"
#include "rollout/provider/provider.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr int kKeptMeasurements = 10;
constexpr std::int64_t kErrorPause = 10'000;

std::int64_t millisecondsOf(const std::string &duration)
{
    const Expected<crd::Duration> parsed = crd::goDurationOf(duration);
    return parsed ? parsed->nanoseconds / 1'000'000 : 0;
}

const Measurement *lastOf(const RunStatus &status, const std::string &metric)
{
    const MetricResult *result = resultOf(status, metric);
    return result && !result->measurements.empty() ? &result->measurements.back() : nullptr;
}

bool isMetricCompleted(const RunStatus &status, const std::string &metric)
{
    const MetricResult *result = resultOf(status, metric);
    return result && isCompleted(result->phase);
}

bool isCountReached(const RunStatus &status, const Metric &metric)
{
    const MetricResult *result = resultOf(status, metric.name);
    const std::optional<int> count = metric.effectiveCount();
    return result && count && result->count >= *count;
}

class RunPass
{
public:
    RunPass(const RunObserved &observed, Moment now)
        : m_observed(observed), m_run(observed.run), m_now(now), m_status(observed.run.status)
    {
    }

    RunDecision decide()
    {
        if (m_run.isBeingDeleted)
            return finished();
        if (isCompleted(m_status.phase)) {
            expire();
            return finished();
        }
        const Expected<std::vector<Metric>> metrics = metricsWithoutSecrets(m_run);
        if (!metrics)
            return refused("Unable to resolve metric arguments: " + metrics.error().message());
        if (const Expected<void> checked = checkMetrics(*metrics); !checked)
            return refused("Analysis spec invalid: " + checked.error().message());
        const Expected<MetricRules> rules = rulesOf(m_run, *metrics);
        if (!rules)
            return refused("Analysis spec invalid: " + rules.error().message());
        const Expected<std::vector<RunArgument>> arguments = argumentsWithSecrets();
        if (!arguments)
            return refused("Unable to resolve metric arguments: " + arguments.error().message());
        if (m_observed.answers.empty()) {
            std::vector<MeasurementRequest> requests = dueRequests(*metrics);
            for (MeasurementRequest &request : requests) {
                const Expected<Metric> resolved = resolvedMetric(request.metric, *arguments);
                if (!resolved)
                    return refused("Unable to resolve metric arguments: " + resolved.error().message());
                request.metric = *resolved;
            }
            if (!requests.empty())
                return {.decision = {}, .requests = std::move(requests), .status = m_status};
        }
        count(*rules, *arguments);
        assess(*metrics, *rules);
        trim(*metrics, *rules);
        planNext(*metrics);
        return finished();
    }

private:
    /// Deletes a completed run whose time is up.
    void expire()
    {
        if (!m_run.timeToLive || !m_status.completedAt)
            return;
        const TimeToLive &limits = *m_run.timeToLive;
        std::optional<int> seconds = limits.afterCompletion;
        if (m_status.phase == AnalysisPhase::Successful && limits.afterSuccess)
            seconds = limits.afterSuccess;
        else if (m_status.phase == AnalysisPhase::Failed && limits.afterFailure)
            seconds = limits.afterFailure;
        if (!seconds)
            return;
        const Moment end = Moment::of(*m_status.completedAt).plusSeconds(std::int64_t{*seconds} + 1);
        if (m_now < end)
            m_decision.lookAgainAt(end);
        else
            write({.verb = Verb::Delete,
                   .gvk = gvk(),
                   .ns = m_run.ns,
                   .name = m_run.name,
                   .onFailure = OnFailure::IgnoreIfAbsent});
    }

    RunDecision refused(const std::string &message)
    {
        m_status.phase = AnalysisPhase::Error;
        m_status.message = message;
        reportEnd();
        return finished();
    }

    void reportEnd()
    {
        const bool isWarning = m_status.phase == AnalysisPhase::Error || m_status.phase == AnalysisPhase::Failed;
        m_events.push_back({.isWarning = isWarning,
                            .reason = "AnalysisRun" + std::string(text(m_status.phase)),
                            .message = "Analysis Completed. Result: " + std::string(text(m_status.phase)),
                            .about = {}});
    }

    Expected<std::vector<RunArgument>> argumentsWithSecrets()
    {
        std::vector<RunArgument> arguments = m_run.arguments;
        for (RunArgument &argument : arguments) {
            const Value reference = argument.valueFrom["secretKeyRef"];
            if (!reference.isMap())
                continue;
            const std::string name(reference["name"].stringOr()), key(reference["key"].stringOr());
            if (m_observed.missingSecrets.contains(name))
                return failure(ErrorCode::NotFound, "secrets \"" + name + "\" not found");
            if (const auto denied = m_observed.deniedSecrets.find(name); denied != m_observed.deniedSecrets.end())
                return failure(ErrorCode::Denied, denied->second);
            const auto found = m_observed.secrets.find(name + "/" + key);
            if (found == m_observed.secrets.end())
                return failure(ErrorCode::NotFound, "key '" + key + "' does not exist in secret '" + name + "'");
            argument.value = found->second;
        }
        return arguments;
    }

    /// Source: argo-rollouts analysis/analysis.go (generateMetricTasks)@v1.9.1
    std::vector<MeasurementRequest> dueRequests(const std::vector<Metric> &metrics) const
    {
        const bool isEnding = isTerminating(m_run.isTerminated, m_status);
        std::vector<MeasurementRequest> requests;
        for (std::size_t i = 0; i < metrics.size(); ++i) {
            const Metric &metric = metrics[i];
            if (isMetricCompleted(m_status, metric.name))
                continue;
            const Measurement *last = lastOf(m_status, metric.name);
            const MetricResult *result = resultOf(m_status, metric.name);
            const int number = result ? result->count + result->error + 1 : 1;
            if (last && !last->finishedAt) {
                if (last->resumeAt && Moment::of(*last->resumeAt) > m_now)
                    continue;
                requests.push_back({.task = isEnding ? MeasurementTask::Terminate : MeasurementTask::Resume,
                                    .metric = m_run.metrics[i],
                                    .measurement = *last,
                                    .number = number,
                                    .index = i});
            } else if (!isEnding && isDue(metric, last)) {
                requests.push_back({.task = MeasurementTask::Run,
                                    .metric = m_run.metrics[i],
                                    .measurement = {},
                                    .number = number,
                                    .index = i});
            }
        }
        return requests;
    }

    bool isDue(const Metric &metric, const Measurement *last) const
    {
        if (!last) {
            if (metric.initialDelay.empty())
                return true;
            return m_status.startedAt
                   && Moment::of(*m_status.startedAt).plusMilliseconds(millisecondsOf(metric.initialDelay)) <= m_now;
        }
        if (isCountReached(m_status, metric))
            return false;
        return m_now > Moment::of(*last->finishedAt).plusMilliseconds(pauseAfter(metric, *last).value_or(kErrorPause));
    }

    /// Nothing if it is not measured again.
    static std::optional<std::int64_t> pauseAfter(const Metric &metric, const Measurement &last)
    {
        if (last.phase == AnalysisPhase::Error)
            return kErrorPause;
        return metric.interval.empty() ? std::nullopt : std::optional(millisecondsOf(metric.interval));
    }

    /// Takes the answers over.
    void count(const MetricRules &rules, const std::vector<RunArgument> &arguments)
    {
        if (m_observed.answers.empty())
            return;
        const bool isEnding = isTerminating(m_run.isTerminated, m_status);
        for (const Metric &written : m_run.metrics) {
            const Expected<Metric> metric = resolvedMetric(written, arguments);
            if (!metric)
                continue;
            // A name may have arguments too: what was asked and what stands in the status have them filled in.
            const std::string &name = metric->name;
            const auto answer = m_observed.answers.find(name);
            if (answer == m_observed.answers.end())
                continue;
            MetricResult *result = resultOf(m_status, name);
            if (!result) {
                const bool wasAsked = answer->second.phase != AnalysisPhase::Error
                                      || !provider::isConfigurationProblem(answer->second.message);
                crd::TextMap metadata = wasAsked ? provider::metadataOf(*metric) : crd::TextMap();
                for (auto &[key, text] : metadata)
                    text = redacted(text);
                m_status.results.push_back({.name = name,
                                            .phase = AnalysisPhase::Running,
                                            .isDryRun = rules.dryRun.contains(name),
                                            .metadata = std::move(metadata)});
                result = &m_status.results.back();
            }
            Measurement measurement = answer->second;
            const bool isOpen = !result->measurements.empty() && !result->measurements.back().finishedAt;
            if (isOpen && isEnding && measurement.phase == AnalysisPhase::Successful)
                measurement.message = "Metric Terminated";
            if (isCompleted(measurement.phase) && !measurement.finishedAt)
                measurement.finishedAt = m_now.timestamp();
            addTo(*result, measurement.phase);
            measurement.message = redacted(measurement.message);
            if (isOpen)
                result->measurements.back() = measurement;
            else
                result->measurements.push_back(measurement);
        }
    }

    static void addTo(MetricResult &result, AnalysisPhase phase)
    {
        if (!isCompleted(phase))
            return;
        if (phase == AnalysisPhase::Error) {
            ++result.error;
            ++result.consecutiveError;
            result.consecutiveSuccess = 0;
            return;
        }
        ++result.count;
        result.consecutiveError = 0;
        result.consecutiveSuccess = phase == AnalysisPhase::Successful ? result.consecutiveSuccess + 1 : 0;
        result.successful += phase == AnalysisPhase::Successful;
        result.failed += phase == AnalysisPhase::Failed;
        result.inconclusive += phase == AnalysisPhase::Inconclusive;
    }

    std::string redacted(std::string text) const
    {
        for (const auto &[place, secret] : m_observed.secrets) {
            if (secret.empty())
                continue;
            for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 5))
                text.replace(at, secret.size(), "*****");
        }
        return text;
    }

    void assess(const std::vector<Metric> &metrics, const MetricRules &rules)
    {
        if (!m_status.startedAt)
            m_status.startedAt = m_now.timestamp();
        Assessment assessment = assessRun(m_run, metrics, rules, m_status);
        m_events.insert(m_events.end(), assessment.events.begin(), assessment.events.end());
        if (assessment.phase == m_status.phase)
            return;
        m_status.phase = assessment.phase;
        m_status.message = assessment.message;
        if (isCompleted(m_status.phase)) {
            reportEnd();
            if (!m_status.completedAt)
                m_status.completedAt = m_now.timestamp();
        }
    }

    /// Drops measurements beyond the limits, and the Jobs of them.
    void trim(const std::vector<Metric> &metrics, const MetricRules &rules)
    {
        for (MetricResult &result : m_status.results) {
            const auto rule = rules.retention.find(result.name);
            const std::size_t kept = static_cast<std::size_t>(
                rule != rules.retention.end() && rule->second > 0 ? rule->second : kKeptMeasurements);
            if (result.measurements.size() <= kept)
                continue;
            const auto metric = std::ranges::find(metrics, result.name, &Metric::name);
            if (metric == metrics.end())
                continue;
            if (metric->provider["job"].isMap())
                deleteJobs(kept);
            result.measurements.erase(result.measurements.begin(),
                                      result.measurements.end() - static_cast<std::ptrdiff_t>(kept));
        }
    }

    void deleteJobs(std::size_t kept)
    {
        std::vector<object::Object> jobs = m_observed.jobs;
        std::ranges::stable_sort(jobs, {},
                                 [](const object::Object &job) { return std::string(job.creationTimestamp()); });
        for (std::size_t i = 0; i + kept < jobs.size(); ++i)
            write({.verb = Verb::Delete,
                   .gvk = jobs[i].gvk(),
                   .ns = std::string(jobs[i].ns()),
                   .name = std::string(jobs[i].name()),
                   .onFailure = OnFailure::Ignore,
                   .deletesForeground = true});
    }

    /// Source: argo-rollouts analysis/analysis.go (calculateNextReconcileTime)@v1.9.1
    void planNext(const std::vector<Metric> &metrics)
    {
        for (const Metric &metric : metrics) {
            if (isMetricCompleted(m_status, metric.name))
                continue;
            const Measurement *last = lastOf(m_status, metric.name);
            if (!last) {
                if (!metric.initialDelay.empty() && m_status.startedAt)
                    m_decision.lookAgainAt(
                        Moment::of(*m_status.startedAt).plusMilliseconds(millisecondsOf(metric.initialDelay)));
                continue;
            }
            if (!last->finishedAt) {
                if (last->resumeAt)
                    m_decision.lookAgainAt(Moment::of(*last->resumeAt));
                continue;
            }
            const std::optional<std::int64_t> pause = pauseAfter(metric, *last);
            // A moment is over after it.
            if (pause && !isCountReached(m_status, metric))
                m_decision.lookAgainAt(Moment::of(*last->finishedAt).plusMilliseconds(*pause + 1));
        }
        if (isCompleted(m_status.phase))
            m_decision.lookAgain.reset();
    }

    static object::Gvk gvk() { return {std::string(kGroup), std::string(kVersion), "AnalysisRun"}; }
    void write(Write write) { m_decision.acts.emplace_back(std::move(write)); }

    RunDecision finished()
    {
        const Value patch = object::mergePatchOf(valueOf(m_run.status), valueOf(m_status));
        if (!patch.isEmpty())
            write({.verb = Verb::MergePatch,
                   .gvk = gvk(),
                   .ns = m_run.ns,
                   .name = m_run.name,
                   .body = Value::map({{"status", patch}})});
        for (Event &event : m_events)
            m_decision.acts.emplace_back(std::move(event));
        return {.decision = std::move(m_decision), .requests = {}, .status = std::move(m_status)};
    }

    const RunObserved &m_observed;
    const AnalysisRun &m_run;
    Moment m_now;
    RunStatus m_status;
    Decision m_decision;
    std::vector<Event> m_events;
};

} // namespace

RunDecision decideRun(const RunObserved &observed, Moment now)
{
    return RunPass(observed, now).decide();
}

} // namespace tiphys::rollout
