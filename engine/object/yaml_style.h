// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace tiphys::object::detail {

/// How a node of a YAML document is written. Plain is also the block style of lists and maps.
enum class YamlStyle : std::uint8_t { Plain, DoubleQuoted, SingleQuoted, Literal, Folded, Flow };

} // namespace tiphys::object::detail
