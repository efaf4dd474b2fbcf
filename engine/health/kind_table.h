// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "health/kind_rule.h"

#include <vector>

namespace tiphys::health::kinds {

/// The rule for objects of \p group and \p kind: that of the kind itself, else of the first family by name that it
/// belongs to; null if there is none.
/// Source: argo-cd util/lua/lua.go (GetHealthScript)@v3.5.1
const KindRule *ruleOf(std::string_view group, std::string_view kind);

/// All rules: kinds by group and name, then the families in the order in which they are asked.
std::vector<const KindRule *> allRules();

} // namespace tiphys::health::kinds
