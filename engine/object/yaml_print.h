// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <functional>
#include <string_view>

namespace tiphys::object {

/// The text of toYaml(\p value), given to \p take in pieces that end with a line: for output that nobody keeps.
void printYaml(const Value &value, const std::function<void(std::string_view)> &take);

} // namespace tiphys::object
