// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/short_text.h"
#include "object/yaml_scalar.h"
#include "object/yaml_style.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tiphys::object::detail {

inline constexpr std::size_t kLongestKey = 1000;

enum BlockClass : std::uint8_t {
    kNoPlainStart = 1, ///< cannot begin a plain scalar, or only sometimes
    kWord = 2,         ///< means nothing in YAML where it is not the first of a text
};

inline constexpr std::array<std::uint8_t, 256> kBlockClasses = [] {
    std::array<std::uint8_t, 256> classes{};
    for (const char c : std::string_view("?:,[]{}#&*!|>'\"%@` \t\n"))
        classes[static_cast<unsigned char>(c)] |= kNoPlainStart;
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+$=-"))
        classes[static_cast<unsigned char>(c)] |= kWord;
    return classes;
}();

inline bool isClass(char c, BlockClass wanted)
{
    return (kBlockClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

/// A place in an ordinary YAML text (isOrdinaryYamlText) that moves over lines, keys and texts. What moves it gives false for
/// "not for the fast reader"; the place is worth nothing then, unless it says otherwise. Texts are views of the document, or of
/// m_text where they do not stand there as they are.
class BlockCursor
{
protected:
    explicit BlockCursor(std::string_view text)
        : m_at(text.data()), m_end(text.data() + text.size()), m_hasTabs(text.contains('\t')),
          m_hasHashes(text.contains('#'))
    {
    }

    struct Word
    {
        std::string_view text;
        YamlStyle style = YamlStyle::Plain;
    };

    bool isDocumentMarker() const
    {
        if (m_end - m_at < 3 || (*m_at != '-' && *m_at != '.') || m_at[1] != *m_at || m_at[2] != *m_at)
            return false;
        return m_end - m_at == 3 || m_at[3] == ' ' || m_at[3] == '\n' || m_at[3] == '\t';
    }
    bool isDash() const { return *m_at == '-' && (m_at + 1 == m_end || m_at[1] == ' ' || m_at[1] == '\n'); }
    bool isBlankOrEnd(const char *at) const { return at == m_end || *at == ' ' || *at == '\n' || *at == '\t'; }
    const char *lineEnd() const
    {
        const void *found = std::memchr(m_at, '\n', static_cast<std::size_t>(m_end - m_at));
        return found ? static_cast<const char *>(found) : m_end;
    }
    void skipLine()
    {
        m_at = lineEnd();
        if (m_at < m_end)
            ++m_at;
    }
    /// Ends a line on which nothing but blanks and a comment may follow.
    bool endLine()
    {
        const char *from = m_at;
        skipSpaces();
        if (m_at == m_end)
            return true;
        if (*m_at == '\n') {
            ++m_at;
            return true;
        }
        if (*m_at != '#' || m_at == from)
            return false;
        skipLine();
        return true;
    }
    /// The first place from \p at on that holds no space.
    const char *behindSpaces(const char *at) const
    {
        constexpr std::uint64_t kSpaces = 0x2020202020202020u;
        while (m_end - at >= 8) {
            const std::uint64_t others = wordAt<std::uint64_t>(at) ^ kSpaces;
            if (others != 0)
                return at + std::countl_zero(firstUppermost(others)) / 8;
            at += 8;
        }
        while (at < m_end && *at == ' ')
            ++at;
        return at;
    }
    void skipSpaces()
    {
        if (m_at < m_end && *m_at == ' ')
            m_at = behindSpaces(m_at + 1);
    }
    /// Behind the letters, digits and signs from \p at on that mean nothing in YAML.
    const char *behindWord(const char *at) const
    {
        while (at < m_end && isClass(*at, kWord))
            ++at;
        return at;
    }

    /// Reads a key with its ':'; does not move if there is none that is plainly a text.
    bool scanKey(Word &key)
    {
        const char *start = m_at;
        const char quote = *m_at;
        if (quote == '"' || quote == '\'')
            return scanQuotedKey(quote, key);
        if (isClass(quote, kNoPlainStart) || isDash())
            return false;
        const char *colon = behindWord(start);
        if (colon == m_end || *colon == '\n')
            return false;
        if (*colon != ':' || !isBlankOrEnd(colon + 1)) {
            colon = keyEnd(colon);
            if (!colon)
                return false;
        }
        const std::string_view text(start, static_cast<std::size_t>(colon - start));
        if (text.size() > kLongestKey || text.back() == ' ' || hasTabOrComment(text))
            return false;
        key = {text, YamlStyle::Plain};
        if (!startsYamlString(text[0])) {
            const YamlScalar::Kind kind = resolveYamlScalar(text).kind;
            if (text == "<<" || (kind != YamlScalar::Kind::String && kind != YamlScalar::Kind::Timestamp))
                return false;
        }
        m_at = colon + 1;
        return m_at == m_end || *m_at != '\t';
    }

    /// The first ':' of the line, from \p at on, that ends a key; null if there is none.
    const char *keyEnd(const char *at) const
    {
        const char *line = lineEnd();
        for (;;) {
            at = static_cast<const char *>(std::memchr(at, ':', static_cast<std::size_t>(line - at)));
            if (!at || isBlankOrEnd(at + 1))
                return at;
            ++at;
        }
    }

    bool scanQuotedKey(char quote, Word &key)
    {
        const char *at = m_at + 1;
        while (at < m_end && *at != quote && *at != '\n' && *at != '\t' && (quote == '\'' || *at != '\\'))
            ++at;
        if (at == m_end || *at != quote)
            return false;
        const char *colon = at + 1;
        if (colon == m_end || *colon != ':' || !isBlankOrEnd(colon + 1))
            return false;
        key = {{m_at + 1, static_cast<std::size_t>(at - m_at - 1)}, styleOfQuote(quote)};
        if (key.text.size() > kLongestKey)
            return false;
        m_at = colon + 1;
        return m_at == m_end || *m_at != '\t';
    }

    static YamlStyle styleOfQuote(char quote)
    {
        return quote == '"' ? YamlStyle::DoubleQuoted : YamlStyle::SingleQuoted;
    }

    bool hasTabOrComment(std::string_view text) const
    {
        return (m_hasTabs && text.contains('\t')) || (m_hasHashes && text.contains(" #"));
    }

    /// Whether the line at hand goes on with a plain text that stands in a collection at \p parent.
    bool continues(std::size_t parent) const
    {
        const char *at = behindSpaces(m_at);
        return at < m_end && *at != '\n' && *at != '#' && static_cast<std::size_t>(at - m_at) > parent;
    }

    /// The rest of the line as plain text, up to a comment.
    bool plainLine(std::string_view &text, bool &hasComment)
    {
        const char *word = behindWord(m_at);
        const char *line = word == m_end || *word == '\n' ? word : lineEnd();
        text = {m_at, static_cast<std::size_t>(line - m_at)};
        if (line == word) {
            m_at = line < m_end ? line + 1 : line;
            return true;
        }
        if (m_hasHashes && text.contains('#')) {
            const std::size_t comment = text.find(" #");
            hasComment = comment != std::string_view::npos;
            text = text.substr(0, comment);
        }
        while (text.ends_with(' '))
            text.remove_suffix(1);
        if (m_hasTabs && text.contains('\t'))
            return false;
        const char *colon = text.data();
        const char *end = text.data() + text.size();
        while ((colon = static_cast<const char *>(std::memchr(colon, ':', static_cast<std::size_t>(end - colon))))) {
            if (isBlankOrEnd(++colon))
                return false;
        }
        m_at = line < m_end ? line + 1 : line;
        return true;
    }

    /// Line breaks within a quoted text, behind what m_text holds: one is a space, of more each but the first is kept.
    bool foldBreak()
    {
        if (m_at == m_end || *m_at != '\n' || m_at[-1] == '\\')
            return false;
        while (m_text.ends_with(' '))
            m_text.pop_back();
        std::size_t breaks = 0;
        while (m_at < m_end && *m_at == '\n') {
            ++m_at;
            ++breaks;
            if (m_at < m_end && isDocumentMarker())
                return false;
            skipSpaces();
        }
        if (m_at == m_end || *m_at == '\t')
            return false;
        if (breaks == 1)
            m_text += ' ';
        else
            m_text.append(breaks - 1, '\n');
        return true;
    }

    /// Reads a quoted text on one line; \p text is a view of it or of m_text. Where the line ends first, m_text holds
    /// what there is.
    bool scanQuoted(std::string_view &text)
    {
        const char quote = *m_at++;
        const char *start = m_at;
        while (m_at < m_end && *m_at != quote && *m_at != '\\' && *m_at != '\n' && *m_at != '\t')
            ++m_at;
        if (m_at == m_end)
            return false;
        const bool isPlain = *m_at == quote && (m_at + 1 == m_end || m_at[1] != quote || quote == '"');
        if (isPlain) {
            text = {start, static_cast<std::size_t>(m_at - start)};
            ++m_at;
            return true;
        }
        m_text.assign(start, m_at);
        return scanQuotedRest(quote, text);
    }

    bool scanQuotedRest(char quote, std::string_view &text)
    {
        while (m_at < m_end && *m_at != '\n' && *m_at != '\t') {
            const char c = *m_at++;
            if (c == quote) {
                const bool isDoubled = quote == '\'' && m_at < m_end && *m_at == '\'';
                if (!isDoubled) {
                    text = m_text;
                    return true;
                }
                ++m_at;
            } else if (c == '\\' && quote == '"') {
                constexpr std::string_view kNames = "\"\\nt";
                constexpr std::string_view kValues = "\"\\\n\t";
                const std::size_t name = m_at < m_end ? kNames.find(*m_at) : std::string_view::npos;
                if (name == std::string_view::npos)
                    return false;
                ++m_at;
                m_text += kValues[name];
                continue;
            }
            m_text += c;
        }
        return false;
    }

    /// The lines of a block scalar into m_text; the break after the last one (\p hasBreak) and the empty lines after it
    /// (\p breaks) are left to the caller.
    bool blockLines(std::size_t indent, bool isFolded, std::size_t &breaks, bool &hasBreak)
    {
        bool startedBlank = false;
        while (m_at < m_end) {
            const char *line = m_at;
            const char *start =
                std::min(behindSpaces(line), line + std::min(indent, static_cast<std::size_t>(m_end - line)));
            if (start == m_end)
                return start == line;
            if (*start == '\n') {
                ++breaks;
                m_at = start + 1;
                continue;
            }
            if (static_cast<std::size_t>(start - line) < indent)
                return *start != '\t';
            const bool startsBlank = *start == ' ' || *start == '\t';
            if (isFolded && hasBreak && !startedBlank && !startsBlank) {
                if (breaks == 0)
                    m_text += ' ';
            } else if (hasBreak) {
                m_text += '\n';
            }
            m_text.append(breaks, '\n');
            breaks = 0;
            startedBlank = startsBlank;
            m_at = start;
            const char *end = lineEnd();
            m_text.append(start, end);
            hasBreak = end < m_end;
            m_at = hasBreak ? end + 1 : end;
        }
        return true;
    }

    /// Words with blanks between them.
    bool flowWord(std::string_view &word)
    {
        const char *start = m_at;
        for (;;) {
            m_at = behindWord(m_at);
            word = {start, static_cast<std::size_t>(m_at - start)};
            if (word.empty() || word == "-" || m_at == m_end)
                return false;
            if (*m_at != ' ')
                return *m_at == ',' || *m_at == ']' || *m_at == '}' || *m_at == ':';
            const char *next = behindSpaces(m_at);
            if (next == m_end)
                return false;
            if (!isClass(*next, kWord))
                return *next == ',' || *next == ']' || *next == '}';
            m_at = next;
        }
    }

    const char *m_at;
    const char *m_end;
    const bool m_hasTabs;
    const bool m_hasHashes;
    std::string m_text;
};

} // namespace tiphys::object::detail
