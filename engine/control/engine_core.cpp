// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/engine_core.h"

#include "async/delay.h"
#include "policy/registry.h"

#include <algorithm>
#include <chrono>

namespace tiphys::control {

using namespace std::chrono_literals;
using service::AppId;
using service::Done;

namespace {

/// News of many caches within this time become one snapshot.
constexpr auto kPublishPause = 50ms;

} // namespace

EngineCore::EngineCore(EngineParts parts, EngineNews news)
    : m_parts(std::move(parts)), m_news(std::move(news)), m_rollouts(m_news.rollouts, m_parts.clock, &m_pool),
      m_memory(m_parts.shelf, &m_pool), m_publishing(kPublishPause, [this] { publishApplicationsNow(); })
{
}

EngineCore::~EngineCore()
{
    m_pool.waitForDone();
}

void EngineCore::start()
{
    m_parts.connections->setOnChange([this] { readKubeconfig(); });
    if (m_parts.credentialWaits)
        m_parts.credentialWaits->setListener([this](const CredentialWaits::Wait &wait) {
            if (const auto session = m_sessions.find(wait.context); session != m_sessions.end())
                session->second->credentialsAwaited(wait);
        });
    readKubeconfig();
    publishApplications();
}

Async<void> EngineCore::close()
{
    m_parts.connections->setOnChange({});
    if (m_parts.credentialWaits)
        m_parts.credentialWaits->setListener({});
    rememberAll();
    ignoreError(co_await m_tasks.close(), "closing: nobody waits for the answers");
    m_memory.finish();
    for (const auto &[app, page] : std::exchange(m_pages, {}))
        ignoreError(co_await page->close(), "closing");
    for (const auto &[context, engine] : m_engines)
        ignoreError(co_await engine->close(), "closing");
    m_engines.clear();
    ignoreError(co_await m_rollouts.close(), "closing");
    for (const auto &[context, session] : m_sessions) {
        m_podCauses.forget(session->cache());
        ignoreError(co_await session->close(), "closing");
    }
    m_sessions.clear();
    co_return {};
}

void EngineCore::readKubeconfig()
{
    m_kubeconfig = m_parts.connections->facts();
    publishClusters();
}

void EngineCore::setTicked(const std::string &context, bool isTicked)
{
    const auto found = m_sessions.find(context);
    if (!isTicked)
        m_memory.forget(context);
    if (!isTicked && found != m_sessions.end()) {
        m_tasks.start(endSession(context));
        return;
    }
    const auto facts = std::ranges::find(m_kubeconfig.contexts, context, &ports::ContextFacts::name);
    if (!isTicked || found != m_sessions.end() || facts == m_kubeconfig.contexts.end())
        return;
    ContextSession::News news;
    const auto tellRollouts = [this, context] {
        // Sessions still change while they close: nothing begins anew for that.
        if (m_tasks.token().isCancelled())
            return;
        if (const auto known = m_sessions.find(context); known != m_sessions.end())
            m_rollouts.sessionChanged(*known->second);
    };
    news.clusterChanged = [this, tellRollouts] {
        publishClusters();
        tellRollouts();
    };
    news.applicationsChanged = [this, context, tellRollouts] {
        movePages();
        const auto own = m_sessions.find(context);
        for (const auto &[app, page] : m_pages) {
            const bool isDestination = own != m_sessions.end() && page->destination() == own->second.get();
            if (app.context == context || isDestination)
                page->homeChanged();
        }
        publishApplications();
        tellRollouts();
        if (const auto engine = m_engines.find(context); engine != m_engines.end())
            engine->second->applicationsChanged();
    };
    news.applicationChanged = [this](const AppId &app) {
        movePages();
        if (const auto page = m_pages.find(app); page != m_pages.end())
            page->second->applicationChanged();
        if (const auto engine = m_engines.find(app.context); engine != m_engines.end())
            engine->second->applicationChanged(app);
    };
    auto session = std::make_unique<ContextSession>(*facts, m_parts.connections, *m_parts.clock, std::move(news));
    session->setEngineIdentity(m_parts.identity);
    if (const auto level = m_levels.find(context); level != m_levels.end())
        session->setLevel(level->second);
    ContextSession &started = *m_sessions.emplace(context, std::move(session)).first->second;
    m_memory.recall(*facts);
    publishApplicationsNow(); // before the session's first request is prepared, which takes a while
    started.start();
    for (const auto &[app, count] : m_openCounts) {
        if (app.context == context)
            openPage(app, started);
    }
    destinationsChanged();
    publishClusters();
}

void EngineCore::destinationsChanged()
{
    for (const auto &[context, engine] : m_engines)
        engine->applicationsChanged();
    movePages();
}

void EngineCore::movePages()
{
    // Sessions still change while they close: nothing begins anew for that.
    if (m_tasks.token().isCancelled())
        return;
    std::vector<std::shared_ptr<AppPage>> moved;
    for (const auto &[app, page] : m_pages) {
        const Expected<ContextSession *> home = sessionOf(app);
        const KnownApp *known = home ? (*home)->find(app) : nullptr;
        if (known && known->app && destinationSession(known->app->spec.destination, app.context) != page->destination())
            moved.push_back(page);
    }
    for (const std::shared_ptr<AppPage> &page : moved) {
        m_pages.erase(page->app());
        m_tasks.start(endPage(page));
        openPage(page->app(), **sessionOf(page->app()));
    }
}

Async<Done> EngineCore::chooseContext(std::string server, std::string context)
{
    server = policy::withoutSlash(server);
    if (!context.empty() && !std::ranges::contains(m_kubeconfig.contexts, context, &ports::ContextFacts::name))
        co_return failure(ErrorCode::NotFound, "no context '" + context + "' in the kubeconfig");
    if (context.empty())
        m_parts.chosenContexts.erase(server);
    else
        m_parts.chosenContexts[server] = context;
    if (!context.empty())
        setTicked(context, true);
    destinationsChanged();
    if (m_parts.keepChoice) {
        const Expected<void> kept = m_parts.keepChoice(server, context);
        if (!kept)
            co_return std::unexpected(kept.error().in("the choice holds until the program ends"));
    }
    co_return Done{};
}

Async<void> EngineCore::endSession(std::string context)
{
    const auto found = m_sessions.find(context);
    if (found == m_sessions.end())
        co_return {};
    const std::shared_ptr<ContextSession> session(std::move(found->second));
    m_sessions.erase(found);
    // Pages of other contexts may show objects of this cluster.
    std::vector<std::shared_ptr<AppPage>> pages;
    for (auto page = m_pages.begin(); page != m_pages.end();) {
        if (page->first.context != context && page->second->destination() != session.get()) {
            ++page;
            continue;
        }
        pages.push_back(page->second);
        page = m_pages.erase(page);
    }
    std::vector<std::string> others;
    for (const auto &[other, engine] : m_engines) {
        if (other != context)
            others.push_back(other);
    }
    publishClusters();
    publishApplications();
    // First of all: a session that is ticked again meanwhile may get an engine of its own.
    ignoreError(co_await endEngine(context), "the context was unticked");
    ignoreError(co_await m_rollouts.sessionEnds(context), "the context was unticked");
    for (const std::shared_ptr<AppPage> &page : pages)
        ignoreError(co_await page->close(), "the context was unticked");
    for (const std::shared_ptr<AppPage> &page : pages) {
        if (const Expected<ContextSession *> other = sessionOf(page->app());
            other && m_openCounts.contains(page->app()))
            openPage(page->app(), **other);
    }
    // Other engines may have applied to this cluster: they begin anew without it.
    for (const std::string &other : others) {
        if (!m_engines.contains(other))
            continue;
        m_restarting.insert(other);
        ignoreError(co_await endEngine(other), "another starts below");
        if (m_restarting.erase(other) > 0)
            ignoreError(co_await setLocalEngine(other, true), "the state of its context tells that it does not run");
    }
    const std::vector<std::shared_ptr<LocalEngine>> engines = m_endingEngines;
    for (const std::shared_ptr<LocalEngine> &engine : engines)
        ignoreError(co_await engine->close(), "the context was unticked");
    const std::vector<std::shared_ptr<AppPage>> ending = m_endingPages;
    for (const std::shared_ptr<AppPage> &page : ending)
        ignoreError(co_await page->close(), "the context was unticked");
    m_podCauses.forget(session->cache());
    ignoreError(co_await session->close(), "the context was unticked");
    co_return {};
}

Async<void> EngineCore::endEngine(std::string context)
{
    const auto found = m_engines.find(context);
    if (found == m_engines.end())
        co_return {};
    const std::shared_ptr<LocalEngine> ending = found->second;
    m_engines.erase(found);
    m_endingEngines.push_back(ending);
    ignoreError(co_await ending->close(), "its tasks tell their errors themselves");
    std::erase(m_endingEngines, ending);
    co_return {};
}

void EngineCore::setLevel(const std::string &context, service::Level level)
{
    m_levels[context] = level;
    if (const auto session = m_sessions.find(context); session != m_sessions.end())
        session->second->setLevel(level);
    else
        publishClusters();
}

Async<Done> EngineCore::setLocalEngine(std::string context, bool isOn)
{
    // An engine that ends gives the Lease back, which the next one must not have by then.
    const std::vector<std::shared_ptr<LocalEngine>> ending =
        isOn ? m_endingEngines : std::vector<std::shared_ptr<LocalEngine>>();
    for (const std::shared_ptr<LocalEngine> &engine : ending)
        ignoreError(co_await engine->close(), "its tasks tell their errors themselves");
    const auto session = m_sessions.find(context);
    if (session == m_sessions.end())
        co_return failure(ErrorCode::NotFound, "context '" + context + "' is not connected");
    const auto running = m_engines.find(context);
    if (!isOn) {
        m_restarting.erase(context);
        ignoreError(co_await endEngine(context), "it is switched off");
        co_return Done{};
    }
    if (running != m_engines.end())
        co_return Done{};
    const auto engine = std::make_shared<LocalEngine>(
        *session->second,
        [this, context](const crd::Destination &destination) { return destinationSession(destination, context); },
        observerParts(), m_parts.identity);
    m_engines.emplace(context, engine);
    const Expected<void> started = co_await engine->start(m_tasks.token());
    if (started)
        co_return Done{};
    // It may have been switched off meanwhile, and another one begun.
    if (const auto failed = m_engines.find(context); failed != m_engines.end() && failed->second == engine)
        ignoreError(co_await endEngine(context), "it did not start");
    co_return std::unexpected(started.error());
}

void EngineCore::reconnect(const std::string &context)
{
    if (const auto session = m_sessions.find(context); session != m_sessions.end())
        session->second->reconnect();
    // First what somebody looks at.
    for (const auto &[app, page] : m_pages) {
        if (app.context == context)
            page->askAgain();
    }
}

Expected<Done> EngineCore::useKubeconfig(const std::vector<std::string> &files)
{
    m_parts.connections->useFiles(files);
    readKubeconfig();
    if (m_kubeconfig.contexts.empty() && !m_kubeconfig.problems.empty())
        return failure(ErrorCode::InvalidInput, m_kubeconfig.problems.front());
    return Done{};
}

ObserverParts EngineCore::observerParts()
{
    return {.repositories = m_parts.repositories,
            .clock = m_parts.clock,
            .pool = &m_pool,
            .jq = m_parts.jq.get(),
            .lua = m_parts.lua.get(),
            .artifacts = m_parts.artifacts,
            .jsonnet = m_parts.jsonnet.get(),
            .world = m_parts.world,
            .plugins = m_parts.plugins.get(),
            .tools = m_parts.tools.get(),
            .renders = m_renders};
}

void EngineCore::openApplication(const AppId &app)
{
    if (m_openCounts[app]++ > 0)
        return;
    if (const Expected<ContextSession *> session = sessionOf(app))
        openPage(app, **session);
}

void EngineCore::openPage(const AppId &app, ContextSession &session)
{
    if (m_pages.contains(app))
        return;
    // Where its objects are is known with the application: movePages() comes back to it then.
    ContextSession *destination = nullptr;
    if (const KnownApp *known = session.find(app); known && known->app)
        destination = destinationSession(known->app->spec.destination, app.context);
    auto page = std::make_shared<AppPage>(
        session, destination, app, observerParts(),
        [this, app](service::AppDetailPtr detail) { m_news.application(app, std::move(detail)); });
    page->start();
    m_pages.emplace(app, std::move(page));
}

Async<void> EngineCore::endPage(std::shared_ptr<AppPage> page)
{
    m_endingPages.push_back(page);
    ignoreError(co_await page->close(), "its tasks tell their errors themselves");
    std::erase(m_endingPages, page);
    co_return {};
}

void EngineCore::closeApplication(const AppId &app)
{
    const auto count = m_openCounts.find(app);
    if (count == m_openCounts.end() || --count->second > 0)
        return;
    m_openCounts.erase(count);
    const auto page = m_pages.find(app);
    if (page == m_pages.end())
        return;
    const std::shared_ptr<AppPage> ending = page->second;
    m_pages.erase(page);
    m_tasks.start(endPage(ending));
}

Error EngineCore::notOpen(const AppId &app)
{
    return {ErrorCode::NotFound, "no application '" + app.ns + "/" + app.name + "' in context '" + app.context
                                     + "', or the context is not connected"};
}

Expected<ContextSession *> EngineCore::sessionOf(const AppId &app)
{
    const auto session = m_sessions.find(app.context);
    if (session == m_sessions.end())
        return std::unexpected(notOpen(app));
    return session->second.get();
}

std::vector<ports::ContextFacts> EngineCore::tickedContexts() const
{
    std::vector<ports::ContextFacts> ticked;
    for (const auto &[name, session] : m_sessions)
        ticked.push_back({.name = name, .server = session->state().server, .user = {}, .ns = {}, .problem = {}});
    return ticked;
}

ContextSession *EngineCore::destinationSession(const crd::Destination &destination, const std::string &context)
{
    const auto own = m_sessions.find(context);
    ContextSession *home = own == m_sessions.end() ? nullptr : own->second.get();
    const std::string server =
        policy::destinationServer(home ? home->registry() : policy::Registry(), destination).value_or(std::string());
    for (const std::string &name : contextsFor(server, context, tickedContexts(), m_parts.chosenContexts)) {
        if (const auto session = m_sessions.find(name); session != m_sessions.end())
            return session->second.get();
    }
    return nullptr;
}

void EngineCore::publishClusters()
{
    auto snapshot = std::make_shared<service::ClustersSnapshot>();
    snapshot->kubeconfigFiles = m_kubeconfig.files;
    snapshot->problems = m_kubeconfig.problems;
    for (const ports::ContextFacts &facts : m_kubeconfig.contexts) {
        if (const auto session = m_sessions.find(facts.name); session != m_sessions.end()) {
            service::ClusterState state = session->second->state();
            const ReconcilerChoice choice = session->second->reconciler();
            state.reconciler = choice.reconciler;
            state.reconcilerReason = choice.reason;
            state.isLocalEngineOn = session->second->isLocalEngineOn();
            if (const RememberedRows *remembered = m_memory.find(facts.name)) {
                state.lastSeen = remembered->seen;
                state.applicationCount = static_cast<int>(remembered->rows.size());
            }
            snapshot->clusters.push_back(std::move(state));
            continue;
        }
        service::ClusterState state;
        state.context = facts.name;
        state.server = facts.server;
        state.user = facts.user;
        state.ns = facts.ns;
        state.skipsTlsVerification = facts.skipsTlsVerification;
        state.isProtectedByName = facts.name.contains("prod");
        state.message = facts.problem;
        if (const auto level = m_levels.find(facts.name); level != m_levels.end())
            state.level = level->second;
        snapshot->clusters.push_back(std::move(state));
    }
    m_news.clusters(std::move(snapshot));
}

void EngineCore::publishApplicationsNow()
{
    auto snapshot = std::make_shared<service::ApplicationsSnapshot>();
    snapshot->version = ++m_version;
    snapshot->isComplete = true;
    for (const auto &[context, session] : m_sessions) {
        snapshot->isComplete = snapshot->isComplete && session->hasAnswered();
        addRows(*session, *snapshot);
    }
    m_podCauses.sweep();
    m_news.applications(std::move(snapshot));
}

void EngineCore::addRows(ContextSession &session, service::ApplicationsSnapshot &snapshot)
{
    const std::string context = session.state().context;
    const service::Reachability reachability = session.state().reachability;
    const bool wasRemembered = m_memory.find(context) != nullptr;
    if (reachability == service::Reachability::Denied) {
        m_memory.forget(context);
    } else if (const RememberedRows *remembered = m_memory.find(context);
               remembered && reachability != service::Reachability::Live && session.apps().empty()) {
        snapshot.rows.insert(snapshot.rows.end(), remembered->rows.begin(), remembered->rows.end());
        return;
    }
    std::vector<service::AppRowPtr> changed;
    const bool isAlike = session.hasOneControlPlane();
    const service::Reconciler common = session.reconciler().reconciler;
    for (const auto &[id, known] : session.apps()) {
        snapshot.rows.push_back(shownRow(known, isAlike ? common : session.reconciler(id).reconciler));
        if (snapshot.rows.back() != known.row)
            changed.push_back(snapshot.rows.back());
    }
    for (const service::AppRowPtr &row : changed)
        session.setRow(row->id, row);
    if (reachability == service::Reachability::Live)
        remember(session);
    else
        m_memory.end(context);
    if (wasRemembered)
        publishClusters(); // when they were last seen is another time now
}

void EngineCore::remember(const ContextSession &session)
{
    const service::ClusterState &state = session.state();
    RememberedRows now{
        .context = state.context, .server = state.server, .user = state.user, .seen = m_parts.clock->now(), .rows = {}};
    for (const auto &[id, known] : session.apps())
        now.rows.push_back(known.row);
    m_memory.take(std::move(now), m_tasks);
}

void EngineCore::rememberAll()
{
    for (const auto &[context, session] : m_sessions) {
        if (session->state().reachability == service::Reachability::Live)
            remember(*session);
    }
}

service::AppRowPtr EngineCore::shownRow(const KnownApp &known, service::Reconciler reconciler)
{
    const bool isUnwell =
        known.row->urgency == service::Urgency::Degraded || known.row->urgency == service::Urgency::Progressing;
    std::string cause = known.row->cause;
    if (isUnwell && known.app) {
        // "Degraded" as it is stored, with the pods' trouble behind it as it is now.
        cause = cause.substr(0, cause.find(": "));
        const ContextSession *destination = destinationSession(known.app->spec.destination, known.row->id.context);
        // Where another cluster does not answer nothing marks the line as old: what its pods had then is not told.
        const bool isSeen = destination
                            && (destination->state().context == known.row->id.context
                                || destination->state().reachability == service::Reachability::Live);
        const std::string trouble = m_podCauses.causeOf(*known.app, isSeen ? destination->cache() : nullptr);
        cause += trouble.empty() ? "" : ": " + trouble;
    }
    if (known.row->reconciler == reconciler && known.row->cause == cause)
        return known.row;
    auto row = std::make_shared<service::AppRow>(*known.row);
    row->reconciler = reconciler;
    row->cause = cause;
    return row;
}

} // namespace tiphys::control
