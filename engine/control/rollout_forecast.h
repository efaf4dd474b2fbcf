// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/simulate/simulation.h"
#include "service/rollouts.h"

namespace tiphys::control {

/// A simulated update as front ends show it.
service::RolloutForecast forecastOf(const rollout::Simulation &simulation);

} // namespace tiphys::control
