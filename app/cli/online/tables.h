// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tiphys::cli {

/// Rows in columns as wide as their widest cell, three spaces between; the first row is the heading.
std::string tableText(const std::vector<std::vector<std::string>> &rows);

/// "5m", "3h", "2d" since \p then, "-" for 0. Milliseconds since 1970.
std::string ageText(std::int64_t then, std::int64_t now);
/// "2026-01-31T10:00:00Z", "" for 0.
std::string isoText(std::int64_t milliseconds);

} // namespace tiphys::cli
