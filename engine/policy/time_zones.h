// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tiphys::policy {

/// Time zones by IANA name. Pure code has no zone database of its own: the program passes one in.
class TimeZones
{
public:
    virtual ~TimeZones() = default;
    /// Seconds east of UTC in \p zone ("Europe/Berlin") at \p moment; nothing if the name is unknown.
    virtual std::optional<std::int64_t> offsetSeconds(std::string_view zone, crd::Timestamp moment) const = 0;
};

/// Knows "", "UTC" and the fixed zones of IANA's Etc area ("Etc/GMT+5" is 5 hours west), nothing else.
class FixedTimeZones final : public TimeZones
{
public:
    std::optional<std::int64_t> offsetSeconds(std::string_view zone, crd::Timestamp moment) const override;
};

} // namespace tiphys::policy
