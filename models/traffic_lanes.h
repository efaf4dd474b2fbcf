// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QString>

#include <vector>

namespace tiphys::models {

/// A version of a Rollout in the picture of its traffic, with the Service in front of it.
struct TrafficLane
{
    enum class Kind { Stable, New, Experiment, Other };
    Kind kind = Kind::Other;
    QString service; ///< "web-canary (canary)", "" where no Service selects it
    QString role;    ///< "canary"; "experiment web-7cf-2-1"
    QString title;   ///< "Revision 2 · yellow"; of an experiment its template
    QString count;   ///< "1/1": available and wanted pods
    int weight = -1; ///< per cent of the traffic, -1 if it gets none by a weight
    std::vector<service::RolloutPod> pods;

    bool operator==(const TrafficLane &) const = default;
};

/// What is drawn, and how many versions were left out for want of room.
struct TrafficLanes
{
    std::vector<TrafficLane> lanes; ///< versions of the Rollout, latest first; then those of experiments
    int leftOut = 0;
};

/// Where the traffic goes: canary, blue-green and experiments alike. Old versions without pods are no lanes.
TrafficLanes trafficLanesOf(const service::RolloutDetail &detail);
/// The same in words.
QString describedLanes(const TrafficLanes &lanes);

} // namespace tiphys::models
