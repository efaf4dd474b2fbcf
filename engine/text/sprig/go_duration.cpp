// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/go_duration.h"

#include <limits>
#include <optional>

namespace tiphys::text::sprig {

namespace {

constexpr std::uint64_t kLimit = std::uint64_t(1) << 63;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Digits at the start of \p text, taken off; nothing on overflow.
std::optional<std::uint64_t> takenInteger(std::string_view &text)
{
    std::uint64_t value = 0;
    while (!text.empty() && isDigit(text[0])) {
        if (value > kLimit / 10)
            return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(text[0] - '0');
        if (value > kLimit)
            return std::nullopt;
        text.remove_prefix(1);
    }
    return value;
}

/// Digits after a point: their value and the power of ten that divides it. Digits beyond 63 bits are dropped.
std::pair<std::uint64_t, double> takenFraction(std::string_view &text)
{
    std::uint64_t value = 0;
    double scale = 1;
    bool isFull = false;
    for (; !text.empty() && isDigit(text[0]); text.remove_prefix(1)) {
        if (isFull)
            continue;
        if (value > (kLimit - 1) / 10) {
            isFull = true;
            continue;
        }
        const std::uint64_t next = value * 10 + static_cast<std::uint64_t>(text[0] - '0');
        if (next > kLimit) {
            isFull = true;
            continue;
        }
        value = next;
        scale *= 10;
    }
    return {value, scale};
}

std::optional<std::uint64_t> unitOf(std::string_view name)
{
    static constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {
        {"ns", 1},         {"us", 1'000},  {"\xC2\xB5s", 1'000}, {"\xCE\xBCs", 1'000},
        {"ms", 1'000'000}, {"s", kSecond}, {"m", kMinute},       {"h", kHour}};
    for (const auto &[unit, nanoseconds] : kUnits) {
        if (unit == name)
            return nanoseconds;
    }
    return std::nullopt;
}

std::unexpected<TemplateError> fault(std::string_view words, std::string_view whole)
{
    return templateError("time: " + std::string(words) + " " + timeQuoted(whole));
}

/// One number with its unit, taken off \p rest.
TemplateExpected<std::uint64_t> takenPart(std::string_view &rest, std::string_view whole)
{
    if (rest[0] != '.' && !isDigit(rest[0]))
        return fault("invalid duration", whole);
    std::size_t before = rest.size();
    const std::optional<std::uint64_t> integer = takenInteger(rest);
    if (!integer)
        return fault("invalid duration", whole);
    bool hasDigits = rest.size() != before;
    std::pair<std::uint64_t, double> fraction{0, 1};
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        before = rest.size();
        fraction = takenFraction(rest);
        hasDigits |= rest.size() != before;
    }
    if (!hasDigits)
        return fault("invalid duration", whole);
    std::size_t end = 0;
    while (end < rest.size() && rest[end] != '.' && !isDigit(rest[end]))
        ++end;
    if (end == 0)
        return fault("missing unit in duration", whole);
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(end);
    const std::optional<std::uint64_t> unit = unitOf(name);
    if (!unit)
        return fault("unknown unit " + timeQuoted(name) + " in duration", whole);
    if (*integer > kLimit / *unit)
        return fault("invalid duration", whole);
    std::uint64_t value = *integer * *unit;
    if (fraction.first > 0) {
        value += static_cast<std::uint64_t>(static_cast<double>(fraction.first)
                                            * (static_cast<double>(*unit) / fraction.second));
        if (value > kLimit)
            return fault("invalid duration", whole);
    }
    return value;
}

/// \p value in units of 10^-\p digits with its fraction, trailing zeros dropped: "1.5".
std::string fractionText(std::uint64_t value, int digits)
{
    std::string fraction;
    bool isPrinting = false;
    for (int i = 0; i < digits; ++i) {
        const char digit = static_cast<char>('0' + value % 10);
        isPrinting |= digit != '0';
        if (isPrinting)
            fraction.insert(fraction.begin(), digit);
        value /= 10;
    }
    return std::to_string(value) + (fraction.empty() ? "" : "." + fraction);
}

} // namespace

std::string timeQuoted(std::string_view text)
{
    static constexpr char kHex[] = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || byte < ' ') {
            result += "\\x";
            result += kHex[byte >> 4];
            result += kHex[byte & 15];
            continue;
        }
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + "\"";
}

TemplateExpected<std::int64_t> parseDuration(std::string_view text)
{
    std::string_view rest = text;
    const bool isNegative = rest.starts_with('-');
    if (isNegative || rest.starts_with('+'))
        rest.remove_prefix(1);
    if (rest == "0")
        return 0;
    if (rest.empty())
        return fault("invalid duration", text);
    std::uint64_t sum = 0;
    while (!rest.empty()) {
        const TemplateExpected<std::uint64_t> part = takenPart(rest, text);
        if (!part)
            return std::unexpected(part.error());
        sum += *part;
        if (sum > kLimit)
            return fault("invalid duration", text);
    }
    if (isNegative)
        return static_cast<std::int64_t>(0 - sum);
    if (sum > kLimit - 1)
        return fault("invalid duration", text);
    return static_cast<std::int64_t>(sum);
}

std::string durationText(std::int64_t nanoseconds)
{
    const bool isNegative = nanoseconds < 0;
    const std::uint64_t value =
        isNegative ? 0 - static_cast<std::uint64_t>(nanoseconds) : static_cast<std::uint64_t>(nanoseconds);
    if (value == 0)
        return "0s";
    std::string text;
    if (value < 1'000) {
        text = std::to_string(value) + "ns";
    } else if (value < 1'000'000) {
        text = fractionText(value, 3) + "\xC2\xB5s";
    } else if (value < static_cast<std::uint64_t>(kSecond)) {
        text = fractionText(value, 6) + "ms";
    } else {
        const std::uint64_t minutes = value / kMinute;
        text = fractionText(value % kMinute, 9) + "s";
        if (minutes > 0)
            text = std::to_string(minutes % 60) + "m" + text;
        if (minutes >= 60)
            text = std::to_string(minutes / 60) + "h" + text;
    }
    return isNegative ? "-" + text : text;
}

std::int64_t roundedDuration(std::int64_t nanoseconds, std::int64_t unit)
{
    if (unit <= 0)
        return nanoseconds;
    const std::int64_t rest = nanoseconds % unit;
    const std::int64_t absolute = rest < 0 ? -rest : rest;
    if (absolute < unit - absolute)
        return nanoseconds - rest;
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
    const std::int64_t step = unit - absolute;
    if (nanoseconds < 0)
        return nanoseconds < kMin + step ? kMin : nanoseconds - step;
    return nanoseconds > kMax - step ? kMax : nanoseconds + step;
}

} // namespace tiphys::text::sprig
