// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/jq_path.h"

#include <optional>
#include <string_view>
#include <vector>

namespace tiphys::script {

/// A condition inside `select(...)`.
struct JqPath::Condition
{
    enum class Kind : std::uint8_t { And, Or, Not, Equal, Unequal, Truthy, Has, StartsWith, EndsWith, Contains } kind;
    std::vector<std::shared_ptr<const Condition>> parts; ///< of And, Or, Not
    Steps path;                                          ///< left side
    std::optional<Steps> otherPath;                      ///< right side, or literal
    object::Value literal;
};

/// The alternatives of a simple path program; nothing if it is more than that.
std::optional<std::vector<JqPath::Steps>> parsedJqPath(std::string_view program);

} // namespace tiphys::script
