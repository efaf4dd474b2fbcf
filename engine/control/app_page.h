// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "async/wake_up.h"
#include "control/app_observer.h"
#include "service/service.h"

namespace tiphys::control {

/// An application that somebody looks at: keeps its detail up to date while it lives. Engine thread only.
class AppPage
{
public:
    /// \p publish gets each new detail. One without a manifest says in \c treeProblem that there is no such Application, or why
    /// it cannot be seen; null while neither is known.
    AppPage(ContextSession &home, ContextSession *destination, service::AppId app, ObserverParts parts,
            std::function<void(service::AppDetailPtr)> publish);
    ~AppPage();

    void start();
    Async<void> close();
    /// Gives what \p work gives, which looks at this page: close() cancels it and waits for it.
    template <typename Work>
    auto include(CancelToken cancel, Work work)
    {
        return m_tasks.include(std::move(cancel), std::move(work));
    }
    /// The stored Application changed, or what the session knows of it.
    void applicationChanged();
    /// Reads the Application on its own, while all of them are listed again.
    void askAgain();
    /// What the session knows changed: its cluster may be silent or back, or somebody else do the work now.
    void homeChanged();

    Async<service::SyncPlan> plan(service::SyncRequest request, CancelToken cancel);
    Async<std::string> manifest(object::ObjectKey key, service::ManifestSide side, CancelToken cancel);

    const service::AppId &app() const { return m_app; }
    const ContextSession *destination() const { return m_observer.destination(); }
    /// The newest comparison, null until the first.
    EvaluationPtr evaluation() const { return m_evaluation; }

private:
    Async<void> run(CancelToken cancel);
    Async<void> update(CancelToken cancel);
    /// Says why nothing is shown, as far as that is known.
    void publishAbsence();
    /// Looks again after a while, at the Application too where no list tells of it: what could not be read tells nothing.
    Async<void> askLater(CancelToken cancel);
    /// Until the first comparison: what has been seen so far of what the status lists, a few times a second.
    Async<void> growTree(CancelToken cancel);
    /// Puts what \p evaluation says into \p detail; \p tree and \p diffs are its views.
    void takeEvaluation(service::AppDetail &detail, const crd::Application &app, const Evaluation &evaluation,
                        std::vector<service::TreeNode> tree, std::vector<service::ResourceDiff> diffs) const;
    /// The causes of differences that are known already.
    void takeCauses(service::AppDetail &detail) const;
    Async<void> addCommits(std::shared_ptr<service::AppDetail> detail, std::string repoUrl, CancelToken cancel);
    Async<void> addCauses(std::shared_ptr<service::AppDetail> detail, CancelToken cancel);
    Async<void> addEvents(std::shared_ptr<service::AppDetail> detail, CancelToken cancel);
    /// Is the cluster of the Application silent, or that of its objects.
    bool isStale() const;
    service::Reachability destinationReachability() const;
    std::shared_ptr<service::AppDetail> storedDetail(const KnownApp &known) const;
    /// What the stored Application says, over what was computed.
    void takeStored(service::AppDetail &detail, const KnownApp &known) const;
    void takeCommits(service::AppDetail &detail) const;
    /// Says whether a cluster is silent, which one, and how old \p detail is.
    void markSilence(service::AppDetail &detail) const;
    void publish(std::shared_ptr<service::AppDetail> detail);

    ContextSession &m_home;
    service::AppId m_app;
    ObserverParts m_parts;
    std::function<void(service::AppDetailPtr)> m_publish;
    AppObserver m_observer;
    async::WakeUp m_wakeUp;
    bool m_isLooking = false;
    service::Reachability m_askedWhile = service::Reachability::NotContacted; ///< of the destination, at the last look
    std::optional<compare::CompareSettings> m_comparedBy;                     ///< the settings at the last look
    bool m_hasAsked = false;       ///< for the Application alone, before all of them are listed
    bool m_asksLater = false;      ///< askLater() runs
    std::optional<Error> m_unread; ///< why it could not be read on its own
    bool m_knewAll = false;        ///< all of its namespace were known at the last look
    bool m_wasUnlisted = false;
    bool m_isGrowing = false; ///< growTree() runs
    EvaluationPtr m_evaluation;
    service::AppDetailPtr m_last;
    std::map<std::string, service::CommitSummary> m_commits; ///< by revision
    std::map<std::string, std::string> m_causes; ///< of differences, by uid and resourceVersion of the live object
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
