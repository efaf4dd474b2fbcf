// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/context_session.h"
#include "control/evaluation.h"
#include "control/live_view.h"
#include "ports/repositories.h"

#include <QThreadPool>

#include <map>
#include <memory>

namespace tiphys::control {

/// Shared services of everything that looks at applications.
struct ObserverParts
{
    ports::RepositoriesPtr repositories;
    std::shared_ptr<const ports::Clock> clock;
    QThreadPool *pool = nullptr;
    script::JqEngine *jq = nullptr;
    script::LuaEngine *lua = nullptr;
};

/// What one look compares with.
struct ObserveRequest
{
    std::vector<std::string> revisions;             ///< one per source instead of the target revisions; "" keeps one
    std::vector<crd::ApplicationSource> sources;    ///< instead of those of the spec
    std::vector<std::string> manifests;             ///< local manifests as JSON texts
    ports::Consistency consistency = ports::Consistency::Any; ///< of revisions
};
using EvaluationPtr = std::shared_ptr<const Evaluation>;

/// Looks at one application: resolves and reads its sources, watches its objects, and compares. Engine thread only.
class AppObserver
{
public:
    /// \p destination is the session of the cluster that the application is applied to, null if none is at hand;
    /// \p onLiveChange is called from the event loop when an object of the view changed.
    AppObserver(ContextSession &home, ContextSession *destination, ObserverParts parts,
                std::function<void()> onLiveChange);
    ~AppObserver();

    /// Compares now. What cannot be rendered or read stands in the evaluation; an error means that the look itself
    /// was cut off (Cancelled).
    Async<EvaluationPtr> observe(crd::Application app, ObserveRequest request, CancelToken cancel);
    /// Files of all sources at their revisions; part of observe().
    Async<std::vector<SourceFiles>> sourceFiles(crd::Application app, ObserveRequest request, CancelToken cancel);

    ContextSession &home() { return m_home; }
    ContextSession *destination() const { return m_destination; }
    const LiveView *view() const { return m_view.get(); }
    LiveView *view() { return m_view.get(); }
    policy::Cluster cluster(const crd::Application &app) const;

private:
    struct Live
    {
        std::vector<object::Object> objects;
        std::optional<std::string> error;
    };
    Async<void> openView(crd::Application app, CancelToken cancel);
    Async<Live> liveObjects(crd::Application app, std::vector<object::Object> targets, CancelToken cancel);
    Async<object::Object> wholeObject(ports::ObjectRef ref, std::string resourceVersion, CancelToken cancel);

    ContextSession &m_home;
    ContextSession *m_destination;
    ObserverParts m_parts;
    std::function<void()> m_onLiveChange;
    std::unique_ptr<LiveView> m_view;
    std::map<ports::ObjectRef, object::Object> m_wholeObjects; ///< cluster-scoped ones that were read in full
};

/// True for the in-cluster address, by server or by name.
bool isInCluster(const crd::Destination &destination);

} // namespace tiphys::control
