// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/expression_value.h"

#include "base/base64.h"
#include "base/text.h"
#include "crd/duration.h"
#include "crd/timestamp.h"
#include "object/json.h"
#include "rollout/analysis/condition.h"
#include "rollout/analysis/expression_texts.h"
#include "rollout/number.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace tiphys::rollout::expression {

using object::Value;
using namespace builtin;

namespace {

using Function = Outcome (*)(const Arguments &);

double numberOf(const Operand &operand)
{
    return operand.value.asNumber().value_or(0);
}

/// As Go's reflect.Kind prints.
std::string kindName(const Operand &operand)
{
    if (operand.isNil())
        return "invalid";
    if (operand.value.isList())
        return "slice";
    return operand.value.isMap() ? "map" : operand.typeName();
}

Outcome len(const Arguments &arguments)
{
    const Value &value = arguments[0].value;
    if (value.isString())
        return Operand(Value(static_cast<std::int64_t>(value.stringOr().size())));
    if (value.isList() || value.isMap())
        return Operand(Value(static_cast<std::int64_t>(value.size())));
    return problem("invalid argument for len (type " + arguments[0].typeName() + ")");
}

Outcome type(const Arguments &arguments)
{
    const Operand &operand = arguments[0];
    if (!operand.isPlain())
        return Operand(Value(operand.typeName()));
    const Value &value = operand.value;
    return Operand(Value(value.isNull()      ? "nil"
                         : value.isBool()    ? "bool"
                         : value.isInteger() ? "int"
                         : value.isNumber()  ? "float"
                         : value.isString()  ? "string"
                         : value.isList()    ? "array"
                                             : "map"));
}

std::unexpected<Error> noNumber(std::string_view name, const Operand &operand)
{
    return problem("invalid argument for " + std::string(name) + " (type " + operand.typeName() + ")");
}

Outcome abs(const Arguments &arguments)
{
    if (arguments[0].isInteger())
        return arguments[0].value.intOr(0) < 0 ? negated(arguments[0]) : arguments[0];
    if (!arguments[0].isNumber())
        return noNumber("abs", arguments[0]);
    return Operand(Value(std::fabs(numberOf(arguments[0]))));
}

Outcome ceil(const Arguments &arguments)
{
    return arguments[0].isNumber() ? Outcome(Operand(Value(std::ceil(numberOf(arguments[0])))))
                                   : noNumber("ceil", arguments[0]);
}

Outcome floor(const Arguments &arguments)
{
    return arguments[0].isNumber() ? Outcome(Operand(Value(std::floor(numberOf(arguments[0])))))
                                   : noNumber("floor", arguments[0]);
}

Outcome round(const Arguments &arguments)
{
    return arguments[0].isNumber() ? Outcome(Operand(Value(std::round(numberOf(arguments[0])))))
                                   : noNumber("round", arguments[0]);
}

Outcome toInt(const Arguments &arguments)
{
    if (arguments[0].isNumber()) {
        const Expected<std::int64_t> number = integerOf(arguments[0]);
        return Operand(Value(*number));
    }
    if (!arguments[0].value.isString())
        return problem("invalid operation: int(" + arguments[0].typeName() + ")");
    const std::optional<std::int64_t> number = decimalOf(textOf(arguments[0]));
    if (!number)
        return problem("invalid operation: int(" + std::string(textOf(arguments[0])) + ")");
    return Operand(Value(*number));
}

Outcome toFloat(const Arguments &arguments)
{
    if (arguments[0].isNumber())
        return Operand(Value(numberOf(arguments[0])));
    if (!arguments[0].value.isString())
        return problem("invalid operation: float(" + arguments[0].typeName() + ")");
    const std::optional<double> number = floatOf(textOf(arguments[0]));
    if (!number)
        return problem("invalid operation: float(" + std::string(textOf(arguments[0])) + ")");
    return Operand(Value(*number));
}

Outcome toText(const Arguments &arguments)
{
    return Operand(Value(printed(arguments[0])));
}

Outcome extreme(const Arguments &arguments, bool isMost)
{
    Operand best;
    for (const Operand &argument : arguments) {
        if (!argument.isNumber())
            return problem("invalid argument for " + std::string(isMost ? "max" : "min") + " (type "
                           + argument.typeName() + ")");
        const Expected<bool> less = best.isNil() ? Expected<bool>(true)
                                    : isMost     ? isLess(best, argument)
                                                 : isLess(argument, best);
        if (less && *less)
            best = argument;
    }
    return best;
}

Outcome max(const Arguments &arguments)
{
    return extreme(arguments, true);
}

Outcome min(const Arguments &arguments)
{
    return extreme(arguments, false);
}

Expected<std::vector<double>> numbersOf(const Operand &operand, std::string_view name)
{
    const std::string what = "cannot " + std::string(name) + " ";
    if (!operand.value.isList())
        return problem(what + kindName(operand));
    std::vector<double> numbers;
    for (const Value &item : operand.value.items()) {
        if (!item.isNumber())
            return problem(what + kindName(item));
        numbers.push_back(item.asNumber().value_or(0));
    }
    return numbers;
}

Outcome sum(const Arguments &arguments)
{
    const Expected<std::vector<double>> numbers = numbersOf(arguments[0], "sum");
    if (!numbers)
        return std::unexpected(numbers.error());
    Operand total(Value(0));
    for (const Value &item : arguments[0].value.items()) {
        const Outcome next = applied("+", total, item);
        if (!next)
            return next;
        total = *next;
    }
    return total;
}

Outcome mean(const Arguments &arguments)
{
    const Expected<std::vector<double>> numbers = numbersOf(arguments[0], "mean");
    if (!numbers)
        return std::unexpected(numbers.error());
    double total = 0;
    for (const double number : *numbers)
        total += number;
    return Operand(Value(numbers->empty() ? 0.0 : total / static_cast<double>(numbers->size())));
}

Outcome median(const Arguments &arguments)
{
    Expected<std::vector<double>> numbers = numbersOf(arguments[0], "median");
    if (!numbers)
        return std::unexpected(numbers.error());
    if (numbers->empty())
        return Operand(Value(0.0));
    std::ranges::sort(*numbers, [](double a, double b) { return a < b || (std::isnan(a) && !std::isnan(b)); });
    const std::size_t half = numbers->size() / 2;
    return Operand(Value(numbers->size() % 2 ? (*numbers)[half] : ((*numbers)[half - 1] + (*numbers)[half]) / 2));
}

Outcome toJson(const Arguments &arguments)
{
    const std::string text =
        object::toJson(arguments[0].value, {.style = object::JsonStyle::Indented, .escapesHtml = true});
    return Operand(Value(text));
}

Outcome fromJson(const Arguments &arguments)
{
    const Expected<Value> value = object::parseJson(textOf(arguments[0]));
    if (!value)
        return std::unexpected(value.error());
    return Operand(rollout::withFloats(*value));
}

Outcome toBase64(const Arguments &arguments)
{
    return Operand(Value(base64Of(textOf(arguments[0]))));
}

Outcome fromBase64(const Arguments &arguments)
{
    const Expected<std::string> decoded = decodedBase64(textOf(arguments[0]));
    if (!decoded)
        return std::unexpected(decoded.error());
    return Operand(Value(*decoded));
}

Outcome duration(const Arguments &arguments)
{
    const Expected<crd::Duration> parsed = crd::goDurationOf(textOf(arguments[0]));
    if (!parsed)
        return std::unexpected(parsed.error());
    return Operand::duration(parsed->nanoseconds);
}

Outcome date(const Arguments &arguments)
{
    if (arguments.size() > 1)
        return failure(ErrorCode::Unsupported, "date with a layout is not supported");
    const std::string text(textOf(arguments[0]));
    std::optional<crd::Timestamp> time = crd::timestampOf(text);
    if (!time && text.size() == 10)
        time = crd::timestampOf(text + "T00:00:00Z");
    if (!time && text.size() == 19 && text[10] == ' ')
        time = crd::timestampOf(text.substr(0, 10) + "T" + text.substr(11) + "Z");
    if (!time)
        return problem("invalid date " + text);
    return Operand::time(time->seconds * 1'000'000'000);
}

/// What fetching gives, nil where there is nothing.
Outcome fetchedOrNil(const Operand &base, const Operand &index)
{
    const Outcome found = fetched(base, index);
    return found ? *found : Operand();
}

Outcome first(const Arguments &arguments)
{
    return fetchedOrNil(arguments[0], Operand(Value(0)));
}

Outcome last(const Arguments &arguments)
{
    return fetchedOrNil(arguments[0], Operand(Value(-1)));
}

Outcome get(const Arguments &arguments)
{
    return fetchedOrNil(arguments[0], arguments[1]);
}

Outcome take(const Arguments &arguments)
{
    if (!arguments[0].value.isList())
        return problem("cannot take from " + kindName(arguments[0]));
    if (!arguments[1].isInteger())
        return problem("cannot take " + kindName(arguments[1]) + " elements");
    const std::int64_t count = arguments[1].value.intOr(0);
    if (count < 0)
        return problem("reflect.Value.Slice: slice index out of bounds");
    return sliced(arguments[0], Operand(Value(0)), arguments[1]);
}

std::unexpected<Error> noMap(std::string_view what, const Operand &operand, std::string_view after = "")
{
    return problem("cannot " + std::string(what) + " " + kindName(operand) + std::string(after));
}

Outcome keys(const Arguments &arguments)
{
    if (!arguments[0].value.isMap())
        return noMap("get keys from", arguments[0]);
    std::vector<Value> items;
    for (const auto &[key, value] : arguments[0].value.sortedEntries())
        items.emplace_back(key);
    return Operand(Value::list(items));
}

Outcome values(const Arguments &arguments)
{
    if (!arguments[0].value.isMap())
        return noMap("get values from", arguments[0]);
    std::vector<Value> items;
    for (const auto &[key, value] : arguments[0].value.sortedEntries())
        items.push_back(value);
    return Operand(Value::list(items));
}

Outcome toPairs(const Arguments &arguments)
{
    if (!arguments[0].value.isMap())
        return noMap("transform", arguments[0], " to pairs");
    std::vector<Value> items;
    for (const auto &[key, value] : arguments[0].value.sortedEntries())
        items.push_back(Value::list({Value(key), value}));
    return Operand(Value::list(items));
}

Outcome fromPairs(const Arguments &arguments)
{
    if (!arguments[0].value.isList())
        return noMap("transform", arguments[0], " from pairs");
    std::vector<std::pair<std::string, Value>> members;
    for (const Value &pair : arguments[0].value.items()) {
        if (!pair.isList())
            return problem("invalid pair " + printed(pair));
        if (pair.size() != 2)
            return problem("invalid pair length " + printed(pair));
        if (!pair.at(0).isString())
            return failure(ErrorCode::Unsupported, "keys of a map that are no texts are not supported");
        members.emplace_back(std::string(pair.at(0).stringOr()), pair.at(1));
    }
    return Operand(Value::map(members));
}

Expected<bool> isDescending(const Operand &order)
{
    const std::string_view word = textOf(order);
    if (!order.value.isString() || (word != "asc" && word != "desc"))
        return failure(ErrorCode::InvalidInput, "invalid order " + printed(order) + ", expected asc or desc");
    return word == "desc";
}

Outcome sorted(const Operand &list, const std::optional<std::string> &field, bool isDescending)
{
    if (!list.value.isList())
        return problem("cannot sort " + kindName(list));
    std::vector<Value> items;
    for (const Value &item : list.value.items())
        items.push_back(item);
    std::optional<Error> error;
    std::ranges::stable_sort(items, [&](const Value &left, const Value &right) {
        const Expected<bool> less = field ? isLess(left[*field], right[*field]) : isLess(left, right);
        if (!less && !error)
            error = less.error();
        return less && *less;
    });
    if (error)
        return std::unexpected(*error);
    if (isDescending)
        std::ranges::reverse(items);
    return Operand(Value::list(items));
}

Outcome sort(const Arguments &arguments)
{
    const Expected<bool> descending = arguments.size() > 1 ? isDescending(arguments[1]) : Expected<bool>(false);
    if (!descending)
        return std::unexpected(descending.error());
    return sorted(arguments[0], std::nullopt, *descending);
}

Outcome sortBy(const Arguments &arguments)
{
    if (!arguments[1].value.isString())
        return problem("invalid argument for sort (expected string, got " + arguments[1].typeName() + ")");
    const Expected<bool> descending = arguments.size() > 2 ? isDescending(arguments[2]) : Expected<bool>(false);
    if (!descending)
        return std::unexpected(descending.error());
    return sorted(arguments[0], std::string(textOf(arguments[1])), *descending);
}

struct Entry
{
    Function function;
    std::size_t least;
    std::size_t most;
    std::string_view textArguments = ""; ///< positions that must be texts
};

const std::map<std::string_view, Entry> &table()
{
    constexpr std::size_t kAny = 1000;
    static const std::map<std::string_view, Entry> kTable{{"len", {len, 1, 1}},
                                                          {"type", {type, 1, 1}},
                                                          {"abs", {abs, 1, 1}},
                                                          {"ceil", {ceil, 1, 1}},
                                                          {"floor", {floor, 1, 1}},
                                                          {"round", {round, 1, 1}},
                                                          {"int", {toInt, 1, 1}},
                                                          {"float", {toFloat, 1, 1}},
                                                          {"string", {toText, 1, 1}},
                                                          {"trim", {trim, 1, 2, "01"}},
                                                          {"trimPrefix", {trimPrefix, 1, 2, "01"}},
                                                          {"trimSuffix", {trimSuffix, 1, 2, "01"}},
                                                          {"upper", {upper, 1, 1, "0"}},
                                                          {"lower", {lower, 1, 1, "0"}},
                                                          {"split", {split, 2, 3, "01"}},
                                                          {"splitAfter", {splitAfter, 2, 3, "01"}},
                                                          {"replace", {replace, 3, 4, "012"}},
                                                          {"repeat", {repeat, 2, 2, "0"}},
                                                          {"join", {joined, 1, 2, "1"}},
                                                          {"indexOf", {indexOf, 2, 2, "01"}},
                                                          {"lastIndexOf", {lastIndexOf, 2, 2, "01"}},
                                                          {"hasPrefix", {hasPrefix, 2, 2, "01"}},
                                                          {"hasSuffix", {hasSuffix, 2, 2, "01"}},
                                                          {"max", {max, 1, kAny}},
                                                          {"min", {min, 1, kAny}},
                                                          {"sum", {sum, 1, 1}},
                                                          {"mean", {mean, 1, 1}},
                                                          {"median", {median, 1, 1}},
                                                          {"toJSON", {toJson, 1, 1}},
                                                          {"fromJSON", {fromJson, 1, 1, "0"}},
                                                          {"toBase64", {toBase64, 1, 1, "0"}},
                                                          {"fromBase64", {fromBase64, 1, 1, "0"}},
                                                          {"duration", {duration, 1, 1, "0"}},
                                                          {"date", {date, 1, 3, "012"}},
                                                          {"first", {first, 1, 1}},
                                                          {"last", {last, 1, 1}},
                                                          {"get", {get, 2, 2}},
                                                          {"take", {take, 2, 2}},
                                                          {"keys", {keys, 1, 1}},
                                                          {"values", {values, 1, 1}},
                                                          {"toPairs", {toPairs, 1, 1}},
                                                          {"fromPairs", {fromPairs, 1, 1}},
                                                          {"sort", {sort, 1, 2}},
                                                          {"sortBy", {sortBy, 2, 3}}};
    return kTable;
}

} // namespace

Outcome callBuiltin(std::string_view name, const Arguments &arguments, std::int64_t nowNanoseconds)
{
    if (name == "now")
        return Operand::time(nowNanoseconds);
    const auto found = table().find(name);
    if (found == table().end())
        return problem("unknown builtin " + std::string(name));
    const Entry &entry = found->second;
    if (arguments.size() < entry.least)
        return problem("not enough arguments to call " + std::string(name));
    if (arguments.size() > entry.most)
        return problem("too many arguments to call " + std::string(name));
    for (const char digit : entry.textArguments) {
        const std::size_t at = static_cast<std::size_t>(digit - '0');
        if (at < arguments.size() && !arguments[at].value.isString())
            return mismatch(arguments[at], "string");
    }
    return entry.function(arguments);
}

} // namespace tiphys::rollout::expression
