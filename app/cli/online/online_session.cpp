// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/online_session.h"

#include "base/text.h"
#include "cli/plugins.h"
#include "compose/artifacts.h"
#include "compose/chosen_contexts.h"
#include "compose/chosen_tools.h"
#include "compose/git_repositories.h"
#include "compose/jq.h"
#include "compose/kube_connections.h"
#include "compose/machine.h"
#include "store/template_world.h"

#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

namespace tiphys::cli {

using control::ContextSession;

namespace {

/// What is followed where only objects of applications are looked for.
const control::ApplicationScope kNoApplications{.ns = "default", .name = "-"};

/// How long a cluster may be silent before that is told.
constexpr auto kSilence = std::chrono::seconds(5);

/// Seconds that the command has altogether, as --timeout says; 0 is no limit.
int secondsOf(const Invocation &invocation)
{
    return std::max(invocation.app.timeoutSeconds, invocation.rollout.timeoutSeconds);
}

/// What \p session waits for: a program that gives credentials, or \p server.
std::string awaited(const ContextSession &session, const std::string &server)
{
    const std::string command = session.awaitedCommand();
    return command.empty() ? "no answer from " + server : "the credential plugin '" + command + "' has not answered";
}

/// Waits until \p session has connected, and says on the standard error what it waits for. Errors: Timeout after the time that
/// \p invocation gives; why the cluster cannot be used.
Async<void> readyInTime(ContextSession *session, std::string server, const Invocation &invocation, CancelToken cancel)
{
    CancelSource giveUp(cancel);
    QTimer notice;
    notice.setSingleShot(true);
    QObject::connect(&notice, &QTimer::timeout, &notice, [session, server] {
        std::fputs((awaited(*session, server) + " yet; still waiting\n").c_str(), stderr);
    });
    if (!invocation.isQuiet)
        notice.start(kSilence);
    QTimer end;
    end.setSingleShot(true);
    const int limit = secondsOf(invocation);
    if (limit > 0)
        end.start(std::chrono::seconds(limit));
    // What it waits for ends with the waiting.
    std::string silence;
    QObject::connect(&end, &QTimer::timeout, &end, [session, server, &silence, &giveUp] {
        silence = awaited(*session, server);
        giveUp.cancel();
    });
    const Expected<void> ready = co_await session->ready(giveUp.token());
    if (!ready && giveUp.isCancelled() && !cancel.isCancelled())
        co_return failure(ErrorCode::Timeout, "timed out after " + std::to_string(limit) + " s: " + silence);
    co_return ready;
}

} // namespace

OnlineSession::OnlineSession(const Invocation &invocation)
    : m_invocation(invocation), m_clock(std::make_shared<ports::SystemClock>()),
      m_connections(compose::kubeConnections(
          invocation.connection.kubeconfig, {invocation.connection.as, invocation.connection.asGroups},
          compose::allowExecPlugins(), &m_pool, m_clock,
          [ns = invocation.connection.ns](const std::string &, const std::string &) {
              std::vector<std::string> known;
              for (const std::string_view one : split(ns, ','))
                  known.emplace_back(one);
              return ns.empty() ? std::vector<std::string>() : known;
          },
          // Somebody may be typing a password: Ctrl+C ends it.
          [](const Error &stillRuns) { std::fprintf(stderr, "%s\n", stillRuns.text().c_str()); },
          [waits = m_credentialWaits](const auto &wait) {
              waits->tell({.context = wait.context, .command = wait.command, .isOver = wait.isOver});
          })),
      m_repositories(compose::gitRepositories(
          compose::cacheFolder(), [](const auto &...) { return true; }, &m_gitPool, m_clock)),
      m_artifacts(compose::artifacts({.mayRunHelper = [](const std::string &, const std::string &) { return true; },
                                      .pool = &m_pool,
                                      .clock = m_clock,
                                      .isPlainHttp = false,
                                      .progress = {}})),
      m_jq(compose::jqEngine()), m_lua(compose::luaEngine()), m_jsonnet(compose::jsonnetEngine()),
      // A cluster is not judged by the folder that somebody stands in.
      m_plugins(pluginHost(invocation.plugins, PluginPlaces::User))
{
    m_credentialWaits->setListener([this](const control::CredentialWaits::Wait &wait) {
        if (const auto session = m_sessions.find(wait.context); session != m_sessions.end())
            session->second->credentialsAwaited(wait);
    });
}

OnlineSession::~OnlineSession()
{
    m_credentialWaits->setListener({});
    m_gitPool.waitForDone();
    m_pool.waitForDone();
}

Expected<void> OnlineSession::checkKubeconfig() const
{
    const std::string &named = m_invocation.connection.kubeconfig;
    std::error_code problem;
    if (!named.empty() && !std::filesystem::exists(named, problem))
        return failure(ErrorCode::NotFound, "no kubeconfig file " + tiphys::quoted(named));
    const ports::KubeconfigFacts facts = m_connections->facts();
    if (facts.contexts.empty() && !facts.problems.empty())
        return failure(ErrorCode::InvalidInput, facts.problems.front());
    for (const std::string &each : facts.problems)
        std::fputs(("warning: " + each + "\n").c_str(), stderr);
    return {};
}

Expected<std::string> OnlineSession::contextName() const
{
    const ports::KubeconfigFacts facts = m_connections->facts();
    const std::string wanted =
        m_invocation.connection.context.empty() ? facts.currentContext : m_invocation.connection.context;
    if (std::ranges::contains(facts.contexts, wanted, &ports::ContextFacts::name))
        return wanted;
    if (!facts.problems.empty())
        return failure(ErrorCode::InvalidInput, facts.problems.front());
    std::string files;
    for (const std::string &file : facts.files)
        files += (files.empty() ? "" : ", ") + file;
    std::error_code problem;
    const bool isThere = std::ranges::any_of(
        facts.files, [&problem](const std::string &file) { return std::filesystem::exists(file, problem); });
    if (!isThere)
        return failure(ErrorCode::NotFound,
                       "no kubeconfig: " + (files.empty() ? "$KUBECONFIG names no file" : "there is no " + files)
                           + "; --kubeconfig or $KUBECONFIG name another, and tiphysctl demo makes "
                             "one to look around");
    if (wanted.empty())
        return failure(ErrorCode::NotFound, "no current context in the kubeconfig (" + files + ")");
    return failure(ErrorCode::NotFound, "no context '" + wanted + "' in the kubeconfig (" + files + ")");
}

control::ObserverParts OnlineSession::parts()
{
    return {.repositories = m_repositories,
            .clock = m_clock,
            .pool = &m_pool,
            .jq = m_jq.get(),
            .lua = m_lua.get(),
            .artifacts = m_artifacts,
            .jsonnet = m_jsonnet.get(),
            .world = store::machineWorld(),
            .plugins = m_plugins.get(),
            .tools = m_tools.get()};
}

Expected<void> OnlineSession::takeSettings()
{
    Expected<compose::ContextChoices> contexts = compose::chosenContexts();
    if (!contexts)
        return std::unexpected(contexts.error());
    m_chosenContexts = std::move(*contexts);
    Expected<std::shared_ptr<render::ExternalTools>> tools = compose::userTools();
    if (!tools)
        return std::unexpected(tools.error());
    m_tools = std::move(*tools);
    return {};
}

void OnlineSession::warnOfInsecurity(const std::string &context) const
{
    for (const ports::ContextFacts &facts : m_connections->facts().contexts) {
        if (facts.name == context && facts.skipsTlsVerification && !m_invocation.isQuiet)
            std::fputs(
                ("warning: context " + context + " does not verify the certificate of " + facts.server + "\n").c_str(),
                stderr);
    }
}

Expected<ports::Connection> OnlineSession::connect()
{
    const Expected<std::string> context = contextName();
    if (!context)
        return std::unexpected(context.error());
    warnOfInsecurity(*context);
    Expected<ports::Connection> connection = m_connections->connect(*context);
    if (connection)
        m_opened.push_back(*connection);
    return connection;
}

Expected<ports::Connection> OnlineSession::connectBy(const std::string &kubeconfig)
{
    std::error_code problem;
    if (!std::filesystem::exists(kubeconfig, problem))
        return failure(ErrorCode::NotFound, "no kubeconfig file " + tiphys::quoted(kubeconfig));
    const ports::ConnectionsPtr others =
        compose::kubeConnections(kubeconfig, {}, compose::allowExecPlugins(), &m_pool, m_clock);
    const ports::KubeconfigFacts facts = others->facts();
    if (facts.contexts.empty() && !facts.problems.empty())
        return failure(ErrorCode::InvalidInput, facts.problems.front());
    if (facts.currentContext.empty())
        return failure(ErrorCode::InvalidInput, "kubeconfig " + tiphys::quoted(kubeconfig) + " has no current-context");
    Expected<ports::Connection> connection = others->connect(facts.currentContext);
    if (connection) {
        m_others.push_back(others);
        m_opened.push_back(*connection);
    }
    return connection;
}

Async<ContextSession *> OnlineSession::open(control::ApplicationScope scope, CancelToken cancel)
{
    const Expected<std::string> context = contextName();
    if (!context)
        co_return std::unexpected(context.error());
    warnOfInsecurity(*context);
    const Expected<ContextSession *> session = co_await openContext(*context, scope, cancel);
    co_return session;
}

Expected<ContextSession *> OnlineSession::startContext(const std::string &context,
                                                       const control::ApplicationScope &scope)
{
    if (const auto known = m_sessions.find(context); known != m_sessions.end())
        return known->second.get();
    const ports::KubeconfigFacts facts = m_connections->facts();
    const auto found = std::ranges::find(facts.contexts, context, &ports::ContextFacts::name);
    if (found == facts.contexts.end())
        return failure(ErrorCode::NotFound, "no context '" + context + "' in the kubeconfig");
    const auto changed = [this](const service::AppId *app) {
        if (m_onChange)
            m_onChange(app);
    };
    auto session = std::make_unique<ContextSession>(
        *found, m_connections, *m_clock,
        ContextSession::News{.clusterChanged = [] {},
                             .applicationsChanged = [changed] { changed(nullptr); },
                             .applicationChanged = [changed](const service::AppId &app) { changed(&app); }},
        scope);
    session->setEngineIdentity(compose::engineIdentity());
    // Who types a command means it; levels protect clicks.
    session->setLevel(service::Level::Normal);
    session->start();
    return m_sessions.emplace(context, std::move(session)).first->second.get();
}

Async<ContextSession *> OnlineSession::openContext(std::string context, control::ApplicationScope scope,
                                                   CancelToken cancel)
{
    const Expected<ContextSession *> started = startContext(context, scope);
    if (!started)
        co_return std::unexpected(started.error());
    std::string server = "the cluster of context '" + context + "'";
    for (const ports::ContextFacts &facts : m_connections->facts().contexts) {
        if (facts.name == context)
            server = facts.server;
    }
    const Expected<void> ready = co_await readyInTime(*started, server, m_invocation, cancel);
    if (!ready)
        co_return std::unexpected(ready.error());
    co_return *started;
}

ContextSession *OnlineSession::destinationNow(const crd::Destination &destination, ContextSession &home)
{
    const std::string server = policy::destinationServer(home.registry(), destination).value_or(std::string());
    ContextSession *first = nullptr;
    for (const std::string &name :
         control::contextsFor(server, home.state().context, m_connections->facts().contexts, m_chosenContexts)) {
        const Expected<ContextSession *> session = startContext(name, kNoApplications);
        if (!session)
            continue;
        const service::Reachability reachability = (*session)->state().reachability;
        if (reachability == service::Reachability::Live || reachability == service::Reachability::Connecting)
            return *session;
        if (!first)
            first = *session;
    }
    return first;
}

Async<ContextSession *> OnlineSession::destinationOf(crd::Destination destination, ContextSession *home,
                                                     CancelToken cancel)
{
    const std::string server = policy::destinationServer(home->registry(), destination).value_or(std::string());
    for (const std::string &name :
         control::contextsFor(server, home->state().context, m_connections->facts().contexts, m_chosenContexts)) {
        if (name == home->state().context)
            co_return home;
        warnOfInsecurity(name);
        const Expected<ContextSession *> session = co_await openContext(name, kNoApplications, cancel);
        if (session)
            co_return *session;
    }
    if (!m_invocation.app.localEngine || server.empty())
        co_return nullptr;
    std::unique_ptr<control::RegisteredSessions> &registered = m_registered[home];
    if (!registered)
        registered = std::make_unique<control::RegisteredSessions>(*home, [] {});
    const Expected<ContextSession *> session = registered->at(server);
    if (!session)
        co_return nullptr; // the engine says why
    const Expected<void> ready = co_await (*session)->ready(cancel);
    co_return ready ? *session : nullptr;
}

Async<void> OnlineSession::close()
{
    m_onChange = {};
    for (const auto &[home, registered] : m_registered)
        ignoreError(co_await registered->close(), "the program ends");
    m_registered.clear();
    for (const auto &[context, session] : m_sessions)
        ignoreError(co_await session->close(), "the program ends");
    m_sessions.clear();
    for (const ports::Connection &connection : m_opened)
        ignoreError(co_await connection.cache->close(), "the program ends");
    m_opened.clear();
    co_return {};
}

} // namespace tiphys::cli
