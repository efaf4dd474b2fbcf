// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/yaml_block_cursor.h"

#include <string_view>
#include <vector>

namespace tiphys::object::detail {

inline constexpr std::size_t kDeepestBlock = 256;

/// Reads one document line by line: block maps and lists, scalars and simple one-line flow collections, which is what
/// manifests are made of; every method gives false for "not for this reader". The text is ordinary (isOrdinaryYamlText).
///
/// \p Sink takes what is read, in order; texts are views that last until the call returns:
///
///     void beginMap(bool isFlow); bool endMap();           // false: not for this reader
///     void beginList(bool isFlow); void endList();
///     void key(std::string_view text, YamlStyle style);    // Plain, DoubleQuoted or SingleQuoted; plain ones are strings
///     void plain(std::string_view text);                   // never empty
///     void text(std::string_view text, YamlStyle style);
///     void absent();                                       // a key or item without value
template <typename Sink>
class BlockReader : BlockCursor
{
public:
    BlockReader(std::string_view text, Sink &sink) : BlockCursor(text), m_sink(sink) {}

    /// False if the document is not for this reader; what the sink has then is worth nothing.
    bool read()
    {
        while (m_at < m_end) {
            const char *line = m_at;
            skipSpaces();
            if (m_at == m_end)
                break;
            if (*m_at == '\n' || *m_at == '#') {
                skipLine();
                continue;
            }
            const auto indent = static_cast<std::size_t>(m_at - line);
            if (indent == 0 && isDocumentMarker()) {
                if (m_hasContent || m_hasMarker || *m_at == '.') {
                    if (*m_at == '.' && !m_hasContent)
                        return false;
                    break;
                }
                m_hasMarker = true;
                m_at += 3;
                if (!endLine())
                    return false;
                continue;
            }
            m_hasContent = true;
            if (!content(indent))
                return false;
        }
        if (m_awaits)
            m_sink.absent();
        while (!m_frames.empty()) {
            if (!close())
                return false;
        }
        return true;
    }

private:
    struct Frame
    {
        std::size_t indent;
        bool isMap;
    };

    bool open(std::size_t indent, bool isMap, bool isFlow = false)
    {
        if (m_frames.size() >= kDeepestBlock)
            return false;
        m_frames.push_back({indent, isMap});
        if (isMap)
            m_sink.beginMap(isFlow);
        else
            m_sink.beginList(isFlow);
        return true;
    }
    bool close()
    {
        const bool isMap = m_frames.back().isMap;
        m_frames.pop_back();
        if (isMap)
            return m_sink.endMap();
        m_sink.endList();
        return true;
    }

    /// A line's content, which begins at \p indent.
    bool content(std::size_t indent)
    {
        if (m_awaits) {
            m_awaits = false;
            const Frame top = m_frames.back();
            if (indent > top.indent)
                return node(indent);
            if (top.isMap && indent == top.indent && isDash())
                return open(indent, false) && item(indent);
            m_sink.absent();
        } else if (m_frames.empty()) {
            if (m_hasRoot)
                return false;
            m_hasRoot = true;
            return node(indent);
        }
        while (!m_frames.empty()) {
            const Frame top = m_frames.back();
            if (top.indent < indent)
                return false;
            if (top.indent == indent) {
                if (top.isMap)
                    return !isDash() && member(indent);
                if (isDash())
                    return item(indent);
                const bool isIndentless = m_frames.size() > 1 && m_frames[m_frames.size() - 2].isMap
                                          && m_frames[m_frames.size() - 2].indent == indent;
                if (!isIndentless)
                    return false;
            }
            if (!close())
                return false;
        }
        return false;
    }

    bool node(std::size_t indent)
    {
        if (isDash())
            return open(indent, false) && item(indent);
        Word key;
        return scanKey(key) && open(indent, true) && held(key, indent);
    }

    bool item(std::size_t indent)
    {
        for (;;) {
            const char *dash = m_at++;
            skipSpaces();
            if (m_at == m_end || *m_at == '\n' || *m_at == '#') {
                m_awaits = true;
                skipLine();
                return true;
            }
            const std::size_t column = indent + static_cast<std::size_t>(m_at - dash);
            if (isDash()) {
                if (!open(column, false))
                    return false;
                indent = column;
                continue;
            }
            Word key;
            if (scanKey(key))
                return open(column, true) && held(key, column);
            return scalar(indent);
        }
    }

    bool member(std::size_t indent)
    {
        Word key;
        return scanKey(key) && held(key, indent);
    }

    /// What a key holds, from behind its ':' on.
    bool held(const Word &key, std::size_t indent)
    {
        m_sink.key(key.text, key.style);
        skipSpaces();
        if (m_at == m_end || *m_at == '\n' || *m_at == '#') {
            m_awaits = true;
            skipLine();
            return true;
        }
        return scalar(indent);
    }

    /// A value that begins on this line, in a collection at \p parent.
    bool scalar(std::size_t parent)
    {
        switch (*m_at) {
        case '"':
        case '\'': return quoted() && endLine();
        case '|':
        case '>': return block(parent);
        case '[':
        case '{': return flow() && endLine();
        default: return plain(parent);
        }
    }

    bool plain(std::size_t parent)
    {
        if (isClass(*m_at, kNoPlainStart) || isDash())
            return false;
        std::string_view text;
        bool hasComment = false;
        if (!plainLine(text, hasComment))
            return false;
        if (hasComment || !continues(parent)) {
            m_sink.plain(text);
            return true;
        }
        m_text.assign(text);
        do {
            skipSpaces();
            if (!plainLine(text, hasComment) || hasComment)
                return false;
            m_text.append(" ").append(text);
        } while (continues(parent));
        m_sink.plain(m_text);
        return true;
    }

    bool quoted()
    {
        const char quote = *m_at;
        std::string_view text;
        for (bool isWhole = scanQuoted(text); !isWhole; isWhole = scanQuotedRest(quote, text)) {
            if (!foldBreak())
                return false;
        }
        m_sink.text(text, styleOfQuote(quote));
        return true;
    }

    bool block(std::size_t parent)
    {
        const bool isFolded = *m_at++ == '>';
        char chomping = ' ';
        if (m_at < m_end && (*m_at == '-' || *m_at == '+'))
            chomping = *m_at++;
        if (m_at == m_end || *m_at != '\n')
            return false;
        ++m_at;
        const char *first = behindSpaces(m_at);
        const auto indent = static_cast<std::size_t>(first - m_at);
        if (first == m_end || *first == '\n' || *first == '\t')
            return false;
        m_text.clear();
        std::size_t breaks = 0;
        bool hasBreak = false;
        if (indent > parent && !blockLines(indent, isFolded, breaks, hasBreak))
            return false;
        if (chomping != '-' && hasBreak)
            m_text += '\n';
        if (chomping == '+')
            m_text.append(breaks, '\n');
        m_sink.text(m_text, isFolded ? YamlStyle::Folded : YamlStyle::Literal);
        return true;
    }

    /// A flow collection on one line, of simple words and quoted texts.
    bool flow()
    {
        const std::size_t outside = m_frames.size();
        do {
            if (!flowValue())
                return false;
            if (!flowEnds(outside))
                return false;
        } while (m_frames.size() > outside);
        return true;
    }

    /// Opens collections down to a scalar, or to an empty collection that is closed at once.
    bool flowValue()
    {
        for (;;) {
            skipSpaces();
            if (m_at == m_end)
                return false;
            const char c = *m_at;
            if (c == '[' || c == '{') {
                ++m_at;
                if (!open(0, c == '{', true))
                    return false;
                skipSpaces();
                if (m_at == m_end)
                    return false;
                if (*m_at == (c == '{' ? '}' : ']'))
                    return true;
                if (c == '{' && !flowKey())
                    return false;
                continue;
            }
            if (c == '"' || c == '\'')
                return quoted();
            std::string_view word;
            if (!flowWord(word))
                return false;
            m_sink.plain(word);
            return true;
        }
    }

    /// Closes what ends here, up to the ',' (and key) before the next value.
    bool flowEnds(std::size_t outside)
    {
        while (m_frames.size() > outside) {
            skipSpaces();
            if (m_at == m_end)
                return false;
            const bool isMap = m_frames.back().isMap;
            const char c = *m_at++;
            if (c == ',') {
                skipSpaces();
                return !isMap || flowKey();
            }
            if (c != (isMap ? '}' : ']') || !close())
                return false;
        }
        return true;
    }

    bool flowKey()
    {
        if (m_at == m_end)
            return false;
        Word key;
        if (*m_at == '"' || *m_at == '\'') {
            key.style = styleOfQuote(*m_at);
            if (!scanQuoted(key.text))
                return false;
        } else {
            if (!flowWord(key.text))
                return false;
            if (!startsYamlString(key.text[0]) && resolveYamlScalar(key.text).kind != YamlScalar::Kind::String)
                return false;
        }
        if (key.text.size() > kLongestKey || m_end - m_at < 2 || *m_at != ':' || m_at[1] != ' ')
            return false;
        m_at += 2;
        skipSpaces();
        if (m_at == m_end || *m_at == ',' || *m_at == '}')
            return false;
        m_sink.key(key.text, key.style);
        return true;
    }

    Sink &m_sink;
    std::vector<Frame> m_frames;
    bool m_awaits = false; ///< the open key or "-" has no value yet
    bool m_hasContent = false;
    bool m_hasMarker = false;
    bool m_hasRoot = false;
};

} // namespace tiphys::object::detail
