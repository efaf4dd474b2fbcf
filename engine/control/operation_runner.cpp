// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/operation_runner.h"

#include "async/delay.h"
#include "compare/respect_ignored.h"
#include "control/application_access.h"
#include "control/application_events.h"
#include "control/engine_lease.h"
#include "control/outcome_store.h"
#include "control/system_time_zones.h"
#include "control/write_executor.h"
#include "crd/names.h"
#include "crd/timestamp.h"
#include "health/health.h"
#include "policy/window.h"
#include "sync/operation_patch.h"
#include "sync/pass.h"
#include "sync/settings.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

crd::Timestamp timeOf(const ports::Clock &clock)
{
    return {clock.now() / 1000};
}

/// What the operation is compared with: the sources and revisions of its result, concrete ones once they are known.
ObserveRequest requestOf(const crd::OperationState &state)
{
    ObserveRequest request;
    request.consistency = ports::Consistency::MostRecent;
    request.manifests = state.operation.sync->manifests;
    request.appliesServerSide = sync::settingsOf(*state.operation.sync).appliesServerSide;
    const crd::SyncResult &result = *state.syncResult;
    request.hasMultipleSources = !result.sources.empty();
    if (*request.hasMultipleSources) {
        request.sources = result.sources;
        request.revisions = result.revisions;
    } else {
        request.sources = {result.source};
        request.revisions = {result.revision};
    }
    return request;
}

std::optional<crd::HealthStatus> healthForSync(const Object &live, const health::ScriptHealth *scripts)
{
    const std::optional<health::Health> found = health::healthOf(live, scripts);
    // A kind whose script is not here counts as assessed by nobody: waves do not wait for it.
    if (!found || found->notAssessed)
        return std::nullopt;
    return crd::HealthStatus{.status = found->status, .message = found->message, .lastTransitionTime = {}};
}

/// The namespaces that \p writes were carried out in, or made.
std::set<std::string> writtenIn(const std::vector<sync::Write> &writes, const std::vector<sync::WriteResult> &results)
{
    std::set<std::string> namespaces;
    for (std::size_t i = 0; i < writes.size() && i < results.size(); ++i) {
        const sync::Write &write = writes[i];
        if (!results[i].isFailed && !write.isDryRun)
            namespaces.insert(write.gvk.groupKind() == object::GroupKind{"", "Namespace"} ? write.name : write.ns);
    }
    return namespaces;
}

} // namespace

Expected<sync::PassInput> passInputOf(const crd::Application &app, const crd::OperationState &state,
                                      const Evaluation &evaluation, ports::DiscoveryPtr discovery,
                                      const policy::EffectiveProject &project, const policy::Cluster &cluster)
{
    sync::PassInput input = sync::passInputOf(app, state);
    const bool respectsIgnored =
        evaluation.rules && state.operation.sync && sync::settingsOf(*state.operation.sync).respectsIgnoreDifferences;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        Object target = resource.target;
        if (respectsIgnored && !target.isNull() && !resource.live.isNull()) {
            const auto schema = evaluation.schemas.find(target.gvk());
            const Expected<Object> respecting =
                compare::targetRespectingIgnored(target, resource.live, *evaluation.rules,
                                                 schema == evaluation.schemas.end() ? Value() : schema->second);
            if (!respecting)
                return std::unexpected(respecting.error().in("Failed to normalize target resources"));
            target = *respecting;
        }
        input.compared.pairs.push_back({target, resource.live, resource.diff.isModified, resource.isSelfReferenced});
    }
    input.compared.hooks = evaluation.comparison.hooks;
    input.compared.revision = evaluation.comparison.sync.revision;
    input.world.kind = [discovery](const object::Gvk &gvk) { return servedKind(*discovery, gvk); };
    input.world.violation = [project, cluster](const object::ObjectKey &key, sync::ServedKind kind) {
        return policy::syncViolation(project, key, cluster,
                                     kind.isNamespaced ? policy::Scope::Namespaced : policy::Scope::Cluster);
    };
    input.world.health = [scripts =
                              evaluation.scripts](const Object &live) -> Expected<std::optional<crd::HealthStatus>> {
        return healthForSync(live, scripts.get());
    };
    return input;
}

OperationRunner::OperationRunner(AppObserver &observer, ObserverParts parts, std::function<bool()> mayWrite)
    : m_observer(observer), m_parts(std::move(parts)), m_mayWrite(std::move(mayWrite))
{
}

Async<crd::Application> OperationRunner::readApplication(service::AppId app, CancelToken cancel)
{
    const Expected<crd::Application> read = co_await control::readApplication(m_observer.home().cluster(), app, cancel);
    co_return read;
}

Async<void> OperationRunner::store(crd::Application app, Value patch, CancelToken cancel)
{
    if (!m_mayWrite())
        co_return std::unexpected(leaseLost());
    const Expected<crd::Application> written =
        co_await patchApplication(m_observer.home().cluster(), app, patch, cancel);
    if (!written)
        co_return std::unexpected(written.error());
    co_return {};
}

Async<OperationLook> OperationRunner::look(service::AppId app, CancelToken cancel)
{
    const Expected<crd::Application> read = co_await readApplication(app, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const crd::Duration timeout = m_observer.home().controllerParameters().syncTimeout;
    const std::optional<sync::PickUp> pickUp = sync::pickUp(*read, timeOf(*m_parts.clock), timeout);
    if (!pickUp)
        co_return OperationLook{};
    crd::Application current = *read;
    if (pickUp->patch) {
        const Expected<void> stored = co_await store(current, *pickUp->patch, cancel);
        if (!stored)
            co_return std::unexpected(stored.error());
        const Expected<crd::Application> again = co_await readApplication(app, cancel);
        if (!again)
            co_return std::unexpected(again.error());
        current = *again;
    }
    if (!pickUp->runsPass)
        co_return OperationLook{.hasOperation = true,
                                .phase = pickUp->state.phase,
                                .message = pickUp->state.message,
                                .lookAgainAfter = pickUp->lookAgainAfter,
                                .refresh = {},
                                .refreshAfter = pickUp->lookAgainAfter,
                                .timeoutAfter = sync::timeUntilTimeout(pickUp->state, timeout, timeOf(*m_parts.clock))};
    Expected<OperationLook> done = co_await runPass(current, pickUp->state, pickUp->terminatingCause, cancel);
    if (done && done->phase == crd::OperationPhase::Running)
        done->timeoutAfter = sync::timeUntilTimeout(pickUp->state, timeout, timeOf(*m_parts.clock));
    co_return done;
}

Async<OperationLook> OperationRunner::runPass(crd::Application app, crd::OperationState state,
                                              std::string terminatingCause, CancelToken cancel)
{
    const crd::Timestamp now = timeOf(*m_parts.clock);
    const Expected<policy::EffectiveProject> project = m_observer.home().projectOf(app);
    if (!project && project.error().code() == ErrorCode::Unavailable)
        co_return std::unexpected(project.error());
    if (!project) {
        // It ends without a result: that of an operation that never was compared.
        const std::string problem = policy::loadingProblem(app.spec.effectiveProject(), project.error());
        sync::PassOutcome outcome = sync::outcomeOf(*sync::refusal(state, {.projectError = problem}));
        outcome.terminatingCause = terminatingCause;
        outcome.wasTerminating = state.phase == crd::OperationPhase::Terminating;
        const Expected<OperationLook> refused = co_await finish(app, state, outcome, cancel);
        co_return refused;
    }
    const Expected<crd::OperationState> ready = sync::readyForPass(app, state);
    if (!ready) {
        const Expected<OperationLook> refused = co_await finish(
            app, state, sync::outcomeOf(sync::Refusal{crd::OperationPhase::Error, ready.error().message()}), cancel);
        co_return refused;
    }
    state = *ready;
    const SystemTimeZones zones;
    const auto windows = policy::windowsOf(app, project->spec.syncWindows);
    const Expected<policy::WindowAnswer> answer = policy::canSync(windows, sync::windowQuestion(app, now), zones);
    if (!answer || !answer->isAllowed) {
        const crd::OperationState blocked =
            sync::blockedByWindow(state, answer ? std::string_view() : answer.error().message());
        if (const auto patch = sync::statePatch(app, blocked)) {
            const Expected<void> stored = co_await store(app, *patch, cancel);
            if (!stored)
                co_return std::unexpected(stored.error());
        }
        co_return OperationLook{.hasOperation = true,
                                .phase = blocked.phase,
                                .message = blocked.message,
                                .lookAgainAfter = crd::Duration::ofSeconds(60),
                                .refresh = {}};
    }
    // What the project does not permit is not even fetched.
    sync::Precheck check;
    check.compareError = m_observer.destinationFault(app);
    check.conditions = m_observer.specConditions(app, *project);
    if (const std::optional<sync::Refusal> refused = sync::refusal(state, check)) {
        sync::PassOutcome outcome = sync::outcomeOf(*refused);
        outcome.terminatingCause = terminatingCause;
        outcome.wasTerminating = state.phase == crd::OperationPhase::Terminating;
        const Expected<OperationLook> done = co_await finish(app, state, outcome, cancel);
        co_return done;
    }
    const Expected<EvaluationPtr> evaluation = co_await m_observer.observe(app, requestOf(state), cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    check.conditions = (*evaluation)->comparison.conditions;
    if (!m_observer.destination() || !m_observer.view())
        check.setupError = "no access to the destination cluster";
    const std::optional<sync::Refusal> refusal = sync::refusal(state, check);
    // Concrete revisions and sources belong to the result from the first comparison on.
    const crd::SyncStatus &compared = (*evaluation)->comparison.sync;
    state.syncResult->revision = compared.revision;
    state.syncResult->revisions = compared.revisions;
    sync::PassOutcome outcome;
    if (refusal) {
        outcome = sync::outcomeOf(*refusal);
    } else {
        const Expected<sync::PassOutcome> passed = co_await passOutcome(app, state, *evaluation, cancel);
        if (!passed)
            co_return std::unexpected(passed.error());
        outcome = *passed;
    }
    outcome.terminatingCause = terminatingCause;
    outcome.wasTerminating = state.phase == crd::OperationPhase::Terminating;
    outcome.deployed = {.revision = compared.revision,
                        .revisions = compared.revisions,
                        .source = compared.comparedTo.source,
                        .sources = compared.comparedTo.sources,
                        .hasMultipleSources = !state.syncResult->sources.empty()};
    const Expected<OperationLook> done = co_await finish(app, state, outcome, cancel);
    co_return done;
}

Async<sync::PassOutcome> OperationRunner::passOutcome(crd::Application app, crd::OperationState state,
                                                      EvaluationPtr evaluation, CancelToken cancel)
{
    const Expected<policy::EffectiveProject> project = m_observer.home().projectOf(app);
    if (!project)
        co_return std::unexpected(project.error());
    const Expected<std::optional<std::string>> user =
        policy::syncUser(m_observer.home().impersonation(), app, *project, m_observer.cluster(app));
    if (!user)
        co_return sync::outcomeOf(sync::Refusal{crd::OperationPhase::Error, user.error().message()});
    ContextSession &session = *m_observer.destination();
    const Expected<ports::ClusterPtr> writer =
        *user ? session.clusterAs(**user) : Expected<ports::ClusterPtr>(session.cluster());
    if (!writer)
        co_return std::unexpected(writer.error());
    // The session may have ended while the evaluation was made.
    if (cancel.isCancelled() || !*writer)
        co_return std::unexpected(async::cancelledError());
    const ports::ClusterPtr destination = *writer;
    Expected<ports::DiscoveryPtr> discovery = co_await destination->discovery(cancel);
    // A kind may have come since it was asked last, by somebody else's hand and unseen.
    if (discovery && !servesTargets(**discovery, *evaluation))
        discovery = co_await destination->refreshDiscovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Expected<sync::PassInput> made =
        passInputOf(app, state, *evaluation, *discovery, *project, m_observer.cluster(app));
    if (!made)
        co_return sync::outcomeOf(sync::Refusal{crd::OperationPhase::Error, made.error().text()});
    const sync::PassInput input = *made;
    WriteExecutor executor(destination, m_mayWrite);
    std::vector<sync::BatchResults> answered;
    crd::Application current = app;
    while (true) {
        const sync::PassStep step = sync::passStep(input, answered);
        if (const auto *end = std::get_if<sync::PassEnd>(&step)) {
            if (end->delay == sync::WaveDelay::Yes) {
                // So that what the first wave made is seen before the next one is decided.
                const std::chrono::seconds delay(m_observer.home().controllerParameters().waveDelay.seconds());
                const Expected<void> waited = co_await async::delay(delay, cancel);
                if (!waited)
                    co_return std::unexpected(waited.error());
            }
            sync::PassOutcome outcome = sync::outcomeOf(*end);
            outcome.installedVersion = [discovery = *discovery](const object::GroupKind &kind) {
                const ports::ApiResource *resource = discovery->find(kind);
                return resource ? std::optional(resource->type.version) : std::nullopt;
            };
            co_return outcome;
        }
        const sync::Batch batch = std::get<sync::Batch>(step);
        if (!m_mayWrite())
            co_return std::unexpected(leaseLost());
        if (batch.recordFirst) {
            const Value record = sync::recordPatch(current, state, *batch.recordFirst)
                                     .withPath({"metadata", "resourceVersion"}, current.object.resourceVersion());
            const Expected<crd::Application> recorded =
                co_await patchApplication(m_observer.home().cluster(), current, record, cancel);
            if (!recorded)
                co_return std::unexpected(recorded.error().in("recording hooks before they are made"));
            current = *recorded;
        }
        const Expected<std::vector<sync::WriteResult>> results = co_await executor.execute(batch.writes, cancel);
        if (!results)
            co_return std::unexpected(results.error());
        if (const LiveViewPtr view = m_observer.view())
            view->lookInto(writtenIn(batch.writes, *results));
        answered.push_back(*results);
    }
}

Async<OperationLook> OperationRunner::finish(crd::Application app, crd::OperationState state, sync::PassOutcome outcome,
                                             CancelToken cancel)
{
    OutcomeStore outcomes(m_observer.home().cluster(), m_mayWrite);
    const Expected<StoredOutcome> stored = co_await outcomes.store(app, state, outcome, timeOf(*m_parts.clock), cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    if (stored->isGone)
        co_return OperationLook{};
    const sync::Completion &completion = stored->completion;
    if (completion.event)
        ignoreError(co_await recordEvent(m_observer.home().cluster(), stored->app, *completion.event,
                                         timeOf(*m_parts.clock), cancel),
                    "events are a courtesy");
    const bool isDone = crd::isCompleted(completion.state.phase);
    co_return OperationLook{.hasOperation = !isDone,
                            .phase = completion.state.phase,
                            .message = completion.state.message,
                            .lookAgainAfter = {},
                            .refresh = completion.refresh};
}

} // namespace tiphys::control
