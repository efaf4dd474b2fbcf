// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::text::parse {

enum class ItemType : std::uint8_t {
    Error, ///< value is the message
    Bool,
    Char, ///< a character without meaning of its own, such as the comma
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field, ///< with its dot
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    // Keywords: from here on.
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
};

struct Item
{
    ItemType type = ItemType::Eof;
    std::size_t position = 0;
    std::string_view value;
    int line = 0;
};

/// \p item as messages show it.
std::string textOf(const Item &item);

/// Splits a template into items. Items point into the text.
/// Source: golang src/text/template/parse/lex.go@go1.26
class Lexer
{
public:
    struct Options
    {
        std::string_view leftDelimiter = "{{";
        std::string_view rightDelimiter = "}}";
        bool isBreakKeyword = true;
        bool isContinueKeyword = true;
    };
    Lexer(std::string_view text, Options options) : m_text(text), m_options(options) {}

    Item next();

private:
    enum class State { Done, Text, LeftDelim, Comment, RightDelim, InsideAction, Space };

    char32_t nextCharacter()
    {
        if (m_at >= m_text.size() || static_cast<unsigned char>(m_text[m_at]) >= 0x80)
            return nextUnusualCharacter();
        const char c = m_text[m_at++];
        m_lastSize = 1;
        m_line += c == '\n' ? 1 : 0;
        return static_cast<char32_t>(c);
    }
    /// The next character where it is more than one byte, or the end.
    char32_t nextUnusualCharacter();
    char32_t peekCharacter();
    void backUp();
    bool accept(std::string_view valid);
    void acceptRun(std::string_view valid);
    std::string_view rest() const { return m_text.substr(m_at); }
    std::string_view current() const { return m_text.substr(m_start, m_at - m_start); }
    bool isAtTerminator();
    bool isAtRightDelimiter(bool &trims) const;

    Item take(ItemType type);
    State emit(ItemType type);
    State fail(std::string message);
    void ignore();

    State step(State state);
    State text();
    State leftDelimiter();
    State comment();
    State rightDelimiter();
    State insideAction();
    State space();
    State identifier();
    char32_t skipWord();
    State fieldOrVariable(ItemType type);
    State quoted(char quote, std::string_view message);
    State rawQuoted();
    State number();
    bool scanNumber();

    std::string_view m_text;
    Options m_options;
    std::size_t m_at = 0;
    std::size_t m_start = 0;
    std::size_t m_lastSize = 0;
    bool m_isAtEnd = false;
    bool m_isInAction = false;
    int m_parenDepth = 0;
    int m_line = 1;
    int m_startLine = 1;
    Item m_item;
    std::string m_message;
};

} // namespace tiphys::text::parse
