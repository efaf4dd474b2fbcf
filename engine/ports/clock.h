// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace tiphys::ports {

/// Wall clock time in milliseconds since 1970.
using WallTime = std::int64_t;
/// Milliseconds since the machine started, time asleep included: what leases are checked by.
using BootTime = std::int64_t;

/// Where time comes from.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual WallTime now() const = 0;
    virtual BootTime sinceBoot() const = 0;
};

} // namespace tiphys::ports
