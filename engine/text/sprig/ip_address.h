// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// An address as text gives it.
struct IpAddress
{
    /// 16 bytes; of an IPv4 address the last 4.
    std::array<std::uint8_t, 16> bytes{};
    bool isV4 = false;
    /// After '%': the zone of a link-local address.
    std::string zone;
};

/// Reads "10.0.0.1", "fe80::1%eth0", "::ffff:1.2.3.4". Errors: Go's `ParseAddr("x"): …`.
/// Source: golang src/net/netip/netip.go (ParseAddr)@go1.26
TemplateExpected<IpAddress> parseIpAddress(std::string_view text);

} // namespace tiphys::text::sprig
