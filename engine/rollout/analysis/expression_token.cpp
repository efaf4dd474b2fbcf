// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/expression_token.h"

#include "object/json.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace tiphys::rollout::expression {

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 10;
constexpr std::size_t kMostTokens = 4000;
constexpr std::array<std::string_view, 9> kWordOperators{"in",         "or",       "and", "matches", "contains",
                                                         "startsWith", "endsWith", "let", "not"};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Letters beyond ASCII count as well: their bytes are above 0x7f.
bool isAlphaNumeric(char c)
{
    return isDigit(c) || c == '_' || c == '$' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || static_cast<unsigned char>(c) >= 0x80;
}

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int digitOf(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16;
}

void appendUtf8(std::string &out, std::uint32_t code)
{
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
}

class Lexer
{
public:
    explicit Lexer(std::string_view text) : m_text(text) {}

    Expected<std::vector<Token>> run()
    {
        while (!m_problem && m_at < m_text.size() && m_tokens.size() <= kMostTokens)
            next();
        if (m_problem)
            return failure(ErrorCode::InvalidInput, *m_problem);
        if (m_tokens.size() > kMostTokens)
            return failure(ErrorCode::LimitExceeded, "the expression has more than 4000 tokens");
        m_tokens.emplace_back();
        return std::move(m_tokens);
    }

private:
    char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    bool accept(std::string_view chars)
    {
        if (m_at >= m_text.size() || chars.find(m_text[m_at]) == std::string_view::npos)
            return false;
        ++m_at;
        return true;
    }
    void fail(std::string problem)
    {
        if (!m_problem)
            m_problem = std::move(problem);
    }
    void emit(TokenKind kind, std::size_t from)
    {
        m_tokens.push_back({kind, std::string(m_text.substr(from, m_at - from))});
    }

    void next()
    {
        const std::size_t from = m_at;
        const char c = m_text[m_at];
        if (isSpace(c)) {
            ++m_at;
        } else if (c == '\'' || c == '"') {
            string(c);
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            number();
        } else if (c == '/' && (peek(1) == '/' || peek(1) == '*')) {
            comment();
        } else if (isAlphaNumeric(c)) {
            word();
        } else if (c == '#') {
            pointer();
        } else if (std::string_view("([{)]}").find(c) != std::string_view::npos) {
            ++m_at;
            emit(TokenKind::Bracket, from);
        } else {
            symbol(c);
        }
    }

    void symbol(char c)
    {
        const std::size_t from = m_at++;
        if (c == '?')
            accept(".?");
        else if (c == '|')
            accept("|");
        else if (c == '.')
            accept(".");
        else if (std::string_view("&!=*<>").find(c) != std::string_view::npos)
            accept("&=*");
        else if (std::string_view("/,:;%+-^").find(c) == std::string_view::npos)
            return fail(unrecognized(c));
        emit(TokenKind::Operator, from);
    }

    static std::string unrecognized(char c)
    {
        char text[48];
        std::snprintf(text, sizeof text, "unrecognized character: U+%04X '%c'", static_cast<unsigned>(c), c);
        return text;
    }

    void number()
    {
        const std::size_t from = m_at;
        std::string_view digits = "0123456789_";
        if (accept("0")) {
            if (accept("xX"))
                digits = "0123456789abcdefABCDEF_";
            else if (accept("oO"))
                digits = "01234567_";
            else if (accept("bB"))
                digits = "01_";
        }
        while (accept(digits)) {}
        // Two dots are a range.
        if (!(peek() == '.' && peek(1) == '.')) {
            if (accept(".")) {
                while (accept(digits)) {}
            }
            if (accept("eE")) {
                accept("+-");
                while (accept(digits)) {}
            }
            if (m_at < m_text.size() && isAlphaNumeric(peek())) {
                ++m_at;
                return fail("bad number syntax: " + object::toJson(m_text.substr(from, m_at - from)));
            }
        }
        emit(TokenKind::Number, from);
    }

    void comment()
    {
        const bool isLine = peek(1) == '/';
        const std::size_t end = isLine ? m_text.find('\n', m_at) : m_text.find("*/", m_at + 2);
        if (end == std::string_view::npos && !isLine)
            return fail("unclosed comment");
        m_at = end == std::string_view::npos ? m_text.size() : end + (isLine ? 1 : 2);
    }

    void word()
    {
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isAlphaNumeric(peek()))
            ++m_at;
        const std::string_view word = m_text.substr(from, m_at - from);
        bool isOperator = false;
        for (const std::string_view known : kWordOperators)
            isOperator = isOperator || word == known;
        emit(isOperator ? TokenKind::Operator : TokenKind::Identifier, from);
    }

    void pointer()
    {
        std::size_t from = m_at++;
        accept("#");
        emit(TokenKind::Operator, from);
        from = m_at;
        while (m_at < m_text.size() && isAlphaNumeric(peek()))
            ++m_at;
        if (m_at > from)
            emit(TokenKind::Identifier, from);
    }

    void string(char quote)
    {
        std::string out;
        ++m_at;
        while (m_at < m_text.size() && peek() != quote && peek() != '\n') {
            if (peek() == '\\')
                escape(out, quote);
            else
                out += m_text[m_at++];
            if (m_problem)
                return;
        }
        if (m_at >= m_text.size() || peek() != quote)
            return fail("literal not terminated");
        ++m_at;
        m_tokens.push_back({TokenKind::String, std::move(out)});
    }

    void escape(std::string &out, char quote)
    {
        ++m_at;
        const char c = peek();
        static constexpr std::string_view kNames = "abfnrtv\\";
        static constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\";
        if (m_at < m_text.size() && (kNames.find(c) != std::string_view::npos || c == quote)) {
            const std::size_t place = kNames.find(c);
            out += place == std::string_view::npos ? c : kMeanings[place];
            ++m_at;
        } else if (c >= '0' && c <= '7') {
            code(out, 8, 3);
        } else if (c == 'x' || c == 'u' || c == 'U') {
            ++m_at;
            code(out, 16, c == 'x' ? 2 : c == 'u' ? 4 : 8);
        } else {
            fail("invalid char escape");
        }
    }

    void code(std::string &out, int base, int digits)
    {
        std::uint32_t value = 0;
        for (int i = 0; i < digits; ++i, ++m_at) {
            const int digit = digitOf(peek());
            if (m_at >= m_text.size() || digit >= base)
                return fail("invalid char escape");
            value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
        }
        if (digits <= 3)
            out += static_cast<char>(value);
        else if (value > 0x10ffff)
            fail("unable to unescape string");
        else
            appendUtf8(out, value);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<Token> m_tokens;
    std::optional<std::string> m_problem;
};

std::string_view nameOf(TokenKind kind)
{
    switch (kind) {
    case TokenKind::Identifier: return "Identifier";
    case TokenKind::Number: return "Number";
    case TokenKind::String: return "String";
    case TokenKind::Operator: return "Operator";
    case TokenKind::Bracket: return "Bracket";
    case TokenKind::End: break;
    }
    return "EOF";
}

} // namespace

std::string Token::shown() const
{
    const std::string name(nameOf(kind));
    return text.empty() ? name : name + "(" + object::toJson(text) + ")";
}

Expected<std::vector<Token>> tokensOf(std::string_view text)
{
    if (text.size() > kMostBytes)
        return failure(ErrorCode::LimitExceeded, "the expression is longer than 64 KiB");
    return Lexer(text).run();
}

} // namespace tiphys::rollout::expression
