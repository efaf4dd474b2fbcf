// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tiphys::text {

/// Go's strconv.ParseUint(text, 0, 64): prefixes 0x 0o 0b and the old octal 0, underscores between digits, no sign.
/// Nothing for bad syntax and for what is too large.
/// Source: golang src/internal/strconv/atoi.go@go1.26
std::optional<std::uint64_t> parsedUnsigned(std::string_view text);
/// Go's strconv.ParseInt(text, 0, 64): the same with an optional sign.
std::optional<std::int64_t> parsedSigned(std::string_view text);

/// Go's strconv.ParseFloat(text, 64): decimal and hexadecimal, underscores between digits, "inf", "infinity", "nan".
/// Nothing for bad syntax and for what is too large.
/// Source: golang src/internal/strconv/atof.go (ParseFloat)@go1.26
std::optional<double> parsedFloat(std::string_view text);

} // namespace tiphys::text
