// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/info/rollout_info.h"
#include "service/rollouts.h"

#include <vector>

namespace tiphys::control {

/// When the steps of the update that \p objects.rollout is in, or was in last, began and ended, as far as plugins,
/// experiments and \p events of the Rollout tell; by index, only those of which something is known. Blue-green ones have
/// three: the start of the new version, the wait for the promotion, the switch.
std::vector<service::StepTimes> stepTimesOf(const rollout::RolloutObjects &objects,
                                            const std::vector<object::Object> &events);

} // namespace tiphys::control
