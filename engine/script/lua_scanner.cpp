// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_scanner.h"

#include "object/utf8.h"

#include <algorithm>
#include <array>

namespace tiphys::script {

namespace {

constexpr std::array<std::string_view, 22> kKeywords{
    "and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
    "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while"};

bool isDigit(int byte)
{
    return byte >= '0' && byte <= '9';
}

bool isHexDigit(int byte)
{
    return isDigit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

bool isNameStart(int byte)
{
    return byte == '_' || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool isNamePart(int byte)
{
    return isNameStart(byte) || isDigit(byte);
}

/// Escapes that both read alike, behind the backslash.
constexpr std::string_view kCommonEscapes = "abfnrtv\\\"'\n\r0123456789";

} // namespace

std::string LuaScanner::messageAt(std::string_view token, std::string_view problem) const
{
    std::string message(m_source);
    if (m_line == kEnd) {
        message += " at EOF:   ";
    } else {
        message += " line:" + std::to_string(m_line) + "(column:" + std::to_string(m_column) + ") near '";
        message += token;
        message += "':   ";
    }
    message += problem;
    message += '\n';
    return object::detail::withValidUtf8(message);
}

bool LuaScanner::fail(std::string_view token, std::string_view problem)
{
    m_message = messageAt(token, problem);
    return false;
}

int LuaScanner::peek() const
{
    return m_at < m_script.size() ? static_cast<unsigned char>(m_script[m_at]) : kEnd;
}

int LuaScanner::read()
{
    const int byte = peek();
    if (byte == kEnd) {
        m_line = kEnd;
        m_column = 0;
        return kEnd;
    }
    ++m_at;
    if (byte != '\n' && byte != '\r') {
        ++m_column;
        return byte;
    }
    // After the end there are no lines.
    ++m_line;
    m_column = 0;
    const int other = byte == '\n' ? '\r' : '\n';
    if (peek() == other)
        ++m_at;
    return '\n';
}

int LuaScanner::skipSpace(std::string_view spaces)
{
    int byte = read();
    while (byte != kEnd && spaces.find(static_cast<char>(byte)) != std::string_view::npos)
        byte = read();
    return byte;
}

/// Behind "--".
bool LuaScanner::skipComment()
{
    int byte = '-';
    if (peek() == '[') {
        byte = read();
        if (peek() == '[' || peek() == '=') {
            std::string text;
            return scanLong(text) || fail(text, "invalid multiline comment");
        }
    }
    while (byte != '\n' && byte != kEnd)
        byte = read();
    return true;
}

void LuaScanner::scanDigits(int first, std::string &text)
{
    text += static_cast<char>(first);
    while (isDigit(peek()))
        text += static_cast<char>(read());
}

bool LuaScanner::scanNumber(int first, std::string &text)
{
    if (first == '0' && (peek() == 'x' || peek() == 'X')) {
        text += '0';
        text += static_cast<char>(read());
        const std::size_t digits = text.size();
        while (isHexDigit(peek()))
            text += static_cast<char>(read());
        return text.size() > digits || fail(text, "illegal hexadecimal number");
    }
    if (first == '0' && isDigit(peek()))
        first = read();
    scanDigits(first, text);
    if (peek() == '.')
        scanDigits(read(), text);
    if (peek() == 'e' || peek() == 'E') {
        text += static_cast<char>(read());
        if (peek() == '-' || peek() == '+')
            text += static_cast<char>(read());
        scanDigits(read(), text);
    }
    return true;
}

/// Behind the backslash.
void LuaScanner::scanEscape(std::string &text)
{
    constexpr std::string_view kNames = "abfnrtv";
    constexpr std::string_view kValues = "\a\b\f\n\r\t\v";
    const std::size_t backslash = m_at - 1;
    const int byte = read();
    if (byte != kEnd && kCommonEscapes.find(static_cast<char>(byte)) == std::string_view::npos)
        m_edits.push_back({backslash, 1, ""});
    if (!isDigit(byte)) {
        const std::size_t named = byte == kEnd ? std::string_view::npos : kNames.find(static_cast<char>(byte));
        text += named == std::string_view::npos ? static_cast<char>(byte) : kValues[named];
        return;
    }
    int value = byte - '0';
    for (int count = 0; count < 2 && isDigit(peek()); ++count)
        value = value * 10 + (read() - '0');
    text += static_cast<char>(value);
    // LuaJIT refuses what fits no byte.
    if (value > 255) {
        std::string digits = std::to_string(value & 255);
        digits.insert(0, 3 - digits.size(), '0');
        m_edits.push_back({backslash + 1, 3, digits});
    }
}

bool LuaScanner::scanQuoted(int quote, std::string &text)
{
    for (int byte = read(); byte != quote; byte = read()) {
        if (byte == '\n' || byte == kEnd)
            return fail(text, "unterminated string");
        if (byte == '\\')
            scanEscape(text);
        else
            text += static_cast<char>(byte);
    }
    return true;
}

/// Behind the first bracket of "[[" or "[==[".
bool LuaScanner::scanLong(std::string &text)
{
    int byte = read();
    std::size_t level = 0;
    for (; byte == '='; byte = read())
        ++level;
    if (byte != '[') {
        std::string shown;
        object::detail::appendUtf8(shown, static_cast<char32_t>(byte));
        return fail(shown, "invalid multiline string");
    }
    byte = read();
    if (byte == '\n')
        byte = read();
    while (byte != kEnd) {
        if (byte != ']') {
            text += static_cast<char>(byte);
            byte = read();
            continue;
        }
        std::size_t closing = 0;
        for (byte = read(); byte == '='; byte = read())
            ++closing;
        if (closing == level && byte == ']')
            return true;
        text += ']';
        text.append(closing, '=');
    }
    return fail(text, "unterminated multiline string");
}

bool LuaScanner::scanSymbol(int first, LuaToken &token)
{
    token.kind = LuaToken::Kind::Symbol;
    token.text = static_cast<char>(first);
    switch (first) {
    case '=':
    case '<':
    case '>':
        if (peek() == '=')
            token.text += static_cast<char>(read());
        return true;
    case '~':
        if (peek() != '=')
            return fail("~", "Invalid '~' token");
        token.text += static_cast<char>(read());
        return true;
    case ':':
        if (peek() == ':')
            token.text += static_cast<char>(read());
        return true;
    case '.':
        for (int count = 0; count < 2 && peek() == '.'; ++count)
            token.text += static_cast<char>(read());
        return true;
    default:
        constexpr std::string_view kOthers = "-+*/%^#(){}[];,";
        return kOthers.find(static_cast<char>(first)) != std::string_view::npos || fail(token.text, "Invalid token");
    }
}

bool LuaScanner::scan(int first, LuaToken &token)
{
    if (isNameStart(first)) {
        token.text = static_cast<char>(first);
        while (isNamePart(peek()))
            token.text += static_cast<char>(read());
        token.kind = std::ranges::binary_search(kKeywords, std::string_view(token.text)) ? LuaToken::Kind::Keyword
                                                                                         : LuaToken::Kind::Name;
        return true;
    }
    if (isDigit(first) || (first == '.' && isDigit(peek()))) {
        token.kind = LuaToken::Kind::Number;
        if (!scanNumber(first, token.text))
            return false;
        if (isNamePart(peek()))
            m_edits.push_back({m_at, 0, " "});
        return true;
    }
    if (first == '"' || first == '\'' || (first == '[' && (peek() == '[' || peek() == '='))) {
        token.kind = LuaToken::Kind::Text;
        return first == '[' ? scanLong(token.text) : scanQuoted(first, token.text);
    }
    return scanSymbol(first, token);
}

bool LuaScanner::next(LuaToken &token)
{
    token = {};
    int first = skipSpace("\t\n\r ");
    while (first == '-' && peek() == '-') {
        read();
        if (!skipComment())
            return false;
        first = skipSpace("\t\n\r ");
    }
    token.line = m_line;
    if (first == kEnd) {
        token.begin = token.end = m_script.size();
        return true;
    }
    token.begin = m_at - 1;
    const bool isScanned = scan(first, token);
    token.end = m_at;
    return isScanned;
}

} // namespace tiphys::script
