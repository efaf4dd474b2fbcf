// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/analysis/expression_value.h"

#include <string_view>
#include <vector>

/// Functions of texts that conditions may call; their arguments have been counted, and are texts where they must be.
namespace tiphys::rollout::expression::builtin {

using Arguments = std::vector<Operand>;

inline std::string_view textOf(const Operand &operand)
{
    return operand.value.stringOr();
}

Outcome trim(const Arguments &arguments);
Outcome trimPrefix(const Arguments &arguments);
Outcome trimSuffix(const Arguments &arguments);
Outcome upper(const Arguments &arguments);
Outcome lower(const Arguments &arguments);
Outcome split(const Arguments &arguments);
Outcome splitAfter(const Arguments &arguments);
Outcome replace(const Arguments &arguments);
Outcome repeat(const Arguments &arguments);
Outcome joined(const Arguments &arguments);
Outcome indexOf(const Arguments &arguments);
Outcome lastIndexOf(const Arguments &arguments);
Outcome hasPrefix(const Arguments &arguments);
Outcome hasSuffix(const Arguments &arguments);

} // namespace tiphys::rollout::expression::builtin
