// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The expressions of analysis conditions.
/// Source: antonmedv/expr parser/parser.go, builtin/builtin.go@v1.15.5
namespace tiphys::rollout::expression {

enum class NodeKind {
    Nil,
    Bool,
    Integer,
    Float,
    String,
    Name,
    Unary,       ///< text is the operator
    Binary,      ///< text is the operator
    Member,      ///< of parts[0], by parts[1]
    Slice,       ///< of parts[0], from parts[1] to parts[2], each may be absent
    Chain,       ///< around members with `?.`: an absent one makes all of it nil
    Call,        ///< text names a function of the environment
    Builtin,     ///< text names it
    Element,     ///< `#` in a predicate; text is what follows it
    Variable,    ///< let text = parts[0]; parts[1]
    Conditional, ///< parts[0] ? parts[1] : parts[2]
    List,
    Map, ///< key, value, key, value, …
};

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Node
{
    NodeKind kind = NodeKind::Nil;
    std::string text;
    std::int64_t integer = 0; ///< also of Bool
    double number = 0;
    bool isOptional = false; ///< a Member with `?.`
    std::vector<NodePtr> parts;
};

/// Builtins that take a predicate as second argument.
bool isPredicate(std::string_view name);
bool isBuiltin(std::string_view name);

/// The tree of \p text. Errors: InvalidInput in the words of the original; LimitExceeded for one that is too long or
/// nested too deeply.
Expected<NodePtr> parse(std::string_view text);

} // namespace tiphys::rollout::expression
