// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/analysis_controller.h"
#include "demo/experiment_controller.h"
#include "demo/rollout_controller.h"
#include "demo/store.h"

#include <map>
#include <string>
#include <vector>

namespace tiphys::demo {

/// The controllers of the demo cluster: each step looks at the objects and moves them one step on. No timers, no threads.
class Controllers
{
public:
    /// \p speed divides how long pods and jobs take.
    Controllers(Store &store, double speed)
        : m_store(&store), m_rollouts(store), m_experiments(store), m_analyses(store), m_speed(speed)
    {
    }

    /// One step; cheap while nothing has changed and nothing is due.
    void step();
    /// From now on analysis runs are measured: requests to servers go to \p ask.
    void measureBy(Ask ask)
    {
        m_analyses.measureBy(std::move(ask));
        m_due = 0;
    }
    /// Steps until nothing changes at this moment of the clock.
    void settle();

private:
    using Objects = std::vector<object::Object>;

    void finishNamespaces();
    void stepDeployments();
    void stepDeployment(const object::Object &deployment);
    void rollOut(const object::Object &deployment, const object::Object &current, const Objects &old);
    void reportDeployment(const object::Object &deployment, const object::Object &current, const Objects &old);
    void stepReplicaSets();
    void stepStatefulSets();
    void stepStatefulSet(const object::Object &set);
    void claimVolumes(const object::Object &set, const std::string &podName);
    void stepDaemonSets();
    void stepJobs();
    void stepJob(const object::Object &job);
    void stepPods();
    void stepServices();
    void bindClaims();

    Objects all(std::string_view group, std::string_view kind) const;
    Objects owned(std::string_view group, std::string_view kind, const object::Object &owner) const;
    object::Object currentReplicaSet(const object::Object &deployment, const Objects &sets);
    object::Object podFor(const object::Object &owner, const std::string &name, const std::string &hashLabel) const;
    void make(const object::Object &object);
    void drop(const object::Object &object);
    void setStatus(const object::Object &object, const object::Value &status);
    void setReplicas(const object::Object &set, std::int64_t replicas);
    void report(const object::Object &about, std::string_view type, std::string_view reason, std::string message);
    /// The conditions of \p object with \p condition in the place of the one of its type.
    object::Value condition(const object::Object &object, std::string_view type, bool isTrue, std::string_view reason,
                            std::string_view message) const;

    Store *m_store;
    RolloutController m_rollouts;
    ExperimentController m_experiments;
    AnalysisController m_analyses;
    double m_speed;
    std::int64_t m_seenRevision = -1;
    ports::WallTime m_due = 0;
};

} // namespace tiphys::demo
