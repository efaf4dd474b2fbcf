// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "rollout/counts.h"
#include "rollout/decision.h"
#include "rollout/observed.h"
#include "rollout/pause.h"
#include "rollout/router/router.h"
#include "rollout/status_rules.h"

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Private to the folder: one pass over a Rollout.
namespace tiphys::rollout {

/// Analysis runs that the status names.
struct CurrentRuns
{
    const AnalysisRun *prePromotion = nullptr;
    const AnalysisRun *postPromotion = nullptr;
    const AnalysisRun *step = nullptr;
    const AnalysisRun *background = nullptr;

    ShortList<const AnalysisRun *> all() const;
};

/// The state of one pass and the acts it has decided on. Objects that it writes are seen by it as they were, as the
/// controller sees its cache, unless said otherwise.
class Pass
{
public:
    using Outcome = Expected<void>;

    Pass(const Observed &observed, const Options &options, Moment now);
    Decision run();
    /// What a refused creation of the new ReplicaSet writes.
    Decision createFailed(std::string_view name, std::string_view problem);

private:
    // pass.cpp: reading, validating, revisions
    const Rollout &ro() const { return m_changed ? *m_changed : m_observed.rollout; }
    Rollout &change();
    Outcome prepare();
    void claimReplicaSets();
    void findReplicaSets();
    void findRuns();
    void findExperiments();
    void reportInvalid(const std::string &problem);
    Outcome reconcile();
    Outcome replicasOnly();
    bool isScalingEvent() const;
    void checkPaused();
    void syncRevision();
    void writeWorkloadGeneration();
    void setRevision(std::string_view revision);
    Outcome createNewReplicaSet();
    object::Object newReplicaSetObject(const std::string &hash, const std::string &revision) const;

    // pass_replica_sets.cpp
    bool scale(const ReplicaSet &replicaSet, int replicas);
    /// basicCanaryCounts() of this pass, made once for the same ReplicaSets.
    CanaryCounts basicCounts() const;
    bool delaysScaleDownOnAbort() const;
    void removeDeadline(const ReplicaSet &replicaSet);
    void addDeadline(const ReplicaSet &replicaSet, int seconds);
    void removeDeadlines();
    bool reconcileNewReplicaSet();
    void scaleWorkload(int replicas);
    void scaleWorkloadProgressively(int newReplicas);
    bool reconcileOthers();
    /// Pods that were taken away because they are not available; nothing if a former scaling is not over yet.
    std::optional<int> cleanUpUnhealthy(std::vector<ReplicaSet> &olds);
    bool scaleDownOldCanaries(std::vector<ReplicaSet> olds);
    bool scaleDownOldBlueGreens(std::vector<ReplicaSet> olds);
    int delayedScaleDown(const ReplicaSet &replicaSet, int &waiting, int kept);
    int oldCanaryReplicas(const ReplicaSet &replicaSet, int mostDown, int &waiting);
    bool isReferenced(const ReplicaSet &replicaSet) const;
    bool isReferencedByDestinationRule(std::string_view hash) const;
    void cleanUpHistory();

    // pass_canary.cpp
    Outcome canary();
    bool reconcileCanaryReplicaSets();
    bool reconcileCanaryPause();
    void reconcileStepPlugin();
    bool isStepComplete() const;
    void finishCanary();
    void resetCanary(Status &status);

    // pass_blue_green.cpp
    Outcome blueGreen();
    void reconcileBlueGreenReplicaSets();
    void reconcileBlueGreenPause();
    bool isReadyForPause() const;
    bool isFastTracked() const;
    bool isPrePromotionDone() const;
    void reconcileActiveService();
    void finishBlueGreen();
    bool previewCheckPoint() const;

    // pass_services.cpp
    const Service *service(std::string_view name) const;
    void switchService(const Service &service, const std::string &hash);
    void ensureServiceTargets(const std::string &name, const ReplicaSet *replicaSet, bool checksAvailability);
    void reconcileCanaryServices();
    bool abortReturnsCanaryService() const;

    // pass_traffic.cpp
    /// Where traffic should go.
    struct Route
    {
        int weight = 0;
        std::string canaryHash;
        Router::Destinations additional;
        bool removesManagedRoutes = false;
    };
    Outcome routeTraffic();
    /// False if the routers after this one must wait.
    Expected<bool> routeTraffic(RouterScene &scene, const Router &router);
    Route wantedRoute() const;
    Outcome setStepRoutes(RouterScene &scene, const Router &router) const;
    int weightOnRollback() const;
    bool isStableEnough(int weight) const;
    Router::Destinations experimentDestinations() const;
    std::optional<std::string> dynamicRollbackHash() const;
    void recordWeights(const Route &route, const std::string &stableHash);
    Expected<bool> verifyWeight(RouterScene &scene, const Router &router, const Route &route);

    // pass_analysis.cpp
    Outcome reconcileAnalysis();
    Expected<const AnalysisRun *> stepRun();
    Expected<const AnalysisRun *> backgroundRun();
    Expected<const AnalysisRun *> promotionRun(std::string_view type);
    Expected<const AnalysisRun *> createRun(const AnalysisReference &reference, const std::string &infix,
                                            std::string_view type);
    bool needsNewRun(const AnalysisRun *current) const;
    bool skipsPrePromotion(const AnalysisRun *current) const;
    bool skipsPostPromotion(const AnalysisRun *current) const;
    void pauseOrAbort(const AnalysisRun *run, std::string_view what);
    void cancelRun(const AnalysisRun *run);
    void deleteRun(const AnalysisRun &run);
    void setCurrentRuns(const CurrentRuns &runs);
    void reportRunChanges(const CurrentRuns &runs);
    bool isInconclusivePaused() const;

    // pass_experiment.cpp
    Outcome reconcileExperiments();
    Expected<const Experiment *> createExperiment(const ExperimentStep &step);
    void cancelExperiment(const Experiment *experiment);
    void deleteExperiment(const Experiment &experiment);

    // pass_pods.cpp
    void restartPods();
    void syncPodMetadata();
    void syncPodMetadata(const ReplicaSet *replicaSet, const std::optional<PodMetadata> &desired);

    // pass_status.cpp
    /// The status of this pass with what both strategies end with.
    Status &baseStatus();
    void resetStatus(Status &status);
    bool isRollbackWithinWindow() const;
    std::string promotionReason(const Status &status) const;
    void promote(Status &status, const std::string &reason);
    void updateConditions(Status &status);
    void updateProgress(Status &status, bool becameUnhealthy);
    void updateAvailability(Status &status) const;
    bool isAtIndefiniteStep() const;
    void persist(Status &status);
    void patchStatus(const Status &before, const Status &after);
    void writeStatusPatch(object::Value patch);
    /// Writes the status of before with other conditions, and what follows from them.
    void patchConditions(Conditions conditions);
    void lookAgainForDeadline(const Status &status);

    // acts
    void write(Write write) { acts().emplace_back(std::move(write)); }
    /// A merge patch of the object of \p kind and \p name, to fill in: what most passes write is made where it stays.
    Write &mergePatch(const object::Gvk &kind, std::string_view name);
    std::vector<Act> &acts();
    void event(bool isWarning, std::string_view reason, std::string message);
    void patchReplicaSet(const ReplicaSet &replicaSet, object::Value patch);
    void lookAgainIn(std::int64_t milliseconds);
    void lookAgainAfter(Moment moment);
    bool isHalted() const;
    /// Sets the condition unless it stands; \p message makes its text, which is asked for only then.
    template <typename Message>
    bool setCondition(Status &status, std::string_view type, std::string_view state, std::string_view reason,
                      Message message) const
    {
        return !isConditionSet(status, type, state, reason)
               && rollout::setCondition(status, condition(type, state, reason, std::string(message())));
    }
    Condition condition(std::string_view type, std::string_view status, std::string_view reason,
                        std::string message) const
    {
        return conditionAt(m_now, type, status, reason, std::move(message));
    }
    std::string newHash() const { return m_new ? m_new->hash : std::string(); }

    const Observed &m_observed;
    const Options &m_options;
    Moment m_now;
    Decision m_decision;
    std::optional<Rollout> m_changed;
    std::list<ReplicaSet> m_made;
    std::list<AnalysisRun> m_madeRuns;
    std::list<Experiment> m_madeExperiments;
    std::list<Service> m_madeServices;
    ReplicaSets m_all;
    ReplicaSets m_older;  ///< all but the new one
    ReplicaSets m_others; ///< neither new nor stable
    const ReplicaSet *m_new = nullptr;
    const ReplicaSet *m_stable = nullptr;
    CurrentRuns m_runs;
    std::vector<const AnalysisRun *> m_otherRuns;
    const Experiment *m_experiment = nullptr;
    std::vector<const Experiment *> m_otherExperiments;
    PauseChanges m_pause;
    Status m_status; ///< the new status: a pass sets parts of it on its way, and the rest at its end
    /// What basicCounts() gave, and for what.
    struct KnownCounts
    {
        const ReplicaSet *newRs = nullptr;
        const ReplicaSet *stableRs = nullptr;
        std::size_t others = 0;
        CanaryCounts counts;
    };
    mutable std::optional<KnownCounts> m_counts;
    bool m_stepPluginFailed = false;
    bool m_isRevisionSynced = false;
};

/// "apps/v1 ReplicaSet" and the like.
object::Gvk replicaSetGvk();
object::Gvk rolloutGvk();

} // namespace tiphys::rollout
