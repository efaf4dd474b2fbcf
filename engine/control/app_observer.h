// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/context_session.h"
#include "control/dry_runner.h"
#include "control/evaluation.h"
#include "control/live_view.h"
#include "control/schema_cache.h"
#include "control/source_reader.h"
#include "control/stored_tree.h"
#include "control/turnstile.h"
#include "ports/repositories.h"

#include <QThreadPool>

#include <chrono>
#include <map>
#include <memory>
#include <optional>

namespace tiphys::control {

/// How much an engine does at once.
struct WorkLimits
{
    Turnstile comparisons{20};
    Turnstile operations{10};
};

/// Shared services of everything that looks at applications.
struct ObserverParts
{
    ports::RepositoriesPtr repositories;
    std::shared_ptr<const ports::Clock> clock;
    QThreadPool *pool = nullptr;
    script::JqEngine *jq = nullptr;
    script::LuaEngine *lua = nullptr;
    ports::ArtifactsPtr artifacts = {};       ///< null: charts and other content from elsewhere are not fetched
    script::JsonnetEngine *jsonnet = nullptr; ///< null: Jsonnet files are Unsupported
    text::SprigWorldPtr world = {};           ///< clock and chance of templates; null: none
    render::PluginHost *plugins = nullptr;    ///< null: config management plugins are Unsupported
    render::ExternalTools *tools = nullptr;   ///< helm and kustomize of this machine; null: nobody chose them
    std::shared_ptr<RenderCache> renders = std::make_shared<RenderCache>();
    std::shared_ptr<SchemaCache> schemas = std::make_shared<SchemaCache>();
    WorkLimits limits = {}; ///< of one engine: copies share them
};

/// What one look compares with.
struct ObserveRequest
{
    std::vector<std::string> revisions;          ///< one per source instead of the target revisions; "" keeps one
    std::vector<crd::ApplicationSource> sources; ///< instead of those of the spec
    std::optional<bool> hasMultipleSources =
        {};                             ///< of \c sources, where one may be a list of one; nothing: by their number
    std::vector<std::string> manifests; ///< local manifests as JSON texts
    ports::Consistency consistency = ports::Consistency::Any; ///< of revisions
    /// Who only looks compares without server-side dry runs where they are forbidden, and says so.
    bool mayGoWithoutDryRuns = false;
    bool areUnsigned = false;       ///< files of this machine are among the sources: signatures are not looked at
    bool rendersAnew = false;       ///< what was rendered before does not count
    bool appliesServerSide = false; ///< for an operation that does: live objects name the managers of their fields
    /// Who only looks compares what could be read: of an object that could not nothing is told (Evaluation::unread).
    bool mayLackObjects = false;
    /// Who only looks goes on without lists of the cluster when none has come for so long (Evaluation::unlisted).
    std::optional<std::chrono::milliseconds> patience = {};
};
/// The revision that is asked of each of \p sources: its target revision where \p request names none, and everywhere
/// where it names another number than there are sources. Where manifests stand for the sources none is taken from these: what an
/// operation does not name stays "".
/// Source: argo-cd controller/state.go (CompareAppState, GetRepoObjs)@v3.5.1
std::vector<std::string> revisionsOf(const ObserveRequest &request, const std::vector<crd::ApplicationSource> &sources);
/// Whether \p request has \p app compared as one of several sources.
bool hasSeveralSources(const crd::Application &app, const ObserveRequest &request);
/// The manifests that the last operation of \p app brought: what was synced from them is compared with them until another one.
std::vector<std::string> localManifestsOf(const crd::Application &app);

using EvaluationPtr = std::shared_ptr<const Evaluation>;

/// Looks at one application: resolves and reads its sources, watches its objects, and compares. Engine thread only.
class AppObserver
{
public:
    /// \p destination is the session of the cluster that the application is applied to, null if none is at hand;
    /// \p onLiveChange is called from the event loop with each change of an object of the application; it may be empty.
    AppObserver(ContextSession &home, ContextSession *destination, ObserverParts parts, LiveChangeHandler onLiveChange);
    ~AppObserver();
    /// \p onContactChange is called from the event loop when the destination falls silent or is back; before the first look.
    void setOnContactChange(std::function<void()> onContactChange) { m_onContactChange = std::move(onContactChange); }

    /// Compares now. What cannot be rendered or read stands in the evaluation; an error means that the look itself
    /// was cut off (Cancelled).
    Async<EvaluationPtr> observe(crd::Application app, ObserveRequest request, CancelToken cancel);

    /// Begins to watch the namespaces that \p app is known to use, for a look that comes later, and gives what arrives.
    /// Errors: Unavailable where its cluster is not at hand; why its types are not known.
    Async<LiveViewPtr> begin(crd::Application app, CancelToken cancel);
    /// What has been seen of the resources that the status of \p app lists: an Evaluation without a comparison, for
    /// storedTreeOf.
    Seen seenOf(const crd::Application &app, const LiveView *view) const;
    /// The live objects of what was \p compared as they are now, as far as they are watched, with all of \p orphanNamespace
    /// ("" for none); nobody is asked. Nothing while the cluster is not watched.
    std::optional<std::vector<object::Object>> liveNow(const Evaluation &compared,
                                                       const std::string &orphanNamespace) const;

    ContextSession &home() { return m_home; }
    ContextSession *destination() const { return m_destination; }
    LiveViewPtr view() const { return m_view; }
    policy::Cluster cluster(const crd::Application &app) const;
    /// Why no session is at hand, where more is known than that; part of what is told.
    void setDestinationProblem(std::string problem) { m_destinationProblem = std::move(problem); }
    /// Why the destination of \p app is none by what its instance registers and sets; "" where it may be one.
    std::string destinationFault(const crd::Application &app) const;
    /// Why the cluster of \p app cannot be asked; "" if it can.
    std::string unreached(const crd::Application &app) const;
    /// What keeps \p app from being compared: what \p project does not permit, or a destination out of reach.
    std::vector<crd::Condition> specConditions(const crd::Application &app,
                                               const policy::EffectiveProject &project) const;

private:
    struct Live
    {
        std::vector<object::Object> objects;
        std::optional<std::string> error;
        std::map<object::ObjectKey, Error> unread; ///< what could not be read on its own
        std::string unlisted;                      ///< what had not been listed when they were taken
    };
    Async<void> coverNamespaces(crd::Application app, std::vector<object::ObjectKey> targets,
                                std::optional<std::chrono::milliseconds> patience, CancelToken cancel);
    Async<Live> liveObjects(crd::Application app, LiveQuery query, std::map<object::ObjectKey, TargetNeed> needs,
                            std::optional<std::chrono::milliseconds> patience, CancelToken cancel);
    /// What comparing takes beside the objects themselves: schemas, dry runs.
    Async<void> askServer(std::shared_ptr<EvaluationInput> input, std::shared_ptr<const Rendering> rendering,
                          std::vector<TargetNeed> needs, bool mayGoWithoutDryRuns, CancelToken cancel);
    Async<Live> readMissing(ports::DiscoveryPtr discovery, std::vector<TargetNeed> missing, CancelToken cancel);
    void forgetView();
    void listen(const LiveQuery &query);
    Async<object::Object> wholeObject(ports::ObjectRef ref, std::string resourceVersion, CancelToken cancel);

    ContextSession &m_home;
    ContextSession *m_destination;
    std::string m_destinationProblem;
    ObserverParts m_parts;
    SourceReader m_sources;
    LiveChangeHandler m_onLiveChange;
    std::function<void()> m_onContactChange;
    LiveViewPtr m_view; ///< shared with all that look at this cluster
    std::shared_ptr<LiveListener> m_listener;
    DryRunner m_dryRuns;
    std::map<ports::ObjectRef, object::Object> m_wholeObjects; ///< cluster-scoped ones that were read in full
};

/// Namespaces that \p app is known to use.
std::vector<std::string> namespacesOf(const crd::Application &app);

} // namespace tiphys::control
