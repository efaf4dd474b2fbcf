// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/completion.h"
#include "async/task_scope.h"
#include "compare/refresh_decision.h"
#include "compare/settings.h"
#include "control/controller_parameters.h"
#include "control/controller_watch.h"
#include "control/credential_waits.h"
#include "control/reconciler_choice.h"
#include "crd/application.h"
#include "policy/global_projects.h"
#include "policy/impersonation.h"
#include "policy/project.h"
#include "policy/registry.h"
#include "ports/clock.h"
#include "ports/connections.h"
#include "service/applications.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tiphys::script {
class JqEngine;
class LuaEngine;
} // namespace tiphys::script

namespace tiphys::control {

class ChangeFilter;
class LiveView;

/// What a session keeps per Application: as read, or why it cannot be.
struct KnownApp
{
    object::Object object;
    std::optional<crd::Application> app;
    std::optional<Error> error;
    service::AppRowPtr row;
    /// The control plane that a controller named in its status; "" for none, and for what this engine wrote there.
    std::string namedPlane = {};
};

/// Which Applications a session follows: all of them, one namespace's, or a single one.
struct ApplicationScope
{
    std::string ns;
    std::string name;
};

/// One ticked context: connects, keeps its Applications, projects and settings up to date, and goes on trying.
/// Engine thread only.
class ContextSession
{
public:
    struct News
    {
        std::function<void()> clusterChanged;
        std::function<void()> applicationsChanged;
        std::function<void(const service::AppId &)> applicationChanged;
    };

    ContextSession(ports::ContextFacts facts, ports::ConnectionsPtr connections, const ports::Clock &clock, News news,
                   ApplicationScope scope = {});
    ~ContextSession();

    void start();
    /// Returns once the Applications and the control plane are known. Errors: why they are not.
    Async<void> ready(CancelToken cancel);
    /// Stops everything; the session may be destroyed when this returns.
    Async<void> close();
    /// Gives what \p work gives, which looks at this session: close() cancels it and waits for it.
    template <typename Work>
    auto include(CancelToken cancel, Work work)
    {
        return m_tasks->include(std::move(cancel), std::move(work));
    }
    void reconnect();

    const service::ClusterState &state() const { return m_state; }
    const std::map<service::AppId, KnownApp> &apps() const { return m_apps; }
    const KnownApp *find(const service::AppId &app) const;
    /// The names by which objects are marked (Application::instanceName) of all Applications; null where not all are listed.
    /// Kept until one comes or goes: every look at an application asks for them.
    std::shared_ptr<const std::set<std::string>> instances() const;
    /// True once the Applications are listed, or are known not to be.
    bool hasAnswered() const { return m_hasAnswered; }
    /// True while the answer is that those in \p ns could not be listed: what is not known may be there all the same.
    bool isUnlisted(const std::string &ns) const { return m_hasAnswered && !isListed(ns); }
    /// True while all of those in \p ns are known: another one is not there.
    bool knowsAll(const std::string &ns) const;

    const ports::Clock &clock() const { return m_clock; }
    /// Takes an Application that was read on its own, where listing is refused.
    void adopt(const object::Object &object) { updateApp(object); }
    /// Reads \p app on its own while the Applications are being listed, for the first time or again, or may not be: find() gives
    /// it from then on. Errors: as Cluster::get, Unavailable where no cluster is at hand.
    Async<void> ask(service::AppId app, CancelToken cancel);
    /// Replaces the line of an application that is shown.
    void setRow(const service::AppId &app, service::AppRowPtr row);
    ports::ClusterPtr cluster() const { return m_connection.cluster; }
    ports::ClusterCachePtr cache() const { return m_connection.cache; }
    /// Namespace of the control plane that this session works for: its settings, Lease and projects.
    std::string controlPlaneNamespace() const;
    /// The control plane of \p app where that is this session's and known for certain: its settings were found, and \p app is
    /// in its namespace or there is no other one. Else "".
    std::string certainPlaneOf(const crd::Application &app) const;
    /// The same cluster as another user, made once for each. Errors: of Connections::impersonate.
    Expected<ports::ClusterPtr> clusterAs(const std::string &user);
    /// Project by name, with its own repositories and clusters and its global projects; the made-up `default` where no
    /// AppProject exists. Errors: NotFound; Denied and Unavailable where the projects cannot be read.
    Expected<policy::EffectiveProject> project(const std::string &name) const;
    /// The project of \p app. Errors: as project; Denied where Applications of its namespace may not use it.
    /// Source: argo-cd controller/appcontroller.go (getAppProj)@v3.5.1
    Expected<policy::EffectiveProject> projectOf(const crd::Application &app) const;
    /// The repositories and clusters that the instance knows by its Secrets.
    const policy::Registry &registry() const { return m_registry; }
    /// How the cluster at \p server is reached that the instance registers; for the local engine alone. Errors: of clusterAccess,
    /// and why the Secrets are not known.
    Expected<ports::ClusterAccess> registeredCluster(const std::string &server) const;
    const ports::ConnectionsPtr &connections() const { return m_connections; }
    /// The cluster that \p destination names, as projects name it; \p session is its session, null if none is at hand.
    policy::Cluster destinationCluster(const crd::Destination &destination, const ContextSession *session) const;
    /// argocd-cm; defaults where there is none.
    const compare::CompareSettings &settings() const { return m_settings; }
    /// Which changes of live objects count by these settings, made once for them. The engines are those of the first call.
    std::shared_ptr<const ChangeFilter> changeFilter(script::JqEngine *jq, script::LuaEngine *lua) const;
    /// When comparisons expire, by argocd-cm.
    const compare::RefreshTimeouts &refreshTimeouts() const { return m_refreshTimeouts; }
    /// What argocd-cmd-params-cm of the control plane says now; as usual where there is none, or it may not be read.
    ControllerParameters controllerParameters() const;
    /// kustomize.buildOptions of argocd-cm.
    const std::string &kustomizeBuildOptions() const { return m_kustomizeBuildOptions; }
    /// Whether syncs act as the service accounts of projects.
    const policy::Impersonation &impersonation() const { return m_impersonation; }
    /// The objects that applications of this instance have in the cluster of \p destination, whose API address is
    /// \p server: one view for everybody, as long as somebody holds it.
    std::shared_ptr<LiveView> liveView(ContextSession &destination, const std::string &server);
    /// True once argocd-cm was read, or is known not to be there or to be refused.
    bool hasSettings() const;
    const std::string &settingsProblem() const { return m_settingsProblem; }
    /// Who reconciles the Applications of the control plane that this session works for.
    ReconcilerChoice reconciler() const;
    /// Who reconciles one of them: another control plane of the cluster may have it.
    ReconcilerChoice reconciler(const service::AppId &app) const;
    /// True where that is the same for all of them.
    bool hasOneControlPlane() const;
    /// Namespaces that have the settings of a control plane, or an application controller.
    std::set<std::string> controlPlanes() const;
    /// Whether \p ns is among them.
    bool isControlPlane(const std::string &ns) const;

    /// A program that gives credentials for this context takes its time, or is over with it.
    void credentialsAwaited(const CredentialWaits::Wait &wait);
    /// The program that is waited for now, "" if none is.
    std::string awaitedCommand() const { return m_awaited.empty() ? std::string() : m_awaited.front(); }
    void setLevel(service::Level level);
    void setLocalEngine(bool isOn);
    bool isLocalEngineOn() const { return m_evidence.isLocalOn; }
    void setEngineIdentity(const std::string &identity) { m_evidence.ourIdentity = identity; }

private:
    struct ServerView
    {
        std::weak_ptr<LiveView> view;
        std::string server; ///< API address
    };

    Async<void> run(CancelToken cancel);
    Async<void> connectOnce(CancelToken cancel);
    Async<void> learnControlPlane(CancelToken cancel);
    /// Reads the projects of the control plane in \p ns, on their own where those of all namespaces are refused.
    Async<void> learnProjects(std::string ns, CancelToken cancel);
    /// Watches what the control plane in \p ns keeps: Secrets, the Lease of engines, parameters.
    void watchControlPlane(const std::string &ns);
    /// Watches that of another namespace where the control plane turned out to be there.
    void followControlPlane();
    /// Namespaces whose controllers matter to what is known.
    std::set<std::string> controllerPlaces() const;
    /// The control plane of \p app: by its status, else by its namespace, else this session's.
    std::string planeOf(const KnownApp &app) const;
    ReconcilerEvidence evidenceIn(const std::string &plane) const;
    /// True if settings were looked for in all namespaces.
    bool seesAllSettings() const;
    /// The AppProject object of this name.
    Expected<crd::Project> storedProject(const std::string &name) const;
    /// True if the Applications in \p ns were listed, however long ago.
    bool isListed(const std::string &ns) const;
    void applicationsArrived(const ports::CacheSnapshotPtr &snapshot);
    void updateApp(const object::Object &object);
    KnownApp knownOf(const object::Object &object) const;
    std::vector<service::AppId> takeApplications(const ports::CacheSnapshot &snapshot);
    void settingsArrived(const ports::CacheSnapshotPtr &snapshot);
    void secretsArrived(const ports::CacheSnapshotPtr &snapshot);
    /// Tells from workloads, Lease and Secrets who may do the work.
    void weighEvidence();
    /// Weighs it again when time alone makes it say something else: a Lease expires, a status is no longer recent.
    void weighLater();
    Async<void> weighAt(service::WallTime at, CancelToken cancel);
    /// Tells those that look at clusters which kinds are left out now.
    void leaveOutKinds() const;
    /// The kinds that are left out at the cluster of \p server, by the settings as they are now.
    std::function<bool(const object::GroupKind &)> excludedAt(const std::string &server) const;
    void setReachability(service::Reachability reachability, const std::string &problem);
    /// What is wrong; else what is waited for.
    void updateMessage();
    void changed() const;

    ports::ContextFacts m_facts;
    ports::ConnectionsPtr m_connections;
    const ports::Clock &m_clock;
    News m_news;
    ApplicationScope m_scope;
    async::Completion<void> m_ready;
    CancelSource m_retryNow; ///< ends the wait before the next try to connect
    ports::Connection m_connection;
    service::ClusterState m_state;
    ReconcilerEvidence m_evidence;
    std::map<service::AppId, KnownApp> m_apps;
    mutable std::optional<std::string> m_firstNamedPlane; ///< by m_apps, "" for none; nothing: to be looked for anew
    std::map<service::AppId, KnownApp> m_asked; ///< read on their own, until those of their namespace are listed
    mutable std::shared_ptr<const std::set<std::string>> m_instances; ///< of m_apps; null: to be made anew
    mutable std::string m_instancesPlane;                 ///< the control plane that m_instances is seen from
    std::map<const ContextSession *, ServerView> m_views; ///< by destination
    std::uint64_t m_applicationsNumber = 0;               ///< of the snapshot that m_apps is made from
    ports::CacheUserPtr m_applications;
    ports::CacheUserPtr m_projects;
    ports::CacheUserPtr m_configMaps;
    ports::CacheUserPtr m_parameters; ///< argocd-cmd-params-cm
    ports::CacheUserPtr m_secrets;    ///< of repositories and clusters
    std::unique_ptr<ControllerWatch> m_controllers;
    std::set<std::string> m_planes;                           ///< namespaces with settings
    std::map<std::string, service::WallTime> m_foreignStatus; ///< newest of others, by namespace of the Application
    ports::CacheUserPtr m_leases;
    service::WallTime m_leaseEnds = 0; ///< of the Lease, held or not; 0 for none
    service::WallTime m_weighsAt = 0;  ///< when evidence is weighed again; 0: nothing waits for that
    CancelSource m_weighing;
    compare::CompareSettings m_settings;
    mutable std::shared_ptr<const ChangeFilter> m_changeFilter; ///< of m_settings; null: to be made anew
    compare::RefreshTimeouts m_refreshTimeouts;
    std::string m_settingsProblem;
    std::string m_kustomizeBuildOptions;
    std::vector<policy::GlobalProjectRule> m_globalProjects;
    policy::Registry m_registry;
    policy::Impersonation m_impersonation;
    std::map<std::string, ports::ClusterPtr> m_impersonated; ///< by user
    std::string m_problem;                                   ///< why it is not live, "" if nothing is wrong
    std::vector<std::string> m_awaited;                      ///< commands that credentials are waited for
    bool m_hasAnswered = false;
    std::unique_ptr<async::TaskScope> m_tasks;
};

} // namespace tiphys::control
