// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::crd {

/// A span of time in nanoseconds, as Go's time.Duration.
struct Duration
{
    std::int64_t nanoseconds = 0;

    static constexpr Duration ofSeconds(std::int64_t seconds) { return {seconds * 1'000'000'000}; }
    /// Whole seconds, rounded towards zero.
    std::int64_t seconds() const { return nanoseconds / 1'000'000'000; }
    auto operator<=>(const Duration &) const = default;
    /// As Go prints it: "5m0s", "1.5s", "0s", "1h0m0s", "100ms".
    std::string text() const;
};

/// A duration in Go's syntax ("300ms", "-1.5h", "2h45m", "0").
/// Errors: InvalidInput with Go's words: time: invalid duration "x"; missing unit; unknown unit.
/// Source: go time/format.go (ParseDuration)
Expected<Duration> goDurationOf(std::string_view text);

/// A duration of Argo CD's retry fields and settings: a bare integer is seconds, else Go's syntax.
/// Errors: InvalidInput "unable to parse x as a duration".
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (parseStringToDuration)@v3.5.1
Expected<Duration> durationOf(std::string_view text);

} // namespace tiphys::crd
