// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_desk.h"

#include "async/delay.h"
#include "async/run_on.h"
#include "control/rollout_forecast.h"
#include "control/rollout_intents.h"
#include "control/rollout_rows.h"
#include "rollout/router/router_kinds.h"
#include "rollout/simulate/simulation.h"

#include <chrono>

namespace tiphys::control {

using namespace std::chrono_literals;
using object::Object;
using service::ActFate;
using service::RolloutAct;
using service::RolloutId;
using service::RolloutRequest;

namespace {

/// News of many lines within this time become one snapshot.
constexpr auto kPublishPause = 50ms;
constexpr auto kCheckPause = 2s;
/// How long what became of a lost act stays on its line.
constexpr auto kFateShown = 15s;

std::string doneText(const RolloutRequest &request)
{
    const std::string name = "rollout '" + request.id.name + "' ";
    switch (request.act) {
    case RolloutAct::Promote: return name + "promoted";
    case RolloutAct::PromoteFull: return name + "fully promoted";
    case RolloutAct::SkipStep: return name + "went on to the next step";
    case RolloutAct::SkipAllSteps: return name + "went on to the end of its steps";
    case RolloutAct::Pause: return name + "paused";
    case RolloutAct::Resume: return name + "resumed";
    case RolloutAct::Abort: return name + "aborted";
    case RolloutAct::Retry: return name + "retried";
    case RolloutAct::Restart: return name + "restarts its pods";
    case RolloutAct::Undo:
    case RolloutAct::SetImage: break;
    }
    return name + "changed";
}

} // namespace

RolloutDesk::RolloutDesk(News news, std::shared_ptr<const ports::Clock> clock, QThreadPool *pool)
    : m_news(std::move(news)), m_clock(std::move(clock)), m_pool(pool),
      m_publishing(kPublishPause, [this] { publishNow(); })
{
}

RolloutDesk::~RolloutDesk() = default;

void RolloutDesk::sessionChanged(ContextSession &session)
{
    std::unique_ptr<RolloutBoard> &board = m_boards[session.state().context];
    if (!board)
        board = std::make_unique<RolloutBoard>(session, [this] { boardChanged(); });
    board->sessionChanged();
    for (const auto &[id, count] : m_openCounts) {
        if (id.context == session.state().context)
            openPage(id, *board);
    }
    boardChanged();
}

Async<void> RolloutDesk::sessionEnds(std::string context)
{
    // Pages that are still closing look at the board too.
    std::vector<std::shared_ptr<RolloutPage>> pages = m_endingPages;
    for (auto page = m_pages.begin(); page != m_pages.end();) {
        if (page->first.context != context) {
            ++page;
            continue;
        }
        pages.push_back(page->second);
        page = m_pages.erase(page);
    }
    // The context may be ticked again meanwhile, and has another board then.
    const auto found = m_boards.find(context);
    const std::shared_ptr<RolloutBoard> board =
        found == m_boards.end() ? nullptr : std::shared_ptr<RolloutBoard>(std::move(found->second));
    if (board)
        m_boards.erase(found);
    for (const std::shared_ptr<RolloutPage> &page : pages)
        ignoreError(co_await page->close(), "the context was unticked");
    if (!board)
        co_return {};
    boardChanged();
    const Expected<void> closed = co_await board->close();
    co_return closed;
}

Async<void> RolloutDesk::close()
{
    ignoreError(co_await m_tasks.close(), "closing: nobody waits for the answers");
    for (const auto &[id, page] : std::exchange(m_pages, {}))
        ignoreError(co_await page->close(), "closing");
    for (const auto &[context, board] : m_boards)
        ignoreError(co_await board->close(), "closing");
    m_boards.clear();
    co_return {};
}

void RolloutDesk::boardChanged()
{
    for (const auto &[id, page] : m_pages)
        page->rowChanged();
    m_publishing.ask(m_tasks);
}

void RolloutDesk::publishNow()
{
    auto snapshot = std::make_shared<service::RolloutsSnapshot>();
    snapshot->version = ++m_version;
    snapshot->isComplete = true;
    for (const auto &[context, board] : m_boards) {
        snapshot->isComplete = snapshot->isComplete && board->hasAnswered();
        if (std::string problem = board->problem(); !problem.empty())
            snapshot->problems.emplace_back(context, std::move(problem));
        for (const auto &[place, row] : board->rows())
            snapshot->rows.push_back(row);
    }
    m_news.rollouts(std::move(snapshot));
}

Expected<RolloutBoard *> RolloutDesk::boardOf(const RolloutId &id)
{
    const auto board = m_boards.find(id.context);
    if (board == m_boards.end())
        return failure(ErrorCode::NotFound, "context '" + id.context + "' is not connected");
    return board->second.get();
}

void RolloutDesk::open(const RolloutId &id)
{
    if (m_openCounts[id]++ > 0)
        return;
    if (const Expected<RolloutBoard *> board = boardOf(id))
        openPage(id, **board);
}

void RolloutDesk::openPage(const RolloutId &id, RolloutBoard &board)
{
    if (m_pages.contains(id) || !board.session().cache())
        return;
    auto page = std::make_shared<RolloutPage>(
        board, id, [this, id](service::RolloutDetailPtr detail) { m_news.rollout(id, std::move(detail)); });
    page->start();
    m_pages.emplace(id, std::move(page));
}

void RolloutDesk::closePage(const RolloutId &id)
{
    const auto count = m_openCounts.find(id);
    if (count == m_openCounts.end() || --count->second > 0)
        return;
    m_openCounts.erase(count);
    const auto page = m_pages.find(id);
    if (page == m_pages.end())
        return;
    const std::shared_ptr<RolloutPage> ending = page->second;
    m_pages.erase(page);
    m_tasks.start(endPage(ending));
}

Async<void> RolloutDesk::endPage(std::shared_ptr<RolloutPage> page)
{
    m_endingPages.push_back(page);
    ignoreError(co_await page->close(), "its tasks tell their errors themselves");
    std::erase(m_endingPages, page);
    co_return {};
}

Async<std::string> RolloutDesk::act(RolloutRequest request)
{
    const CancelToken cancel = m_tasks.token();
    const Expected<RolloutBoard *> found = boardOf(request.id);
    if (!found)
        co_return std::unexpected(found.error());
    const Expected<service::RolloutRights> rights = co_await (*found)->rightsIn(request.id.ns, cancel);
    if (!rights)
        co_return std::unexpected(rights.error());
    const Expected<RolloutBoard *> board = boardOf(request.id);
    if (!board)
        co_return std::unexpected(board.error());
    if (const Object known = (*board)->object({request.id.ns, request.id.name}); !known.isNull()) {
        // State is looked at again on the object itself; the rights are what the server said.
        const service::Permission may = actPermission(request.act, known, *rights);
        const bool isAboutRights = !rights->status.isAllowed || !rights->spec.isAllowed;
        if (!may.isAllowed && isAboutRights)
            co_return failure(ErrorCode::Denied, may.reason);
    }
    const auto asked = std::make_shared<AskedAct>(
        AskedAct{.request = request, .restartAt = crd::Timestamp{m_clock->now() / 1000}, .undoTarget = {}});
    const Expected<std::string> done = co_await carryOut(asked, *board, cancel);
    if (done)
        co_return done;
    if (done.error().code() == ErrorCode::Denied) {
        if (const Expected<RolloutBoard *> again = boardOf(request.id))
            (*again)->forgetRights(request.id.ns);
    }
    if (done.error().code() == ErrorCode::Unknown) {
        if (const Expected<RolloutBoard *> again = boardOf(request.id))
            (*again)->setFate({request.id.ns, request.id.name}, request.act, ActFate::Checking);
        m_tasks.start(check(asked, cancel));
    }
    co_return std::unexpected(done.error());
}

Async<std::string> RolloutDesk::carryOut(std::shared_ptr<AskedAct> asked, RolloutBoard *board, CancelToken cancel)
{
    const RolloutRequest request = asked->request;
    const ports::ClusterPtr cluster = board->session().cluster();
    if (const std::optional<rollout::Intent> intent = intentOf(request.act)) {
        RolloutIntent wanted{request.id.ns, request.id.name, *intent,
                             rollout::Seen{request.seen.podHash, request.seen.stepIndex}, asked->restartAt};
        const Expected<Object> done = co_await carryOutIntent(cluster, std::move(wanted), cancel);
        if (!done)
            co_return std::unexpected(done.error());
        co_return doneText(request);
    }
    const Expected<Object> now = co_await cluster->get({rolloutType(), request.id.ns, request.id.name}, {}, cancel);
    if (!now)
        co_return std::unexpected(now.error());
    if (now->path({"status", "currentPodHash"}).stringOr() != request.seen.podHash)
        co_return failure(ErrorCode::Conflict,
                          "rollout '" + request.id.name + "' moved on since it was looked at: nothing was changed");
    if (request.act == RolloutAct::Undo) {
        const Expected<Undo> planned =
            co_await plannedUndo(cluster, request.id.ns, request.id.name, request.revision, cancel);
        if (!planned)
            co_return std::unexpected(planned.error());
        asked->undoTarget = planned->target;
        const Expected<std::string> undone = co_await carryOutUndo(cluster, *planned, request.id.name, cancel);
        co_return undone;
    }
    const Expected<std::string> set =
        co_await setRolloutImages(cluster, request.id.ns, request.id.name, request.images, cancel);
    co_return set;
}

Async<void> RolloutDesk::check(std::shared_ptr<const AskedAct> asked, CancelToken cancel)
{
    const RolloutRequest request = asked->request;
    const RolloutBoard::Place place{request.id.ns, request.id.name};
    ActFate fate = ActFate::Checking;
    while (fate == ActFate::Checking) {
        const Expected<void> waited = co_await async::delay(kCheckPause, cancel);
        if (!waited)
            co_return {};
        const Expected<RolloutBoard *> board = boardOf(request.id);
        if (!board)
            co_return {};
        const ports::ClusterPtr cluster = (*board)->session().cluster();
        const Expected<Object> now = co_await cluster->get({rolloutType(), place.first, place.second}, {}, cancel);
        if (cancel.isCancelled() || (!now && now.error().code() == ErrorCode::NotFound))
            co_return {};
        if (!now)
            continue;
        const Expected<Workload> workload = co_await workloadOf(cluster, *now, cancel);
        if (cancel.isCancelled())
            co_return {};
        if (workload)
            fate = hasTakenEffect(*asked, *now, workload->podTemplate()) ? ActFate::Done : ActFate::NotSent;
    }
    if (const Expected<RolloutBoard *> board = boardOf(request.id))
        (*board)->setFate(place, request.act, fate);
    const Expected<void> shown = co_await async::delay(kFateShown, cancel);
    if (!shown)
        co_return {};
    if (const Expected<RolloutBoard *> board = boardOf(request.id))
        (*board)->setFate(place, request.act, ActFate::None);
    co_return {};
}

Async<service::RolloutForecast> RolloutDesk::simulate(RolloutId id)
{
    const CancelToken cancel = m_tasks.token();
    const Expected<RolloutBoard *> board = boardOf(id);
    if (!board)
        co_return std::unexpected(board.error());
    const ports::ClusterPtr cluster = (*board)->session().cluster();
    const Expected<Object> rollout = co_await cluster->get({rolloutType(), id.ns, id.name}, {}, cancel);
    if (!rollout)
        co_return std::unexpected(rollout.error());
    const Expected<ports::DiscoveryPtr> discovery = co_await cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const rollout::Rollout read = rollout::readRollout(*rollout);
    std::vector<object::GroupKind> kinds{
        {"", "Service"}, {"argoproj.io", "AnalysisTemplate"}, {"argoproj.io", "ClusterAnalysisTemplate"}};
    for (const object::GroupKind &kind : rollout::routerKindsOf(read))
        kinds.push_back(kind);
    if (read.workload) {
        const object::Gvk gvk = object::gvkOf(read.workload->apiVersion, read.workload->kind);
        kinds.push_back({gvk.group, gvk.kind});
    }
    // The update from its beginning: where it stands now is not part of the way.
    std::vector<Object> objects{Object(rollout->value().without("status"))};
    for (const object::GroupKind &kind : kinds) {
        const Expected<ports::ResourceType> type = (*discovery)->typeOf(kind);
        if (!type)
            continue;
        ports::ListOptions options;
        options.ns = type->isNamespaced ? id.ns : "";
        const Expected<ports::ObjectList> list = co_await cluster->list(*type, options, cancel);
        if (!list)
            continue;
        for (const Object &object : list->items) {
            // What a router made for the update under way is made again.
            if (!object.isBeingDeleted() && (kind.kind == "Service" || object.ownerReferences().empty()))
                objects.push_back(object);
        }
    }
    const std::int64_t now = m_clock->now();
    const Expected<service::RolloutForecast> forecast =
        co_await async::runOn(m_pool, [objects, now]() -> Expected<service::RolloutForecast> {
            const Expected<rollout::Simulation> simulation =
                rollout::simulate(objects, {.start = {now}, .behaviour = {}});
            if (!simulation)
                return std::unexpected(simulation.error());
            return forecastOf(*simulation);
        });
    co_return forecast;
}

Async<service::ResourceDiff> RolloutDesk::difference(RolloutId id, std::string fromHash, std::string toHash)
{
    const auto page = m_pages.find(id);
    if (page == m_pages.end())
        co_return failure(ErrorCode::NotFound, "rollout '" + id.name + "' is not open");
    co_return page->second->difference(fromHash, toHash);
}

} // namespace tiphys::control
