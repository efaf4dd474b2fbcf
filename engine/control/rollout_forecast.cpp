// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_forecast.h"

namespace tiphys::control {

service::RolloutForecast forecastOf(const rollout::Simulation &simulation)
{
    service::RolloutForecast forecast{.moments = {}, .phase = simulation.phase, .message = simulation.message, .text = rollout::textOf(simulation)};
    forecast.moments.reserve(simulation.passes.size());
    for (const rollout::SimulatedPass &pass : simulation.passes)
        forecast.moments.push_back({.milliseconds = pass.time.milliseconds - simulation.start.milliseconds,
                                    .step = pass.step,
                                    .steps = pass.steps,
                                    .stepText = pass.stepText,
                                    .weight = pass.weight,
                                    .newAvailable = pass.newAvailable,
                                    .newReplicas = pass.newReplicas,
                                    .stableAvailable = pass.stableAvailable,
                                    .stableReplicas = pass.stableReplicas,
                                    .phase = pass.phase,
                                    .isPromotion = pass.isPromotion});
    return forecast;
}

} // namespace tiphys::control
