// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::policy {

/// A cron schedule of five fields: minute, hour, day of month, month, day of week (0 to 6, or names).
///
/// Days match when both day fields do, or, if neither starts with `*` or `?`, when one of them does.
class Cron
{
public:
    /// Reads "[TZ=zone ]minute hour dom month dow" with lists, ranges, steps and names; no descriptors ("@daily").
    /// Errors: InvalidInput in the words of the original parser.
    /// Source: robfig/cron parser.go (Parser.Parse with Minute, Hour, Dom, Month, Dow)@bc59245fe10e
    static Expected<Cron> parse(std::string_view text);

    /// The first fire strictly after \p moment, with the schedule read as UTC; nothing if there is none until
    /// the end of the fifth year from then.
    /// Source: robfig/cron spec.go (SpecSchedule.Next)@bc59245fe10e
    std::optional<crd::Timestamp> nextAfter(crd::Timestamp moment) const;
    /// Name of the zone of a `TZ=` or `CRON_TZ=` prefix, "" without one.
    const std::string &zone() const { return m_zone; }

private:
    bool matchesDay(int day, int weekday) const;

    std::uint64_t m_minutes = 0;
    std::uint64_t m_hours = 0;
    std::uint64_t m_days = 0;
    std::uint64_t m_months = 0;
    std::uint64_t m_weekdays = 0;
    std::string m_zone;
};

} // namespace tiphys::policy
