// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "rollout/analysis/expression_types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout::expression {

/// A value while an expression is evaluated. A whole number is Go's int, any other float64.
struct Operand
{
    enum class Kind { Plain, Time, Duration };
    Kind kind = Kind::Plain;
    object::Value value;
    std::int64_t nanoseconds = 0; ///< of a Duration, or of a Time since 1970

    Operand() = default;
    Operand(object::Value plain) : value(std::move(plain)) {}
    static Operand time(std::int64_t nanoseconds) { return {Kind::Time, nanoseconds}; }
    static Operand duration(std::int64_t nanoseconds) { return {Kind::Duration, nanoseconds}; }

    bool isPlain() const { return kind == Kind::Plain; }
    bool isNil() const { return isPlain() && value.isNull(); }
    bool isNumber() const { return isPlain() && value.isNumber(); }
    bool isInteger() const { return isPlain() && value.isInteger(); }
    /// As Go names its type: `float64`, `map[string]interface {}`.
    std::string typeName() const;

private:
    Operand(Kind kind, std::int64_t nanoseconds) : kind(kind), nanoseconds(nanoseconds) {}
};

using Outcome = Expected<Operand>;

/// A failing Outcome with \p message.
std::unexpected<Error> problem(std::string message);
/// Why \p operand is not of the type \p wanted.
std::unexpected<Error> mismatch(const Operand &operand, std::string_view wanted);

/// What `left op right` gives, for operators that need both sides.
/// Source: antonmedv/expr vm/runtime/{runtime,generated}.go@v1.15.5
Outcome applied(std::string_view op, const Operand &left, const Operand &right);
Outcome negated(const Operand &operand);
bool isEqual(const Operand &left, const Operand &right);
/// True if \p left is less; errors where they have no order.
Expected<bool> isLess(const Operand &left, const Operand &right);
/// Item or member \p index of \p base.
Outcome fetched(const Operand &base, const Operand &index);
Outcome sliced(const Operand &base, const Operand &from, const Operand &to);
Expected<std::int64_t> integerOf(const Operand &operand);
/// The number that \p text is; NaN, Inf and infinity count, with a sign and in any case.
/// Source: go strconv (ParseFloat)
std::optional<double> floatOf(std::string_view text);
/// As Go's fmt prints it with %v.
std::string printed(const Operand &operand);

/// What the builtin \p name gives; predicates are the evaluator's.
/// Source: antonmedv/expr builtin/{builtin,func,sort}.go@v1.15.5
Outcome callBuiltin(std::string_view name, const std::vector<Operand> &arguments, std::int64_t nowNanoseconds);

} // namespace tiphys::rollout::expression
