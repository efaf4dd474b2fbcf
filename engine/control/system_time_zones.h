// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/time_zones.h"

namespace tiphys::control {

/// The time zones of the machine's own database; where it has none, the fixed ones. "Local" is unknown on purpose:
/// two desktops would open one window at different times.
class SystemTimeZones final : public policy::TimeZones
{
public:
    std::optional<std::int64_t> offsetSeconds(std::string_view zone, crd::Timestamp moment) const override;
};

} // namespace tiphys::control
