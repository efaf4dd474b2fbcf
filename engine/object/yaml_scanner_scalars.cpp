// SPDX-License-Identifier: GPL-3.0-or-later
// The scanner's scalars: plain, quoted and block.
#include "object/utf8.h"
#include "object/yaml_scanner.h"

namespace tiphys::object::detail {

namespace {

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

} // namespace

bool YamlScanner::scanBlockHeader(BlockHeader &header, const YamlMark &start)
{
    const auto chomping = [&] {
        if (at() != '+' && at() != '-')
            return false;
        header.chomping = at() == '+' ? 1 : -1;
        advance();
        return true;
    };
    const auto isDigit = [&] { return at() >= '0' && at() <= '9'; };
    const auto increment = [&] {
        if (at() == '0')
            return fail("found an indentation indicator equal to 0", start);
        header.increment = at() - '0';
        advance();
        return true;
    };
    if (!ensure(1))
        return false;
    if (chomping()) {
        if (!ensure(1) || (isDigit() && !increment()))
            return false;
    } else if (isDigit()) {
        if (!increment() || !ensure(1))
            return false;
        chomping();
    }
    return endOfLine(start);
}

bool YamlScanner::scanBlockScalar(YamlToken &token, Block style)
{
    const YamlMark start = m_mark;
    advance();
    BlockHeader header;
    if (!scanBlockHeader(header, start))
        return false;
    std::int64_t indent = 0;
    if (header.increment > 0)
        indent = m_indent >= 0 ? m_indent + header.increment : header.increment;

    std::string text;
    std::string leadingBreak;
    std::string trailingBreaks;
    if (!scanBlockBreaks(indent, trailingBreaks, start) || !ensure(1))
        return false;
    bool startedBlank = false;
    while (m_mark.column == indent && !isEndAt()) {
        const bool startsBlank = isBlankAt();
        const bool folds = style == Block::Folded && !startedBlank && !startsBlank && leadingBreak.starts_with('\n');
        if (folds) {
            if (trailingBreaks.empty())
                text += ' ';
        } else {
            text += leadingBreak;
        }
        leadingBreak.clear();
        text += trailingBreaks;
        trailingBreaks.clear();
        startedBlank = isBlankAt();
        while (!isBreakOrEndAt()) {
            take(text);
            if (!ensure(1))
                return false;
        }
        if (!ensure(2))
            return false;
        if (isBreakAt())
            takeBreak(leadingBreak);
        if (!scanBlockBreaks(indent, trailingBreaks, start))
            return false;
    }
    if (header.chomping != -1)
        text += leadingBreak;
    if (header.chomping == 1)
        text += trailingBreaks;
    token = {.kind = Kind::Scalar, .start = start, .end = m_mark, .text = keep(text)};
    token.style = style == Block::Literal ? YamlStyle::Literal : YamlStyle::Folded;
    return true;
}

bool YamlScanner::scanBlockBreaks(std::int64_t &indent, std::string &breaks, const YamlMark &start)
{
    std::int64_t widest = 0;
    for (;;) {
        if (!ensure(1))
            return false;
        while ((indent == 0 || m_mark.column < indent) && at() == ' ') {
            advance();
            if (!ensure(1))
                return false;
        }
        widest = std::max(widest, m_mark.column);
        if ((indent == 0 || m_mark.column < indent) && at() == '\t')
            return fail("found a tab character where an indentation space is expected", start);
        if (!isBreakAt())
            break;
        if (!ensure(2))
            return false;
        takeBreak(breaks);
    }
    if (indent == 0)
        indent = std::max({widest, m_indent + 1, std::int64_t(1)});
    return true;
}

bool YamlScanner::scanQuoted(YamlToken &token, Quotes quotes)
{
    const YamlMark start = m_mark;
    advance();
    const char quote = quotes == Quotes::Single ? '\'' : '"';
    std::string text;
    Gap gap;
    for (;;) {
        if (!ensure(4))
            return false;
        if (isDocumentIndicator())
            return fail("found unexpected document indicator", start);
        if (isEndAt())
            return fail("found unexpected end of stream", start);
        gap.hasBreak = false;
        if (!scanQuotedWord(quotes, start, gap, text) || !ensure(1))
            return false;
        if (at() == quote)
            break;
        if (!scanGap(gap))
            return false;
        closeGap(gap, text);
    }
    advance();
    token = {.kind = Kind::Scalar, .start = start, .end = m_mark, .text = keep(text)};
    token.style = quotes == Quotes::Double ? YamlStyle::DoubleQuoted : YamlStyle::SingleQuoted;
    return true;
}

bool YamlScanner::scanQuotedWord(Quotes quotes, const YamlMark &start, Gap &gap, std::string &text)
{
    while (!isBlankOrEndAt()) {
        const char c = at();
        if (quotes == Quotes::Single && c == '\'') {
            if (at(1) != '\'')
                return true;
            text += '\'';
            advance(2);
        } else if (quotes == Quotes::Double && c == '"') {
            return true;
        } else if (quotes == Quotes::Double && c == '\\' && isBreakAt(1)) {
            if (!ensure(3))
                return false;
            advance();
            skipBreak();
            gap.hasBreak = true;
            return true;
        } else if (quotes == Quotes::Double && c == '\\') {
            if (!scanEscape(start, text))
                return false;
        } else {
            take(text);
        }
        if (!ensure(2))
            return false;
    }
    return true;
}

bool YamlScanner::scanEscape(const YamlMark &start, std::string &text)
{
    constexpr std::string_view kNames = "abt\tnvfre \"'\\";
    constexpr std::string_view kValues = "\a\b\t\t\n\v\f\r\x1B \"'\\";
    const char name = at(1);
    std::size_t digits = 0;
    if (const std::size_t found = kNames.find(name); found != std::string_view::npos && name != '\0')
        text += kValues[found];
    else if (name == '0')
        text += '\0';
    else if (name == 'N')
        text += "\xC2\x85";
    else if (name == '_')
        text += "\xC2\xA0";
    else if (name == 'L')
        text += "\xE2\x80\xA8";
    else if (name == 'P')
        text += "\xE2\x80\xA9";
    else if (name == 'x' || name == 'u' || name == 'U')
        digits = name == 'x' ? 2 : name == 'u' ? 4 : 8;
    else
        return fail("found unknown escape character", start);
    advance(2);
    if (digits == 0)
        return true;
    if (!ensure(digits))
        return false;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const int digit = hexValue(at(i));
        if (digit < 0)
            return fail("did not find expected hexdecimal number", start);
        value = value * 16 + static_cast<std::uint64_t>(digit);
    }
    if ((value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF)
        return fail("found invalid Unicode character escape code", start);
    appendUtf8(text, static_cast<char32_t>(value));
    advance(digits);
    return true;
}

bool YamlScanner::scanGap(Gap &gap)
{
    while (isBlankAt() || isBreakAt()) {
        if (isBlankAt()) {
            if (gap.hasBreak)
                advance();
            else
                take(gap.blanks);
        } else {
            if (!ensure(2))
                return false;
            if (gap.hasBreak) {
                takeBreak(gap.breaks);
            } else {
                gap.blanks.clear();
                takeBreak(gap.firstBreak);
                gap.hasBreak = true;
            }
        }
        if (!ensure(1))
            return false;
    }
    return true;
}

void YamlScanner::closeGap(Gap &gap, std::string &text)
{
    if (!gap.hasBreak) {
        text += gap.blanks;
        gap.blanks.clear();
        return;
    }
    if (!gap.firstBreak.starts_with('\n')) {
        text += gap.firstBreak;
        text += gap.breaks;
    } else if (gap.breaks.empty()) {
        text += ' ';
    } else {
        text += gap.breaks;
    }
    gap.firstBreak.clear();
    gap.breaks.clear();
}

bool YamlScanner::scanPlain(YamlToken &token)
{
    const YamlMark start = m_mark;
    const std::int64_t indent = m_indent + 1;
    YamlMark end = m_mark;
    std::string text;
    Gap gap;
    for (;;) {
        if (!ensure(4))
            return false;
        if (isDocumentIndicator() || at() == '#')
            break;
        if (!scanPlainWord(gap, text, end))
            return false;
        if (!isBlankAt() && !isBreakAt())
            break;
        if (!ensure(1))
            return false;
        while (isBlankAt() || isBreakAt()) {
            if (gap.hasBreak && m_mark.column < indent && at() == '\t')
                return fail("found a tab character that violates indentation", start);
            if (isBlankAt()) {
                if (gap.hasBreak)
                    advance();
                else
                    take(gap.blanks);
            } else {
                if (!ensure(2))
                    return false;
                if (gap.hasBreak) {
                    takeBreak(gap.breaks);
                } else {
                    gap.blanks.clear();
                    takeBreak(gap.firstBreak);
                    gap.hasBreak = true;
                }
            }
            if (!ensure(1))
                return false;
        }
        if (m_flowLevel == 0 && m_mark.column < indent)
            break;
    }
    token = {.kind = Kind::Scalar, .isPlain = true, .start = start, .end = end, .text = keep(text)};
    if (gap.hasBreak)
        m_allowsSimpleKey = true;
    return true;
}

bool YamlScanner::scanPlainWord(Gap &gap, std::string &text, YamlMark &end)
{
    constexpr std::string_view kFlowIndicators = ",?[]{}";
    while (!isBlankOrEndAt()) {
        if (at() == ':' && isBlankOrEndAt(1))
            return true;
        if (m_flowLevel > 0 && kFlowIndicators.find(at()) != std::string_view::npos)
            return true;
        if (gap.hasBreak || !gap.blanks.empty()) {
            closeGap(gap, text);
            gap.hasBreak = false;
        }
        take(text);
        end = m_mark;
        if (!ensure(2))
            return false;
    }
    return true;
}

} // namespace tiphys::object::detail
