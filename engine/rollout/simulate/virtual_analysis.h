// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/analysis/analysis.h"

namespace tiphys::rollout {

/// How the provider of a metric behaves in a virtual cluster.
struct VirtualProvider
{
    bool fails = false; ///< its measurements fail, else they succeed
    int seconds = 0;    ///< to its first answer, and to each one of a Job
};

/// What \p provider answers to \p request at \p now: an open measurement until its time has come. It stays open where further
/// answers would change nothing for ever. A condition that cannot be read and a plugin are errors, as in a cluster.
Measurement virtualAnswer(const MeasurementRequest &request, const VirtualProvider &provider, Moment now);

} // namespace tiphys::rollout
