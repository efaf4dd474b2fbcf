// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/jq_path.h"

#include "script/jq_path_parser.h"

#include <algorithm>
#include <variant>

namespace tiphys::script {

using object::Value;

namespace {

using Condition = JqPath::Condition;
using Step = JqPath::Step;
using Steps = JqPath::Steps;
using Place = std::variant<std::int64_t, std::string>; ///< index or member
using Places = std::vector<Place>;

Error typeError(std::string_view wanted)
{
    return Error(ErrorCode::InvalidInput, "jq: cannot " + std::string(wanted));
}

/// jq's equality: numbers by value.
bool equals(const Value &a, const Value &b)
{
    return a.isNumber() && b.isNumber() ? a.asNumber() == b.asNumber() : a == b;
}

bool isTruthy(const Value &value)
{
    return !value.isNull() && value != Value(false);
}

/// Walks a path and calls back with every value at its end.
class Walker
{
public:
    using Visit = bool (*)(void *context, const Value &value, const Places &places);

    Walker(Visit visit, void *context) : m_visit(visit), m_context(context) {}

    /// False after an error, which error() tells.
    bool walk(const Value &value, const Steps &steps, std::size_t next = 0);
    const std::optional<Error> &error() const { return m_error; }

private:
    bool fails(const Step &step, std::string_view wanted)
    {
        if (step.isOptional)
            return true;
        m_error = typeError(wanted);
        return false;
    }
    bool enter(const Value &value, Place place, const Steps &steps, std::size_t next)
    {
        m_places.push_back(std::move(place));
        const bool isFine = walk(value, steps, next);
        m_places.pop_back();
        return isFine;
    }
    bool each(const Value &value, const Steps &steps, std::size_t next);

    Visit m_visit;
    void *m_context;
    Places m_places;
    std::optional<Error> m_error;
};

Expected<std::vector<Value>> valuesAt(const Value &value, const Steps &steps)
{
    std::vector<Value> found;
    Walker walker(
        [](void *context, const Value &at, const Places &) {
            static_cast<std::vector<Value> *>(context)->push_back(at);
            return true;
        },
        &found);
    if (!walker.walk(value, steps))
        return std::unexpected(*walker.error());
    return found;
}

Expected<bool> holds(const Condition &condition, const Value &value);

Expected<bool> holdsForText(const Condition &condition, const Value &value)
{
    const std::string_view wanted = condition.literal.stringOr();
    if (condition.kind == Condition::Kind::Has) {
        if (!value.isMap())
            return std::unexpected(typeError("check whether it has a key"));
        return value.contains(wanted);
    }
    const std::optional<std::string_view> text = value.asString();
    if (!text)
        return std::unexpected(typeError("search in a value that is no string"));
    switch (condition.kind) {
    case Condition::Kind::StartsWith: return text->starts_with(wanted);
    case Condition::Kind::EndsWith: return text->ends_with(wanted);
    default: return text->find(wanted) != std::string_view::npos;
    }
}

/// select passes a value once for every true result; simple conditions give one.
Expected<bool> holdsForPath(const Condition &condition, const Value &value)
{
    const Expected<std::vector<Value>> left = valuesAt(value, condition.path);
    if (!left)
        return std::unexpected(left.error());
    for (const Value &at : *left) {
        bool isTrue = false;
        if (condition.kind == Condition::Kind::Truthy) {
            isTrue = isTruthy(at);
        } else if (condition.kind == Condition::Kind::Equal || condition.kind == Condition::Kind::Unequal) {
            std::vector<Value> right{condition.literal};
            if (condition.otherPath) {
                Expected<std::vector<Value>> other = valuesAt(value, *condition.otherPath);
                if (!other)
                    return std::unexpected(other.error());
                right = std::move(*other);
            }
            const bool wantsEqual = condition.kind == Condition::Kind::Equal;
            isTrue = std::ranges::any_of(right, [&](const Value &b) { return equals(at, b) == wantsEqual; });
        } else {
            const Expected<bool> text = holdsForText(condition, at);
            if (!text)
                return text;
            isTrue = *text;
        }
        if (isTrue)
            return true;
    }
    return false;
}

Expected<bool> holds(const Condition &condition, const Value &value)
{
    switch (condition.kind) {
    case Condition::Kind::Not: {
        const Expected<bool> inner = holds(*condition.parts.front(), value);
        return inner ? Expected<bool>(!*inner) : inner;
    }
    case Condition::Kind::And:
    case Condition::Kind::Or: {
        const bool stopsAt = condition.kind == Condition::Kind::Or;
        for (const auto &part : condition.parts) {
            const Expected<bool> inner = holds(*part, value);
            if (!inner || *inner == stopsAt)
                return inner;
        }
        return !stopsAt;
    }
    default: return holdsForPath(condition, value);
    }
}

bool Walker::each(const Value &value, const Steps &steps, std::size_t next)
{
    if (value.isList()) {
        std::int64_t index = 0;
        for (const Value &item : value.items()) {
            if (!enter(item, index++, steps, next))
                return false;
        }
        return true;
    }
    if (value.isMap()) {
        for (const auto &[key, member] : value.sortedEntries()) {
            if (!enter(member, std::string(key), steps, next))
                return false;
        }
        return true;
    }
    return fails(steps[next - 1], "iterate over a scalar");
}

bool Walker::walk(const Value &value, const Steps &steps, std::size_t next)
{
    if (next == steps.size())
        return m_visit(m_context, value, m_places);
    const Step &step = steps[next];
    switch (step.kind) {
    case Step::Kind::Each: return each(value, steps, next + 1);
    case Step::Kind::Member:
        if (!value.isMap() && !value.isNull())
            return fails(step, "take a member of a value that is no map");
        return enter(value[step.member], step.member, steps, next + 1);
    case Step::Kind::Index: {
        if (!value.isList() && !value.isNull())
            return fails(step, "take an item of a value that is no list");
        const auto size = static_cast<std::int64_t>(value.size());
        const std::int64_t index = step.index < 0 ? step.index + size : step.index;
        const Value item = index >= 0 ? value.at(static_cast<std::size_t>(index)) : Value();
        return enter(item, step.index < 0 && index < 0 ? size : index, steps, next + 1);
    }
    case Step::Kind::Select: {
        const Expected<bool> passes = holds(*step.condition, value);
        if (!passes) {
            m_error = passes.error();
            return false;
        }
        return !*passes || walk(value, steps, next + 1);
    }
    }
    return true;
}

Value withoutPlace(const Value &value, const Places &places, std::size_t depth)
{
    const bool isLast = depth + 1 == places.size();
    if (const auto *member = std::get_if<std::string>(&places[depth])) {
        if (!value.contains(*member))
            return value;
        return isLast ? value.without(*member) : value.with(*member, withoutPlace(value[*member], places, depth + 1));
    }
    const auto index = static_cast<std::size_t>(std::get<std::int64_t>(places[depth]));
    if (index >= value.size() || !value.isList())
        return value;
    return isLast ? value.withoutItem(index) : value.withItem(index, withoutPlace(value.at(index), places, depth + 1));
}

} // namespace

std::optional<JqPath> JqPath::compiled(std::string_view program)
{
    std::optional<std::vector<Steps>> alternatives = parsedJqPath(program);
    if (!alternatives)
        return std::nullopt;
    JqPath path;
    path.m_alternatives = std::move(*alternatives);
    return path;
}

Expected<Value> JqPath::deletedFrom(const Value &input) const
{
    std::vector<Places> all;
    for (const Steps &steps : m_alternatives) {
        Walker walker(
            [](void *context, const Value &, const Places &places) {
                static_cast<std::vector<Places> *>(context)->push_back(places);
                return true;
            },
            &all);
        if (!walker.walk(input, steps))
            return std::unexpected(*walker.error());
    }
    std::ranges::sort(all);
    const auto [first, last] = std::ranges::unique(all);
    all.erase(first, last);
    Value result = input;
    // Backwards, so that indexes of what is still to go stay right.
    for (std::size_t i = all.size(); i-- > 0;)
        result = all[i].empty() ? Value() : withoutPlace(result, all[i], 0);
    return result;
}

} // namespace tiphys::script
