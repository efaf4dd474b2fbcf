// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/sprig/go_time.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace tiphys::text {

/// A moment in UTC.
struct Moment
{
    std::int64_t seconds = 0; ///< since 1970
    std::int32_t nanoseconds = 0;
};

/// What functions of templates need from outside: time, chance and zones. Pure code has none of them.
struct SprigWorld
{
    /// The present, asked for by each function that needs it.
    std::function<Moment()> now = [] { return Moment{}; };
    /// Fills the bytes with chance, good enough for passwords. Private keys and certificates use OpenSSL's own.
    std::function<void(std::span<std::uint8_t>)> random;
    /// The zone of an IANA name, nullptr if it is unknown. "", "UTC" and "Local" are never asked for.
    std::function<sprig::LocationPtr(std::string_view)> location;
    /// The zone of the machine.
    sprig::LocationPtr local = sprig::utcLocation();
};
using SprigWorldPtr = std::shared_ptr<const SprigWorld>;

} // namespace tiphys::text
