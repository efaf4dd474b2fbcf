// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/quantity.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace tiphys::schema {

namespace {

constexpr int kNano = -9;
constexpr int kMaxExponent = 10'000;
constexpr std::string_view kMaxBinary = "9223372036854775807";

std::string_view withoutLeadingZeros(std::string_view digits)
{
    const auto first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view("0") : digits.substr(first);
}

std::string twice(const std::string &digits)
{
    std::string result(digits.size() + 1, '0');
    int carry = 0;
    for (std::size_t i = digits.size(); i-- > 0;) {
        const int sum = (digits[i] - '0') * 2 + carry;
        result[i + 1] = static_cast<char>('0' + sum % 10);
        carry = sum / 10;
    }
    result[0] = static_cast<char>('0' + carry);
    return std::string(withoutLeadingZeros(result));
}

/// \p digits divided by 1024; nothing if a rest remains.
std::optional<std::string> dividedBy1024(const std::string &digits)
{
    std::string result;
    int rest = 0;
    for (const char digit : digits) {
        rest = rest * 10 + (digit - '0');
        result += static_cast<char>('0' + rest / 1024 % 10);
        rest %= 1024;
    }
    if (rest != 0)
        return std::nullopt;
    return std::string(withoutLeadingZeros(result));
}

std::string incremented(std::string digits)
{
    for (std::size_t i = digits.size(); i-- > 0;) {
        if (digits[i] != '9') {
            ++digits[i];
            return digits;
        }
        digits[i] = '0';
    }
    return "1" + digits;
}

bool isLess(const std::string &a, std::string_view b)
{
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

struct Suffix
{
    std::string_view text;
    int base;
    int exponent;
};
constexpr Suffix kSuffixes[] = {
    {"n", 10, -9}, {"u", 10, -6}, {"m", 10, -3}, {"", 10, 0},   {"k", 10, 3},  {"M", 10, 6},
    {"G", 10, 9},  {"T", 10, 12}, {"P", 10, 15}, {"E", 10, 18}, {"Ki", 2, 10}, {"Mi", 2, 20},
    {"Gi", 2, 30}, {"Ti", 2, 40}, {"Pi", 2, 50}, {"Ei", 2, 60},
};

std::string_view suffixOf(int base, int exponent)
{
    for (const Suffix &suffix : kSuffixes) {
        if (suffix.base == base && suffix.exponent == exponent)
            return suffix.text;
    }
    return {};
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Sign, digits before and after the point, and what follows.
struct Parts
{
    bool isNegative = false;
    std::string_view whole, fraction, suffix;
};

std::optional<Parts> partsOf(std::string_view text)
{
    Parts parts;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        parts.isNegative = text[0] == '-';
        text.remove_prefix(1);
    }
    const auto takeDigits = [&text] {
        std::size_t count = 0;
        while (count < text.size() && isDigit(text[count]))
            ++count;
        const std::string_view digits = text.substr(0, count);
        text.remove_prefix(count);
        return digits;
    };
    parts.whole = takeDigits();
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        parts.fraction = takeDigits();
    }
    if (parts.whole.empty() && parts.fraction.empty() && text.empty())
        return std::nullopt;
    parts.suffix = text;
    return parts;
}

} // namespace

std::optional<Quantity> Quantity::parsed(std::string_view text)
{
    const std::optional<Parts> parts = partsOf(text);
    if (text.empty() || !parts)
        return std::nullopt;
    Quantity quantity;
    int base = 10;
    int exponent = 0;
    const auto known = std::ranges::find(kSuffixes, parts->suffix, &Suffix::text);
    if (known != std::end(kSuffixes)) {
        base = known->base;
        exponent = known->exponent;
        quantity.m_form = base == 2 ? Form::Binary : Form::Decimal;
    } else if (parts->suffix.size() > 1 && (parts->suffix[0] == 'e' || parts->suffix[0] == 'E')) {
        std::string_view number = parts->suffix.substr(1);
        if (number[0] == '+')
            number.remove_prefix(1);
        const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), exponent);
        if (fault != std::errc() || end != number.data() + number.size() || std::abs(exponent) > kMaxExponent)
            return std::nullopt;
        quantity.m_form = Form::Exponent;
    } else {
        return std::nullopt;
    }
    const std::string_view whole = withoutLeadingZeros(parts->whole);
    const std::string shifted = std::string(whole) + std::string(parts->fraction);
    const int fractionDigits = static_cast<int>(parts->fraction.size());
    quantity.m_isNegative = parts->isNegative;
    quantity.m_digits = withoutLeadingZeros(shifted);
    quantity.m_scale = -fractionDigits + (base == 10 ? exponent : 0);
    for (int i = 0; base == 2 && i < exponent; ++i)
        quantity.m_digits = twice(quantity.m_digits);

    // Short texts that are canonical enough are kept as they stand.
    const int digitCount = static_cast<int>(shifted.size());
    if (text == "0") {
        quantity.m_given = text;
    } else if (base == 2) {
        const bool isShort = fractionDigits == 0 && 15 - digitCount - exponent * 3 / 10 - 1 >= 0;
        std::uint64_t number = 0;
        std::from_chars(shifted.data(), shifted.data() + shifted.size(), number);
        if (isShort && (number & 7) != 0)
            quantity.m_given = text;
    } else if (18 - digitCount >= 0 && quantity.m_scale >= kNano && quantity.m_scale % 3 == 0
               && !shifted.ends_with("000") && shifted[0] != '0') {
        quantity.m_given = text;
    }
    if (quantity.m_given.empty()) {
        quantity = quantity.roundedUp(kNano);
        if (quantity.m_form == Form::Binary && quantity.m_scale >= 0
            && isLess(std::string(kMaxBinary), quantity.m_digits))
            quantity.m_digits = kMaxBinary;
    }
    return quantity;
}

Quantity Quantity::roundedUp(int scale) const
{
    if (m_scale >= scale)
        return *this;
    Quantity rounded = *this;
    rounded.m_given.clear();
    const auto dropped = static_cast<std::size_t>(scale - m_scale);
    const std::string kept = dropped < m_digits.size() ? m_digits.substr(0, m_digits.size() - dropped) : "0";
    const std::string rest = dropped < m_digits.size() ? m_digits.substr(m_digits.size() - dropped) : m_digits;
    const bool isExact = rest.find_first_not_of('0') == std::string::npos;
    rounded.m_digits = isExact ? kept : incremented(kept);
    rounded.m_scale = scale;
    return rounded;
}

bool Quantity::isWhole() const
{
    if (m_scale >= 0 || isZero())
        return true;
    const auto fraction = static_cast<std::size_t>(-m_scale);
    const std::size_t last = m_digits.find_last_not_of('0');
    return fraction < m_digits.size() && last < m_digits.size() - fraction;
}

int Quantity::compare(const Quantity &other) const
{
    if (isZero() || other.isZero() || m_isNegative != other.m_isNegative) {
        const auto signOf = [](const Quantity &amount) { return amount.isZero() ? 0 : amount.m_isNegative ? -1 : 1; };
        return signOf(*this) - signOf(other);
    }
    // Both with the same last digit; what is far apart is told by its magnitude.
    const auto magnitudeOf = [](const Quantity &amount) {
        return static_cast<int>(amount.m_digits.size()) + amount.m_scale;
    };
    int order = magnitudeOf(*this) - magnitudeOf(other);
    if (order == 0) {
        std::string mine = m_digits;
        std::string theirs = other.m_digits;
        mine.resize(std::max(mine.size(), theirs.size()), '0');
        theirs.resize(mine.size(), '0');
        order = mine.compare(theirs);
    }
    return m_isNegative ? -order : order;
}

double Quantity::approximate() const
{
    double number = 0;
    for (const char digit : m_digits)
        number = number * 10 + (digit - '0');
    return (m_isNegative ? -number : number) * std::pow(10.0, m_scale);
}

std::string Quantity::canonical() const
{
    if (isZero())
        return "0";
    if (m_form != Form::Binary)
        return canonicalDecimal(m_form);
    // Binary forms below 1024 and with a fraction are written in decimal.
    std::string whole = m_digits;
    bool isWhole = m_scale >= 0;
    if (m_scale >= 0) {
        whole.append(static_cast<std::size_t>(m_scale), '0');
    } else {
        const auto fraction = static_cast<std::size_t>(-m_scale);
        isWhole = fraction < whole.size() && whole.find_last_not_of('0') < whole.size() - fraction;
        whole = fraction < whole.size() ? whole.substr(0, whole.size() - fraction) : "0";
    }
    if (!isWhole || isLess(whole, "1024"))
        return canonicalDecimal(Form::Decimal);
    Quantity integral = *this;
    integral.m_digits = whole;
    integral.m_scale = 0;
    return integral.canonicalBinary();
}

std::string Quantity::canonicalDecimal(Form form) const
{
    std::string digits = m_digits;
    int exponent = m_scale;
    while (digits.size() > 1 && digits.back() == '0') {
        digits.pop_back();
        ++exponent;
    }
    while (exponent % 3 != 0) {
        digits += '0';
        --exponent;
    }
    const std::string sign = m_isNegative ? "-" : "";
    if (form == Form::Exponent)
        return sign + digits + (exponent == 0 ? "" : "e" + std::to_string(exponent));
    return sign + digits + std::string(suffixOf(10, exponent));
}

std::string Quantity::canonicalBinary() const
{
    std::string digits = m_digits;
    int exponent = 0;
    while (const std::optional<std::string> smaller = dividedBy1024(digits)) {
        digits = *smaller;
        exponent += 10;
    }
    return (m_isNegative ? "-" : "") + digits + std::string(exponent == 0 ? "" : suffixOf(2, exponent));
}

} // namespace tiphys::schema
