// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "rollout/analysis/expression.h"

#include <optional>
#include <string>

namespace tiphys::rollout::expression {

/// What is known of a value before it is there.
enum class TypeKind { Nil, Any, Bool, Integer, Integer64, Float, String, List, Map, Time, Duration, Function };
struct StaticType
{
    TypeKind kind = TypeKind::Any;
    TypeKind element = TypeKind::Any; ///< of a List

    /// As messages name it: `float64`, `[]interface {}`.
    std::string shown() const;
    bool operator==(const StaticType &) const = default;
};

/// What an expression may name besides builtins.
struct Environment
{
    /// Type of `result`; nothing where there is none.
    std::optional<StaticType> result;
    /// asInt, asFloat, isNil, default; isNaN and isInf are there always.
    bool hasConversions = true;
};

/// Refuses what cannot have a meaning: unknown names, operators between types that do not fit.
/// Errors: InvalidInput in the words of the original.
/// Source: antonmedv/expr checker/{checker,types}.go@v1.15.5
Expected<void> check(const Node &tree, const Environment &environment);

} // namespace tiphys::rollout::expression
