// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/formatter.h"

#include "object/utf8.h"
#include "text/gotemplate/quote.h"
#include "text/gotemplate/unicode.h"

#include <algorithm>
#include <utility>

namespace tiphys::text::detail {

namespace {

using object::detail::appendUtf8;
using object::detail::codePointAt;

constexpr std::string_view kLowerDigits = "0123456789abcdef";
constexpr std::string_view kUpperDigits = "0123456789ABCDEF";
constexpr std::uint64_t kMaxCharacter = 0x10ffff;

int characterCount(std::string_view text)
{
    int count = 0;
    for (std::size_t at = 0; at < text.size(); ++count)
        at += static_cast<unsigned char>(text[at]) < 0x80 ? 1 : codePointAt(text, at).size;
    return count;
}

} // namespace

void Formatter::padding(int count)
{
    if (count > 0)
        m_out.append(static_cast<std::size_t>(count), flags.zero && !flags.minus ? '0' : ' ');
}

void Formatter::padded(std::string_view text)
{
    if (!flags.hasWidth || flags.width == 0) {
        m_out += text;
        return;
    }
    const int count = flags.width - characterCount(text);
    if (flags.minus) {
        m_out += text;
        padding(count);
    } else {
        padding(count);
        m_out += text;
    }
}

void Formatter::integer(std::uint64_t value, int base, bool isSigned, char32_t verb)
{
    const bool isNegative = isSigned && static_cast<std::int64_t>(value) < 0;
    if (isNegative)
        value = ~value + 1;
    const bool oldZero = flags.zero;
    int digits = 0;
    if (flags.hasPrecision) {
        digits = flags.precision;
        if (digits == 0 && value == 0) {
            flags.zero = false;
            padding(flags.width);
            flags.zero = oldZero;
            return;
        }
    } else if (flags.zero && !flags.minus && flags.hasWidth) {
        digits = flags.width - (isNegative || flags.plus || flags.space ? 1 : 0);
    }
    const std::string_view alphabet = verb == 'X' ? kUpperDigits : kLowerDigits;
    std::string reversed;
    do {
        reversed += alphabet[value % static_cast<std::uint64_t>(base)];
        value /= static_cast<std::uint64_t>(base);
    } while (value > 0);
    if (static_cast<int>(reversed.size()) < digits)
        reversed.append(static_cast<std::size_t>(digits) - reversed.size(), '0');
    if (flags.sharp) {
        if (base == 2)
            reversed += "b0";
        else if (base == 8 && reversed.back() != '0')
            reversed += '0';
        else if (base == 16)
            reversed += verb == 'X' ? "X0" : "x0";
    }
    if (verb == 'O')
        reversed += "o0";
    if (isNegative)
        reversed += '-';
    else if (flags.plus)
        reversed += '+';
    else if (flags.space)
        reversed += ' ';
    std::reverse(reversed.begin(), reversed.end());
    flags.zero = false;
    padded(reversed);
    flags.zero = oldZero;
}

void Formatter::hex0x(std::uint64_t value, bool hasPrefix)
{
    const bool sharp = std::exchange(flags.sharp, hasPrefix);
    integer(value, 16, false, 'v');
    flags.sharp = sharp;
}

void Formatter::unicode(std::uint64_t value)
{
    std::string digits;
    for (std::uint64_t rest = value; digits.empty() || rest > 0; rest >>= 4)
        digits += kUpperDigits[rest & 15];
    const int least = flags.hasPrecision && flags.precision > 4 ? flags.precision : 4;
    if (static_cast<int>(digits.size()) < least)
        digits.append(static_cast<std::size_t>(least) - digits.size(), '0');
    std::reverse(digits.begin(), digits.end());
    std::string text = "U+" + digits;
    if (flags.sharp && value <= kMaxCharacter && isPrintable(static_cast<char32_t>(value))) {
        text += " '";
        appendUtf8(text, static_cast<char32_t>(value));
        text += '\'';
    }
    const bool oldZero = std::exchange(flags.zero, false);
    padded(text);
    flags.zero = oldZero;
}

void Formatter::character(std::uint64_t value)
{
    std::string text;
    appendUtf8(text, value > kMaxCharacter ? 0xfffd : static_cast<char32_t>(value));
    padded(text);
}

void Formatter::quotedCharacter(std::uint64_t value)
{
    const char32_t c = value > kMaxCharacter ? 0xfffd : static_cast<char32_t>(value);
    std::string text;
    if (flags.plus)
        appendQuotedCharacterAscii(text, c);
    else
        appendQuotedCharacter(text, c);
    padded(text);
}

std::string_view Formatter::truncated(std::string_view text) const
{
    if (!flags.hasPrecision)
        return text;
    std::size_t at = 0;
    for (int i = 0; i < flags.precision && at < text.size(); ++i)
        at += codePointAt(text, at).size;
    return text.substr(0, at);
}

void Formatter::text(std::string_view text)
{
    padded(truncated(text));
}

void Formatter::hexText(std::string_view text, bool isUpper)
{
    const std::string_view alphabet = isUpper ? kUpperDigits : kLowerDigits;
    const std::string_view prefix = isUpper ? "0X" : "0x";
    if (flags.hasPrecision && static_cast<std::size_t>(flags.precision) < text.size())
        text = text.substr(0, static_cast<std::size_t>(flags.precision));
    if (text.empty()) {
        if (flags.hasWidth)
            padding(flags.width);
        return;
    }
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (flags.space && i > 0)
            digits += ' ';
        if (flags.sharp && (i == 0 || flags.space))
            digits += prefix;
        const auto byte = static_cast<unsigned char>(text[i]);
        digits += alphabet[byte >> 4];
        digits += alphabet[byte & 15];
    }
    const int missing = flags.hasWidth ? flags.width - static_cast<int>(digits.size()) : 0;
    if (!flags.minus)
        padding(missing);
    m_out += digits;
    if (flags.minus)
        padding(missing);
}

void Formatter::quoted(std::string_view whole)
{
    const std::string_view text = truncated(whole);
    std::string literal;
    if (flags.sharp && canBackquote(text)) {
        literal += '`';
        literal += text;
        literal += '`';
    } else if (flags.plus) {
        appendQuotedAscii(literal, text);
    } else {
        appendQuoted(literal, text);
    }
    padded(literal);
}

void Formatter::number(double value, FloatBits bits, char verb, int precision)
{
    if (flags.hasPrecision)
        precision = flags.precision;
    std::string text;
    appendFloat(text, value, verb, precision, bits);
    if (text[0] != '-' && text[0] != '+')
        text.insert(text.begin(), '+');
    if (flags.space && text[0] == '+' && !flags.plus)
        text[0] = ' ';
    if (text[1] == 'I' || text[1] == 'N') {
        const bool oldZero = std::exchange(flags.zero, false);
        padded(text[1] == 'N' && !flags.space && !flags.plus ? std::string_view(text).substr(1)
                                                             : std::string_view(text));
        flags.zero = oldZero;
        return;
    }
    if (flags.sharp && verb != 'b')
        restoreSharpDigits(text, verb, precision);
    if (flags.plus || text[0] != '+') {
        if (flags.zero && !flags.minus && flags.hasWidth && flags.width > static_cast<int>(text.size())) {
            m_out += text[0];
            padding(flags.width - static_cast<int>(text.size()));
            m_out.append(text, 1);
            return;
        }
        padded(text);
        return;
    }
    padded(std::string_view(text).substr(1));
}

void Formatter::restoreSharpDigits(std::string &number, char verb, int precision) const
{
    int digits = 0;
    if (verb == 'g' || verb == 'G' || verb == 'x')
        digits = precision == -1 ? 6 : precision;
    const bool isHex = verb == 'x' || verb == 'X';
    std::string tail;
    bool hasPoint = false;
    bool isCounting = false;
    for (std::size_t i = 1; i < number.size(); ++i) {
        const char c = number[i];
        if (c == '.') {
            hasPoint = true;
            continue;
        }
        if (c == 'p' || c == 'P' || (!isHex && (c == 'e' || c == 'E'))) {
            tail = number.substr(i);
            number.resize(i);
            break;
        }
        isCounting = isCounting || c != '0';
        if (isCounting)
            --digits;
    }
    if (!hasPoint) {
        if (number.size() == 2 && number[1] == '0')
            --digits;
        number += '.';
    }
    if (digits > 0)
        number.append(static_cast<std::size_t>(digits), '0');
    number += tail;
}

} // namespace tiphys::text::detail
