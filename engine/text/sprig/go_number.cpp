// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/go_number.h"

#include "base/text.h"
#include "object/number_text.h"

#include <cmath>
#include <limits>
#include <string>

namespace tiphys::text::sprig {

namespace {

char lower(char c)
{
    return static_cast<char>(c | 0x20);
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The value of a digit of any base up to 36; 255 if \p c is none.
unsigned digitOf(char c)
{
    if (isDigit(c))
        return static_cast<unsigned>(c - '0');
    if (lower(c) >= 'a' && lower(c) <= 'z')
        return static_cast<unsigned>(lower(c) - 'a') + 10;
    return 255;
}

/// Whether underscores stand only between digits, or between a base prefix and a digit.
bool hasProperUnderscores(std::string_view text)
{
    if (!text.empty() && (text[0] == '-' || text[0] == '+'))
        text.remove_prefix(1);
    char last = '^';
    bool isHex = false;
    if (text.size() >= 2 && text[0] == '0' && std::string_view("box").find(lower(text[1])) != std::string_view::npos) {
        isHex = lower(text[1]) == 'x';
        last = '0';
        text.remove_prefix(2);
    }
    for (const char c : text) {
        if (isDigit(c) || (isHex && lower(c) >= 'a' && lower(c) <= 'f')) {
            last = '0';
        } else if (c == '_') {
            if (last != '0')
                return false;
            last = '_';
        } else {
            if (last == '_')
                return false;
            last = '!';
        }
    }
    return last != '_';
}

/// The base that a prefix tells, taken off \p text.
int takenBase(std::string_view &text)
{
    if (text[0] != '0')
        return 10;
    if (text.size() >= 3) {
        const int base = lower(text[1]) == 'b' ? 2 : lower(text[1]) == 'o' ? 8 : lower(text[1]) == 'x' ? 16 : 0;
        if (base != 0) {
            text.remove_prefix(2);
            return base;
        }
    }
    text.remove_prefix(1);
    return 8;
}

struct ParsedUnsigned
{
    std::uint64_t value = 0;
    NumberFault fault = NumberFault::None;
};

ParsedUnsigned parseUnsigned(std::string_view text, int base)
{
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    if (text.empty())
        return {0, NumberFault::Syntax};
    const std::string_view whole = text;
    const bool findsBase = base == 0;
    if (findsBase)
        base = takenBase(text);
    bool hasUnderscores = false;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c == '_' && findsBase) {
            hasUnderscores = true;
            continue;
        }
        const unsigned digit = digitOf(c);
        if (digit >= static_cast<unsigned>(base))
            return {0, NumberFault::Syntax};
        if (value > kMax / static_cast<unsigned>(base))
            return {kMax, NumberFault::Range};
        value *= static_cast<unsigned>(base);
        if (value > kMax - digit)
            return {kMax, NumberFault::Range};
        value += digit;
    }
    if (hasUnderscores && !hasProperUnderscores(whole))
        return {0, NumberFault::Syntax};
    return {value, NumberFault::None};
}

std::optional<double> specialFloat(std::string_view text)
{
    const std::string word = asciiLower(text);
    if (word == "nan")
        return std::numeric_limits<double>::quiet_NaN();
    const bool isSigned = word.starts_with('+') || word.starts_with('-');
    const std::string_view rest = std::string_view(word).substr(isSigned ? 1 : 0);
    if (rest != "inf" && rest != "infinity")
        return std::nullopt;
    const double infinity = std::numeric_limits<double>::infinity();
    return word[0] == '-' ? -infinity : infinity;
}

/// mantissa * 2^exponent, where \p isInexact tells of bits below; rounded to even.
std::optional<double> scaledHex(std::uint64_t mantissa, std::int64_t exponent, bool isInexact)
{
    if (mantissa == 0)
        return 0.0;
    while (!(mantissa >> 63)) {
        mantissa <<= 1;
        --exponent;
    }
    if (exponent > 1100)
        return std::nullopt;
    // 53 bits stay; fewer where the number is subnormal (lowest bit 2^-1074).
    std::int64_t dropped = 11;
    if (exponent + dropped < -1074)
        dropped = -1074 - exponent;
    if (dropped > 64)
        return 0.0;
    const std::uint64_t kept = dropped == 64 ? 0 : mantissa >> dropped;
    const std::uint64_t half = std::uint64_t(1) << (dropped - 1);
    const std::uint64_t rest = dropped == 64 ? mantissa : mantissa & ((half << 1) - 1);
    const bool up = rest > half || (rest == half && (isInexact || (kept & 1)));
    const double value = std::ldexp(static_cast<double>(kept + (up ? 1 : 0)), static_cast<int>(exponent + dropped));
    if (std::isinf(value))
        return std::nullopt;
    return value;
}

std::optional<double> hexFloat(std::string_view text)
{
    std::uint64_t mantissa = 0;
    std::int64_t exponent = 0;
    bool isInexact = false, sawPoint = false, sawDigits = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        if (text[i] == '.') {
            if (sawPoint)
                return std::nullopt;
            sawPoint = true;
            continue;
        }
        const unsigned digit = digitOf(text[i]);
        if (digit > 15)
            break;
        sawDigits = true;
        if (mantissa >> 60) {
            isInexact |= digit != 0;
            exponent += sawPoint ? 0 : 4;
        } else {
            mantissa = mantissa * 16 + digit;
            exponent -= sawPoint ? 4 : 0;
        }
    }
    if (!sawDigits || i >= text.size() || lower(text[i]) != 'p')
        return std::nullopt;
    std::string_view power = text.substr(i + 1);
    const bool isNegative = power.starts_with('-');
    if (isNegative || power.starts_with('+'))
        power.remove_prefix(1);
    if (power.empty())
        return std::nullopt;
    std::int64_t shift = 0;
    for (const char c : power) {
        if (!isDigit(c))
            return std::nullopt;
        shift = shift < 100000 ? shift * 10 + (c - '0') : shift;
    }
    return scaledHex(mantissa, exponent + (isNegative ? -shift : shift), isInexact);
}

} // namespace

ParsedInteger parseInteger(std::string_view text, int base)
{
    if (text.empty())
        return {0, NumberFault::Syntax};
    const bool isNegative = text[0] == '-';
    if (isNegative || text[0] == '+')
        text.remove_prefix(1);
    const ParsedUnsigned magnitude = parseUnsigned(text, base);
    if (magnitude.fault == NumberFault::Syntax)
        return {0, NumberFault::Syntax};
    constexpr std::uint64_t kCutoff = std::uint64_t(1) << 63;
    if (!isNegative && magnitude.value >= kCutoff)
        return {std::numeric_limits<std::int64_t>::max(), NumberFault::Range};
    if (isNegative && magnitude.value > kCutoff)
        return {std::numeric_limits<std::int64_t>::min(), NumberFault::Range};
    const std::uint64_t value = isNegative ? 0 - magnitude.value : magnitude.value;
    return {static_cast<std::int64_t>(value), magnitude.fault};
}

std::optional<double> parseFloat(std::string_view text)
{
    if (const std::optional<double> special = specialFloat(text))
        return special;
    if (text.find('_') != std::string_view::npos && !hasProperUnderscores(text))
        return std::nullopt;
    std::string digits;
    for (const char c : text) {
        if (c != '_')
            digits += c;
    }
    std::string_view rest = digits;
    const bool isNegative = rest.starts_with('-');
    if (isNegative || rest.starts_with('+'))
        rest.remove_prefix(1);
    if (rest.empty() || !(isDigit(rest[0]) || rest[0] == '.'))
        return std::nullopt;
    std::optional<double> value;
    if (rest.size() > 1 && rest[0] == '0' && lower(rest[1]) == 'x')
        value = hexFloat(rest.substr(2));
    else
        value = object::detail::doubleOf(rest);
    if (!value)
        return std::nullopt;
    return isNegative ? -*value : *value;
}

} // namespace tiphys::text::sprig
