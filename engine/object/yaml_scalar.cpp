// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_scalar.h"

#include "object/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace tiphys::object::detail {

namespace {

using Kind = YamlScalar::Kind;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// One of a word's three spellings: all lower, first letter upper, all upper.
bool isSpelled(std::string_view text, std::string_view lower)
{
    if (text.size() != lower.size() || (text[0] | 0x20) != lower[0])
        return false;
    bool isRestLower = true;
    bool isRestUpper = text[0] != lower[0];
    for (std::size_t i = 1; i < text.size(); ++i) {
        isRestLower = isRestLower && text[i] == lower[i];
        isRestUpper = isRestUpper && text[i] == lower[i] - 32;
    }
    return isRestLower || isRestUpper;
}

YamlScalar boolean(bool value)
{
    return {.kind = Kind::Bool, .boolean = value};
}

YamlScalar real(double value)
{
    return {.kind = Kind::Double, .number = value};
}

/// The words that begin with letters and have a meaning; String if \p text is none of them.
YamlScalar letterMeaning(std::string_view text)
{
    switch (text[0] | 0x20) {
    case 'n':
        if (isSpelled(text, "null"))
            return {.kind = Kind::Null};
        return isSpelled(text, "n") || isSpelled(text, "no") ? boolean(false) : YamlScalar{};
    case 'y': return isSpelled(text, "y") || isSpelled(text, "yes") ? boolean(true) : YamlScalar{};
    case 't': return isSpelled(text, "true") ? boolean(true) : YamlScalar{};
    case 'f': return isSpelled(text, "false") ? boolean(false) : YamlScalar{};
    case 'o':
        if (isSpelled(text, "on"))
            return boolean(true);
        return isSpelled(text, "off") ? boolean(false) : YamlScalar{};
    default: return {};
    }
}

/// The base that Go's strconv takes from a prefix; \p digits loses the prefix.
int baseOf(std::string_view &digits)
{
    if (digits.size() < 2 || digits[0] != '0')
        return 10;
    const char letter = static_cast<char>(digits[1] | 0x20);
    const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
    if (base == 0) {
        digits.remove_prefix(1);
        return 8;
    }
    digits.remove_prefix(2);
    return base;
}

/// An integer that fits int64 or uint64; String if it is none.
YamlScalar integerMeaning(std::string_view text)
{
    std::string_view digits = text;
    const bool isNegative = digits.starts_with('-');
    const bool isSigned = isNegative || digits.starts_with('+');
    if (isSigned)
        digits.remove_prefix(1);
    const int base = baseOf(digits);
    // "0b-11" is a number for go-yaml, which reads what follows its own "0b" once more.
    const bool isInnerNegative = text.starts_with("0b-");
    if (isInnerNegative || text.starts_with("0b+"))
        digits.remove_prefix(1);
    if (digits.empty() || digits[0] == '-' || digits[0] == '+')
        return {};
    std::uint64_t size = 0;
    const char *end = digits.data() + digits.size();
    const std::from_chars_result read = std::from_chars(digits.data(), end, size, base);
    if (read.ec != std::errc() || read.ptr != end)
        return {};
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (isNegative || isInnerNegative) {
        if (size > kLargest + 1)
            return {};
        return {.kind = Kind::Int, .integer = static_cast<std::int64_t>(0 - size)};
    }
    if (size <= kLargest)
        return {.kind = Kind::Int, .integer = static_cast<std::int64_t>(size)};
    if (isSigned)
        return {};
    return {.kind = Kind::Uint, .unsignedInteger = size};
}

std::size_t skipDigits(std::string_view text, std::size_t at)
{
    while (at < text.size() && isDigit(text[at]))
        ++at;
    return at;
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
bool looksReal(std::string_view text)
{
    std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    const std::size_t whole = skipDigits(text, at);
    const bool hasWhole = whole > at;
    at = whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = skipDigits(text, at + 1);
        if (!hasWhole && fraction == at + 1)
            return false;
        at = fraction;
    } else if (!hasWhole) {
        return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '-' || text[at] == '+'))
            ++at;
        const std::size_t exponent = skipDigits(text, at);
        if (exponent == at)
            return false;
        at = exponent;
    }
    return at == text.size();
}

YamlScalar realMeaning(std::string_view text)
{
    if (!looksReal(text))
        return {};
    const std::optional<double> value = doubleOf(text);
    return value ? real(*value) : YamlScalar{};
}

YamlScalar numberMeaning(std::string_view text)
{
    std::string plain;
    if (text.find('_') != std::string_view::npos) {
        plain.assign(text);
        std::erase(plain, '_');
        text = plain;
    }
    const YamlScalar integer = integerMeaning(text);
    return integer.kind != Kind::String ? integer : realMeaning(text);
}

/// Reads a date's parts from the front of a text, by the rules of Go's time.Parse.
class DateReader
{
public:
    explicit DateReader(std::string_view text) : m_text(text) {}
    bool isDone() const { return m_ok && m_text.empty(); }
    bool ok() const { return m_ok; }

    void expect(char c)
    {
        m_ok = m_ok && m_text.starts_with(c);
        if (m_ok)
            m_text.remove_prefix(1);
    }
    void skipSpaces()
    {
        m_ok = m_ok && (m_text.empty() || m_text[0] == ' ');
        while (m_ok && m_text.starts_with(' '))
            m_text.remove_prefix(1);
    }
    int number(std::size_t leastDigits, std::size_t mostDigits)
    {
        std::size_t size = 0;
        int value = 0;
        while (size < mostDigits && size < m_text.size() && isDigit(m_text[size]))
            value = value * 10 + (m_text[size++] - '0');
        m_ok = m_ok && size >= leastDigits;
        if (m_ok)
            m_text.remove_prefix(size);
        return value;
    }
    void date()
    {
        const int year = number(4, 4);
        expect('-');
        const int month = number(1, 2);
        expect('-');
        const int day = number(1, 2);
        if (!m_ok || month < 1 || month > 12) {
            m_ok = false;
            return;
        }
        constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        const bool isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        const int days = kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && isLeap ? 1 : 0);
        m_ok = day >= 1 && day <= days;
    }
    void timeOfDay()
    {
        const int hour = number(1, 2);
        expect(':');
        const int minute = number(1, 2);
        expect(':');
        const int second = number(1, 2);
        m_ok = m_ok && hour < 24 && minute < 60 && second < 60;
        if (!m_ok || m_text.size() < 2 || (m_text[0] != '.' && m_text[0] != ',') || !isDigit(m_text[1]))
            return;
        m_text.remove_prefix(skipDigits(m_text, 1));
    }
    void zone()
    {
        if (m_ok && m_text.starts_with('Z')) {
            m_text.remove_prefix(1);
            return;
        }
        m_ok = m_ok && (m_text.starts_with('+') || m_text.starts_with('-'));
        if (!m_ok)
            return;
        m_text.remove_prefix(1);
        const int hours = number(2, 2);
        expect(':');
        const int minutes = number(2, 2);
        m_ok = m_ok && hours <= 24 && minutes <= 60;
    }

private:
    std::string_view m_text;
    bool m_ok = true;
};

} // namespace

std::optional<double> unboundYamlNumber(std::string_view text)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (text == ".nan" || text == ".NaN" || text == ".NAN")
        return std::numeric_limits<double>::quiet_NaN();
    std::string_view size = text;
    if (size.starts_with('-') || size.starts_with('+'))
        size.remove_prefix(1);
    if (size == ".inf" || size == ".Inf" || size == ".INF")
        return text.starts_with('-') ? -kInfinity : kInfinity;
    return std::nullopt;
}

YamlScalar resolveYamlScalar(std::string_view text, YamlTimestamps timestamps)
{
    if (text.empty())
        return {.kind = Kind::Null};
    const char first = text[0];
    // Go has no entry for '<' in its table of first characters, so "<<" is a text here.
    if (startsYamlString(first) || first == '<')
        return {};
    constexpr std::size_t kLongestWord = 5;
    if ((first | 0x20) >= 'a' && (first | 0x20) <= 'z')
        return text.size() <= kLongestWord ? letterMeaning(text) : YamlScalar{};
    if (text == "~")
        return {.kind = Kind::Null};
    if (text.size() <= kLongestWord) {
        if (const std::optional<double> unbound = unboundYamlNumber(text))
            return real(*unbound);
    }
    if (first == '.')
        return realMeaning(text);
    if (!isDigit(first) && first != '+' && first != '-')
        return {};
    if (timestamps == YamlTimestamps::Recognised && isYamlTimestamp(text))
        return {.kind = Kind::Timestamp};
    return numberMeaning(text);
}

bool isYamlTimestamp(std::string_view text)
{
    if (text.size() < 5 || text[4] != '-' || !std::all_of(text.begin(), text.begin() + 4, isDigit))
        return false;
    DateReader reader(text);
    reader.date();
    if (reader.isDone())
        return true;
    for (const char separator : {'T', 't'}) {
        DateReader zoned = reader;
        zoned.expect(separator);
        zoned.timeOfDay();
        zoned.zone();
        if (zoned.isDone())
            return true;
    }
    reader.skipSpaces();
    reader.timeOfDay();
    return reader.isDone();
}

bool isYamlBase60(std::string_view text)
{
    std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    if (at >= text.size() || !isDigit(text[at]))
        return false;
    while (at < text.size() && (isDigit(text[at]) || text[at] == '_'))
        ++at;
    bool hasPart = false;
    while (at < text.size() && text[at] == ':') {
        const std::size_t digits = skipDigits(text, at + 1) - (at + 1);
        if (digits == 0 || digits > 2 || (digits == 2 && text[at + 1] > '5'))
            return false;
        at += 1 + digits;
        hasPart = true;
    }
    if (!hasPart)
        return false;
    if (at < text.size() && text[at] == '.') {
        ++at;
        while (at < text.size() && (isDigit(text[at]) || text[at] == '_'))
            ++at;
    }
    return at == text.size();
}

} // namespace tiphys::object::detail
