// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Private to the folder.
namespace tiphys::rollout {

/// What is wrong with a time of RFC 3339, in Go's words; "" if it is right.
/// Source: go src/time/format.go (Parse)@go1.26
std::string timeProblem(std::string_view text);

} // namespace tiphys::rollout
