// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/int_or_text.h"

#include "rollout/number.h"

#include <algorithm>
#include <cmath>

namespace tiphys::rollout {

using object::Value;

namespace {

/// The number without its percent signs, wherever they stand.
std::optional<std::int64_t> percentOf(std::string_view text)
{
    const std::size_t sign = text.find('%');
    if (sign == std::string_view::npos || sign + 1 == text.size())
        return decimalOf(text.substr(0, sign));
    std::string digits(text);
    std::erase(digits, '%');
    return decimalOf(digits);
}

} // namespace

std::optional<IntOrText> IntOrText::of(const Value &value)
{
    if (const auto text = value.asString())
        return ofText(*text);
    if (const auto number = value.asInt())
        return IntOrText{.isText = false, .number = static_cast<int>(*number), .text = {}, .percent = {}};
    return std::nullopt;
}

IntOrText IntOrText::ofText(std::string_view text)
{
    return {.isText = true, .number = 0, .text = std::string(text), .percent = percentOf(text)};
}

Value IntOrText::value() const
{
    return isText ? Value(text) : Value(number);
}

int IntOrText::intValue() const
{
    return isText ? static_cast<int>(decimalOf(text).value_or(0)) : number;
}

std::string IntOrText::shown() const
{
    return isText ? text : std::to_string(number);
}

std::optional<int> podsOf(const IntOrText &amount, int total, Rounding rounding)
{
    if (!amount.isText)
        return amount.number;
    const std::optional<std::int64_t> &percent = amount.percent;
    if (!percent)
        return std::nullopt;
    // Whole numbers give what floating point does, as long as that is exact.
    if (*percent >= 0 && *percent <= 1'000 && total >= 0) {
        const std::int64_t parts = *percent * total;
        return clampedInt(rounding == Rounding::Up ? (parts + 99) / 100 : parts / 100);
    }
    const double pods = static_cast<double>(*percent) * static_cast<double>(total) / 100;
    return clampedInt(rounding == Rounding::Up ? std::ceil(pods) : std::floor(pods));
}

} // namespace tiphys::rollout
