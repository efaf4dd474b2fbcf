// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/number_syntax.h"

#include "object/number_text.h"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

namespace tiphys::text {

namespace {

char lower(char c)
{
    return static_cast<char>(c | 0x20);
}

int digitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char letter = lower(c);
    return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10 : 99;
}

bool hasPrefix(std::string_view text, char letter)
{
    return text.size() >= 2 && text[0] == '0' && lower(text[1]) == letter;
}

/// Underscores stand between digits only; a prefix counts as a digit.
bool areUnderscoresFine(std::string_view text)
{
    if (text.starts_with('-') || text.starts_with('+'))
        text.remove_prefix(1);
    enum class Last { Start, Digit, Underscore, Other } last = Last::Start;
    const bool isHex = hasPrefix(text, 'x');
    if (isHex || hasPrefix(text, 'b') || hasPrefix(text, 'o')) {
        text.remove_prefix(2);
        last = Last::Digit;
    }
    for (const char c : text) {
        if (digitOf(c) < (isHex ? 16 : 10)) {
            last = Last::Digit;
        } else if (c == '_') {
            if (last != Last::Digit)
                return false;
            last = Last::Underscore;
        } else {
            if (last == Last::Underscore)
                return false;
            last = Last::Other;
        }
    }
    return last != Last::Underscore;
}

std::optional<double> specialFloat(std::string_view text)
{
    double sign = 1;
    const bool hasSign = text.starts_with('+') || text.starts_with('-');
    if (hasSign) {
        sign = text[0] == '-' ? -1 : 1;
        text.remove_prefix(1);
    }
    std::string word(text);
    for (char &c : word)
        c = lower(c);
    if (word == "inf" || word == "infinity")
        return sign * std::numeric_limits<double>::infinity();
    if (word == "nan" && !hasSign)
        return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

/// mantissa · 2^exponent, rounded to even; \p hasMore tells that lower digits were cut off.
std::optional<double> scaled(std::uint64_t mantissa, int exponent, bool hasMore)
{
    if (mantissa == 0)
        return 0.0;
    constexpr int kLeastExponent = -1022;
    const int width = static_cast<int>(std::bit_width(mantissa));
    const int top = exponent + width - 1;
    const int precision = top >= kLeastExponent ? 53 : 53 - (kLeastExponent - top);
    if (precision < 0)
        return 0.0;
    const int drop = width - precision;
    if (drop > 0) {
        const std::uint64_t kept = drop >= 64 ? 0 : mantissa >> drop;
        const std::uint64_t rest = drop >= 64 ? mantissa : mantissa & ((std::uint64_t(1) << drop) - 1);
        const std::uint64_t half = std::uint64_t(1) << (drop - 1);
        const bool isUp = rest > half || (rest == half && (hasMore || (kept & 1)));
        mantissa = kept + (isUp ? 1 : 0);
        exponent += drop;
    }
    const double number = std::ldexp(static_cast<double>(mantissa), exponent);
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// Digits, point and exponent of a hexadecimal float, after sign and prefix, without underscores.
std::optional<double> hexFloat(std::string_view text)
{
    std::uint64_t mantissa = 0;
    int exponent = 0;
    bool hasMore = false;
    bool hasDigits = false;
    bool isAfterPoint = false;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !isAfterPoint) {
            isAfterPoint = true;
            continue;
        }
        const int digit = digitOf(c);
        if (digit >= 16)
            break;
        hasDigits = true;
        const bool isFull = mantissa >> 60 != 0;
        if (isFull)
            hasMore = hasMore || digit != 0;
        else
            mantissa = mantissa << 4 | static_cast<std::uint64_t>(digit);
        exponent += isFull && !isAfterPoint ? 4 : !isFull && isAfterPoint ? -4 : 0;
    }
    if (!hasDigits || at == text.size() || lower(text[at]) != 'p')
        return std::nullopt;
    std::string_view power = text.substr(at + 1);
    const int sign = power.starts_with('-') ? -1 : 1;
    if (power.starts_with('-') || power.starts_with('+'))
        power.remove_prefix(1);
    if (power.empty())
        return std::nullopt;
    int value = 0;
    for (const char c : power) {
        if (c < '0' || c > '9')
            return std::nullopt;
        if (value < 10000)
            value = value * 10 + (c - '0');
    }
    return scaled(mantissa, exponent + sign * value, hasMore);
}

/// Whether \p text is digits with at most one point, and an exponent of digits.
bool isDecimal(std::string_view text)
{
    bool hasDigits = false;
    bool hasPoint = false;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '.' && !hasPoint)
            hasPoint = true;
        else if (text[at] >= '0' && text[at] <= '9')
            hasDigits = true;
        else
            break;
    }
    if (!hasDigits || at == text.size())
        return hasDigits;
    if (lower(text[at]) != 'e')
        return false;
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-'))
        ++at;
    return at < text.size() && text.find_first_not_of("0123456789", at) == text.npos;
}

} // namespace

std::optional<std::uint64_t> parsedUnsigned(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    const std::string_view whole = text;
    std::uint64_t base = 10;
    if (text[0] == '0') {
        base = text.size() >= 3 ? (hasPrefix(text, 'x') ? 16 : hasPrefix(text, 'b') ? 2 : 8) : 8;
        const bool hasLetter = text.size() >= 3 && (base != 8 || hasPrefix(text, 'o'));
        text.remove_prefix(hasLetter ? 2 : 1);
    }
    std::uint64_t value = 0;
    bool hasUnderscores = false;
    for (const char c : text) {
        if (c == '_') {
            hasUnderscores = true;
            continue;
        }
        const auto digit = static_cast<std::uint64_t>(digitOf(c));
        if (digit >= base || value > (std::numeric_limits<std::uint64_t>::max() - digit) / base)
            return std::nullopt;
        value = value * base + digit;
    }
    if (hasUnderscores && !areUnderscoresFine(whole))
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> parsedSigned(std::string_view text)
{
    const bool isNegative = text.starts_with('-');
    if (isNegative || text.starts_with('+'))
        text.remove_prefix(1);
    const std::optional<std::uint64_t> size = parsedUnsigned(text);
    constexpr std::uint64_t kLimit = std::uint64_t(1) << 63;
    if (!size || *size > kLimit || (*size == kLimit && !isNegative))
        return std::nullopt;
    return isNegative ? static_cast<std::int64_t>(~*size + 1) : static_cast<std::int64_t>(*size);
}

std::optional<double> parsedFloat(std::string_view text)
{
    if (const auto special = specialFloat(text))
        return special;
    if (text.find('_') != text.npos && !areUnderscoresFine(text))
        return std::nullopt;
    std::string plain;
    for (const char c : text) {
        if (c != '_')
            plain += c;
    }
    std::string_view rest = plain;
    const bool isNegative = rest.starts_with('-');
    if (isNegative || rest.starts_with('+'))
        rest.remove_prefix(1);
    std::optional<double> number;
    if (hasPrefix(rest, 'x') && rest.size() > 2)
        number = hexFloat(rest.substr(2));
    else if (isDecimal(rest))
        number = object::detail::doubleOf(rest);
    if (number && isNegative)
        number = -*number;
    return number;
}

} // namespace tiphys::text
