// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/analysis_controller.h"

#include "base/base64.h"
#include "rollout/provider/job.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;
using rollout::Measurement;
using rollout::MeasurementRequest;
using rollout::MeasurementTask;

namespace {

constexpr ports::WallTime kRetry = 1000; ///< after a write that was refused
/// Calls and Secrets of one measurement.
constexpr int kMostSteps = 16;

} // namespace

/// Measurements of a run that are under way.
struct AnalysisController::Measuring
{
    rollout::AnalysisRun run;
    std::vector<MeasurementRequest> requests;
    std::map<std::string, std::vector<rollout::provider::HttpReply>> replies; ///< by metric
    rollout::MeasurementAnswers answers;

    bool isDone() const { return answers.size() == requests.size(); }
};

void AnalysisController::lookAgainAt(ports::WallTime moment)
{
    m_again = m_again ? std::min(*m_again, moment) : moment;
}

std::optional<ports::WallTime> AnalysisController::step()
{
    m_again.reset();
    *m_hasNews = false;
    std::vector<Object> runs;
    for (const auto &[place, object] : m_store->objectsOf({"argoproj.io", "AnalysisRun"}))
        runs.push_back(object);
    std::erase_if(m_measuring, [&runs](const auto &entry) {
        return std::ranges::none_of(runs, [&entry](const Object &run) { return run.uid() == entry.first; });
    });
    for (const Object &run : runs)
        pass(run);
    return m_again;
}

rollout::RunObserved AnalysisController::observe(const Object &run) const
{
    rollout::RunObserved observed;
    observed.run = rollout::readAnalysisRun(run);
    for (const rollout::RunArgument &argument : observed.run.arguments) {
        const Value reference = argument.valueFrom["secretKeyRef"];
        if (!reference.isMap())
            continue;
        const std::string name(reference["name"].stringOr());
        if (m_store->find({"", "Secret"}, {observed.run.ns, name}).isNull())
            observed.missingSecrets.insert(name);
        for (const auto &[key, value] : secret(observed.run.ns, name))
            observed.secrets[name + "/" + key] = value;
    }
    for (const auto &[place, job] : m_store->objectsOf({"batch", "Job"})) {
        if (job.label(rollout::provider::kRunUidLabel).value_or("") == observed.run.uid)
            observed.jobs.push_back(job);
    }
    return observed;
}

void AnalysisController::pass(const Object &object)
{
    const std::string uid(object.uid());
    const auto measuring = m_measuring.find(uid);
    if (!m_ask || (measuring != m_measuring.end() && !measuring->second->isDone()))
        return;
    rollout::RunObserved observed = observe(object);
    if (measuring != m_measuring.end()) {
        observed.answers = measuring->second->answers;
        m_measuring.erase(measuring);
    }
    const rollout::RunDecision decision = rollout::decideRun(observed, {m_store->now()});
    if (!decision.requests.empty())
        return begin(observed.run, decision.requests);
    const bool isDone = !m_writer.carryOut(decision.decision, object);
    if (decision.decision.lookAgain)
        lookAgainAt(decision.decision.lookAgain->milliseconds);
    else if (!isDone || !decision.decision.failure.empty())
        lookAgainAt(m_store->now() + kRetry);
}

void AnalysisController::begin(const rollout::AnalysisRun &run, const std::vector<MeasurementRequest> &requests)
{
    const auto measuring = std::make_shared<Measuring>();
    measuring->run = run;
    measuring->requests = requests;
    m_measuring.insert_or_assign(run.uid, measuring);
    for (const MeasurementRequest &request : requests) {
        if (!rollout::provider::isJob(request.metric)) {
            ask(measuring, request);
            continue;
        }
        measuring->answers.insert_or_assign(request.metric.name, jobMeasured(run, request));
        *m_hasNews = true;
    }
}

void AnalysisController::ask(const std::shared_ptr<Measuring> &measuring, const MeasurementRequest &request)
{
    std::vector<rollout::provider::HttpReply> &replies = measuring->replies[request.metric.name];
    rollout::provider::Course course{.request = request,
                                     .ns = measuring->run.ns,
                                     .runStartedAt = measuring->run.status.startedAt,
                                     .now = {m_store->now()},
                                     .environment = {},
                                     .secrets = {},
                                     .replies = replies};
    for (int steps = 0; steps < kMostSteps; ++steps) {
        const rollout::provider::Step step = rollout::provider::nextStep(course);
        if (const auto *need = std::get_if<rollout::provider::SecretNeed>(&step)) {
            course.secrets.insert_or_assign(*need, secret(need->ns.empty() ? "argo-rollouts" : need->ns, need->name));
            continue;
        }
        if (const auto *need = std::get_if<rollout::provider::FileNeed>(&step)) {
            course.files.insert_or_assign(need->path, std::nullopt);
            continue;
        }
        if (const auto *need = std::get_if<rollout::provider::ProgramNeed>(&step)) {
            course.programs.insert_or_assign(
                need->command, rollout::provider::ProgramAnswer{.output = {}, .error = "programs may not be run here"});
            continue;
        }
        if (const auto *call = std::get_if<rollout::provider::HttpCall>(&step); call && replies.size() < kMostSteps) {
            m_ask(*call,
                  [this, measuring, request, news = std::weak_ptr(m_hasNews)](rollout::provider::HttpReply reply) {
                      // The controller may be gone, or the run.
                      if (news.expired())
                          return;
                      measuring->replies[request.metric.name].push_back(std::move(reply));
                      ask(measuring, request);
                  });
            return;
        }
        const auto *measurement = std::get_if<Measurement>(&step);
        measuring->answers.insert_or_assign(
            request.metric.name,
            measurement ? *measurement
                        : rollout::provider::erroneous(request.measurement, "the metric provider asks for too much",
                                                       course.now));
        *m_hasNews = true;
        return;
    }
}

Measurement AnalysisController::jobMeasured(const rollout::AnalysisRun &run, const MeasurementRequest &request)
{
    const Resource &jobs = *m_store->catalog().byKind({"batch", "Job"});
    const rollout::Moment now{m_store->now()};
    if (request.task == MeasurementTask::Run) {
        const Object wanted = rollout::provider::jobOf(run, request, "");
        const Answer<Object> made = m_store->create(jobs, wanted.ns(), wanted, {.fieldManager = "rollouts-controller"});
        const Object job =
            made ? *made : m_store->find({"batch", "Job"}, {std::string(wanted.ns()), std::string(wanted.name())});
        const bool isOurs = job.label(rollout::provider::kRunUidLabel).value_or("") == run.uid;
        return isOurs ? rollout::provider::started(job, now)
                      : rollout::provider::erroneous(request.measurement, made ? "" : made.error().message, now);
    }
    const Expected<object::ObjectKey> key = rollout::provider::jobKeyOf(request.measurement, run.ns);
    if (!key)
        return rollout::provider::erroneous(request.measurement, key.error().message(), now);
    if (request.task == MeasurementTask::Resume) {
        const Object job = m_store->find({"batch", "Job"}, {key->ns, key->name});
        return job.isNull() ? rollout::provider::erroneous(request.measurement, notFound(jobs, key->name).message, now)
                            : rollout::provider::resumed(request.measurement, job, now);
    }
    (void)m_store->remove(jobs, {key->ns, key->name});
    Measurement ended = request.measurement;
    ended.finishedAt = now.timestamp();
    ended.phase = rollout::AnalysisPhase::Successful;
    return ended;
}

rollout::provider::SecretValues AnalysisController::secret(const std::string &ns, const std::string &name) const
{
    rollout::provider::SecretValues values;
    const Value encoded = m_store->find({"", "Secret"}, {ns, name}).path({"data"});
    for (const auto &[key, value] : encoded.entries())
        values[std::string(key)] = decodedBase64(value.stringOr()).value_or("");
    return values;
}

} // namespace tiphys::demo
