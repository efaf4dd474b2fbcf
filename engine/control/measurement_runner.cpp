// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/measurement_runner.h"

#include "rollout/provider/job.h"
#include "rollout/provider/provider.h"

#include <QByteArray>

namespace tiphys::control {

using object::Object;
using rollout::Measurement;
using rollout::MeasurementRequest;
using rollout::MeasurementTask;

namespace {

/// Calls and Secrets of one measurement.
constexpr int kMostSteps = 16;
/// Names the cluster where the controller would run Jobs.
constexpr const char *kJobKubeconfig = "ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG";

const ports::ResourceType kJobs{"batch", "v1", "jobs", "Job", true};
const ports::ResourceType kSecrets{"", "v1", "secrets", "Secret", true};

ports::HttpRequest requestOf(const rollout::provider::HttpCall &call)
{
    ports::HttpRequest request;
    request.method = call.method;
    request.url = call.url;
    request.headers = call.headers;
    request.body = call.body;
    request.security.skipsVerification = call.skipsVerification;
    request.timeout = call.timeout;
    request.limitBytes = rollout::provider::kMostAnswerBytes;
    return request;
}

} // namespace

std::string MeasurementSettings::jobNamespace() const
{
    const auto named = environment.find("ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE");
    return named == environment.end() ? std::string() : named->second;
}

MeasurementRunner::MeasurementRunner(ports::ClusterPtr cluster, std::shared_ptr<const ports::Clock> clock,
                                     MeasurementSettings settings,
                                     std::function<Object(const object::ObjectKey &)> find,
                                     std::function<void(const object::ObjectKey &, const Object &)> onWritten)
    : m_cluster(std::move(cluster)), m_clock(std::move(clock)), m_settings(std::move(settings)),
      m_find(std::move(find)), m_onWritten(std::move(onWritten))
{
}

Async<rollout::MeasurementAnswers>
MeasurementRunner::measure(rollout::AnalysisRun run, std::vector<MeasurementRequest> requests, CancelToken cancel)
{
    // They start at once and are then waited for, one after the other.
    std::vector<Async<Measurement>> tasks;
    for (const MeasurementRequest &request : requests)
        tasks.push_back(measured(run, request, cancel));
    rollout::MeasurementAnswers answers;
    std::optional<Error> failed;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const Expected<Measurement> answer = co_await tasks[i];
        if (answer)
            answers.insert_or_assign(requests[i].metric.name, *answer);
        else
            failed = answer.error();
    }
    if (failed)
        co_return std::unexpected(*failed);
    co_return answers;
}

Async<Measurement> MeasurementRunner::measured(rollout::AnalysisRun run, MeasurementRequest request, CancelToken cancel)
{
    if (!request.measurement.startedAt)
        request.measurement.startedAt = now().timestamp();
    const bool isJob = rollout::provider::isJob(request.metric);
    const Async<Measurement> work = isJob ? jobMeasured(run, request, cancel) : asked(run, request, cancel);
    const Expected<Measurement> answer = co_await work;
    if (!answer && answer.error().code() != ErrorCode::Cancelled)
        co_return rollout::provider::erroneous(request.measurement, answer.error().message(), now());
    co_return answer;
}

Async<Measurement> MeasurementRunner::asked(rollout::AnalysisRun run, MeasurementRequest request, CancelToken cancel)
{
    rollout::provider::Course course{.request = request,
                                     .ns = run.ns,
                                     .runStartedAt = run.status.startedAt,
                                     .now = now(),
                                     .environment = m_settings.environment,
                                     .secrets = {},
                                     .replies = {}};
    for (int steps = 0; steps < kMostSteps; ++steps) {
        const rollout::provider::Step step = rollout::provider::nextStep(course);
        if (const auto *measurement = std::get_if<Measurement>(&step))
            co_return *measurement;
        if (const auto *need = std::get_if<rollout::provider::SecretNeed>(&step)) {
            const Expected<std::map<std::string, std::string>> values =
                co_await secret(need->ns.empty() ? m_settings.ns : need->ns, need->name, cancel);
            if (!values)
                co_return std::unexpected(values.error());
            course.secrets.insert_or_assign(*need, *values);
            continue;
        }
        if (const auto *need = std::get_if<rollout::provider::FileNeed>(&step)) {
            const Expected<std::string> text = m_settings.readFile
                                                   ? m_settings.readFile(need->path)
                                                   : failure(ErrorCode::NotFound, "files are not available here");
            if (!text && text.error().code() != ErrorCode::NotFound)
                co_return std::unexpected(text.error());
            course.files.insert_or_assign(need->path, text ? std::optional(*text) : std::nullopt);
            continue;
        }
        if (const auto *need = std::get_if<rollout::provider::ProgramNeed>(&step)) {
            rollout::provider::ProgramAnswer said{.output = {}, .error = "programs may not be run here"};
            if (m_settings.runProgram) {
                const Expected<std::string> printed = co_await m_settings.runProgram(need->command);
                if (cancel.isCancelled())
                    co_return std::unexpected(async::cancelledError());
                said = {.output = printed.value_or(""), .error = printed ? "" : printed.error().message()};
            }
            course.programs.insert_or_assign(need->command, std::move(said));
            continue;
        }
        if (!m_settings.http)
            co_return failure(ErrorCode::Unsupported, "metric providers on the network are not available here");
        const Expected<ports::HttpAnswer> answer =
            co_await m_settings.http->send(requestOf(std::get<rollout::provider::HttpCall>(step)), cancel);
        if (!answer && answer.error().code() == ErrorCode::Cancelled)
            co_return std::unexpected(answer.error());
        rollout::provider::HttpReply reply;
        if (answer) {
            reply.status = answer->status;
            reply.body = answer->body;
        } else {
            reply.error = answer.error().message();
        }
        course.replies.push_back(std::move(reply));
        course.now = now();
    }
    co_return failure(ErrorCode::LimitExceeded, "the metric provider asks for too much");
}

Async<Measurement> MeasurementRunner::jobMeasured(rollout::AnalysisRun run, MeasurementRequest request,
                                                  CancelToken cancel)
{
    // Without that cluster its Job would be made, and looked for, in the wrong one.
    if (const auto other = m_settings.environment.find(kJobKubeconfig);
        !m_settings.jobs.cluster && other != m_settings.environment.end() && !other->second.empty())
        co_return failure(ErrorCode::Unsupported,
                          std::string(kJobKubeconfig) + " is set, and Jobs in another cluster are not supported here");
    if (request.task == MeasurementTask::Run) {
        const Object job = rollout::provider::jobOf(run, request, m_settings.jobNamespace(),
                                                    m_settings.jobs.cluster ? rollout::provider::JobCluster::Other
                                                                            : rollout::provider::JobCluster::Own);
        const Expected<Object> made = co_await jobMade(run, job, cancel);
        if (!made)
            co_return std::unexpected(made.error());
        Measurement measurement = rollout::provider::started(*made, now());
        measurement.startedAt = request.measurement.startedAt;
        co_return measurement;
    }
    const Expected<object::ObjectKey> key = rollout::provider::jobKeyOf(request.measurement, run.ns);
    if (!key)
        co_return std::unexpected(key.error());
    if (request.task == MeasurementTask::Terminate) {
        ports::DeleteOptions options;
        options.propagation = ports::Propagation::Foreground;
        const Expected<void> removed = co_await jobCluster()->remove({kJobs, key->ns, key->name}, options, cancel);
        if (!removed && removed.error().code() != ErrorCode::NotFound)
            co_return std::unexpected(removed.error());
        Measurement measurement = request.measurement;
        measurement.finishedAt = now().timestamp();
        measurement.phase = rollout::AnalysisPhase::Successful;
        co_return measurement;
    }
    Object job = m_find(*key);
    if (job.isNull()) {
        // The watch may lag behind, or look at other namespaces.
        const Expected<Object> read = co_await jobCluster()->get({kJobs, key->ns, key->name}, {}, cancel);
        if (!read)
            co_return std::unexpected(read.error().code() == ErrorCode::NotFound
                                          ? Error(ErrorCode::NotFound, "job.batch \"" + key->name + "\" not found")
                                          : read.error());
        job = *read;
    }
    co_return rollout::provider::resumed(request.measurement, job, now());
}

Async<Object> MeasurementRunner::jobMade(rollout::AnalysisRun run, Object job, CancelToken cancel)
{
    const Expected<ports::Written> created = co_await jobCluster()->create(kJobs, job, {}, cancel);
    if (created) {
        m_onWritten(created->object.key(), created->object);
        co_return created->object;
    }
    if (created.error().reason() != "AlreadyExists")
        co_return std::unexpected(created.error());
    // Made before an interruption, if it belongs to this run.
    const Expected<Object> existing =
        co_await jobCluster()->get({kJobs, std::string(job.ns()), std::string(job.name())}, {}, cancel);
    if (!existing || existing->label(rollout::provider::kRunUidLabel).value_or("") != run.uid)
        co_return std::unexpected(created.error());
    co_return *existing;
}

Async<std::map<std::string, std::string>> MeasurementRunner::secret(std::string ns, std::string name,
                                                                    CancelToken cancel)
{
    std::map<std::string, std::string> values;
    const Expected<Object> found = co_await m_cluster->get({kSecrets, ns, name}, {}, cancel);
    if (!found && found.error().code() != ErrorCode::NotFound)
        co_return std::unexpected(found.error());
    if (!found)
        co_return values;
    const object::Value data = found->path({"data"});
    for (const auto &[key, value] : data.entries()) {
        const std::string_view encoded = value.stringOr();
        values.emplace(
            key,
            QByteArray::fromBase64(QByteArray(encoded.data(), static_cast<qsizetype>(encoded.size()))).toStdString());
    }
    co_return values;
}

} // namespace tiphys::control
