// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/requests.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::control {

/// When a line of a log was written.
struct LineTime
{
    std::int64_t seconds = 0; ///< since 1970
    std::int64_t nanoseconds = 0;

    auto operator<=>(const LineTime &) const = default;
};

/// The time in front of a line ("2006-01-02T15:04:05.999999999Z text"); nothing where none stands there.
std::optional<LineTime> lineTimeOf(std::string_view line);
/// \p line without its time.
std::string_view withoutLineTime(std::string_view line);

/// How far a log was read, by the times in front of its lines: it may be asked for again, and goes on without a gap and without
/// a line twice.
class LogPlace
{
public:
    /// True if \p line is to be shown; false for one that was taken before restart() already.
    bool take(std::string_view line);
    /// The log is asked for again, from since() on.
    void restart();
    /// Whole seconds, RFC 3339; "" before the first line.
    std::string since() const;

private:
    std::optional<LineTime> m_last;
    int m_count = 0;     ///< lines of m_last
    int m_seenAgain = 0; ///< of these since restart()
    bool m_isBehind = false;
    bool m_showsRest = true; ///< whether a piece without time belongs to a line that is shown
};

/// When a log was asked for; a machine that sleeps counts too.
using LogMoment = std::chrono::system_clock::time_point;

/// Makes \p options ask for what of a log was not read yet: from the last line of \p place on, or what was written since
/// \p asked where none came. The log is to have times, and \p place tells which lines are new.
void askForRest(LogPlace &place, LogMoment asked, ports::LogOptions &options);

/// True if the container of \p status (of a pod's containerStatuses) has a log: it runs, or has run.
bool hasLog(const object::Value &status);

} // namespace tiphys::control
