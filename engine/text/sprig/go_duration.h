// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;

/// Nanoseconds of a text such as "1h15m30.5s". Errors: `time: invalid duration "x"` and Go's other texts.
/// Source: golang src/time/format.go (ParseDuration)@go1.26
TemplateExpected<std::int64_t> parseDuration(std::string_view text);

/// Nanoseconds as Go prints a time.Duration: "1h15m30.5s", "1.5ms", "0s".
/// Source: golang src/time/time.go (Duration.String)@go1.26
std::string durationText(std::int64_t nanoseconds);

/// \p nanoseconds rounded to the nearest multiple of \p unit, halves away from zero; stays at the limits on overflow.
/// Source: golang src/time/time.go (Duration.Round)@go1.26
std::int64_t roundedDuration(std::int64_t nanoseconds, std::int64_t unit);

/// Package time's own quoting for error texts: bytes outside of printable ASCII as \xNN.
/// Source: golang src/time/format.go (quote)@go1.26
std::string timeQuoted(std::string_view text);

} // namespace tiphys::text::sprig
