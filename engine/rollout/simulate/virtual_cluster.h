// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/analysis/analysis.h"
#include "rollout/decision.h"
#include "rollout/observed.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tiphys::rollout {

/// How the things of a virtual cluster behave.
struct VirtualBehaviour
{
    int podStartSeconds = 5;               ///< from creation to ready
    int measurementSeconds = 10;           ///< to the first answer of a metric, and to each of a Job
    std::set<std::string> failedTemplates; ///< names of analysis templates whose metrics fail
    std::set<std::string> brokenHashes;    ///< pods of these pod template hashes never become ready
};

/// A namespace that lives in memory: an API server without checks, and controllers for ReplicaSets, analysis runs and
/// experiments on a virtual clock. For simulations and tests; it has no schema, and pods are only counted.
class VirtualCluster
{
public:
    explicit VirtualCluster(VirtualBehaviour behaviour) : m_behaviour(std::move(behaviour)) {}

    VirtualBehaviour &behaviour() { return m_behaviour; }
    /// Creates or replaces \p object at \p now.
    void put(const object::Object &object, Moment now);
    /// What a user or another program patches; a change of spec raises the generation.
    void mergePatch(const object::ObjectKey &key, const object::Value &patch, Moment now);
    /// Carries out the writes of \p decision. Errors: as the first write that fails.
    Expected<void> apply(const Decision &decision, Moment now);
    /// Lets the controllers work at \p now; true if something changed.
    bool runControllers(Moment now);
    /// When a controller has something to do next; nothing if never.
    std::optional<Moment> nextEvent(Moment now) const;

    const object::Object *find(const object::ObjectKey &key) const;
    /// What the Rollout \p name depends on. It must exist.
    Observed observe(const std::string &name) const;
    const std::map<object::ObjectKey, object::Object> &objects() const { return m_objects; }

private:
    /// Moments at which the pods of a ReplicaSet become ready.
    using Pods = std::vector<Moment>;

    Expected<void> apply(const Write &write, Moment now);
    object::Value stamped(const object::Value &value);
    void store(const object::ObjectKey &key, const object::Value &before, const object::Value &after);
    bool runReplicaSet(const object::ObjectKey &key, Moment now);
    bool runAnalysis(const object::ObjectKey &key, Moment now);
    bool runExperiment(const object::ObjectKey &key, Moment now);
    ExperimentObserved observeExperiment(const object::ObjectKey &key) const;
    bool mustFail(const Metric &metric) const;
    MeasurementAnswers answersTo(const std::vector<MeasurementRequest> &requests, const AnalysisRun &run,
                                 Moment now) const;
    bool setStatus(const object::ObjectKey &key, const object::Value &status);

    VirtualBehaviour m_behaviour;
    std::map<object::ObjectKey, object::Object> m_objects;
    std::map<object::ObjectKey, Pods> m_pods;
    std::map<object::ObjectKey, Moment> m_looks; ///< when a run or an experiment is looked at again
    std::int64_t m_version = 0;
};

} // namespace tiphys::rollout
