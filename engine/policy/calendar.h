// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"

#include <string>

namespace tiphys::policy {

/// Date and time of day without a zone.
struct CivilTime
{
    int year = 1970;
    int month = 1; ///< 1 to 12
    int day = 1;   ///< 1 to 31
    int hour = 0;
    int minute = 0;
    int second = 0;

    bool operator==(const CivilTime &) const = default;
};

/// The parts of \p moment in UTC.
CivilTime civilTimeOf(crd::Timestamp moment);
/// The moment of \p time in UTC; months and days beyond their range run on, as in Go's time.Date.
crd::Timestamp momentOf(const CivilTime &time);
/// Day of the week of \p time, 0 is Sunday.
int weekdayOf(const CivilTime &time);
/// "10:05AM" in UTC: Go's layout time.Kitchen.
std::string kitchenTimeOf(crd::Timestamp moment);

} // namespace tiphys::policy
