// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_format.h"

#include "object/number_text.h"
#include "process/lua_values.h"

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

#include <lua.hpp>

namespace tiphys::process {

namespace {

/// Text that one verb may ask for.
constexpr int kMostWidth = 10'000;

/// One directive between % and its verb.
struct Directive
{
    bool isLeft = false;
    bool hasZeros = false;
    bool hasPlus = false;
    bool hasSpace = false;
    bool isAlternate = false;
    int width = 0;
    int precision = -1;
    char verb = 0;
};

int digits(std::string_view text, std::size_t &at)
{
    int number = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        number = number > kMostWidth ? number : number * 10 + (text[at] - '0');
    return number;
}

Directive parsed(std::string_view text, std::size_t &at)
{
    Directive directive;
    for (; at < text.size(); ++at) {
        if (text[at] == '-')
            directive.isLeft = true;
        else if (text[at] == '0')
            directive.hasZeros = true;
        else if (text[at] == '+')
            directive.hasPlus = true;
        else if (text[at] == ' ')
            directive.hasSpace = true;
        else if (text[at] == '#')
            directive.isAlternate = true;
        else
            break;
    }
    directive.width = digits(text, at);
    if (at < text.size() && text[at] == '.') {
        ++at;
        directive.precision = digits(text, at);
    }
    if (at < text.size())
        directive.verb = text[at++];
    return directive;
}

std::size_t runeCount(std::string_view text)
{
    std::size_t count = 0;
    for (const char byte : text)
        count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

std::string padded(const Directive &directive, std::string text, bool isNumber)
{
    const std::size_t width = static_cast<std::size_t>(directive.width);
    const std::size_t size = runeCount(text);
    if (size >= width)
        return text;
    if (directive.isLeft)
        return text + std::string(width - size, ' ');
    if (!directive.hasZeros)
        return std::string(width - size, ' ') + text;
    const std::size_t sign = isNumber && !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    text.insert(sign, std::string(width - size, '0'));
    return text;
}

std::string withSign(const Directive &directive, std::string digits, bool isNegative)
{
    if (isNegative)
        return "-" + digits;
    if (directive.hasPlus)
        return "+" + digits;
    return directive.hasSpace ? " " + digits : digits;
}

std::string integerText(const Directive &directive, long long number)
{
    const unsigned long long size =
        number < 0 ? 0ULL - static_cast<unsigned long long>(number) : static_cast<unsigned long long>(number);
    char buffer[80];
    const char *pattern = directive.verb == 'x'   ? "%llx"
                          : directive.verb == 'X' ? "%llX"
                          : directive.verb == 'o' ? "%llo"
                                                  : "%llu";
    std::snprintf(buffer, sizeof buffer, pattern, size);
    std::string digits = buffer;
    if (directive.precision > static_cast<int>(digits.size()))
        digits.insert(0, static_cast<std::size_t>(directive.precision) - digits.size(), '0');
    if (directive.isAlternate && (directive.verb == 'x' || directive.verb == 'X'))
        digits.insert(0, directive.verb == 'x' ? "0x" : "0X");
    return withSign(directive, digits, number < 0);
}

std::string realText(const Directive &directive, double number)
{
    if (!std::isfinite(number))
        return std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    std::string text;
    const bool isShortest = directive.precision < 0;
    if (isShortest && (directive.verb == 'g' || directive.verb == 'G' || directive.verb == 'v')) {
        object::detail::appendShortest(text, std::abs(number));
    } else {
        const char pattern[] = {'%', '.', '*', directive.verb == 'v' ? 'g' : directive.verb, 0};
        const int precision = isShortest ? 6 : directive.precision;
        const int size = std::snprintf(nullptr, 0, pattern, precision, std::abs(number));
        text.resize(static_cast<std::size_t>(size));
        std::snprintf(text.data(), text.size() + 1, pattern, precision, std::abs(number));
    }
    return withSign(directive, text, std::signbit(number));
}

std::string runeText(long long code)
{
    const unsigned long long rune = code < 0 || code > 0x10FFFF ? 0xFFFDULL : static_cast<unsigned long long>(code);
    std::string text;
    const auto add = [&](unsigned long long byte) { text += static_cast<char>(byte); };
    if (rune < 0x80) {
        add(rune);
    } else if (rune < 0x800) {
        add(0xC0U | (rune >> 6U));
        add(0x80U | (rune & 0x3FU));
    } else if (rune < 0x10000) {
        add(0xE0U | (rune >> 12U));
        add(0x80U | ((rune >> 6U) & 0x3FU));
        add(0x80U | (rune & 0x3FU));
    } else {
        add(0xF0U | (rune >> 18U));
        add(0x80U | ((rune >> 12U) & 0x3FU));
        add(0x80U | ((rune >> 6U) & 0x3FU));
        add(0x80U | (rune & 0x3FU));
    }
    return text;
}

std::string quotedText(std::string_view text)
{
    std::string quoted = "\"";
    for (const char byte : text) {
        if (byte == '"' || byte == '\\')
            (quoted += '\\') += byte;
        else if (byte == '\n')
            quoted += "\\n";
        else if (byte == '\t')
            quoted += "\\t";
        else if (byte == '\r')
            quoted += "\\r";
        else
            quoted += byte;
    }
    return quoted + '"';
}

std::string hexText(std::string_view text, bool isUpper)
{
    const char *const digits = isUpper ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string out;
    for (const char byte : text) {
        out += digits[static_cast<unsigned char>(byte) >> 4U];
        out += digits[static_cast<unsigned char>(byte) & 0xFU];
    }
    return out;
}

std::string cut(const Directive &directive, std::string text)
{
    if (directive.precision < 0)
        return text;
    std::size_t runes = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U
            && runes++ == static_cast<std::size_t>(directive.precision))
            return text.substr(0, at);
    }
    return text;
}

std::string ofNumber(const Directive &directive, double number)
{
    const bool isWhole = number == std::trunc(number) && std::abs(number) < 9.2e18;
    const auto whole = std::abs(number) < 9.2e18 ? static_cast<long long>(number) : 0x7FFFFFFFFFFFFFFFLL;
    switch (directive.verb) {
    case 's': return padded(directive, cut(directive, luaNumberText(number)), false);
    case 'q': return padded(directive, quotedText(luaNumberText(number)), false);
    case 'c': return padded(directive, runeText(whole), false);
    case 'd':
    case 'i':
    case 'x':
    case 'X':
    case 'o': return padded(directive, integerText(directive, whole), true);
    case 'v':
        if (isWhole)
            return padded(directive, integerText(directive, whole), true);
        [[fallthrough]];
    default: return padded(directive, realText(directive, number), true);
    }
}

std::string ofText(const Directive &directive, std::string_view text)
{
    switch (directive.verb) {
    case 'q': return padded(directive, quotedText(text), false);
    case 'x':
    case 'X': return padded(directive, hexText(text, directive.verb == 'X'), false);
    case 'd':
    case 'i':
        // Text that is a number is printed as it is, any other as 0.
        if (!luaNumberOf(text, std::nullopt))
            return padded(directive, "0", true);
        [[fallthrough]];
    case 's':
    case 'v': return padded(directive, cut(directive, std::string(text)), false);
    default: return std::string("%!") + directive.verb + "(string=" + std::string(text) + ")";
    }
}

std::string formatted(lua_State *lua, const Directive &directive, int argument)
{
    if (lua_type(lua, argument) == LUA_TNUMBER)
        return ofNumber(directive, lua_tonumber(lua, argument));
    std::size_t size = 0;
    if (lua_type(lua, argument) == LUA_TSTRING) {
        const char *text = lua_tolstring(lua, argument, &size);
        return ofText(directive, {text, size});
    }
    std::string text = lua_isnil(lua, argument)       ? "nil"
                       : lua_isboolean(lua, argument) ? (lua_toboolean(lua, argument) != 0 ? "true" : "false")
                                                      : luaL_typename(lua, argument);
    if (directive.verb == 's' || directive.verb == 'v')
        return padded(directive, cut(directive, text), false);
    return std::string("%!") + directive.verb + "(" + luaL_typename(lua, argument) + "=" + text + ")";
}

/// Everything with a destructor lives here, not in the function that may raise an error.
std::string formattedArguments(lua_State *lua, std::string_view pattern, bool &isTooWide)
{
    std::string out;
    int argument = 1;
    const int top = lua_gettop(lua);
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] != '%') {
            out += pattern[at++];
            continue;
        }
        ++at;
        const Directive directive = parsed(pattern, at);
        isTooWide = isTooWide || directive.width > kMostWidth || directive.precision > kMostWidth;
        if (isTooWide)
            return {};
        if (directive.verb == '%')
            out += '%';
        else if (directive.verb == 0)
            out += "%!(NOVERB)";
        else if (++argument > top)
            out += std::string("%!") + directive.verb + "(MISSING)";
        else if (std::string_view("disqfFeEgGxXocv").contains(directive.verb))
            out += formatted(lua, directive, argument);
        else
            out += std::string("%!") + directive.verb + "(" + luaL_typename(lua, argument) + ")";
    }
    return out;
}

} // namespace

int luaFormat(lua_State *lua)
{
    std::size_t size = 0;
    const char *pattern = luaL_checklstring(lua, 1, &size);
    bool isTooWide = false;
    {
        const std::string out = formattedArguments(lua, {pattern, size}, isTooWide);
        lua_pushlstring(lua, out.data(), out.size());
    }
    if (isTooWide)
        return luaL_error(lua, "a format asks for more than 10000 characters");
    return 1;
}

} // namespace tiphys::process
