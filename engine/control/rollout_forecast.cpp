// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_forecast.h"

#include <algorithm>

namespace tiphys::control {

service::RolloutForecast forecastOf(const rollout::Simulation &simulation)
{
    service::RolloutForecast forecast{
        .moments = {}, .phase = simulation.phase, .message = simulation.message, .text = rollout::textOf(simulation)};
    forecast.moments.reserve(simulation.passes.size());
    bool hasBegun = false;
    for (const rollout::SimulatedPass &pass : simulation.passes) {
        hasBegun = hasBegun || !pass.isStableNew;
        service::ForecastMoment moment{.milliseconds = pass.time.milliseconds - simulation.start.milliseconds,
                                       .step = pass.step,
                                       .steps = pass.steps,
                                       .stepText = pass.stepText,
                                       .weight = pass.weight,
                                       .newAvailable = pass.newAvailable,
                                       .newReplicas = pass.newReplicas,
                                       .stableAvailable = pass.stableAvailable,
                                       .stableReplicas = pass.stableReplicas,
                                       .phase = pass.phase,
                                       .isPromotion = pass.isPromotion};
        if (moment.weight)
            moment.weight = *moment.weight * 100 / std::max(1, simulation.maxWeight);
        // One version is there: the old one before the new one is seen, and the new one once it is promoted.
        if (pass.isStableNew && hasBegun) {
            moment.stableAvailable = moment.stableReplicas = 0;
            if (moment.weight)
                moment.weight = 100;
        } else if (pass.isStableNew) {
            moment.newAvailable = moment.newReplicas = 0;
        }
        forecast.moments.push_back(std::move(moment));
    }
    return forecast;
}

} // namespace tiphys::control
