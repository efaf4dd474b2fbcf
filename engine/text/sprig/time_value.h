// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/value.h"
#include "text/sprig/go_time.h"

#include <cstdint>

namespace tiphys::text {

namespace types {
/// Go's time.Time, with the methods that templates call: Format, Unix, Year, Add, Sub, Before, In UTC, …
extern const Type kTime;
/// Go's time.Duration, a number of nanoseconds that prints as "1h30m0s".
extern const Type kDuration;
/// Go's time.Month and time.Weekday, which print as names.
extern const Type kMonth;
extern const Type kWeekday;
} // namespace types

namespace sprig {

TemplateValue timeValue(GoTime time);
/// The time of a value of type kTime.
const GoTime &timeOf(const TemplateValue &value);
/// \p nanoseconds as time.Duration.
TemplateValue durationValue(std::int64_t nanoseconds);

} // namespace sprig
} // namespace tiphys::text
