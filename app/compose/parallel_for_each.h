// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/for_each.h"

#include <limits>

namespace tiphys::compose {

/// Spreads jobs over the calling thread and others: one less than there are processors, at most \p most, with as much stack
/// as documents may need (see async::JobPool). They are started by the first work and end with the last copy of what is
/// given; empty where there is one processor. A job that spreads jobs runs them itself, and so does whoever comes while
/// others' jobs are spread.
ForEach parallelForEach(unsigned most = std::numeric_limits<unsigned>::max());

} // namespace tiphys::compose
