// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/evaluation.h"
#include "control/reconciler_choice.h"
#include "service/sync.h"

namespace tiphys::control {

/// What a sync asked for now would do, told from an evaluation at its revision: the tasks in their order.
/// \p discovery is the destination's.
service::SyncPlan syncPlanOf(const crd::Application &app, const service::SyncRequest &request,
                             const Evaluation &evaluation, ports::DiscoveryPtr discovery,
                             const policy::EffectiveProject &project, const policy::Cluster &cluster);

} // namespace tiphys::control
