// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/clock.h"

#include <cstdint>

namespace tiphys::kube {

/// An answer of the server that is told again for a while.
template <typename T>
struct KeptAnswer
{
    T value;
    ports::BootTime until;
    std::uint64_t generation; ///< of the credentials that it was told; 0 where it is the same for all

    /// True for what is still told \p now to those with credentials of generation \p asking.
    bool isGood(ports::BootTime now, std::uint64_t asking) const { return now < until && generation == asking; }
};

} // namespace tiphys::kube
