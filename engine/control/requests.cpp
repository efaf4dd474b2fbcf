// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/requests.h"

#include "base/text.h"
#include "control/application_access.h"
#include "control/permission.h"
#include "control/request_outcome.h"
#include "control/system_time_zones.h"
#include "crd/names.h"
#include "crd/timestamp.h"
#include "policy/window.h"
#include "sync/deletion.h"
#include "sync/request.h"

namespace tiphys::control {

using object::Value;
using service::Done;
using service::Permission;

namespace {

Permission denied(std::string reason)
{
    return {false, std::move(reason)};
}

/// Who would do it: without a reconciler a request stays where it is.
std::string reconcilerObstacle(const ContextSession &session, const service::AppId &app)
{
    const ReconcilerChoice choice = session.reconciler(app);
    if (choice.reconciler == service::Reconciler::Nobody)
        return "nobody would do it: " + choice.reason + " (Clusters page)";
    return {};
}

Expected<sync::Asking> askingOf(const ContextSession &session, const crd::Application &app, const std::string &user,
                                crd::Timestamp now)
{
    sync::Asking asking{.user = user, .window = {}};
    const Expected<policy::EffectiveProject> project = session.projectOf(app);
    if (!project) {
        // Who may not read the project may ask all the same: whoever does the work looks at it.
        const service::Reconciler doer =
            session.reconciler({session.state().context, std::string(app.ns()), std::string(app.name())}).reconciler;
        const Expected<policy::EffectiveProject> stored = session.project(app.spec.effectiveProject());
        const bool isUnread = !stored && stored.error().code() != ErrorCode::NotFound;
        if (isUnread && (doer == service::Reconciler::Controller || doer == service::Reconciler::OtherDesktop))
            return asking;
        return std::unexpected(project.error());
    }
    const SystemTimeZones zones;
    const Expected<policy::WindowAnswer> answer =
        policy::canSync(policy::windowsOf(app, project->spec.syncWindows),
                        {.origin = policy::SyncOrigin::Manual, .now = now, .operationStart = {}}, zones);
    asking.window = answer ? *answer : policy::WindowAnswer{false, answer.error().text()};
    return asking;
}

/// What is asked of each of several sources, before it is resolved; empty where only target revisions are.
std::vector<std::string> revisionsOf(const crd::Application &app, const service::SyncRequest &request)
{
    if (!app.spec.hasMultipleSources() || (request.revision.empty() && request.revisions.empty()))
        return {};
    std::vector<std::string> revisions;
    for (std::size_t i = 0; i < app.spec.sources.size(); ++i) {
        std::string asked = i < request.revisions.size() ? request.revisions[i] : std::string();
        if (asked.empty() && i == 0)
            asked = request.revision;
        revisions.push_back(asked.empty() ? app.spec.sources[i].targetRevision : asked);
    }
    return revisions;
}

std::optional<crd::RetryStrategy> retryOf(const std::optional<service::SyncRetry> &asked)
{
    if (!asked)
        return std::nullopt;
    return crd::RetryStrategy{
        .limit = asked->limit,
        .backoff =
            crd::Backoff{.duration = asked->duration, .factor = asked->factor, .maxDuration = asked->maxDuration},
        .refresh = asked->refreshes};
}

std::string userOf(const ContextSession &session)
{
    return session.state().identity;
}

Async<Done> writePatch(ContextSession &session, crd::Application app, Value patch, CancelToken cancel)
{
    const Expected<crd::Application> written = co_await patchApplication(session.cluster(), app, patch, cancel);
    if (written)
        co_return Done{};
    if (written.error().code() != ErrorCode::Unknown)
        co_return std::unexpected(written.error());
    // The answer was lost: the Application tells what became of the request.
    const service::AppId id{session.state().context, std::string(app.ns()), std::string(app.name())};
    const Expected<crd::Application> now = co_await readApplication(session.cluster(), id, cancel);
    if (now && hasTakenEffect(patch, now->object))
        co_return Done{};
    if (now && now->object.resourceVersion() == app.object.resourceVersion())
        co_return failure(ErrorCode::Unavailable,
                          "the answer was lost, and application '" + id.name + "' is unchanged: nothing was asked for");
    co_return std::unexpected(written.error());
}

} // namespace

Async<service::Permissions> permissionsOf(ContextSession &session, service::AppId app, CancelToken cancel)
{
    service::Permissions permissions;
    const KnownApp *known = session.find(app);
    // An Application that was read on its own is enough to act on it, whatever else is still on its way.
    service::ClusterState cluster = session.state();
    const bool isArriving = known && cluster.reachability == service::Reachability::Connecting;
    if (isArriving)
        cluster.reachability = service::Reachability::Live;
    std::string obstacle = obstacleOf(cluster);
    if (obstacle.empty() && (!known || !known->app))
        obstacle = "the application is not known";
    if (!obstacle.empty()) {
        permissions.refresh = permissions.sync = permissions.terminate = permissions.rollback = permissions.remove =
            permissions.confirm = denied(obstacle);
        co_return permissions;
    }
    const crd::Application application = *known->app;
    ports::AccessQuestion question{"patch", std::string(crd::kGroup), "applications", "", app.ns, app.name};
    const Expected<ports::Access> mayPatch = co_await session.cluster()->canI(question, cancel);
    question.verb = "delete";
    const Expected<ports::Access> mayDelete = co_await session.cluster()->canI(question, cancel);
    const Permission patch = permissionOf(mayPatch, "patch applications in namespace " + app.ns);
    permissions.remove = permissionOf(mayDelete, "delete applications in namespace " + app.ns);
    permissions.refresh = permissions.sync = permissions.terminate = permissions.rollback = permissions.confirm = patch;
    const std::string nobody = reconcilerObstacle(session, app);
    if (patch.isAllowed && !nobody.empty())
        permissions.refresh = permissions.sync = permissions.rollback = denied(nobody);
    // Operations name who asked for them.
    if (isArriving && cluster.identity.empty() && patch.isAllowed)
        permissions.sync = permissions.rollback = denied("still connecting to " + cluster.context);
    if (patch.isAllowed && sync::awaitedConfirmation(application).empty())
        permissions.confirm = denied("nothing waits for a confirmation");
    const bool isRunning = application.operation.has_value();
    if (isRunning && permissions.sync.isAllowed)
        permissions.sync = permissions.rollback = denied("an operation is in progress");
    if (!isRunning && permissions.terminate.isAllowed)
        permissions.terminate = denied("no operation is in progress");
    if (application.object.isBeingDeleted() && permissions.sync.isAllowed)
        permissions.sync = permissions.rollback = denied("the application is being deleted");
    if (application.spec.isAutomated() && permissions.rollback.isAllowed)
        permissions.rollback = denied("automated sync is on and would undo it");
    co_return permissions;
}

Async<Done> requestSync(ContextSession &session, SyncAsk ask, CancelToken cancel)
{
    const Expected<crd::Application> app = co_await readApplication(session.cluster(), ask.request.app, cancel);
    if (!app)
        co_return std::unexpected(app.error());
    const Expected<sync::Asking> asking = askingOf(session, *app, userOf(session), {session.clock().now() / 1000});
    if (!asking)
        co_return std::unexpected(asking.error());
    sync::SyncRequest request;
    request.revision = ask.request.revision;
    request.plannedRevisions = ask.revisions;
    request.prunes = ask.request.prunes;
    request.isDryRun = ask.request.isDryRun;
    request.forces = ask.request.forces;
    request.revisions = revisionsOf(*app, ask.request);
    request.appliesOnly = ask.request.appliesOnly;
    request.manifests = ask.request.manifests;
    request.retry = retryOf(ask.request.retry);
    for (const auto &[name, value] : ask.request.info)
        request.info.push_back({.name = name, .value = value});
    for (const object::ObjectKey &key : ask.request.selected)
        request.resources.push_back({key.group, key.kind, key.name, key.ns});
    std::vector<std::string> options = ask.request.syncOptions;
    if (ask.request.replaces)
        options.emplace_back("Replace=true");
    if (!options.empty()) {
        if (app->spec.syncPolicy)
            options.insert(options.begin(), app->spec.syncPolicy->syncOptions.begin(),
                           app->spec.syncPolicy->syncOptions.end());
        request.syncOptions = options;
    }
    const Expected<Value> patch = sync::syncPatch(*app, request, *asking);
    if (!patch)
        co_return std::unexpected(patch.error());
    const Expected<Done> done = co_await writePatch(session, *app, *patch, cancel);
    co_return done;
}

Async<Done> resolveAndSync(ContextSession &session, ports::RepositoriesPtr repositories, service::SyncRequest request,
                           CancelToken cancel)
{
    const Expected<crd::Application> app = co_await readApplication(session.cluster(), request.app, cancel);
    if (!app)
        co_return std::unexpected(app.error());
    SyncAsk ask{.request = request, .revisions = {}};
    const std::vector<crd::ApplicationSource> sources = app->spec.effectiveSources();
    const std::vector<std::string> asked = revisionsOf(*app, request);
    for (const crd::ApplicationSource &source : sources) {
        if (!request.manifests.empty())
            break; // what is synced is at no revision
        if (source.isHelmChart() || source.isOci()) {
            ask.revisions.clear(); // the reconciler resolves what is not in Git
            break;
        }
        std::string wanted = request.revision.empty() ? source.targetRevision : request.revision;
        if (!asked.empty())
            wanted = asked[ask.revisions.size()];
        const Expected<std::string> revision = co_await repositories->resolve(
            {source.repoUrl, wanted, source.tagPrefix}, ports::Consistency::MostRecent, cancel);
        if (!revision) {
            // The reconciler may have credentials that this desktop has not; it resolves the revision then.
            ask.revisions.clear();
            break;
        }
        ask.revisions.push_back(*revision);
    }
    if (!request.plannedRevision.empty() && !ask.revisions.empty()
        && !asciiLower(request.plannedRevision)
                .starts_with(asciiLower(ask.revisions.front()))) // which may be abbreviated
        co_return failure(ErrorCode::Conflict, "the branch moved since the plan was made, from "
                                                   + request.plannedRevision.substr(0, 7) + " to "
                                                   + ask.revisions.front().substr(0, 7) + ": plan again");
    const Expected<Done> done = co_await requestSync(session, ask, cancel);
    co_return done;
}

Async<Done> requestRefresh(ContextSession &session, service::AppId app, bool isHard, CancelToken cancel)
{
    const Expected<crd::Application> read = co_await readApplication(session.cluster(), app, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const Value patch = sync::refreshPatch(isHard ? sync::Refresh::Hard : sync::Refresh::Normal);
    const Expected<Done> done = co_await writePatch(session, *read, patch, cancel);
    co_return done;
}

Async<Done> requestTerminate(ContextSession &session, service::AppId app, CancelToken cancel)
{
    const Expected<crd::Application> read = co_await readApplication(session.cluster(), app, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const Expected<Value> patch = sync::terminatePatch(*read);
    if (!patch)
        co_return std::unexpected(patch.error());
    const Expected<Done> done = co_await writePatch(session, *read, *patch, cancel);
    co_return done;
}

Async<Done> requestApproval(ContextSession &session, service::AppId app, CancelToken cancel)
{
    const Expected<crd::Application> read = co_await readApplication(session.cluster(), app, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const Expected<Value> patch = sync::approvalPatch(*read, {session.clock().now() / 1000});
    if (!patch)
        co_return std::unexpected(patch.error());
    const Expected<Done> done = co_await writePatch(session, *read, *patch, cancel);
    co_return done;
}

Async<Done> requestRollback(ContextSession &session, service::AppId app, std::int64_t historyId, bool prunes,
                            CancelToken cancel)
{
    const Expected<crd::Application> read = co_await readApplication(session.cluster(), app, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const Expected<Value> patch =
        sync::rollbackPatch(*read, {.id = historyId, .prunes = prunes, .isDryRun = false}, userOf(session));
    if (!patch)
        co_return std::unexpected(patch.error());
    const Expected<Done> done = co_await writePatch(session, *read, *patch, cancel);
    co_return done;
}

Async<Done> requestDelete(ContextSession &session, service::AppId app, std::string cascade, CancelToken cancel)
{
    const Expected<crd::Application> read = co_await readApplication(session.cluster(), app, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    // What the finalizers say decides what happens to the resources: set them to what was asked for first.
    std::vector<Value> finalizers;
    for (const std::string &name : read->object.finalizers()) {
        if (name != crd::kResourcesFinalizer && name != crd::kForegroundFinalizer && name != crd::kBackgroundFinalizer)
            finalizers.emplace_back(name);
    }
    if (cascade == "foreground")
        finalizers.emplace_back(crd::kResourcesFinalizer);
    else if (cascade == "background")
        finalizers.emplace_back(crd::kBackgroundFinalizer);
    const Value patch =
        Value::map({{"metadata", Value::map({{"finalizers", finalizers.empty() ? Value() : Value::list(finalizers)},
                                             {"resourceVersion", read->object.resourceVersion()}})}});
    const Expected<crd::Application> prepared = co_await patchApplication(session.cluster(), *read, patch, cancel);
    if (!prepared)
        co_return std::unexpected(prepared.error());
    ports::DeleteOptions options;
    options.uid = std::string(prepared->object.uid());
    const Expected<void> removed =
        co_await session.cluster()->remove(applicationRef(app.ns, app.name), options, cancel);
    if (!removed)
        co_return std::unexpected(removed.error());
    co_return Done{};
}

} // namespace tiphys::control
