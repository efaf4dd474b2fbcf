// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/expression_value.h"

#include "base/text.h"
#include "crd/duration.h"
#include "crd/timestamp.h"
#include "object/number_text.h"
#include "rollout/analysis/regular_expression.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tiphys::rollout::expression {

using object::Value;

namespace {

constexpr std::size_t kMostItems = 1'000'000;

double numberOf(const Operand &operand)
{
    return operand.value.asNumber().value_or(0);
}

std::int64_t wrapped(std::uint64_t value)
{
    return static_cast<std::int64_t>(value);
}

std::uint64_t bits(const Operand &operand)
{
    return static_cast<std::uint64_t>(operand.value.intOr(0));
}

std::unexpected<Error> invalidOperation(std::string_view op, const Operand &left, const Operand &right)
{
    return problem("invalid operation: " + left.typeName() + " " + std::string(op) + " " + right.typeName());
}

Outcome arithmetic(char op, const Operand &left, const Operand &right)
{
    if (op == '/')
        return Operand(Value(numberOf(left) / numberOf(right)));
    if (!left.isInteger() || !right.isInteger()) {
        const double a = numberOf(left), b = numberOf(right);
        return Operand(Value(op == '+' ? a + b : op == '-' ? a - b : a * b));
    }
    const std::uint64_t a = bits(left), b = bits(right);
    return Operand(Value(wrapped(op == '+' ? a + b : op == '-' ? a - b : a * b)));
}

Outcome sum(const Operand &left, const Operand &right)
{
    using Kind = Operand::Kind;
    if (left.isNumber() && right.isNumber())
        return arithmetic('+', left, right);
    if (left.value.isString() && right.value.isString())
        return Operand(Value(std::string(left.value.stringOr()) + std::string(right.value.stringOr())));
    const bool isShifted = (left.kind == Kind::Time && right.kind == Kind::Duration)
                           || (left.kind == Kind::Duration && right.kind == Kind::Time);
    const std::int64_t total =
        wrapped(static_cast<std::uint64_t>(left.nanoseconds) + static_cast<std::uint64_t>(right.nanoseconds));
    if (isShifted)
        return Operand::time(total);
    if (left.kind == Kind::Duration && right.kind == Kind::Duration)
        return Operand::duration(total);
    return invalidOperation("+", left, right);
}

Outcome difference(const Operand &left, const Operand &right)
{
    using Kind = Operand::Kind;
    if (left.isNumber() && right.isNumber())
        return arithmetic('-', left, right);
    const std::int64_t rest =
        wrapped(static_cast<std::uint64_t>(left.nanoseconds) - static_cast<std::uint64_t>(right.nanoseconds));
    if (left.kind == Kind::Time && right.kind == Kind::Time)
        return Operand::duration(rest);
    if (left.kind == Kind::Time && right.kind == Kind::Duration)
        return Operand::time(rest);
    if (left.kind == Kind::Duration && right.kind == Kind::Duration)
        return Operand::duration(rest);
    return invalidOperation("-", left, right);
}

Outcome rest(const Operand &left, const Operand &right)
{
    if (!left.isInteger() || !right.isInteger())
        return invalidOperation("%", left, right);
    const std::int64_t divisor = right.value.intOr(0);
    if (divisor == 0)
        return problem("runtime error: integer divide by zero");
    return Operand(Value(divisor == -1 ? std::int64_t{0} : left.value.intOr(0) % divisor));
}

Outcome range(const Operand &left, const Operand &right)
{
    const Expected<std::int64_t> from = integerOf(left);
    if (!from)
        return std::unexpected(from.error());
    const Expected<std::int64_t> to = integerOf(right);
    if (!to)
        return std::unexpected(to.error());
    if (*to < *from)
        return Operand(Value::list({}));
    const std::uint64_t size = static_cast<std::uint64_t>(*to) - static_cast<std::uint64_t>(*from);
    if (size + 1 >= kMostItems)
        return problem("memory budget exceeded");
    std::vector<Value> items;
    items.reserve(size + 1);
    for (std::int64_t i = *from; i <= *to; ++i)
        items.emplace_back(i);
    return Operand(Value::list(items));
}

Outcome membership(const Operand &needle, const Operand &in)
{
    if (in.isNil())
        return Operand(Value(false));
    if (in.value.isList()) {
        for (const Value &item : in.value.items()) {
            if (isEqual(item, needle))
                return Operand(Value(true));
        }
        return Operand(Value(false));
    }
    if (in.value.isMap()) {
        if (needle.isNil())
            return Operand(Value(in.value.contains("")));
        if (!needle.value.isString())
            return problem("reflect.Value.MapIndex: value of type " + needle.typeName()
                           + " is not assignable to type string");
        return Operand(Value(in.value.contains(needle.value.stringOr())));
    }
    return problem("operator \"in\" not defined on " + in.typeName());
}

Outcome textual(std::string_view op, const Operand &left, const Operand &right)
{
    // The right side is looked at first.
    for (const Operand *side : {&right, &left}) {
        if (!side->value.isString())
            return mismatch(*side, "string");
    }
    const std::string_view text = left.value.stringOr(), part = right.value.stringOr();
    if (op == "contains")
        return Operand(Value(text.find(part) != std::string_view::npos));
    if (op == "startsWith")
        return Operand(Value(text.starts_with(part)));
    if (op == "endsWith")
        return Operand(Value(text.ends_with(part)));
    const Expected<bool> matched = matches(part, text);
    if (!matched)
        return std::unexpected(matched.error());
    return Operand(Value(*matched));
}

void print(std::string &out, const Operand &operand, int depth)
{
    const Value &value = operand.value;
    if (operand.kind == Operand::Kind::Duration) {
        out += crd::Duration{operand.nanoseconds}.text();
    } else if (operand.kind == Operand::Kind::Time) {
        out += crd::Timestamp{operand.nanoseconds / 1'000'000'000}.text();
    } else if (const auto text = value.asString()) {
        out += *text;
    } else if (value.isNull()) {
        out += "<nil>";
    } else if (const auto flag = value.asBool()) {
        out += *flag ? "true" : "false";
    } else if (value.isInteger()) {
        out += std::to_string(value.intOr(0));
    } else if (value.isNumber()) {
        const double number = numberOf(operand);
        if (std::isnan(number))
            out += "NaN";
        else if (std::isinf(number))
            out += number > 0 ? "+Inf" : "-Inf";
        else
            object::detail::appendShortest(out, number);
    } else if (depth > 100) {
        out += "...";
    } else if (value.isList()) {
        out += '[';
        bool isFirst = true;
        for (const Value &item : value.items()) {
            out += isFirst ? "" : " ";
            print(out, item, depth + 1);
            isFirst = false;
        }
        out += ']';
    } else {
        out += "map[";
        bool isFirst = true;
        for (const auto &[key, item] : value.sortedEntries()) {
            out += isFirst ? "" : " ";
            out.append(key).append(":");
            print(out, item, depth + 1);
            isFirst = false;
        }
        out += ']';
    }
}

} // namespace

std::string Operand::typeName() const
{
    if (kind == Kind::Time)
        return "time.Time";
    if (kind == Kind::Duration)
        return "time.Duration";
    if (value.isNull())
        return "<nil>";
    if (value.isBool())
        return "bool";
    if (value.isString())
        return "string";
    if (value.isInteger())
        return "int";
    if (value.isNumber())
        return "float64";
    return value.isList() ? "[]interface {}" : "map[string]interface {}";
}

std::unexpected<Error> problem(std::string message)
{
    return failure(ErrorCode::InvalidInput, std::move(message));
}

std::unexpected<Error> mismatch(const Operand &operand, std::string_view wanted)
{
    const std::string found = operand.isNil() ? "nil" : operand.typeName();
    return problem("interface conversion: interface {} is " + found + ", not " + std::string(wanted));
}

Outcome applied(std::string_view op, const Operand &left, const Operand &right)
{
    if (op == "==" || op == "!=")
        return Operand(Value(isEqual(left, right) == (op == "==")));
    if (op == "<" || op == ">=") {
        const Expected<bool> less = isLess(left, right);
        if (!less)
            return invalidOperation(op, left, right);
        // Not-a-number is neither less nor more.
        const bool isUnordered =
            (left.isNumber() && std::isnan(numberOf(left))) || (right.isNumber() && std::isnan(numberOf(right)));
        return Operand(Value(!isUnordered && *less == (op == "<")));
    }
    if (op == ">" || op == "<=") {
        const Expected<bool> less = isLess(right, left);
        if (!less)
            return invalidOperation(op, left, right);
        const bool isUnordered =
            (left.isNumber() && std::isnan(numberOf(left))) || (right.isNumber() && std::isnan(numberOf(right)));
        return Operand(Value(!isUnordered && *less == (op == ">")));
    }
    if (op == "+")
        return sum(left, right);
    if (op == "-")
        return difference(left, right);
    if (op == "%")
        return rest(left, right);
    if (op == "..")
        return range(left, right);
    if (op == "in")
        return membership(left, right);
    if (op == "contains" || op == "startsWith" || op == "endsWith" || op == "matches")
        return textual(op, left, right);
    if (!left.isNumber() || !right.isNumber())
        return invalidOperation(op, left, right);
    if (op == "**" || op == "^")
        return Operand(Value(std::pow(numberOf(left), numberOf(right))));
    return arithmetic(op == "*" ? '*' : '/', left, right);
}

Outcome negated(const Operand &operand)
{
    if (operand.kind == Operand::Kind::Duration)
        return Operand::duration(-operand.nanoseconds);
    if (operand.isInteger())
        return Operand(Value(wrapped(~bits(operand) + 1)));
    if (operand.isNumber())
        return Operand(Value(-numberOf(operand)));
    return problem("invalid operation: - " + operand.typeName());
}

bool isEqual(const Operand &left, const Operand &right)
{
    if (left.kind != right.kind)
        return false;
    if (!left.isPlain())
        return left.nanoseconds == right.nanoseconds;
    if (left.isInteger() && right.isInteger())
        return left.value.asInt() == right.value.asInt();
    if (left.isNumber() && right.isNumber())
        return numberOf(left) == numberOf(right);
    return left.value == right.value;
}

Expected<bool> isLess(const Operand &left, const Operand &right)
{
    if (left.isNumber() && right.isNumber())
        return left.isInteger() && right.isInteger() ? left.value.intOr(0) < right.value.intOr(0)
                                                     : numberOf(left) < numberOf(right);
    if (left.isPlain() && right.isPlain() && left.value.isString() && right.value.isString())
        return left.value.stringOr() < right.value.stringOr();
    if (!left.isPlain() && left.kind == right.kind)
        return left.nanoseconds < right.nanoseconds;
    return failure(ErrorCode::InvalidInput, "invalid operation: " + left.typeName() + " < " + right.typeName());
}

Expected<std::int64_t> integerOf(const Operand &operand)
{
    if (operand.isInteger())
        return operand.value.intOr(0);
    if (operand.isNumber()) {
        const double number = numberOf(operand);
        // What does not fit is the smallest there is, as on common processors.
        if (!(number >= -9.2e18 && number <= 9.2e18))
            return std::numeric_limits<std::int64_t>::min();
        return static_cast<std::int64_t>(number);
    }
    return failure(ErrorCode::InvalidInput, "invalid operation: int(" + operand.typeName() + ")");
}

Outcome fetched(const Operand &base, const Operand &index)
{
    const Value &value = base.value;
    if (value.isList() || value.isString()) {
        const Expected<std::int64_t> wanted = integerOf(index);
        if (!wanted)
            return std::unexpected(wanted.error());
        const std::int64_t size = static_cast<std::int64_t>(value.isList() ? value.size() : value.stringOr().size());
        const std::int64_t at = *wanted < 0 ? size + *wanted : *wanted;
        if (at < 0 || at >= size)
            return problem(value.isList() ? "reflect: slice index out of range" : "reflect: string index out of range");
        if (value.isList())
            return Operand(value.at(static_cast<std::size_t>(at)));
        return Operand(
            Value(static_cast<int>(static_cast<unsigned char>(value.stringOr()[static_cast<std::size_t>(at)]))));
    }
    if (value.isMap()) {
        if (!index.isNil() && !index.value.isString())
            return problem("reflect.Value.MapIndex: value of type " + index.typeName()
                           + " is not assignable to type string");
        return Operand(value[index.value.stringOr()]);
    }
    return problem("cannot fetch " + printed(index) + " from " + base.typeName());
}

Outcome sliced(const Operand &base, const Operand &from, const Operand &to)
{
    const Value &value = base.value;
    if (!value.isList() && !value.isString())
        return problem("cannot slice " + printed(from));
    const std::int64_t size = static_cast<std::int64_t>(value.isList() ? value.size() : value.stringOr().size());
    const auto bound = [size](const Operand &operand, std::int64_t absent) -> Expected<std::int64_t> {
        if (operand.isNil())
            return absent;
        const Expected<std::int64_t> wanted = integerOf(operand);
        if (!wanted)
            return wanted;
        return std::max<std::int64_t>(0, *wanted < 0 ? size + *wanted : *wanted);
    };
    const Expected<std::int64_t> first = bound(from, 0);
    if (!first)
        return std::unexpected(first.error());
    const Expected<std::int64_t> last = bound(to, size);
    if (!last)
        return std::unexpected(last.error());
    const std::size_t end = static_cast<std::size_t>(std::min(*last, size));
    const std::size_t begin = std::min(static_cast<std::size_t>(*first), end);
    if (value.isString())
        return Operand(Value(value.stringOr().substr(begin, end - begin)));
    std::vector<Value> items;
    for (std::size_t i = begin; i < end; ++i)
        items.push_back(value.at(i));
    return Operand(Value::list(items));
}

std::optional<double> floatOf(std::string_view text)
{
    std::string word = asciiLower(text);
    if (word == "nan")
        return std::nan("");
    const bool isNegative = word.starts_with('-');
    if (isNegative || word.starts_with('+'))
        word.erase(0, 1);
    if (word == "inf" || word == "infinity")
        return isNegative ? -HUGE_VAL : HUGE_VAL;
    return object::detail::doubleOf(text);
}

std::string printed(const Operand &operand)
{
    std::string out;
    print(out, operand, 0);
    return out;
}

} // namespace tiphys::rollout::expression
