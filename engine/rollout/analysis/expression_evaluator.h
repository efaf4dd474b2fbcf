// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "rollout/analysis/expression_value.h"
#include "rollout/moment.h"

namespace tiphys::rollout::expression {

/// What the names of an expression mean.
struct Meaning
{
    object::Value result; ///< numbers that Go would hold as float64 are doubles
    Moment now;
};

/// What the checked \p tree gives. Errors: InvalidInput in the words of the original; LimitExceeded for one that runs
/// too long.
/// Source: antonmedv/expr vm/vm.go@v1.15.5, argo-rollouts utils/evaluate/evaluate.go@v1.9.1
Outcome evaluate(const Node &tree, const Meaning &meaning);

} // namespace tiphys::rollout::expression
