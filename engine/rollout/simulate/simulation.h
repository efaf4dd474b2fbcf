// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "rollout/decision.h"
#include "rollout/simulate/virtual_cluster.h"

#include <string>
#include <vector>

namespace tiphys::rollout {

struct SimulationOptions
{
    Moment start;
    VirtualBehaviour behaviour;
    /// A person promotes a pause without end after this long; 0 leaves the Rollout paused.
    int promoteAfterSeconds = 60;
};

/// A pass that did something, and where the Rollout stood after it.
struct SimulatedPass
{
    Moment time;
    Decision decision;
    bool isPromotion = false; ///< a person's promote, no pass
    int step = 0;
    int steps = 0;
    std::string stepText;      ///< of the current step, "" after the last one
    std::optional<int> weight; ///< traffic weight of the canary; nothing without routing
    int newReplicas = 0;
    int newAvailable = 0;
    int stableReplicas = 0;
    int stableAvailable = 0;
    bool isStableNew = false; ///< both are the same one: before the new one is seen, and once it is promoted
    std::string phase;
    std::string message;
};

struct Simulation
{
    std::string rollout;
    int maxWeight = 100; ///< what weights are parts of
    Moment start;
    std::vector<SimulatedPass> passes;
    std::string phase;
    std::string message;
    /// Objects that the Rollout names and \p objects lacked: they were made up.
    std::vector<std::string> invented;
    /// Further Rollouts of \p objects: the update of one is shown.
    std::vector<std::string> leftOut;
};

/// The whole way of an update to the first Rollout of \p objects, from a healthy former revision of the same Rollout.
/// Pods, analysis runs and experiments behave as \p options say. Services, templates and router objects that are
/// missing are made up.
/// Errors: InvalidInput without a Rollout, with an invalid one or with more than 100,000 replicas; Unsupported for a step plugin;
/// LimitExceeded if it does not come to rest.
Expected<Simulation> simulate(const std::vector<object::Object> &objects, const SimulationOptions &options);

/// For people: a block for each pass, times from the start.
std::string textOf(const Simulation &simulation);
/// For programs.
object::Value valueOf(const Simulation &simulation);

} // namespace tiphys::rollout
