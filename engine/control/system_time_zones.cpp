// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/system_time_zones.h"

#include <QDateTime>
#include <QTimeZone>

namespace tiphys::control {

std::optional<std::int64_t> SystemTimeZones::offsetSeconds(std::string_view zone, crd::Timestamp moment) const
{
    if (const auto fixed = policy::FixedTimeZones().offsetSeconds(zone, moment))
        return fixed;
    // Qt reads "UTC+03:00" as an offset; the zone database knows no such name.
    if (zone.starts_with("UTC"))
        return std::nullopt;
    const QTimeZone known(QByteArray(zone.data(), static_cast<qsizetype>(zone.size())));
    if (!known.isValid())
        return std::nullopt;
    return known.offsetFromUtc(QDateTime::fromSecsSinceEpoch(moment.seconds, QTimeZone::UTC));
}

} // namespace tiphys::control
