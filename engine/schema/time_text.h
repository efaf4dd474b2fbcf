// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::schema {

/// An RFC 3339 time in UTC with whole seconds ("2024-05-01T10:00:00Z"), fractions cut; nothing if it is none.
std::optional<std::string> utcSeconds(std::string_view rfc3339);
/// The same with six digits of a second, which the text must have.
std::optional<std::string> utcMicroseconds(std::string_view rfc3339);

/// Nanoseconds of a Go duration ("1h30m", "1.5s", "-2ms", "0"); nothing if it is none or does not fit.
std::optional<std::int64_t> parsedDuration(std::string_view text);
/// Nanoseconds as Go prints a duration: "1h30m0s", "1.5s", "2ms", "0s".
std::string durationText(std::int64_t nanoseconds);

} // namespace tiphys::schema
