// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/glob.h"

#include "base/text.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tiphys {

namespace {

constexpr char32_t kReplacement = 0xfffd;

struct Decoded
{
    std::u32string text;
    bool isValid = true;
};

/// Code points of a UTF-8 text; every broken byte becomes U+FFFD.
Decoded decoded(std::string_view bytes)
{
    Decoded result;
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
        char32_t point = length == 1 ? lead : length == 0 ? kReplacement : lead & (0x7fU >> length);
        bool isBroken = length == 0 || i + length > bytes.size() || lead > 0xf4;
        for (std::size_t j = 1; !isBroken && j < length; ++j) {
            const auto next = static_cast<unsigned char>(bytes[i + j]);
            isBroken = (next & 0xc0) != 0x80;
            point = point << 6 | (next & 0x3f);
        }
        const bool isOverlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
        isBroken = isBroken || isOverlong || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff;
        result.isValid = result.isValid && !isBroken;
        result.text += isBroken ? kReplacement : point;
        i += isBroken ? 1 : length;
    }
    return result;
}

} // namespace

/// Recursive descent over the code points of a pattern.
class Glob::Parser
{
public:
    explicit Parser(std::u32string_view pattern) : m_pattern(pattern) {}

    Expected<Parts> parse()
    {
        Parts parts = sequence(0);
        if (m_error)
            return std::unexpected(*m_error);
        return parts;
    }

private:
    bool isAtEnd() const { return m_at >= m_pattern.size(); }
    char32_t peek() const { return isAtEnd() ? U'\0' : m_pattern[m_at]; }
    void fail(std::string_view message)
    {
        m_error = Error(ErrorCode::InvalidInput, std::string(message));
        m_at = m_pattern.size();
    }

    /// Parts up to the end or, inside of braces, to "," or "}".
    Parts sequence(int depth)
    {
        Parts parts;
        while (!isAtEnd() && !(depth > 0 && (peek() == U',' || peek() == U'}')))
            parts.push_back(part(depth));
        return parts;
    }

    Part part(int depth)
    {
        switch (peek()) {
        case U'*':
            ++m_at;
            if (peek() == U'*') {
                ++m_at;
                return {.type = Part::Type::Super};
            }
            return {.type = Part::Type::Any};
        case U'?': ++m_at; return {.type = Part::Type::Single};
        case U'[': ++m_at; return characterClass();
        case U'{': ++m_at; return alternatives(depth);
        default: return {.type = Part::Type::Text, .text = text(depth > 0 ? U"?*[{}," : U"?*[{")};
        }
    }

    Part alternatives(int depth)
    {
        constexpr int kMaxDepth = 100;
        Part part{.type = Part::Type::Alternatives};
        if (depth >= kMaxDepth) {
            fail("too many nested alternatives");
            return part;
        }
        while (true) {
            part.alternatives.push_back(sequence(depth + 1));
            if (isAtEnd())
                return part; // an open brace counts as closed at the end
            if (m_pattern[m_at++] == U'}')
                return part;
        }
    }

    /// Text up to one of \p breakers; a backslash takes the next character literally.
    std::u32string text(std::u32string_view breakers)
    {
        std::u32string found;
        while (!isAtEnd() && breakers.find(peek()) == std::u32string_view::npos) {
            if (peek() == U'\\' && ++m_at >= m_pattern.size())
                break;
            found += m_pattern[m_at++];
        }
        return found;
    }

    Part characterClass()
    {
        Part part{.type = Part::Type::OneOf};
        if (peek() == U'!') {
            part.isNegated = true;
            ++m_at;
        }
        if (m_at + 1 < m_pattern.size() && m_pattern[m_at + 1] == U'-') {
            part.type = Part::Type::Range;
            part.first = m_pattern[m_at];
            m_at += 2;
            part.last = peek();
            ++m_at;
            if (part.last < part.first)
                fail("hi character should be greater than lo");
        } else {
            part.text = text(U"]");
            if (part.text.empty())
                fail("could not parse range");
        }
        if (peek() != U']' && !m_error)
            fail(isAtEnd() ? "unclosed '['" : "expected close range character");
        ++m_at;
        return part;
    }

    std::u32string_view m_pattern;
    std::size_t m_at = 0;
    std::optional<Error> m_error;
};

/// Follows all partial matches at once.
class Glob::Matcher
{
public:
    Matcher(std::u32string_view text, std::u32string_view separators) : m_text(text), m_separators(separators) {}

    Positions after(const Parts &parts, Positions from) const
    {
        for (const Part &part : parts)
            from = after(part, from);
        return from;
    }

private:
    bool isSeparator(char32_t c) const { return m_separators.find(c) != std::u32string_view::npos; }

    bool accepts(const Part &part, char32_t c) const
    {
        switch (part.type) {
        case Part::Type::Single: return !isSeparator(c);
        case Part::Type::Range: return (c >= part.first && c <= part.last) != part.isNegated;
        case Part::Type::OneOf: return (part.text.find(c) != std::u32string::npos) != part.isNegated;
        case Part::Type::Text:
        case Part::Type::Any:
        case Part::Type::Super:
        case Part::Type::Alternatives: break;
        }
        return false;
    }

    Positions after(const Part &part, const Positions &from) const
    {
        Positions to(m_text.size() + 1, false);
        switch (part.type) {
        case Part::Type::Text:
            for (std::size_t i = 0; i + part.text.size() <= m_text.size(); ++i) {
                if (from[i] && m_text.substr(i, part.text.size()) == part.text)
                    to[i + part.text.size()] = true;
            }
            return to;
        case Part::Type::Any:
        case Part::Type::Super:
            to[0] = from[0];
            for (std::size_t i = 1; i <= m_text.size(); ++i) {
                const bool isCrossed = part.type == Part::Type::Super || !isSeparator(m_text[i - 1]);
                to[i] = from[i] || (to[i - 1] && isCrossed);
            }
            return to;
        case Part::Type::Alternatives:
            for (const Parts &alternative : part.alternatives) {
                const Positions ends = after(alternative, from);
                for (std::size_t i = 0; i < ends.size(); ++i)
                    to[i] = to[i] || ends[i];
            }
            return to;
        case Part::Type::Single:
        case Part::Type::Range:
        case Part::Type::OneOf:
            for (std::size_t i = 0; i < m_text.size(); ++i)
                to[i + 1] = from[i] && accepts(part, m_text[i]);
            return to;
        }
        return to;
    }

    std::u32string_view m_text;
    std::u32string_view m_separators;
};

Expected<Glob> Glob::compile(std::string_view pattern, std::string_view separators)
{
    const Decoded source = decoded(pattern);
    if (!source.isValid)
        return failure(ErrorCode::InvalidInput, "could not read rune");
    Expected<Parts> parts = Parser(source.text).parse();
    if (!parts)
        return failure(parts.error().code(), parts.error().message() + " in glob " + quoted(pattern));
    Glob glob;
    glob.m_parts = std::move(*parts);
    glob.m_separators = decoded(separators).text;
    return glob;
}

bool Glob::matches(std::string_view text) const
{
    const std::u32string points = decoded(text).text;
    Positions start(points.size() + 1, false);
    start[0] = true;
    return Matcher(points, m_separators).after(m_parts, std::move(start)).back();
}

bool globMatches(std::string_view pattern, std::string_view text, std::string_view separators)
{
    const Expected<Glob> glob = Glob::compile(pattern, separators);
    return glob && glob->matches(text);
}

namespace {

/// One step of Go's filepath.Match: a class after "["; \p at moves behind "]".
std::optional<bool> classMatches(std::u32string_view pattern, std::size_t &at, char32_t c)
{
    const bool isNegated = at < pattern.size() && pattern[at] == U'^';
    if (isNegated)
        ++at;
    bool isFound = false;
    const auto character = [&]() -> std::optional<char32_t> {
        if (at >= pattern.size() || pattern[at] == U'-' || pattern[at] == U']')
            return std::nullopt;
        if (pattern[at] == U'\\' && ++at >= pattern.size())
            return std::nullopt;
        return pattern[at++];
    };
    for (bool isFirst = true; isFirst || at >= pattern.size() || pattern[at] != U']'; isFirst = false) {
        const std::optional<char32_t> first = character();
        if (!first)
            return std::nullopt;
        std::optional<char32_t> last = first;
        if (at < pattern.size() && pattern[at] == U'-') {
            ++at;
            last = character();
            if (!last)
                return std::nullopt;
        }
        isFound = isFound || (c >= *first && c <= *last);
    }
    ++at;
    return isFound != isNegated && c != U'/';
}

} // namespace

bool pathGlobMatches(std::string_view patternText, std::string_view text)
{
    // Most patterns begin with letters that the text does not begin with.
    std::size_t same = 0;
    const auto isLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '.' || c == '-';
    };
    while (same < patternText.size() && isLetter(patternText[same])) {
        if (same == text.size() || text[same] != patternText[same])
            return false;
        ++same;
    }
    patternText.remove_prefix(same);
    text.remove_prefix(same);
    const std::u32string pattern = decoded(patternText).text;
    const std::u32string points = decoded(text).text;
    std::vector<bool> at(points.size() + 1, false);
    at[0] = true;
    for (std::size_t i = 0; i < pattern.size();) {
        std::vector<bool> to(points.size() + 1, false);
        if (pattern[i] == U'*') {
            ++i;
            to[0] = at[0];
            for (std::size_t j = 1; j <= points.size(); ++j)
                to[j] = at[j] || (to[j - 1] && points[j - 1] != U'/');
            at = std::move(to);
            continue;
        }
        std::size_t next = i + 1;
        if (pattern[i] == U'\\' && ++next > pattern.size())
            return false;
        for (std::size_t j = 0; j < points.size() || j == 0; ++j) {
            const char32_t c = j < points.size() ? points[j] : U'\0';
            bool accepts = false;
            if (pattern[i] == U'[') {
                next = i + 1;
                const std::optional<bool> matched = classMatches(pattern, next, c);
                if (!matched)
                    return false;
                accepts = *matched;
            } else if (pattern[i] == U'?') {
                accepts = c != U'/';
            } else {
                accepts = c == pattern[next - 1];
            }
            if (j < points.size())
                to[j + 1] = at[j] && accepts;
        }
        i = next;
        at = std::move(to);
    }
    return at.back();
}

} // namespace tiphys
