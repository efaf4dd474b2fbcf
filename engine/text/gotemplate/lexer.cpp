// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/lexer.h"

#include "object/utf8.h"
#include "text/gotemplate/quote.h"
#include "text/gotemplate/unicode.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tiphys::text::parse {

namespace {

constexpr char32_t kEnd = 0xffffffff;
constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::size_t kTrimMarkerSize = 2;

bool isSpace(char32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool isAlphaNumeric(char32_t c)
{
    return c != kEnd && (c == '_' || isLetter(c) || isDigit(c));
}

bool isAsciiWord(char c)
{
    static constexpr auto kWord = [] {
        std::array<bool, 256> word{};
        for (const char each : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))
            word[static_cast<unsigned char>(each)] = true;
        return word;
    }();
    return kWord[static_cast<unsigned char>(c)];
}

/// Whether \p c may be more than itself within a text in \p quote.
bool endsRun(char c, char quote)
{
    return c == quote || c == '\\' || c == '\n' || static_cast<unsigned char>(c) >= 0x80;
}

bool hasLeftTrimMarker(std::string_view text)
{
    return text.size() >= 2 && text[0] == '-' && isSpace(static_cast<unsigned char>(text[1]));
}

bool hasRightTrimMarker(std::string_view text)
{
    return text.size() >= 2 && isSpace(static_cast<unsigned char>(text[0])) && text[1] == '-';
}

std::size_t leadingSpaces(std::string_view text)
{
    return std::min(text.find_first_not_of(kSpaces), text.size());
}

std::size_t trailingSpaces(std::string_view text)
{
    const std::size_t last = text.find_last_not_of(kSpaces);
    return last == text.npos ? text.size() : text.size() - last - 1;
}

int lineCount(std::string_view text)
{
    return static_cast<int>(std::ranges::count(text, '\n'));
}

std::string namedCharacter(char32_t c)
{
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string digits;
    for (char32_t value = c; value > 0 || digits.size() < 4; value >>= 4)
        digits.insert(digits.begin(), kHex[value & 15]);
    std::string text = "U+" + digits;
    if (isPrintable(c)) {
        text += " '";
        object::detail::appendUtf8(text, c);
        text += '\'';
    }
    return text;
}

ItemType keywordOf(std::string_view word)
{
    static constexpr std::array<std::pair<std::string_view, ItemType>, 12> kWords{{{".", ItemType::Dot},
                                                                                   {"block", ItemType::Block},
                                                                                   {"break", ItemType::Break},
                                                                                   {"continue", ItemType::Continue},
                                                                                   {"define", ItemType::Define},
                                                                                   {"else", ItemType::Else},
                                                                                   {"end", ItemType::End},
                                                                                   {"if", ItemType::If},
                                                                                   {"range", ItemType::Range},
                                                                                   {"nil", ItemType::Nil},
                                                                                   {"template", ItemType::Template},
                                                                                   {"with", ItemType::With}}};
    for (const auto &[keyword, type] : kWords) {
        if (keyword[0] == word[0] && keyword == word)
            return type;
    }
    return ItemType::Identifier;
}

} // namespace

std::string textOf(const Item &item)
{
    if (item.type == ItemType::Eof)
        return "EOF";
    if (item.type == ItemType::Error)
        return std::string(item.value);
    if (item.type >= ItemType::Block)
        return '<' + std::string(item.value) + '>';
    if (item.value.size() <= 10)
        return goQuoted(item.value);
    std::size_t end = 0;
    for (int i = 0; i < 10 && end < item.value.size(); ++i)
        end += object::detail::codePointAt(item.value, end).size;
    return goQuoted(item.value.substr(0, end)) + "...";
}

char32_t Lexer::nextUnusualCharacter()
{
    if (m_at >= m_text.size()) {
        m_isAtEnd = true;
        return kEnd;
    }
    const auto point = object::detail::codePointAt(m_text, m_at);
    m_at += point.size;
    m_lastSize = point.size;
    return point.value;
}

char32_t Lexer::peekCharacter()
{
    const char32_t c = nextCharacter();
    backUp();
    return c;
}

void Lexer::backUp()
{
    if (m_isAtEnd || m_at == 0)
        return;
    // Only the last bytes can be more than one: an invalid byte counts as one.
    m_at -= m_lastSize;
    if (m_text[m_at] == '\n')
        --m_line;
}

bool Lexer::accept(std::string_view valid)
{
    const char32_t c = nextCharacter();
    if (c < 0x80 && valid.find(static_cast<char>(c)) != valid.npos)
        return true;
    backUp();
    return false;
}

void Lexer::acceptRun(std::string_view valid)
{
    while (accept(valid)) {}
}

bool Lexer::isAtTerminator()
{
    if (m_at >= m_text.size()) {
        m_isAtEnd = true;
        return true;
    }
    switch (m_text[m_at]) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case '.':
    case ',':
    case '|':
    case ':':
    case ')':
    case '(': return true;
    default: return rest().starts_with(m_options.rightDelimiter);
    }
}

bool Lexer::isAtRightDelimiter(bool &trims) const
{
    const std::string_view text = rest();
    trims = hasRightTrimMarker(text) && text.substr(kTrimMarkerSize).starts_with(m_options.rightDelimiter);
    return trims
           || (!text.empty() && text[0] == m_options.rightDelimiter[0] && text.starts_with(m_options.rightDelimiter));
}

Item Lexer::take(ItemType type)
{
    const Item item{type, m_start, current(), m_startLine};
    m_start = m_at;
    m_startLine = m_line;
    return item;
}

Lexer::State Lexer::emit(ItemType type)
{
    m_item = take(type);
    return State::Done;
}

Lexer::State Lexer::fail(std::string message)
{
    m_message = std::move(message);
    m_item = {ItemType::Error, m_start, m_message, m_startLine};
    m_start = 0;
    m_at = 0;
    m_text = {};
    return State::Done;
}

void Lexer::ignore()
{
    m_line += lineCount(current());
    m_start = m_at;
    m_startLine = m_line;
}

Item Lexer::next()
{
    m_item = {ItemType::Eof, m_at, "EOF", m_startLine};
    State state = m_isInAction ? State::InsideAction : State::Text;
    while (state != State::Done)
        state = step(state);
    return m_item;
}

Lexer::State Lexer::step(State state)
{
    switch (state) {
    case State::Done: break;
    case State::Text: return text();
    case State::LeftDelim: return leftDelimiter();
    case State::Comment: return comment();
    case State::RightDelim: return rightDelimiter();
    case State::InsideAction: return insideAction();
    case State::Space: return space();
    }
    return State::Done;
}

Lexer::State Lexer::text()
{
    const std::size_t found = m_text.find(m_options.leftDelimiter, m_at);
    if (found == m_text.npos) {
        m_at = m_text.size();
        if (m_at == m_start)
            return emit(ItemType::Eof);
        m_line += lineCount(current());
        return emit(ItemType::Text);
    }
    if (found > m_at) {
        m_at = found;
        std::size_t trimmed = 0;
        if (hasLeftTrimMarker(m_text.substr(m_at + m_options.leftDelimiter.size())))
            trimmed = trailingSpaces(current());
        m_at -= trimmed;
        m_line += lineCount(current());
        const Item item = take(ItemType::Text);
        m_at += trimmed;
        ignore();
        if (!item.value.empty()) {
            m_item = item;
            return State::Done;
        }
    }
    return State::LeftDelim;
}

Lexer::State Lexer::leftDelimiter()
{
    m_at += m_options.leftDelimiter.size();
    const std::size_t marker = hasLeftTrimMarker(rest()) ? kTrimMarkerSize : 0;
    if (rest().substr(marker).starts_with("/*")) {
        m_at += marker;
        ignore();
        return State::Comment;
    }
    m_item = take(ItemType::LeftDelim);
    m_isInAction = true;
    m_at += marker;
    ignore();
    m_parenDepth = 0;
    return State::Done;
}

Lexer::State Lexer::comment()
{
    m_at += 2;
    const std::size_t end = m_text.find("*/", m_at);
    if (end == m_text.npos)
        return fail("unclosed comment");
    m_at = end + 2;
    bool trims = false;
    if (!isAtRightDelimiter(trims))
        return fail("comment ends before closing delimiter");
    m_line += lineCount(current());
    m_start = m_at;
    m_startLine = m_line;
    if (trims)
        m_at += kTrimMarkerSize;
    m_at += m_options.rightDelimiter.size();
    if (trims)
        m_at += leadingSpaces(rest());
    ignore();
    return State::Text;
}

Lexer::State Lexer::rightDelimiter()
{
    bool trims = false;
    isAtRightDelimiter(trims);
    if (trims) {
        m_at += kTrimMarkerSize;
        ignore();
    }
    m_at += m_options.rightDelimiter.size();
    m_item = take(ItemType::RightDelim);
    if (trims) {
        m_at += leadingSpaces(rest());
        ignore();
    }
    m_isInAction = false;
    return State::Done;
}

Lexer::State Lexer::insideAction()
{
    bool trims = false;
    if (isAtRightDelimiter(trims))
        return m_parenDepth == 0 ? State::RightDelim : fail("unclosed left paren");
    const char32_t c = nextCharacter();
    switch (c) {
    case kEnd: return fail("unclosed action");
    case ' ':
    case '\t':
    case '\r':
    case '\n': backUp(); return State::Space;
    case '=': return emit(ItemType::Assign);
    case ':': return nextCharacter() == '=' ? emit(ItemType::Declare) : fail("expected :=");
    case '|': return emit(ItemType::Pipe);
    case '"': return quoted('"', "unterminated quoted string");
    case '`': return rawQuoted();
    case '$': return isAtTerminator() ? emit(ItemType::Variable) : fieldOrVariable(ItemType::Variable);
    case '\'': return quoted('\'', "unterminated character constant");
    case '(': ++m_parenDepth; return emit(ItemType::LeftParen);
    case ')': --m_parenDepth; return m_parenDepth < 0 ? fail("unexpected right paren") : emit(ItemType::RightParen);
    case '.':
        if (m_at < m_text.size() && (m_text[m_at] < '0' || m_text[m_at] > '9'))
            return fieldOrVariable(ItemType::Field);
        backUp();
        return number();
    case '+':
    case '-': backUp(); return number();
    default: break;
    }
    if (c >= '0' && c <= '9') {
        backUp();
        return number();
    }
    if (isAlphaNumeric(c)) {
        backUp();
        return identifier();
    }
    if (c < 0x80 && isPrintable(c))
        return emit(ItemType::Char);
    return fail("unrecognized character in action: " + namedCharacter(c));
}

Lexer::State Lexer::space()
{
    const std::size_t first = m_at;
    for (; m_at < m_text.size() && isSpace(static_cast<unsigned char>(m_text[m_at])); ++m_at)
        m_line += m_text[m_at] == '\n' ? 1 : 0;
    const std::string_view fromLast = m_text.substr(m_at - 1);
    if (hasRightTrimMarker(fromLast) && fromLast.substr(kTrimMarkerSize).starts_with(m_options.rightDelimiter)) {
        // Back before the space; at the end of the text there is no delimiter, so this is never the end.
        --m_at;
        if (m_text[m_at] == '\n')
            --m_line;
        if (m_at == first)
            return State::RightDelim;
    }
    return emit(ItemType::Space);
}

/// Moves behind letters, digits and underscores; gives the character that ends them.
char32_t Lexer::skipWord()
{
    while (m_at < m_text.size() && isAsciiWord(m_text[m_at]))
        ++m_at;
    char32_t c = nextCharacter();
    while (isAlphaNumeric(c))
        c = nextCharacter();
    backUp();
    return c;
}

Lexer::State Lexer::identifier()
{
    const char32_t c = skipWord();
    const std::string_view word = current();
    if (!isAtTerminator())
        return fail("bad character " + namedCharacter(c));
    const ItemType keyword = keywordOf(word);
    if ((keyword == ItemType::Break && !m_options.isBreakKeyword)
        || (keyword == ItemType::Continue && !m_options.isContinueKeyword))
        return emit(ItemType::Identifier);
    if (keyword != ItemType::Identifier)
        return emit(keyword);
    return emit(word == "true" || word == "false" ? ItemType::Bool : ItemType::Identifier);
}

Lexer::State Lexer::fieldOrVariable(ItemType type)
{
    if (isAtTerminator())
        return emit(type == ItemType::Variable ? ItemType::Variable : ItemType::Dot);
    const char32_t c = skipWord();
    if (!isAtTerminator())
        return fail("bad character " + namedCharacter(c));
    return emit(type);
}

Lexer::State Lexer::quoted(char quote, std::string_view message)
{
    while (true) {
        while (m_at < m_text.size() && !endsRun(m_text[m_at], quote))
            ++m_at;
        char32_t c = nextCharacter();
        if (c == static_cast<char32_t>(quote))
            return emit(quote == '"' ? ItemType::String : ItemType::CharConstant);
        if (c == '\\') {
            c = nextCharacter();
            if (c != kEnd && c != '\n')
                continue;
        }
        if (c == kEnd || c == '\n')
            return fail(std::string(message));
    }
}

Lexer::State Lexer::rawQuoted()
{
    while (true) {
        const char32_t c = nextCharacter();
        if (c == kEnd)
            return fail("unterminated raw quoted string");
        if (c == '`')
            return emit(ItemType::RawString);
    }
}

Lexer::State Lexer::number()
{
    const auto bad = [this] { return fail("bad number syntax: " + goQuoted(current())); };
    if (!scanNumber())
        return bad();
    const char32_t sign = peekCharacter();
    if (sign != '+' && sign != '-')
        return emit(ItemType::Number);
    if (!scanNumber() || m_text[m_at - 1] != 'i')
        return bad();
    return emit(ItemType::Complex);
}

bool Lexer::scanNumber()
{
    static constexpr std::string_view kDecimal = "0123456789_";
    static constexpr std::string_view kHex = "0123456789abcdefABCDEF_";
    accept("+-");
    std::string_view digits = kDecimal;
    if (accept("0")) {
        if (accept("xX"))
            digits = kHex;
        else if (accept("oO"))
            digits = "01234567_";
        else if (accept("bB"))
            digits = "01_";
    }
    acceptRun(digits);
    if (accept("."))
        acceptRun(digits);
    if ((digits == kDecimal && accept("eE")) || (digits == kHex && accept("pP"))) {
        accept("+-");
        acceptRun(kDecimal);
    }
    accept("i");
    if (!isAlphaNumeric(peekCharacter()))
        return true;
    nextCharacter();
    return false;
}

} // namespace tiphys::text::parse
