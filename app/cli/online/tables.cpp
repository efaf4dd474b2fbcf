// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/tables.h"

#include "cli/online/table_columns.h"
#include "crd/timestamp.h"

#include <algorithm>

namespace tiphys::cli {

std::string tableText(const std::vector<std::vector<std::string>> &rows)
{
    return TableColumns().text(rows);
}

std::string ageText(std::int64_t then, std::int64_t now)
{
    if (then <= 0)
        return "-";
    const std::int64_t seconds = std::max<std::int64_t>(0, (now - then) / 1000);
    if (seconds < 120)
        return std::to_string(seconds) + "s";
    if (seconds < 2 * 3600)
        return std::to_string(seconds / 60) + "m";
    if (seconds < 2 * 86400)
        return std::to_string(seconds / 3600) + "h";
    return std::to_string(seconds / 86400) + "d";
}

std::string isoText(std::int64_t milliseconds)
{
    return milliseconds <= 0 ? std::string() : crd::Timestamp{milliseconds / 1000}.text();
}

} // namespace tiphys::cli
