// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::crd {

/// A moment in whole seconds since 1970-01-01T00:00:00Z, as Kubernetes stores times.
struct Timestamp
{
    std::int64_t seconds = 0;

    auto operator<=>(const Timestamp &) const = default;
    /// "2006-01-02T15:04:05Z".
    std::string text() const;
};

/// The text of a timestamp, without memory of its own: for what writes many.
class TimestampText
{
public:
    explicit TimestampText(Timestamp time);
    operator std::string_view() const { return {m_text.data(), m_size}; }

private:
    std::array<char, 40> m_text; ///< years of 64 bits are no longer
    std::size_t m_size;
};

/// The moment that an RFC 3339 text names; fractions of a second are cut off, offsets such as +02:00 are applied.
/// Nothing for anything else.
std::optional<Timestamp> timestampOf(std::string_view rfc3339);

} // namespace tiphys::crd
