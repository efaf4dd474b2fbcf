// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace tiphys::object::detail {

/// True if key \p a is printed before \p b: letters after other characters, runs of digits as numbers.
/// Source: go.yaml.in/yaml/v2 sorter.go@v2.4.2
bool comesBefore(std::string_view a, std::string_view b);

} // namespace tiphys::object::detail
