// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"

#include <cstdint>
#include <string>

namespace tiphys::rollout {

/// A moment of the engine's clock in milliseconds since 1970-01-01T00:00:00Z. Kubernetes stores whole seconds, but
/// the clock that is compared with them is finer: a delay of 30 s is over only after its last second.
struct Moment
{
    std::int64_t milliseconds = 0;

    static constexpr Moment ofSeconds(std::int64_t seconds) { return {seconds * 1000}; }
    static constexpr Moment of(crd::Timestamp time) { return {time.seconds * 1000}; }
    /// As Kubernetes stores it: fractions of a second are cut.
    constexpr crd::Timestamp timestamp() const
    {
        const std::int64_t rest = ((milliseconds % 1000) + 1000) % 1000;
        return {(milliseconds - rest) / 1000};
    }
    /// RFC 3339 in UTC with whole seconds.
    std::string text() const { return timestamp().text(); }
    constexpr Moment plusSeconds(std::int64_t seconds) const { return {milliseconds + seconds * 1000}; }
    constexpr Moment plusMilliseconds(std::int64_t amount) const { return {milliseconds + amount}; }
    auto operator<=>(const Moment &) const = default;
};

} // namespace tiphys::rollout
