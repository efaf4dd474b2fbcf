// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/script_object.h"

#include "action/script_tables.h"
#include "base/text.h"
#include "object/number_text.h"

#include <charconv>
#include <cmath>
#include <vector>

namespace tiphys::action {

using object::Value;

namespace {

bool isTable(const Value &value)
{
    return value.isMap() || value.isList();
}

} // namespace

bool isTruthy(const Value &value)
{
    return !value.isNull() && value.boolOr(true);
}

std::string_view scriptTypeName(const Value &value)
{
    if (isTable(value))
        return "table";
    if (value.isString())
        return "string";
    if (value.isNumber())
        return "number";
    return value.isBool() ? "boolean" : "nil";
}

ScriptObject::ScriptObject(const object::Object &object) : m_value(scriptView(object.value())) {}

Value ScriptObject::get(Path path)
{
    Value value = m_value;
    for (const std::string_view key : path) {
        if (hasFailed())
            return {};
        if (!isTable(value)) {
            fail("attempt to index a non-table object(" + std::string(scriptTypeName(value)) + ") with key '"
                 + std::string(key) + "'");
            return {};
        }
        value = value[key];
    }
    return value;
}

bool ScriptObject::isTruthy(Path path)
{
    return action::isTruthy(get(path));
}

std::size_t ScriptObject::length(Path path)
{
    const Value value = get(path);
    if (hasFailed())
        return 0;
    if (value.isString())
        return value.stringOr().size();
    if (!isTable(value))
        fail("__len undefined");
    return value.isList() ? value.size() : 0;
}

void ScriptObject::set(Path path, const Value &value)
{
    const std::string_view key = *(path.end() - 1);
    std::vector<std::string_view> holderPath(path.begin(), path.end() - 1);
    Value holder = m_value;
    for (const std::string_view step : holderPath) {
        if (!isTable(holder))
            return fail("attempt to index a non-table object(" + std::string(scriptTypeName(holder)) + ") with key '"
                        + std::string(step) + "'");
        holder = holder[step];
    }
    if (hasFailed())
        return;
    if (!isTable(holder))
        return fail("attempt to index a non-table object(" + std::string(scriptTypeName(holder)) + ") with key '"
                    + std::string(key) + "'");
    if (holder.isList() && holder.size() > 0 && !value.isNull())
        return fail("cannot encode mixed or invalid key types");
    if (holder.isList() && value.isNull())
        return;
    const std::vector<std::string_view> whole(path.begin(), path.end());
    m_value = value.isNull() ? m_value.withoutPath(whole) : m_value.withPath(whole, value);
}

void ScriptObject::ensureTable(Path path)
{
    if (get(path).isNull() && !hasFailed())
        set(path, Value::map(std::vector<std::pair<std::string, Value>>()));
}

void ScriptObject::fail(std::string message)
{
    if (!m_failure)
        m_failure = std::move(message);
}

Expected<void> ScriptObject::outcome() const
{
    if (m_failure)
        return failure(ErrorCode::InvalidInput, *m_failure);
    return {};
}

Expected<Value> ScriptObject::result() const
{
    if (m_failure)
        return failure(ErrorCode::InvalidInput, *m_failure);
    return scriptResult(m_value);
}

namespace {

std::optional<double> integerOf(std::string_view digits, int base)
{
    std::int64_t number = 0;
    if (digits.starts_with('+') && !digits.starts_with("+-"))
        digits.remove_prefix(1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return static_cast<double>(number);
}

} // namespace

std::optional<double> scriptNumberOf(std::string_view text)
{
    constexpr std::string_view kBlanks = " \n\t";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
    if (text.contains('.')) {
        const bool hasPlus = text.starts_with('+') && !text.starts_with("+-");
        return object::detail::doubleOf(text.substr(hasPlus ? 1 : 0));
    }
    if (text.starts_with("0x") || text.starts_with("0X"))
        return integerOf(text.substr(2), 16);
    return integerOf(text, 10);
}

std::string scriptNumberText(double number)
{
    if (number == std::trunc(number) && std::abs(number) < 9.2e18)
        return std::to_string(static_cast<std::int64_t>(number));
    std::string text;
    object::detail::appendShortest(text, number);
    return text;
}

} // namespace tiphys::action
