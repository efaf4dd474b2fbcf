// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_refresher.h"

#include "async/run_on.h"
#include "compare/conditions.h"
#include "compare/status_patch.h"
#include "control/application_access.h"
#include "control/application_events.h"
#include "control/engine_lease.h"
#include "control/system_time_zones.h"
#include "control/tree_view.h"
#include "crd/names.h"
#include "crd/timestamp.h"
#include "policy/window.h"
#include "sync/auto_sync.h"
#include "sync/request.h"

namespace tiphys::control {

using compare::CompareLevel;
using object::Object;
using object::Value;

namespace {

constexpr int kMostAttempts = 5; ///< where others write in between

crd::Timestamp timeOf(const ports::Clock &clock)
{
    return {clock.now() / 1000};
}

service::AppId idOf(const crd::Application &app)
{
    return {"", std::string(app.ns()), std::string(app.name())};
}

/// What of \p evaluation it takes to make its tree again from \p view: an engine keeps one for each Application.
EvaluationPtr treePartOf(const Evaluation &evaluation, const LiveViewPtr &view)
{
    auto part = std::make_shared<Evaluation>();
    part->instance = evaluation.instance;
    part->tracking = evaluation.tracking;
    part->cluster = evaluation.cluster;
    part->scripts = evaluation.scripts;
    const Object there(Value::map({}));
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        compare::ComparedResource &kept = part->comparison.resources.emplace_back();
        kept.status = resource.status;
        kept.live = resource.live.isNull() ? Object() : there;
    }
    for (const Object &object : evaluation.live) {
        const object::ObjectKey key = object.key();
        if (!view || !view->isKnown(key.groupKind(), key.ns))
            part->live.push_back(object);
    }
    return part;
}

} // namespace

bool isOlderVersion(std::string_view version, std::string_view other)
{
    const auto isNumber = [](std::string_view text) {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (!isNumber(version) || !isNumber(other))
        return version != other;
    return version.size() == other.size() ? version < other : version.size() < other.size();
}

ObserveRequest requestFor(const crd::Application &app, const compare::RefreshDecision &decision)
{
    const CompareLevel level = decision.level;
    ObserveRequest request;
    request.rendersAnew = decision.isHard;
    request.manifests = localManifestsOf(app);
    request.consistency =
        level == CompareLevel::LatestForceResolve ? ports::Consistency::MostRecent : ports::Consistency::Any;
    if (level == CompareLevel::Recent)
        request.revisions =
            app.spec.hasMultipleSources() ? app.status.sync.revisions : std::vector{app.status.sync.revision};
    return request;
}

AppRefresher::AppRefresher(AppObserver &observer, ObserverParts parts, std::function<bool()> mayWrite)
    : m_observer(observer), m_home(observer.home()), m_parts(std::move(parts)), m_mayWrite(std::move(mayWrite))
{
}

Async<RefreshOutcome> AppRefresher::refresh(crd::Application app, compare::RefreshDecision decision, CancelToken cancel)
{
    if (decision.level == CompareLevel::Nothing && knowsTree(app)) {
        const Expected<RefreshOutcome> renewed = co_await renewTree(app, cancel);
        co_return renewed;
    }
    const crd::Timestamp startedAt = timeOf(*m_parts.clock);
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    std::vector<crd::Condition> wrong;
    // What is not read yet, or not now, says nothing about the application.
    if (!project && project.error().code() == ErrorCode::Unavailable)
        co_return std::unexpected(project.error());
    if (!project)
        wrong.push_back(
            {std::string(project.error().code() == ErrorCode::NotFound ? crd::kInvalidSpecError : crd::kUnknownError),
             project.error().message(),
             {}});
    else
        wrong = m_observer.specConditions(app, *project);
    if (!wrong.empty()) {
        m_compared.reset();
        const Expected<crd::Application> stored =
            co_await persist(app, compare::unknownStatus(app, wrong, startedAt), cancel);
        if (!stored)
            co_return std::unexpected(stored.error());
        co_return RefreshOutcome{};
    }
    const ObserveRequest request = requestFor(app, decision);
    const Expected<EvaluationPtr> evaluation = co_await m_observer.observe(app, request, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    // Local manifests are in no repository that may come back.
    const bool asksRepository = request.manifests.empty();
    if (asksRepository && !(*evaluation)->renderError)
        m_repositoryErrors.succeeded();
    else if (asksRepository
             && m_repositoryErrors.covers(decision.level, startedAt,
                                          m_home.controllerParameters().repositoryErrorGrace))
        co_return RefreshOutcome{};
    m_compared = treePartOf(**evaluation, m_observer.view());
    const Expected<crd::Application> normalized = co_await normalize(app, cancel);
    if (!normalized)
        co_return std::unexpected(normalized.error());
    app = *normalized;
    const Expected<TreeView> tree = co_await async::runOn(
        m_parts.pool, [=, evaluation = *evaluation] { return treeViewOf(app, *evaluation, *project); });
    if (!tree)
        co_return std::unexpected(tree.error());
    const crd::ApplicationStatus status = compare::refreshedStatus(app, (*evaluation)->comparison, decision.level,
                                                                   startedAt, tree->news, m_home.certainPlaneOf(app));
    const Expected<RefreshOutcome> automated = co_await automate(app, *evaluation, status, cancel);
    co_return automated;
}

bool AppRefresher::knowsTree(const crd::Application &app) const
{
    const Expected<std::string> server = policy::destinationServer(m_home.registry(), app.spec.destination);
    return m_compared && m_observer.destination() && server && !server->empty()
           && m_compared->instance == app.instanceName(m_home.controlPlaneNamespace()) && m_observer.view();
}

Async<RefreshOutcome> AppRefresher::renewTree(crd::Application app, CancelToken cancel)
{
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    if (!project)
        co_return RefreshOutcome{}; // the next comparison says so
    const bool seeksOrphans = project->spec.orphanedResources.has_value();
    auto live = m_observer.liveNow(*m_compared, seeksOrphans ? app.spec.destination.ns : std::string());
    if (!live)
        co_return RefreshOutcome{};
    const auto renewed = [app, compared = m_compared, project = *project, live = std::move(*live),
                          instances = seeksOrphans ? m_home.instances() : nullptr] {
        Evaluation now = *compared;
        now.live = live;
        now.instances = instances;
        return treeViewOf(app, now, project);
    };
    const Expected<TreeView> tree = co_await async::runOn(m_parts.pool, renewed);
    if (!tree)
        co_return std::unexpected(tree.error());
    const Expected<crd::Application> stored =
        co_await persist(app, compare::treeStatus(app, tree->news, timeOf(*m_parts.clock)), cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    co_return RefreshOutcome{};
}

Async<RefreshOutcome> AppRefresher::automate(crd::Application app, EvaluationPtr evaluation,
                                             crd::ApplicationStatus status, CancelToken cancel)
{
    const crd::Timestamp now = timeOf(*m_parts.clock);
    bool windowsAllow = false;
    if (const Expected<policy::EffectiveProject> project = m_home.projectOf(app)) {
        const SystemTimeZones zones;
        const Expected<policy::WindowAnswer> answer =
            policy::canSync(policy::windowsOf(app, project->spec.syncWindows),
                            {.origin = policy::SyncOrigin::Automated, .now = now, .operationStart = {}}, zones);
        windowsAllow = answer && answer->isAllowed;
    }
    const sync::AutoSyncDecision decision = sync::autoSync({.app = app,
                                                            .sync = evaluation->comparison.sync,
                                                            .resources = status.resources,
                                                            .windowsAllow = windowsAllow,
                                                            .now = now,
                                                            .backoff = m_home.controllerParameters().selfHeal});
    if (!m_mayWrite())
        co_return std::unexpected(leaseLost());
    std::string problem = decision.syncError == sync::SyncErrorChange::Set ? decision.syncErrorMessage : std::string();
    if (decision.operation) {
        const Expected<std::string> refused = co_await startOperation(
            app, *decision.operation,
            {.type = "Normal", .reason = "OperationStarted", .message = decision.eventMessage}, cancel);
        if (!refused)
            co_return std::unexpected(refused.error());
        problem = *refused;
    }
    if (decision.syncError != sync::SyncErrorChange::Keep) {
        std::vector<crd::Condition> fresh;
        if (!problem.empty())
            fresh.push_back({std::string(crd::kSyncError), problem, {}});
        status.conditions = compare::updatedConditions(status.conditions, fresh, {crd::kSyncError}, now);
    }
    const Expected<void> finalizers = co_await mirrorHooks(app, evaluation, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    const Expected<crd::Application> stored = co_await persist(app, status, cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    if (!finalizers)
        co_return std::unexpected(finalizers.error());
    co_return RefreshOutcome{decision.lookAgainAfter};
}

bool AppRefresher::isOvertaken(const crd::Application &app) const
{
    return !m_writtenVersion.empty() && isOlderVersion(app.object.resourceVersion(), m_writtenVersion);
}

Async<crd::Application> AppRefresher::write(crd::Application app, Value patch, CancelToken cancel)
{
    if (!m_mayWrite())
        co_return std::unexpected(leaseLost());
    const Expected<crd::Application> stored = co_await patchApplication(m_home.cluster(), app, patch, cancel);
    if (stored)
        m_writtenVersion = stored->object.resourceVersion();
    co_return stored;
}

Async<std::string> AppRefresher::startOperation(crd::Application app, crd::Operation operation, sync::Event event,
                                                CancelToken cancel)
{
    const std::string name = '"' + std::string(app.name()) + '"';
    while (true) {
        const Expected<crd::Application> fresh = co_await readApplication(m_home.cluster(), idOf(app), cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!fresh)
            co_return "error getting application " + name + ": " + fresh.error().text();
        const Expected<Value> patch = sync::startPatch(*fresh, operation);
        if (!patch)
            co_return std::string(); // somebody else started one: that is no fault
        if (!m_mayWrite())
            co_return std::unexpected(leaseLost());
        const Expected<crd::Application> started = co_await write(*fresh, *patch, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (started) {
            ignoreError(co_await recordEvent(m_home.cluster(), *started, event, timeOf(*m_parts.clock), cancel),
                        "events are a courtesy");
            co_return std::string();
        }
        if (started.error().code() != ErrorCode::Conflict)
            co_return "error updating application " + name + ": " + started.error().text();
    }
}

Async<void> AppRefresher::mirrorHooks(crd::Application app, EvaluationPtr evaluation, CancelToken cancel)
{
    if (compare::hookFinalizersPatches(app, evaluation->comparison).empty())
        co_return {};
    // A list is written whole: what others put into it meanwhile must not be lost.
    Expected<void> written;
    for (int attempts = 0; attempts < kMostAttempts; ++attempts) {
        written = co_await writeFinalizers(idOf(app), evaluation, cancel);
        if (written || written.error().code() != ErrorCode::Conflict || cancel.isCancelled())
            break;
    }
    co_return written;
}

Async<void> AppRefresher::writeFinalizers(service::AppId app, EvaluationPtr evaluation, CancelToken cancel)
{
    const Expected<crd::Application> fresh = co_await readApplication(m_home.cluster(), app, cancel);
    if (!fresh)
        co_return std::unexpected(fresh.error());
    crd::Application current = *fresh;
    for (const Value &patch : compare::hookFinalizersPatches(*fresh, evaluation->comparison)) {
        const Value guarded = patch.withPath({"metadata", "resourceVersion"}, current.object.resourceVersion());
        const Expected<crd::Application> stored = co_await write(current, guarded, cancel);
        if (!stored)
            co_return std::unexpected(stored.error());
        current = *stored;
    }
    co_return {};
}

Async<crd::Application> AppRefresher::normalize(crd::Application app, CancelToken cancel)
{
    if (const std::optional<Value> patch = compare::normalizationPatch(app)) {
        if (!m_mayWrite())
            co_return std::unexpected(leaseLost());
        ignoreError(co_await write(app, *patch, cancel), "the next refresh writes it again");
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
    }
    co_return compare::normalizedApplication(app);
}

Async<crd::Application> AppRefresher::persist(crd::Application app, crd::ApplicationStatus status, CancelToken cancel)
{
    const crd::Timestamp now = timeOf(*m_parts.clock);
    const std::vector<sync::Event> events = changeEvents(app, status);
    const std::optional<Value> patch = compare::statusPatch(app, std::move(status), now);
    if (!patch)
        co_return app;
    if (!m_mayWrite())
        co_return std::unexpected(leaseLost());
    // A write that fails is tried again soon: the same news is told once.
    const std::vector<sync::Event> news = events == m_told ? std::vector<sync::Event>() : events;
    m_told = events;
    for (const sync::Event &event : news)
        ignoreError(co_await recordEvent(m_home.cluster(), app, event, now, cancel), "events are a courtesy");
    const Expected<crd::Application> stored = co_await write(app, *patch, cancel);
    if (stored)
        m_told.clear();
    if (stored || !compare::isTooLarge(stored.error()))
        co_return stored;
    const std::optional<Value> instead = compare::statusPatch(app, compare::tooLargeStatus(app, now), now);
    if (!instead)
        co_return app;
    const Expected<crd::Application> told = co_await write(app, *instead, cancel);
    co_return told;
}

} // namespace tiphys::control
