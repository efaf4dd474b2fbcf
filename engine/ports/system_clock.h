// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/clock.h"

namespace tiphys::ports {

/// The clock of the operating system. May be asked from any thread.
class SystemClock final : public Clock
{
public:
    WallTime now() const override;
    BootTime sinceBoot() const override;
};

} // namespace tiphys::ports
