// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/job_pool.h"
#include "async/task_scope.h"
#include "control/action_scene.h"
#include "control/app_page.h"
#include "control/context_session.h"
#include "control/credential_waits.h"
#include "control/destination_contexts.h"
#include "control/local_engine.h"
#include "control/log_desk.h"
#include "control/pace.h"
#include "control/pod_causes.h"
#include "control/rollout_desk.h"
#include "control/row_memory.h"
#include "control/source_change.h"
#include "offline/comparison.h"
#include "ports/repositories.h"
#include "render/external_tools.h"
#include "render/tool_choice.h"
#include "service/comparison_acts.h"
#include "service/machine_choices.h"
#include "service/service.h"
#include "service/source_parameters.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

/// What the engine is built from; made by the composition root, used in the engine thread.
struct EngineParts
{
    ports::ConnectionsPtr connections;
    std::shared_ptr<CredentialWaits> credentialWaits; ///< of these connections; may be null: nobody hears of them
    ports::RepositoriesPtr repositories;
    std::shared_ptr<const ports::Clock> clock;
    /// Opens a repository of this machine for comparisons; called on a pool thread.
    std::function<Expected<std::shared_ptr<const offline::RepositoryReader>>(const std::string &place)> openReader;
    offline::ForEach forEach;
    ports::ArtifactsPtr artifacts;      ///< may be null: charts and other content from elsewhere are not fetched
    bool fetchesForComparisons = false; ///< comparing commits fetches what they refer to from elsewhere
    text::SprigWorldPtr world;          ///< clock and chance of templates; may be null
    std::shared_ptr<script::JsonnetEngine> jsonnet; ///< may be null: Jsonnet files are Unsupported
    std::shared_ptr<render::PluginHost> plugins;    ///< may be null: config management plugins are Unsupported
    std::shared_ptr<render::ExternalTools>
        tools; ///< helm and kustomize of this machine, for the applications that somebody chose them for, and to verify with; may be null
    std::shared_ptr<render::ToolChoice> toolChoice; ///< for which those are; may be null: it is nobody's to change
    std::shared_ptr<script::JqEngine> jq;           ///< may be null: only simple paths then
    std::shared_ptr<script::LuaEngine> lua;         ///< may be null: scripts of argocd-cm fail then
    std::string identity;                           ///< how this desktop signs Leases: "user@host"
    /// The contexts that somebody chose for destinations before.
    ChosenContexts chosenContexts;
    /// Keeps a choice; "" forgets it. May be empty: choices end with the program.
    std::function<Expected<void>(const std::string &server, const std::string &context)> keepChoice;
    ports::ShelfPtr
        shelf; ///< for the lines last seen; may be null: a start shows nothing before a cluster has answered
};

/// Where the engine puts what front ends see. Called in the engine thread.
struct EngineNews
{
    std::function<void(service::ClustersPtr)> clusters;
    std::function<void(service::ApplicationsPtr)> applications;
    std::function<void(const service::AppId &, service::AppDetailPtr)> application;
    RolloutDesk::News rollouts;
};

/// All sessions and open pages. Lives in the engine thread; the desktop service posts intents to it.
class EngineCore
{
public:
    EngineCore(EngineParts parts, EngineNews news);
    ~EngineCore();

    void start();
    /// Stops all sessions and tasks; the core may be destroyed when this returns.
    Async<void> close();

    void setTicked(const std::string &context, bool isTicked);
    void setLevel(const std::string &context, service::Level level);
    Async<service::Done> setLocalEngine(std::string context, bool isOn);
    Async<service::Done> chooseContext(std::string server, std::string context);
    Expected<std::vector<service::DestinationContext>> destinationContexts() const;
    Async<service::ToolChoices> toolChoices();
    Async<service::ToolUse> toolUse(std::string application);
    Async<service::Done> chooseTools(std::string name, bool areUsed);
    Async<service::Done> withdrawPlugin(std::string name);
    void reconnect(const std::string &context);
    Expected<service::Done> useKubeconfig(const std::vector<std::string> &files);
    void openApplication(const service::AppId &app);
    void closeApplication(const service::AppId &app);

    Async<service::Permissions> permissions(service::AppId app);
    Async<service::Done> refresh(service::AppId app, bool isHard);
    Async<service::SyncPlan> plan(service::SyncRequest request);
    Async<service::Done> sync(service::SyncRequest request);
    Async<service::Done> terminate(service::AppId app);
    Async<service::Done> confirmDeletion(service::AppId app);
    Async<service::Done> rollback(service::AppId app, std::int64_t historyId);
    Async<service::Done> remove(service::AppId app, std::string cascade);
    Async<std::string> manifest(service::AppId app, object::ObjectKey key, service::ManifestSide side);
    Async<std::vector<service::OfferedAction>> offeredActions(service::AppId app, object::ObjectKey key);
    Async<service::ActionPreview> previewAction(service::ActionRequest request);
    Async<service::ActionResult> runAction(service::ActionRequest request);
    Async<service::SourceForms> sourceForms(service::AppId app);
    Async<service::SourcePreview> previewSource(service::SourceEditRequest request);
    Async<service::SourceVerdict> checkSource(service::SourceEditRequest request);
    void stopSourceCheck() { m_checking.cancel(); }
    Async<service::Done> saveSource(service::SourceEditRequest request);
    Async<service::ChartDefaults> chartDefaults(service::AppId app, int position);
    Async<service::ComparisonAnswer> compareWith(service::CompareRequest request, service::Fetching fetching,
                                                 std::function<void(const std::string &)> progress);
    Async<std::vector<service::ToolVerdict>> verifyWithTools(service::CompareRequest request);
    void cancelComparison();
    Async<service::ComparisonPtr> compare(service::CompareRequest request);
    Async<service::RevisionChoices> revisions(std::string repository);

    async::TaskScope &tasks() { return m_tasks; }
    RolloutDesk &rollouts() { return m_rollouts; }
    LogDesk &logs() { return m_logs; }

private:
    static Error notOpen(const service::AppId &app);
    Expected<ContextSession *> sessionOf(const service::AppId &app);
    /// Of the cluster that the pods of \p app are in. Errors: Unavailable where it is not at hand.
    Expected<ContextSession *> podSessionOf(const service::AppId &app);
    /// An application with its session and that of its objects.
    struct AppPlace
    {
        ContextSession *home = nullptr;
        const KnownApp *known = nullptr;
        ContextSession *destination = nullptr;
    };
    /// Of \p app, or of the Application itself as an object. Errors: Unavailable where a cluster is not at hand.
    Expected<AppPlace> placeOf(const service::AppId &app, bool isItself);
    /// Where the actions of an object of an application happen. Errors: Unavailable where its cluster is not at hand.
    Expected<ActionScene> actionScene(const service::AppId &app, const object::ObjectKey &key);
    /// Gives what \p work gives, which gets the session of \p app and a token that ends with either of them.
    template <typename T, typename Work>
    Async<T> inSession(service::AppId app, Work work);
    /// The same with the open page of \p app.
    template <typename T, typename Work>
    Async<T> onPage(service::AppId app, Work work);
    /// Gives what \p work makes of the session of \p app and that of its destination \p named, null if none is at hand; ends with
    /// either of them.
    template <typename T, typename Work>
    Async<T> inBothSessions(service::AppId app, crd::Destination named, Work work, CancelToken cancel);
    /// What Argo CD's server would say of \p change, which \p request asks for; remembers one that it takes.
    Async<service::SourceVerdict> verdictOnChange(service::SourceEditRequest request, SourceChange change,
                                                  CancelToken cancel);
    /// Gives what \p work makes of \p request where its object is.
    template <typename T>
    Async<T> act(service::ActionRequest request, Async<T> (*work)(ActionScene, service::ActionRequest, CancelToken));
    ContextSession *destinationSession(const crd::Destination &destination, const std::string &context);
    /// What is known of the contexts that are ticked.
    std::vector<ports::ContextFacts> tickedContexts() const;
    /// Contexts came or were chosen: engines and open pages find their destinations anew.
    void destinationsChanged();
    /// Opens the pages anew whose application is applied to another cluster than they look at.
    void movePages();
    ObserverParts observerParts();
    /// What they are rendered with changed.
    void lookAgainAtPages();
    void openPage(const service::AppId &app, ContextSession &session);
    /// Closes \p page, which is no longer among the open ones.
    Async<void> endPage(std::shared_ptr<AppPage> page);
    Async<void> endSession(std::string context);
    /// Closes the engine of \p context, if there is one.
    Async<void> endEngine(std::string context);
    /// What rendering two revisions depends on.
    render::RenderContext comparisonContext() const;
    /// Ends the comparison that is under way.
    CancelToken beginComparison();
    void publishClusters();
    void publishApplications() { m_publishing.ask(m_tasks); }
    void publishApplicationsNow();
    /// Puts the lines of \p session into \p snapshot: live ones, or those of last time until they have come.
    void addRows(ContextSession &session, service::ApplicationsSnapshot &snapshot);
    /// Keeps what \p session shows now for the next start.
    void remember(const ContextSession &session);
    void rememberAll();
    /// The line of \p known with what this engine adds to what is stored.
    service::AppRowPtr shownRow(const KnownApp &known, service::Reconciler reconciler);
    void readKubeconfig();

    EngineParts m_parts;
    EngineNews m_news;
    async::JobPool m_pool;
    std::shared_ptr<RenderCache> m_renders = std::make_shared<RenderCache>();
    ports::KubeconfigFacts m_kubeconfig;
    std::map<std::string, std::unique_ptr<ContextSession>> m_sessions;
    std::map<std::string, std::shared_ptr<LocalEngine>> m_engines;
    std::vector<std::shared_ptr<LocalEngine>> m_endingEngines; ///< they still look at sessions
    std::set<std::string> m_restarting; ///< contexts whose engine begins anew, unless it is switched off meanwhile
    std::map<std::string, service::Level> m_levels;
    std::map<service::AppId, std::shared_ptr<AppPage>> m_pages;
    std::vector<std::shared_ptr<AppPage>> m_endingPages; ///< they still look at sessions
    std::map<service::AppId, int> m_openCounts;
    PodCauses m_podCauses{[this] { publishApplications(); }};
    RolloutDesk m_rollouts;
    LogDesk m_logs{[this](const service::AppId &app) { return podSessionOf(app); }, m_tasks};
    CancelSource m_comparing;
    CancelSource m_checking;
    /// The change that the last check said nothing against.
    std::optional<service::SourceEditRequest> m_checkedSource;
    remote::FetchedContentPtr m_fetchedForComparisons; ///< null: nothing yet
    std::uint64_t m_version = 0;
    RowMemory m_memory;
    Pace m_publishing;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
