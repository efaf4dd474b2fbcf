// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/tables.h"

#include "crd/timestamp.h"

#include <algorithm>

namespace tiphys::cli {

namespace {

/// Characters, not bytes.
std::size_t widthOf(const std::string &text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

std::string tableText(const std::vector<std::vector<std::string>> &rows)
{
    std::vector<std::size_t> widths;
    for (const auto &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], widthOf(row[i]));
    }
    std::string text;
    for (const auto &row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i];
            if (i + 1 < row.size())
                text += std::string(widths[i] - widthOf(row[i]) + 3, ' ');
        }
        text += '\n';
    }
    return text;
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
