// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_text_style.h"

#include "object/utf8.h"
#include "object/yaml_scalar.h"

#include <array>

namespace tiphys::object::detail {

namespace {

/// Printable, no blank, and nothing that has a meaning between other characters.
bool isOrdinary(char c)
{
    static constexpr auto kOrdinary = [] {
        std::array<bool, 256> ordinary{};
        for (unsigned char byte = '!'; byte <= '~'; ++byte)
            ordinary[byte] = byte != ':' && byte != '#';
        return ordinary;
    }();
    return kOrdinary[static_cast<unsigned char>(c)];
}

/// What stands side by side in a text of printable ASCII and line feeds.
struct Pairs
{
    bool areOrdinary = false; ///< false: there is something else in the text
    bool hasLineFeed = false;
    bool spaceBeforeBreak = false;
    bool breakBeforeSpace = false;
    bool hasIndicator = false; ///< ": " or " #"
};

/// In bytes throughout, which compilers do many of at once.
Pairs pairsOf(std::string_view text)
{
    using Byte = unsigned char;
    const auto is = [](bool condition) { return static_cast<Byte>(condition); };
    Byte odd = 0;
    Byte lineFeed = 0;
    Byte spaceBreak = 0;
    Byte breakSpace = 0;
    Byte indicator = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto c = static_cast<Byte>(text[i]);
        const auto next = static_cast<Byte>(text[i + 1]);
        const Byte isFeed = is(c == '\n');
        const Byte isSpace = is(c == ' ');
        odd |= is(static_cast<Byte>(c - 0x20) > 0x7E - 0x20) & static_cast<Byte>(isFeed ^ 1);
        lineFeed |= isFeed;
        spaceBreak |= isSpace & is(next == '\n');
        breakSpace |= isFeed & is(next == ' ');
        indicator |= (is(c == ':') & is(next == ' ')) | ((isSpace | isFeed) & is(next == '#'));
    }
    const char last = text.back();
    const bool isLastOdd = last != '\n' && (last < 0x20 || last > 0x7E);
    return {.areOrdinary = odd == 0 && !isLastOdd,
            .hasLineFeed = lineFeed != 0 || last == '\n',
            .spaceBeforeBreak = spaceBreak != 0,
            .breakBeforeSpace = breakSpace != 0,
            .hasIndicator = indicator != 0 || (last == ':' && text.size() > 1)};
}

bool isBlank(std::string_view text, std::size_t at)
{
    return at >= text.size() || text[at] == ' ' || text[at] == '\t';
}

bool startsLikeSyntax(std::string_view text)
{
    if (text.starts_with("---") || text.starts_with("..."))
        return true;
    constexpr std::string_view kIndicators = "#,[]{}&*!|>'\"%@`";
    if (kIndicators.find(text[0]) != std::string_view::npos)
        return true;
    return (text[0] == '?' || text[0] == ':' || text[0] == '-') && isBlank(text, 1);
}

} // namespace

bool isYamlBreak(std::string_view text, std::size_t at)
{
    const char c = text[at];
    if (c == '\n' || c == '\r')
        return true;
    const std::string_view rest = text.substr(at);
    return rest.starts_with("\xC2\x85") || rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9");
}

bool isYamlPrintable(std::string_view text, std::size_t at)
{
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80)
        return first == '\n' || (first >= 0x20 && first <= 0x7E);
    const char32_t c = codePointAt(text, at).value;
    return c >= 0xA0 && c <= 0xFFFD && c != 0xFEFF;
}

YamlText::YamlText(std::string_view text) : m_text(text)
{
    if (text.empty()) {
        m_allowsLiteral = false;
        return;
    }
    analyse();
}

void YamlText::analyse()
{
    const Pairs pairs = pairsOf(m_text);
    if (!pairs.areOrdinary)
        return analyseCharacters();
    m_isMultiline = pairs.hasLineFeed;
    allow({.hasIndicator = pairs.hasIndicator || startsLikeSyntax(m_text),
           .spaceBeforeBreak = pairs.spaceBeforeBreak,
           .breakBeforeSpace = pairs.breakBeforeSpace});
}

void YamlText::analyseCharacters()
{
    bool hasSpecial = false;
    bool hasIndicator = startsLikeSyntax(m_text);
    bool spaceBeforeBreak = false;
    bool breakBeforeSpace = false;
    bool afterSpace = false;
    bool afterBreak = false;
    bool afterBlank = true;
    for (std::size_t at = 0; at < m_text.size();) {
        const char c = m_text[at];
        if (isOrdinary(c)) {
            afterSpace = afterBreak = afterBlank = false;
            ++at;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        const bool isAscii = byte < 0x80;
        const std::size_t size = isAscii ? 1 : codePointAt(m_text, at).size;
        if (at > 0 && c == ':' && isBlank(m_text, at + 1))
            hasIndicator = true;
        if (at > 0 && c == '#' && afterBlank)
            hasIndicator = true;
        const bool isPrintable = isAscii ? c == '\n' || (byte >= 0x20 && byte <= 0x7E) : isYamlPrintable(m_text, at);
        if (!isPrintable)
            hasSpecial = true;
        const bool isBreak = isAscii ? c == '\n' || c == '\r' : isYamlBreak(m_text, at);
        if (c == ' ') {
            breakBeforeSpace = breakBeforeSpace || afterBreak;
        } else if (isBreak) {
            m_isMultiline = true;
            spaceBeforeBreak = spaceBeforeBreak || afterSpace;
        }
        afterSpace = c == ' ';
        afterBreak = isBreak;
        afterBlank = c == ' ' || c == '\t' || isBreak || c == '\0';
        at += size;
    }
    allow({hasSpecial, hasIndicator, spaceBeforeBreak, breakBeforeSpace});
}

void YamlText::allow(const Finding &found)
{
    const bool startsOrEndsBlank = m_text.front() == ' ' || m_text.back() == ' ';
    m_allowsPlain = !(startsOrEndsBlank || found.breakBeforeSpace || found.spaceBeforeBreak || found.hasSpecial
                      || m_isMultiline || found.hasIndicator);
    m_allowsSingleQuoted = !(found.breakBeforeSpace || found.spaceBeforeBreak || found.hasSpecial);
    m_allowsLiteral = !(m_text.back() == ' ' || found.spaceBeforeBreak || found.hasSpecial);
}

YamlText::Style YamlText::styleFor(Use use) const
{
    const bool isKey = use == Use::Key;
    if (m_text.find('\n') != std::string_view::npos) {
        if (isKey || !m_allowsLiteral)
            return Style::DoubleQuoted;
        return Style::Literal;
    }
    const bool isString = !m_text.empty()
                          && (startsYamlString(m_text[0])
                              || (resolveYamlScalar(m_text).kind == YamlScalar::Kind::String && !isYamlBase60(m_text)));
    if (!isString || (isKey && m_isMultiline))
        return Style::DoubleQuoted;
    if (m_allowsPlain)
        return Style::Plain;
    return m_allowsSingleQuoted ? Style::SingleQuoted : Style::DoubleQuoted;
}

} // namespace tiphys::object::detail
