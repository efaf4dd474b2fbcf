// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/run_on.h"
#include "control/comparison_view.h"
#include "control/engine_core.h"
#include "control/permission.h"
#include "control/requests.h"

/// What the engine is asked about one application, and what it is asked to do to it.
namespace tiphys::control {

using service::AppId;
using service::Done;

template <typename T, typename Work>
Async<T> EngineCore::inSession(AppId app, Work work)
{
    const Expected<ContextSession *> session = sessionOf(app);
    if (!session)
        co_return std::unexpected(session.error());
    const Expected<T> result = co_await (*session)->include(
        m_tasks.token(), [=, session = *session](CancelToken cancel) { return work(*session, cancel); });
    co_return result;
}

template <typename T, typename Work>
Async<T> EngineCore::onPage(AppId app, Work work)
{
    const auto page = m_pages.find(app);
    if (page == m_pages.end())
        co_return std::unexpected(notOpen(app));
    const Expected<T> result = co_await page->second->include(
        m_tasks.token(), [=, page = page->second.get()](CancelToken cancel) { return work(*page, cancel); });
    co_return result;
}

template <typename T>
Async<T> EngineCore::act(service::ActionRequest request,
                         Async<T> (*work)(ActionScene, service::ActionRequest, CancelToken))
{
    const Expected<ActionScene> scene = actionScene(request.app, request.key);
    if (!scene)
        co_return std::unexpected(scene.error());
    if (request.now == 0)
        request.now = m_parts.clock->now();
    const Expected<T> result = co_await work(*scene, request, m_tasks.token());
    co_return result;
}

Expected<EngineCore::AppPlace> EngineCore::placeOf(const AppId &app, bool isItself)
{
    const Expected<ContextSession *> home = sessionOf(app);
    if (!home)
        return std::unexpected(home.error());
    const KnownApp *known = (*home)->find(app);
    if (!known || !known->app)
        return std::unexpected(notOpen(app));
    ContextSession *destination = isItself ? *home : destinationSession(known->app->spec.destination, app.context);
    if (!destination || !destination->cluster()) {
        const crd::Destination &named = known->app->spec.destination;
        const std::string fault = policy::destinationFault((*home)->registry(), named);
        return failure(ErrorCode::Unavailable,
                       fault.empty() ? noAccess((*home)->destinationCluster(named, destination).server) : fault);
    }
    return AppPlace{*home, known, destination};
}

Expected<ActionScene> EngineCore::actionScene(const AppId &app, const object::ObjectKey &key)
{
    const bool isItself =
        key.group == "argoproj.io" && key.kind == "Application" && key.ns == app.ns && key.name == app.name;
    const Expected<AppPlace> place = placeOf(app, isItself);
    if (!place)
        return std::unexpected(place.error());
    ActionScene scene{.place = actionPlaceOf(*place->home, *place->destination, *place->known->app, observerParts()),
                      .app = *place->known->app,
                      .obstacle = obstacleOf(place->destination->state()),
                      .evaluation = nullptr};
    if (isItself)
        scene.place.project.reset(); // no project lists the Applications that use it
    if (const auto page = m_pages.find(app); page != m_pages.end())
        scene.evaluation = page->second->evaluation();
    return scene;
}

Async<std::vector<service::OfferedAction>> EngineCore::offeredActions(AppId app, object::ObjectKey key)
{
    const Expected<ActionScene> scene = actionScene(app, key);
    if (!scene)
        co_return std::unexpected(scene.error());
    const Expected<std::vector<service::OfferedAction>> offers =
        co_await offersOn(*scene, key, m_parts.clock->now(), m_tasks.token());
    co_return offers;
}

Async<service::ActionPreview> EngineCore::previewAction(service::ActionRequest request)
{
    return act(request, previewOn);
}

Async<service::ActionResult> EngineCore::runAction(service::ActionRequest request)
{
    return act(request, runOn);
}

Async<service::RevisionChoices> EngineCore::revisions(std::string repository)
{
    const auto open = m_parts.openReader;
    const Expected<service::RevisionChoices> choices =
        co_await async::runOn(&m_pool, [open, repository]() -> Expected<service::RevisionChoices> {
            const auto reader = open(repository);
            if (!reader)
                return std::unexpected(reader.error());
            return choicesOf(**reader);
        });
    co_return choices;
}

Async<service::Permissions> EngineCore::permissions(AppId app)
{
    return inSession<service::Permissions>(
        app, [=](ContextSession &session, CancelToken cancel) { return permissionsOf(session, app, cancel); });
}

Async<Done> EngineCore::refresh(AppId app, bool isHard)
{
    return inSession<Done>(
        app, [=](ContextSession &session, CancelToken cancel) { return requestRefresh(session, app, isHard, cancel); });
}

Async<service::SyncPlan> EngineCore::plan(service::SyncRequest request)
{
    return onPage<service::SyncPlan>(request.app,
                                     [=](AppPage &page, CancelToken cancel) { return page.plan(request, cancel); });
}

Async<Done> EngineCore::sync(service::SyncRequest request)
{
    return inSession<Done>(request.app,
                           [=, repositories = m_parts.repositories](ContextSession &session, CancelToken cancel) {
                               return resolveAndSync(session, repositories, request, cancel);
                           });
}

Async<Done> EngineCore::terminate(AppId app)
{
    return inSession<Done>(
        app, [=](ContextSession &session, CancelToken cancel) { return requestTerminate(session, app, cancel); });
}

Async<Done> EngineCore::confirmDeletion(AppId app)
{
    return inSession<Done>(
        app, [=](ContextSession &session, CancelToken cancel) { return requestApproval(session, app, cancel); });
}

Async<Done> EngineCore::rollback(AppId app, std::int64_t historyId)
{
    return inSession<Done>(app, [=](ContextSession &session, CancelToken cancel) {
        return requestRollback(session, app, historyId, false, cancel);
    });
}

Async<Done> EngineCore::remove(AppId app, std::string cascade)
{
    return inSession<Done>(
        app, [=](ContextSession &session, CancelToken cancel) { return requestDelete(session, app, cascade, cancel); });
}

Async<std::string> EngineCore::manifest(AppId app, object::ObjectKey key, service::ManifestSide side)
{
    return onPage<std::string>(app,
                               [=](AppPage &page, CancelToken cancel) { return page.manifest(key, side, cancel); });
}

Expected<ContextSession *> EngineCore::podSessionOf(const AppId &app)
{
    const Expected<AppPlace> place = placeOf(app, false);
    return place ? Expected<ContextSession *>(place->destination) : std::unexpected(place.error());
}

} // namespace tiphys::control
