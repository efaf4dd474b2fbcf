// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/context_session.h"

#include "async/delay.h"
#include "base/text.h"
#include "control/app_views.h"
#include "control/change_filter.h"
#include "control/cluster_access.h"
#include "control/live_view.h"
#include "control/permission.h"
#include "crd/names.h"

#include <QRegularExpression>

#include <algorithm>
#include <chrono>

namespace tiphys::control {

using namespace std::chrono_literals;
using object::Object;
using ports::CacheSnapshotPtr;
using ports::CacheState;
using service::AppId;
using service::Reachability;

namespace {

constexpr std::string_view kSettingsName = "argocd-cm";
constexpr auto kFirstRetry = 2s;
constexpr auto kLongestRetry = 60s;
constexpr int kMostAttempts = 4;
constexpr std::chrono::milliseconds kShortestWait = 50ms;
constexpr std::chrono::milliseconds kLongestWait = 3s;

ports::CacheKey keyOf(const ports::ResourceType &type, const std::string &ns = {},
                      const std::string &fieldSelector = {}, ports::Detail detail = ports::Detail::Full)
{
    return {.type = type, .ns = ns, .labelSelector = {}, .fieldSelector = fieldSelector, .detail = detail};
}

const ports::ResourceType kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};
const ports::ResourceType kSecrets{"", "v1", "secrets", "Secret", true};
const ports::ResourceType kLeases{"coordination.k8s.io", "v1", "leases", "Lease", true};

bool suggestsProduction(std::string_view context)
{
    return asciiLower(context).contains("prod");
}

/// Returns when \p user has an answer or a refusal; a server that stumbles is asked again a few times.
Async<void> settled(ports::CacheUserPtr user, const ports::Clock &clock, CancelToken cancel)
{
    for (int attempts = 0; attempts < kMostAttempts; ++attempts) {
        const Expected<CacheSnapshotPtr> synced = co_await user->synced(cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        const bool mayComeYet =
            !synced && user->snapshot()->state == CacheState::Failed && synced.error().code() != ErrorCode::NotFound;
        if (!mayComeYet)
            break;
        const auto until = std::chrono::milliseconds(user->snapshot()->retryAt - clock.now());
        const Expected<void> waited = co_await async::delay(std::clamp(until, kShortestWait, kLongestWait), cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    co_return {};
}

/// The pattern of a project's `sourceNamespaces` between slashes.
bool isFound(std::string_view pattern, std::string_view text)
{
    const QRegularExpression expression(QString::fromUtf8(pattern));
    return expression.isValid() && expression.match(QString::fromUtf8(text)).hasMatch();
}

/// Until when the engine's Lease keeps others away.
service::WallTime expiryOf(const Object &lease)
{
    const object::Value spec = lease.value()["spec"];
    const service::WallTime renewed = wallTimeOf(spec["renewTime"].stringOr());
    return renewed + spec["leaseDurationSeconds"].intOr(0) * 1000;
}

} // namespace

ContextSession::ContextSession(ports::ContextFacts facts, ports::ConnectionsPtr connections, const ports::Clock &clock,
                               News news, ApplicationScope scope)
    : m_facts(std::move(facts)), m_connections(std::move(connections)), m_clock(clock), m_news(std::move(news)),
      m_scope(std::move(scope)), m_tasks(std::make_unique<async::TaskScope>())
{
    m_state.context = m_facts.name;
    m_state.server = m_facts.server;
    m_state.user = m_facts.user;
    m_state.ns = m_facts.ns;
    m_state.skipsTlsVerification = m_facts.skipsTlsVerification;
    m_state.isProtectedByName = suggestsProduction(m_facts.name);
    m_state.reachability = Reachability::Connecting;
}

ContextSession::~ContextSession() = default;

void ContextSession::start()
{
    m_tasks->start(run(m_tasks->token()));
}

Async<void> ContextSession::close()
{
    m_applications.reset();
    m_projects.reset();
    m_configMaps.reset();
    m_parameters.reset();
    m_secrets.reset();
    m_leases.reset();
    ignoreError(co_await m_tasks->close(), "closing: the tasks told their errors");
    // A task may have waited for what it looks at, and so have kept its callbacks.
    m_controllers.reset();
    if (m_connection.cache)
        ignoreError(co_await m_connection.cache->close(), "closing: nobody waits for the caches");
    m_connection = {};
    m_impersonated.clear();
    co_return {};
}

void ContextSession::reconnect()
{
    if (m_connection.cluster)
        m_connection.cluster->forgetFailures();
    for (const auto &[user, cluster] : m_impersonated)
        cluster->forgetFailures();
    for (const ports::CacheUserPtr &user :
         {m_applications, m_projects, m_configMaps, m_parameters, m_secrets, m_leases}) {
        if (user)
            user->refresh();
    }
    if (m_controllers)
        m_controllers->refresh();
    m_retryNow.cancel();
}

Async<void> ContextSession::ready(CancelToken cancel)
{
    const async::CancelRegistration registration =
        cancel.onCancel([ready = m_ready] { ready.set(std::unexpected(async::cancelledError())); });
    const Expected<void> result = co_await m_ready;
    co_return result;
}

Async<void> ContextSession::run(CancelToken cancel)
{
    auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(kFirstRetry);
    while (!cancel.isCancelled()) {
        const Expected<void> connected = co_await connectOnce(cancel);
        if (cancel.isCancelled())
            co_return {};
        m_ready.set(connected);
        if (connected)
            co_return {}; // the caches go on by themselves
        m_hasAnswered = true;
        const ErrorCode code = connected.error().code();
        setReachability(code == ErrorCode::Unauthorized ? Reachability::SignInNeeded
                        : code == ErrorCode::Denied     ? Reachability::Denied
                                                        : Reachability::Unreachable,
                        connected.error().text());
        m_state.retryAt = m_clock.now() + pause.count();
        changed();
        m_news.applicationsChanged();
        m_retryNow = CancelSource(cancel);
        const Expected<void> waited = co_await async::delay(pause, m_retryNow.token());
        ignoreError(waited, "an interrupted wait is a wait that ended");
        pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestRetry);
    }
    co_return {};
}

Async<void> ContextSession::connectOnce(CancelToken cancel)
{
    if (!m_connection.cluster) {
        const Expected<ports::Connection> connection = m_connections->connect(m_facts.name);
        if (!connection)
            co_return std::unexpected(connection.error());
        m_connection = *connection;
        // The first request of a program prepares a lot: what is waiting goes first.
        const Expected<void> turn = co_await async::delay(0ms, cancel);
        if (!turn)
            co_return std::unexpected(turn.error());
    }
    const Expected<ports::DiscoveryPtr> discovery = co_await m_connection.cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    m_state.lastSeen = m_clock.now();
    const ports::ApiResource *applications =
        (*discovery)->find(object::GroupKind{std::string(crd::kGroup), std::string(crd::kApplicationKind)});
    const ports::ApiResource *projects =
        (*discovery)->find(object::GroupKind{std::string(crd::kGroup), std::string(crd::kProjectKind)});
    m_state.hasArgoCdTypes = applications != nullptr;
    m_state.hasRollouts = (*discovery)->find(object::GroupKind{"argoproj.io", "Rollout"}) != nullptr;
    if (applications) {
        const std::string byName = m_scope.name.empty() ? "" : "metadata.name=" + m_scope.name;
        m_applications =
            m_connection.cache->use(keyOf(applications->type, m_scope.ns, byName),
                                    [this](const CacheSnapshotPtr &snapshot) { applicationsArrived(snapshot); });
    }
    if (projects)
        m_projects = m_connection.cache->use(keyOf(projects->type),
                                             [this](const CacheSnapshotPtr &) { m_news.applicationsChanged(); });
    // Asked for together with the Applications: what pages watch depends on it.
    m_configMaps = m_connection.cache->use(keyOf(kConfigMaps, "", "metadata.name=" + std::string(kSettingsName)),
                                           [this](const CacheSnapshotPtr &snapshot) { settingsArrived(snapshot); });
    // Little, while a lot is on its way: both at once.
    const Async<ports::UserInfo> askingUser = m_connection.cluster->selfSubject(cancel);
    const Async<ports::ServerVersion> askingVersion = m_connection.cluster->serverVersion(cancel);
    const Expected<ports::UserInfo> user = co_await askingUser;
    if (user)
        m_state.identity = user->name;
    const Expected<ports::ServerVersion> version = co_await askingVersion;
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError()); // close() has given the caches up
    if (version)
        m_state.serverVersion = version->gitVersion;
    if (m_applications) {
        const Expected<CacheSnapshotPtr> listed = co_await m_applications->synced(cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        applicationsArrived(listed ? *listed : m_applications->snapshot());
    } else {
        setReachability(Reachability::Live, "");
    }
    const Expected<void> learned = co_await learnControlPlane(cancel);
    ignoreError(learned, "what may not be read is unknown evidence");
    m_hasAnswered = true;
    changed();
    m_news.applicationsChanged();
    co_return {};
}

Async<void> ContextSession::learnControlPlane(CancelToken cancel)
{
    const Expected<CacheSnapshotPtr> everywhere = co_await m_configMaps->synced(cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    settingsArrived(everywhere ? *everywhere : m_configMaps->snapshot());

    const std::string ns = controlPlaneNamespace();
    const Expected<void> projects = co_await learnProjects(ns, cancel);
    if (!projects)
        co_return std::unexpected(projects.error());
    watchControlPlane(ns);
    m_controllers = std::make_unique<ControllerWatch>(m_connection.cache, [this] { weighEvidence(); });
    // It may have turned out to be another one while its projects were read.
    followControlPlane();
    std::vector<ports::CacheUserPtr> asked = m_controllers->users();
    asked.insert(asked.end(), {m_parameters, m_secrets, m_leases});
    for (const ports::CacheUserPtr &user : asked) {
        const Expected<void> known = co_await settled(user, m_clock, cancel);
        if (!known)
            co_return std::unexpected(known.error());
    }
    m_controllers->lookIn(controllerPlaces());
    asked = m_controllers->users();
    // Those of another control plane, if it turned out to be another one meanwhile.
    asked.insert(asked.end(), {m_parameters, m_secrets, m_leases});
    for (const ports::CacheUserPtr &user : asked) {
        const Expected<void> known = co_await settled(user, m_clock, cancel);
        if (!known)
            co_return std::unexpected(known.error());
    }
    secretsArrived(m_secrets->snapshot());
    co_return {};
}

void ContextSession::watchControlPlane(const std::string &ns)
{
    // Whoever waits for the old ones keeps them a little: what they tell is of another control plane.
    m_secrets =
        m_connection.cache->use({.type = kSecrets,
                                 .ns = ns,
                                 .labelSelector = std::string(policy::kSecretTypeLabel) + " in (cluster,repository)",
                                 .fieldSelector = {},
                                 .detail = ports::Detail::Full},
                                [this, ns](const CacheSnapshotPtr &snapshot) {
                                    if (m_secrets && m_secrets->key().ns == ns)
                                        secretsArrived(snapshot);
                                });
    m_leases = m_connection.cache->use(keyOf(kLeases, ns, "metadata.name=" + std::string(kEngineLease)),
                                       [this](const CacheSnapshotPtr &) { weighEvidence(); });
    m_parameters = m_connection.cache->use(keyOf(kConfigMaps, ns, "metadata.name=" + std::string(kParametersName)),
                                           [this](const CacheSnapshotPtr &) { m_news.applicationsChanged(); });
}

void ContextSession::followControlPlane()
{
    const std::string ns = controlPlaneNamespace();
    if (!m_secrets || m_secrets->key().ns == ns)
        return;
    watchControlPlane(ns);
    if (m_projects && !m_projects->key().ns.empty())
        m_projects = m_connection.cache->use(keyOf(m_projects->key().type, ns),
                                             [this](const CacheSnapshotPtr &) { m_news.applicationsChanged(); });
    if (m_controllers)
        m_controllers->lookIn(controllerPlaces());
    secretsArrived(m_secrets->snapshot());
}

Async<void> ContextSession::learnProjects(std::string ns, CancelToken cancel)
{
    if (!m_projects)
        co_return {};
    const Expected<void> known = co_await settled(m_projects, m_clock, cancel);
    if (!known)
        co_return std::unexpected(known.error());
    const std::optional<Error> unseen = unseenIn(m_projects->key(), *m_projects->snapshot(), ns);
    if (!unseen || unseen->code() != ErrorCode::Denied)
        co_return {};
    // Who may not list all may list those that count.
    m_projects = m_connection.cache->use(keyOf(m_projects->key().type, ns),
                                         [this](const CacheSnapshotPtr &) { m_news.applicationsChanged(); });
    const Expected<void> own = co_await settled(m_projects, m_clock, cancel);
    co_return own;
}

void ContextSession::weighEvidence()
{
    if (m_leases) {
        const auto lease = m_leases->snapshot()->objects.find(m_leases->key().ns, kEngineLease);
        m_leaseEnds = lease ? expiryOf(*lease) : 0;
        const bool isHeld = lease && m_leaseEnds >= m_clock.now();
        m_evidence.leaseHolder =
            isHeld ? std::string(lease->value().path({"spec", "holderIdentity"}).stringOr()) : std::string();
    }
    weighLater();
    m_news.applicationsChanged();
    changed();
}

void ContextSession::secretsArrived(const CacheSnapshotPtr &snapshot)
{
    const bool isKnown = snapshot->state == CacheState::Live || snapshot->state == CacheState::Stale;
    const bool isInClusterEnabled = m_registry.isInClusterEnabled; // settings say that, no Secret
    m_registry = isKnown ? policy::registryOf(snapshot->objects.sorted()) : policy::Registry();
    m_registry.isInClusterEnabled = isInClusterEnabled;
    if (!isKnown)
        m_registry.unseen = snapshot->error ? snapshot->error->message() : "they are being read";
    weighEvidence();
}

void ContextSession::settingsArrived(const CacheSnapshotPtr &snapshot)
{
    std::vector<Object> maps = snapshot->objects.sorted();
    m_planes.clear();
    for (const Object &settings : maps)
        m_planes.insert(std::string(settings.ns()));
    const std::string_view wanted = m_planes.contains(m_scope.ns) ? std::string_view(m_scope.ns) : kUsualPlane;
    const auto preferred = std::ranges::find(maps, wanted, [](const Object &map) { return map.ns(); });
    const Object map = preferred != maps.end() ? *preferred : maps.empty() ? Object() : maps.front();
    m_state.argoCdNamespace = std::string(map.ns());
    const Expected<compare::CompareSettings> settings = compare::compareSettingsOf(map.value()["data"]);
    m_settingsProblem = settings ? "" : settings.error().text();
    m_refreshTimeouts = compare::refreshTimeoutsOf(map.value()["data"]);
    m_kustomizeBuildOptions = map.value()["data"]["kustomize.buildOptions"].stringOr();
    m_impersonation = policy::impersonationOf(map.value()["data"]);
    m_registry.isInClusterEnabled = policy::inClusterEnabledOf(map.value()["data"]);
    // As in the original, a text that cannot be read means no global projects.
    m_globalProjects = policy::globalProjectRulesOf(map.value()["data"]["globalProjects"].stringOr())
                           .value_or(std::vector<policy::GlobalProjectRule>());
    if (settings && *settings != m_settings) {
        const compare::CompareSettings before = std::exchange(m_settings, *settings);
        m_changeFilter.reset();
        if (m_settings.exclusions != before.exclusions || m_settings.inclusions != before.inclusions)
            leaveOutKinds();
    }
    for (const auto &[destination, known] : m_views) {
        if (const std::shared_ptr<LiveView> view = known.view.lock())
            view->setTracking(compare::trackingSettingsOf(m_settings));
    }
    followControlPlane();
    m_news.applicationsChanged();
}

void ContextSession::applicationsArrived(const CacheSnapshotPtr &snapshot)
{
    switch (snapshot->state) {
    case CacheState::Listing: break;
    case CacheState::Live: setReachability(Reachability::Live, ""); break;
    case CacheState::Stale: setReachability(Reachability::Stale, snapshot->error ? snapshot->error->text() : ""); break;
    case CacheState::Denied:
        setReachability(Reachability::Denied, snapshot->error ? snapshot->error->text() : "");
        break;
    case CacheState::Failed:
        setReachability(snapshot->error && snapshot->error->code() == ErrorCode::Unauthorized
                            ? Reachability::SignInNeeded
                            : Reachability::Unreachable,
                        snapshot->error ? snapshot->error->text() : "");
        break;
    }
    m_state.isWatchRefused =
        snapshot->state == CacheState::Stale && snapshot->error && snapshot->error->code() == ErrorCode::Denied;
    m_state.retryAt = snapshot->retryAt;
    if (snapshot->lastContact > 0)
        m_state.lastSeen = snapshot->lastContact;
    m_state.refusal = snapshot->state == CacheState::Denied && snapshot->error ? snapshot->error->text() : "";

    std::vector<AppId> updated = takeApplications(*snapshot);
    // What is not listed tells nothing of them.
    std::erase_if(m_asked, [&](const auto &entry) {
        const bool isTold = isListed(entry.first.ns);
        if (isTold && !m_apps.contains(entry.first))
            updated.push_back(entry.first); // it is gone
        return isTold;
    });
    m_state.applicationCount = static_cast<int>(m_apps.size());
    if (m_controllers && !updated.empty() && !m_controllers->seesEverything())
        m_controllers->lookIn(controllerPlaces());
    followControlPlane();
    weighLater();
    m_hasAnswered = m_hasAnswered || snapshot->state != CacheState::Listing;
    changed();
    m_news.applicationsChanged();
    for (const AppId &id : updated)
        m_news.applicationChanged(id);
}

std::shared_ptr<LiveView> ContextSession::liveView(ContextSession &destination, const std::string &server)
{
    ServerView &place = m_views[&destination];
    if (std::shared_ptr<LiveView> view = place.view.lock())
        return view;
    auto view = std::make_shared<LiveView>(destination.cluster(), destination.cache(),
                                           LiveScope{.namespaces = {}, .isExcluded = excludedAt(server)},
                                           compare::trackingSettingsOf(m_settings));
    place = {view, server};
    return view;
}

std::function<bool(const object::GroupKind &)> ContextSession::excludedAt(const std::string &server) const
{
    return [settings = m_settings, server](const object::GroupKind &kind) {
        return compare::isExcluded(settings, kind, server);
    };
}

void ContextSession::leaveOutKinds() const
{
    // Whoever hears of it may ask for another view.
    for (const auto &[destination, place] : std::map(m_views)) {
        if (const std::shared_ptr<LiveView> view = place.view.lock())
            view->setExcluded(excludedAt(place.server));
    }
}

bool ContextSession::hasSettings() const
{
    return m_configMaps && m_configMaps->snapshot()->state != CacheState::Listing;
}

ControllerParameters ContextSession::controllerParameters() const
{
    const std::optional<Object> map =
        m_parameters ? m_parameters->snapshot()->objects.find(m_parameters->key().ns, kParametersName) : std::nullopt;
    return map ? controllerParametersOf(map->value()["data"]) : ControllerParameters();
}

std::shared_ptr<const ChangeFilter> ContextSession::changeFilter(script::JqEngine *jq, script::LuaEngine *lua) const
{
    if (!m_changeFilter)
        m_changeFilter = std::make_shared<const ChangeFilter>(m_settings, jq, lua);
    return m_changeFilter;
}

Expected<ports::ClusterPtr> ContextSession::clusterAs(const std::string &user)
{
    if (const auto known = m_impersonated.find(user); known != m_impersonated.end())
        return known->second;
    const Expected<ports::ClusterPtr> cluster = m_connections->impersonate(m_facts.name, user);
    if (cluster)
        m_impersonated.emplace(user, *cluster);
    return cluster;
}

Expected<policy::EffectiveProject> ContextSession::project(const std::string &name) const
{
    const Expected<crd::Project> stored = storedProject(name);
    if (!stored)
        return std::unexpected(stored.error());
    const auto find = [this](const std::string &global) -> std::optional<crd::Project> {
        const Expected<crd::Project> found = storedProject(global);
        return found ? std::optional(*found) : std::nullopt;
    };
    return policy::effectiveProject(*stored, policy::globalProjectsOf(*stored, m_globalProjects, find), m_registry);
}

Expected<ports::ClusterAccess> ContextSession::registeredCluster(const std::string &server) const
{
    if (!m_registry.unseen.empty() || !m_secrets)
        return failure(ErrorCode::Unavailable,
                       "the clusters that the instance registers are not known: " + m_registry.unseen);
    return clusterAccess(m_secrets->snapshot()->objects.sorted(), server);
}

policy::Cluster ContextSession::destinationCluster(const crd::Destination &destination,
                                                   const ContextSession *session) const
{
    const std::string server =
        policy::destinationServer(m_registry, destination).value_or(policy::withoutSlash(destination.server));
    if (std::optional<policy::Cluster> registered = policy::clusterAt(m_registry, server))
        return *registered;
    const std::string known = session ? session->state().server : std::string();
    return {.server = server.empty() ? known : server, .name = destination.name, .project = {}};
}

Expected<policy::EffectiveProject> ContextSession::projectOf(const crd::Application &app) const
{
    Expected<policy::EffectiveProject> found = project(app.spec.effectiveProject());
    if (found && !policy::permitsAppNamespace(*found, app.ns(), controlPlaneNamespace(), isFound))
        return failure(ErrorCode::Denied, "application " + tiphys::quoted(app.name()) + " in namespace "
                                              + tiphys::quoted(app.ns()) + " is not permitted to use project "
                                              + tiphys::quoted(found->name));
    return found;
}

Expected<crd::Project> ContextSession::storedProject(const std::string &name) const
{
    const std::string ns = controlPlaneNamespace();
    if (m_projects) {
        if (const auto object = m_projects->snapshot()->objects.find(ns, name))
            return crd::projectOf(*object);
        if (const std::optional<Error> unseen = unseenIn(m_projects->key(), *m_projects->snapshot(), ns))
            return failure(unseen->code(), "project " + name + " cannot be read: " + unseen->message());
    }
    if (name == crd::kDefaultProject)
        return crd::defaultProject(ns);
    return failure(ErrorCode::NotFound, "Application referencing project " + name + " which does not exist");
}

void ContextSession::setLevel(service::Level level)
{
    m_state.level = level;
    changed();
}

void ContextSession::setLocalEngine(bool isOn)
{
    m_evidence.isLocalOn = isOn;
    changed();
    m_news.applicationsChanged();
}

void ContextSession::setReachability(Reachability reachability, const std::string &problem)
{
    m_state.reachability = reachability;
    m_problem = problem;
    updateMessage();
}

void ContextSession::updateMessage()
{
    m_state.message = m_problem.empty() && !m_awaited.empty()
                          ? "waiting for the credential plugin '" + m_awaited.front() + "'…"
                          : m_problem;
}

void ContextSession::credentialsAwaited(const CredentialWaits::Wait &wait)
{
    const auto known = std::ranges::find(m_awaited, wait.command);
    if (!wait.isOver)
        m_awaited.push_back(wait.command);
    else if (known != m_awaited.end())
        m_awaited.erase(known);
    updateMessage();
    changed();
}

void ContextSession::changed() const
{
    m_news.clusterChanged();
}

} // namespace tiphys::control
