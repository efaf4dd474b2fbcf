// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_page.h"

#include "async/delay.h"
#include "control/diff_view.h"
#include "control/rollout_detail.h"
#include "control/rollout_intents.h"
#include "control/rollout_rows.h"
#include "control/step_times.h"
#include "rollout/names.h"
#include "rollout/rollout.h"
#include "rollout/router/router_kinds.h"

#include <chrono>
#include <utility>

namespace tiphys::control {

using namespace std::chrono_literals;
using object::Object;
using service::ResourceDiff;
using service::RolloutDetail;

namespace {

/// News of many caches within this time become one detail.
constexpr auto kPause = 30ms;

const ports::ResourceType kServices{"", "v1", "services", "Service", true};
const ports::ResourceType kEvents{"", "v1", "events", "Event", true};
const ports::ResourceType kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};

service::RolloutRights rightsOf(const Expected<service::RolloutRights> &asked)
{
    const std::string refusal = asked ? std::string() : asked.error().text();
    return asked ? *asked : service::RolloutRights{{false, refusal}, {false, refusal}};
}

} // namespace

RolloutPage::RolloutPage(RolloutBoard &board, service::RolloutId id,
                         std::function<void(service::RolloutDetailPtr)> publish, std::chrono::milliseconds rightsPause)
    : m_board(board), m_id(std::move(id)), m_publish(std::move(publish)), m_rightsPause(rightsPause),
      m_view(board.session().cache(), m_id.ns, m_id.name, rolloutType(), [this] { m_wakeUp.notify(); })
{
    ports::CacheKey key;
    key.type = kServices;
    key.ns = m_id.ns;
    m_services = board.session().cache()->use(key, [this](const ports::CacheSnapshotPtr &) { m_wakeUp.notify(); });
    // Who may not read them sees less: nothing waits for them.
    key.type = kEvents;
    key.fieldSelector = "involvedObject.kind=Rollout,involvedObject.name=" + m_id.name;
    m_events = board.session().cache()->use(key, [this](const ports::CacheSnapshotPtr &) { m_wakeUp.notify(); });
}

void RolloutPage::start()
{
    m_tasks.start(run(m_tasks.token()));
}

Async<void> RolloutPage::close()
{
    const Expected<void> closed = co_await m_tasks.close();
    co_return closed;
}

Async<void> RolloutPage::run(CancelToken cancel)
{
    const Expected<void> ready = co_await m_view.ready(cancel);
    if (cancel.isCancelled())
        co_return {};
    if (!ready)
        m_problem = ready.error().text();
    const Expected<ports::CacheSnapshotPtr> services = co_await m_services->synced(cancel);
    ignoreError(services, "Services that may not be read are shown as missing");
    while (!cancel.isCancelled()) {
        const Expected<service::RolloutRights> rights = co_await m_board.rightsIn(m_id.ns, cancel);
        m_rights = rightsOf(rights);
        if (!(m_rights.status.isAllowed && m_rights.spec.isAllowed) && !std::exchange(m_looksAgain, true))
            m_tasks.start(lookAgain(cancel));
        const Object rollout = m_view.objects().rollout;
        if (!rollout.isNull()) {
            const Expected<void> watched = co_await watchRouters(rollout, cancel);
            ignoreError(watched, "routers that may not be read are not shown");
        }
        if (const service::RolloutRowPtr row = m_board.find({m_id.ns, m_id.name});
            row && !m_hasAdvice && !row->app.name.empty()) {
            m_hasAdvice = true;
            const Expected<void> learned = co_await learnAdvice(*row, cancel);
            ignoreError(learned, "advice that may not be read is none");
        }
        if (cancel.isCancelled())
            co_return {};
        publishNow();
        const Expected<void> woken = co_await m_wakeUp.wait(cancel);
        if (!woken)
            co_return {};
        const Expected<void> gathered = co_await async::delay(kPause, cancel);
        if (!gathered)
            co_return {};
    }
    co_return {};
}

Async<void> RolloutPage::lookAgain(CancelToken cancel)
{
    // Whoever waits for a right sees the page all the time: it is not told that nothing changed.
    service::RolloutRights rights;
    do {
        const Expected<void> waited = co_await async::delay(m_rightsPause, cancel);
        if (!waited)
            co_return {};
        const Expected<service::RolloutRights> asked = co_await m_board.rightsIn(m_id.ns, cancel);
        rights = rightsOf(asked);
    } while (!cancel.isCancelled() && rights == m_rights && !(rights.status.isAllowed && rights.spec.isAllowed));
    m_looksAgain = false;
    m_wakeUp.notify();
    co_return {};
}

Async<void> RolloutPage::watchRouters(Object rollout, CancelToken cancel)
{
    const std::vector<object::GroupKind> kinds = rollout::routerKindsOf(rollout::readRollout(rollout));
    for (const object::GroupKind &kind : kinds) {
        if (m_routers.contains(kind))
            continue;
        const Expected<ports::DiscoveryPtr> discovery = co_await m_board.session().cluster()->discovery(cancel);
        if (!discovery)
            co_return std::unexpected(discovery.error());
        const Expected<ports::ResourceType> type = (*discovery)->typeOf(kind);
        if (!type)
            continue;
        ports::CacheKey key;
        key.type = *type;
        key.ns = m_id.ns;
        const ports::CacheUserPtr user =
            m_board.session().cache()->use(key, [this](const ports::CacheSnapshotPtr &) { m_wakeUp.notify(); });
        m_routers[kind] = user;
        const Expected<ports::CacheSnapshotPtr> synced = co_await user->synced(cancel);
        ignoreError(synced, "what cannot be listed is not shown");
    }
    co_return {};
}

Async<void> RolloutPage::learnAdvice(service::RolloutRow row, CancelToken cancel)
{
    ContextSession &session = m_board.session();
    const KnownApp *known = session.find(row.app);
    const std::string project = known && known->app ? known->app->spec.effectiveProject() : std::string();
    const Expected<Object> config =
        co_await session.cluster()->get({kConfigMaps, session.controlPlaneNamespace(), "argocd-rbac-cm"}, {}, cancel);
    if (!config)
        co_return std::unexpected(config.error());
    m_advice = rolloutPolicies(*config, project);
    co_return {};
}

void RolloutPage::publishNow()
{
    const rollout::RolloutObjects objects = m_view.objects();
    if (objects.rollout.isNull()) {
        if (m_problem.empty()) {
            m_publish(nullptr);
            return;
        }
        auto detail = std::make_shared<RolloutDetail>();
        detail->row.id = m_id;
        detail->problem = m_problem;
        detail->acts.fill({false, m_problem});
        m_publish(std::move(detail));
        return;
    }
    RolloutSurroundings around;
    around.services = m_services->snapshot()->objects.sorted();
    for (const auto &[kind, user] : m_routers) {
        for (const Object &router : user->snapshot()->objects.sorted())
            around.routers.push_back(router);
    }
    auto detail = std::make_shared<RolloutDetail>(rolloutDetailOf(objects, around));
    detail->stepTimes = stepTimesOf(objects, m_events->snapshot()->objects.sorted());
    detail->row = rolloutRowOf(objects.rollout, m_id.context);
    if (const service::RolloutRowPtr row = m_board.find({m_id.ns, m_id.name})) {
        detail->row.app = row->app;
        detail->row.isAppAutomated = row->isAppAutomated;
        detail->row.isAppSelfHealed = row->isAppSelfHealed;
        detail->row.fate = row->fate;
        detail->row.fateOf = row->fateOf;
    }
    for (const service::RolloutRevision &revision : detail->revisions) {
        if (revision.hash == detail->row.stableHash && detail->row.isUpdating && revision.experiment.empty())
            detail->row.stableImages = revision.images;
    }
    detail->row.rights = m_rights;
    detail->row.hasRights = true;
    for (std::size_t i = 0; i < service::kRolloutActs; ++i)
        detail->acts[i] = actPermission(static_cast<service::RolloutAct>(i), objects.rollout, m_rights);
    if (detail->revisions.size() < 2 && detail->acts[static_cast<std::size_t>(service::RolloutAct::Undo)].isAllowed)
        detail->acts[static_cast<std::size_t>(service::RolloutAct::Undo)] = {false, "there is no earlier revision"};
    detail->advice = m_advice;
    detail->problem = m_problem;
    detail->isStale = m_board.isStale();
    detail->observedAt = m_board.session().state().lastSeen;
    m_publish(std::move(detail));
}

Expected<ResourceDiff> RolloutPage::difference(const std::string &fromHash, const std::string &toHash) const
{
    const rollout::RolloutObjects objects = m_view.objects();
    const auto find = [&](const std::string &hash) -> Object {
        for (const Object &set : objects.replicaSets) {
            if (set.label(rollout::kHashLabel) == hash && set.name() == m_id.name + "-" + hash)
                return templateOf(set);
        }
        return {};
    };
    const Object from = find(fromHash);
    const Object to = find(toHash);
    if (from.isNull() || to.isNull())
        return failure(ErrorCode::NotFound,
                       "version '" + (from.isNull() ? fromHash : toHash) + "' is not kept any more");
    return diffViewOf(from, to);
}

} // namespace tiphys::control
