// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/quote.h"

#include "object/utf8.h"
#include "text/gotemplate/unicode.h"

#include <cstdint>

namespace tiphys::text {

namespace {

using object::detail::appendUtf8;
using object::detail::codePointAt;

constexpr std::string_view kHexDigits = "0123456789abcdef";

void appendHex(std::string &out, std::uint32_t value, int digits)
{
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += kHexDigits[value >> shift & 15];
}

enum class Alphabet { Unicode, Ascii };

char letterOfEscape(char32_t character)
{
    switch (character) {
    case '\a': return 'a';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\v': return 'v';
    default: return 0;
    }
}

void appendEscaped(std::string &out, char32_t character, char quote, Alphabet alphabet)
{
    if (character == static_cast<char32_t>(quote) || character == '\\') {
        out += '\\';
        out += static_cast<char>(character);
        return;
    }
    if (isPrintable(character) && (character < 0x80 || alphabet == Alphabet::Unicode)) {
        appendUtf8(out, character);
        return;
    }
    out += '\\';
    if (const char letter = letterOfEscape(character)) {
        out += letter;
    } else if (character < ' ' || character == 0x7f) {
        out += 'x';
        appendHex(out, character, 2);
    } else if (character > 0x10ffff || (character >= 0xd800 && character < 0xe000)) {
        out += "ufffd";
    } else if (character < 0x10000) {
        out += 'u';
        appendHex(out, character, 4);
    } else {
        out += 'U';
        appendHex(out, character, 8);
    }
}

bool needsNoEscape(unsigned char c)
{
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

void appendText(std::string &out, std::string_view text, Alphabet alphabet)
{
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        std::size_t plain = at;
        while (plain < text.size() && needsNoEscape(static_cast<unsigned char>(text[plain])))
            ++plain;
        out.append(text, at, plain - at);
        at = plain;
        if (at == text.size())
            break;
        const auto point = codePointAt(text, at);
        if (point.isValid) {
            appendEscaped(out, point.value, '"', alphabet);
        } else {
            out += "\\x";
            appendHex(out, static_cast<unsigned char>(text[at]), 2);
        }
        at += point.size;
    }
    out += '"';
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::optional<UnquotedCharacter> hexEscape(std::string_view digits, char kind)
{
    const std::size_t count = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
    if (digits.size() < count)
        return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int digit = hexValue(digits[i]);
        if (digit < 0)
            return std::nullopt;
        value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    if (kind != 'x' && (value > 0x10ffff || (value >= 0xd800 && value < 0xe000)))
        return std::nullopt;
    return UnquotedCharacter{value, kind != 'x', digits.substr(count)};
}

std::optional<UnquotedCharacter> octalEscape(std::string_view digits)
{
    if (digits.size() < 3)
        return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        if (digits[i] < '0' || digits[i] > '7')
            return std::nullopt;
        value = value << 3 | static_cast<std::uint32_t>(digits[i] - '0');
    }
    if (value > 255)
        return std::nullopt;
    return UnquotedCharacter{value, false, digits.substr(3)};
}

std::optional<std::string> unquotedRaw(std::string_view body)
{
    if (body.find('`') != body.npos)
        return std::nullopt;
    std::string text;
    text.reserve(body.size());
    for (const char c : body) {
        if (c != '\r')
            text += c;
    }
    return text;
}

} // namespace

void appendQuoted(std::string &out, std::string_view text)
{
    appendText(out, text, Alphabet::Unicode);
}

void appendQuotedAscii(std::string &out, std::string_view text)
{
    appendText(out, text, Alphabet::Ascii);
}

std::string goQuoted(std::string_view text)
{
    std::string out;
    appendQuoted(out, text);
    return out;
}

void appendQuotedCharacter(std::string &out, char32_t character)
{
    const bool isValid = character <= 0x10ffff && (character < 0xd800 || character >= 0xe000);
    out += '\'';
    appendEscaped(out, isValid ? character : 0xfffd, '\'', Alphabet::Unicode);
    out += '\'';
}

void appendQuotedCharacterAscii(std::string &out, char32_t character)
{
    const bool isValid = character <= 0x10ffff && (character < 0xd800 || character >= 0xe000);
    out += '\'';
    appendEscaped(out, isValid ? character : 0xfffd, '\'', Alphabet::Ascii);
    out += '\'';
}

bool canBackquote(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto point = codePointAt(text, at);
        at += point.size;
        if (point.size > 1) {
            if (point.value == 0xfeff)
                return false;
            continue;
        }
        if (!point.isValid || (point.value < ' ' && point.value != '\t') || point.value == '`' || point.value == 0x7f)
            return false;
    }
    return true;
}

std::optional<UnquotedCharacter> unquotedCharacter(std::string_view text, char quote)
{
    if (text.empty() || (text[0] == quote && (quote == '\'' || quote == '"')))
        return std::nullopt;
    if (static_cast<unsigned char>(text[0]) >= 0x80) {
        const auto point = codePointAt(text, 0);
        return UnquotedCharacter{point.value, true, text.substr(point.size)};
    }
    if (text[0] != '\\')
        return UnquotedCharacter{static_cast<char32_t>(text[0]), false, text.substr(1)};
    if (text.size() < 2)
        return std::nullopt;
    const char c = text[1];
    const std::string_view rest = text.substr(2);
    switch (c) {
    case 'a': return UnquotedCharacter{'\a', false, rest};
    case 'b': return UnquotedCharacter{'\b', false, rest};
    case 'f': return UnquotedCharacter{'\f', false, rest};
    case 'n': return UnquotedCharacter{'\n', false, rest};
    case 'r': return UnquotedCharacter{'\r', false, rest};
    case 't': return UnquotedCharacter{'\t', false, rest};
    case 'v': return UnquotedCharacter{'\v', false, rest};
    case 'x':
    case 'u':
    case 'U': return hexEscape(rest, c);
    case '\\': return UnquotedCharacter{'\\', false, rest};
    case '\'':
    case '"':
        if (c != quote)
            return std::nullopt;
        return UnquotedCharacter{static_cast<char32_t>(c), false, rest};
    default: return c >= '0' && c <= '7' ? octalEscape(text.substr(1)) : std::nullopt;
    }
}

std::optional<std::string> unquoted(std::string_view literal)
{
    if (literal.size() < 2 || literal.front() != literal.back())
        return std::nullopt;
    const char quote = literal.front();
    std::string_view body = literal.substr(1, literal.size() - 2);
    if (quote == '`')
        return unquotedRaw(body);
    if ((quote != '"' && quote != '\'') || body.find('\n') != body.npos)
        return std::nullopt;
    if (quote == '"' && body.find_first_of("\\\"") == body.npos && object::detail::isAscii(body))
        return std::string(body);
    std::string text;
    text.reserve(body.size());
    int characters = 0;
    while (!body.empty()) {
        const auto character = unquotedCharacter(body, quote);
        if (!character)
            return std::nullopt;
        if (character->isMultibyte)
            appendUtf8(text, character->value);
        else
            text += static_cast<char>(character->value);
        body = character->rest;
        ++characters;
    }
    if (quote == '\'' && characters != 1)
        return std::nullopt;
    return text;
}

} // namespace tiphys::text
