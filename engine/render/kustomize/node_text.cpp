// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/node_text.h"

#include "object/yaml_text_style.h"
#include "render/kustomize/folded_scalar.h"
#include "render/kustomize/noted_text.h"
#include "render/kustomize/scalar.h"

#include <algorithm>
#include <cstdio>

namespace tiphys::render::kustomize {

namespace {

using object::detail::isYamlPrintable;
using object::detail::YamlText;

constexpr int kDeepest = 1'100;

/// True if the text may stand without quotes, whatever it then means.
bool allowsPlain(std::string_view text)
{
    if (text.empty() || text.contains('\n'))
        return false;
    // Letters in front keep the text from being a word or a number, which would ask for quotes.
    return YamlText(text).styleFor(YamlText::Use::Value) == YamlText::Style::Plain || meaningOf(text).tag != Tag::String
           || isNonStringText(text);
}

/// The same between braces or brackets.
bool allowsFlowPlain(std::string_view text)
{
    return allowsPlain(text) && text.find_first_of(",?[]{}:") == std::string_view::npos && text != "-";
}

bool allowsSingleQuotes(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && (byte & 0xC0) != 0x80 && !isYamlPrintable(text, i)))
            return false;
    }
    return true;
}

std::string doubleQuoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view kNamed = "\n\t\r\"\\\a\b\f\v\x1b";
        constexpr std::string_view kNames = "ntr\"\\abfve";
        if (const std::size_t at = kNamed.find(c); at != std::string_view::npos) {
            out += '\\';
            out += kNames[at];
        } else if (c == '\0') {
            out += "\\0";
        } else if (byte < 0x20 || byte == 0x7F) {
            constexpr std::string_view kHex = "0123456789ABCDEF";
            out += "\\x";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string singleQuoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text)
        out.append(c == '\'' ? 2 : 1, c);
    return out + "'";
}

/// The tag of \p node as it stands in a text, "" if it has none.
std::string writtenTag(const Node &node)
{
    const std::string_view tag = tagWord(node);
    return tag.empty() || tag.starts_with('!') ? std::string(tag) : "!<" + std::string(tag) + ">";
}

class TextWriter
{
public:
    explicit TextWriter(const NotedText *notes = nullptr) : m_notes(notes) {}

    std::string text(const Node &node)
    {
        if (m_notes && !m_notes->head.empty()) {
            comment(m_notes->head, 0);
            m_out += '\n';
        }
        write(node, 0, Place::Top);
        if (!m_out.ends_with('\n'))
            m_out += '\n';
        if (m_notes && !m_notes->foot.empty()) {
            m_out += '\n';
            comment(m_notes->foot, 0);
        }
        return std::move(m_out);
    }

private:
    enum class Place { Top, Value, Item };
    static constexpr int kNoFoot = -1;

    const NodeNotes &notesOf(const Node &node) const
    {
        static const NodeNotes none;
        const NodeNotes *notes = m_notes ? m_notes->find(node) : nullptr;
        return notes ? *notes : none;
    }

    void indent(int depth) { m_out.append(static_cast<std::size_t>(depth) * 2, ' '); }

    /// The lines of a comment, the first where the text ends, ended by a line feed.
    void comment(std::string_view text, int depth)
    {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            if (at > 0 && end > at)
                indent(depth);
            m_out.append(text.substr(at, end - at)).append("\n");
            at = end + 1;
        }
    }

    void commentLine(std::string_view text, int depth)
    {
        if (text.empty())
            return;
        lineStart(depth);
        comment(text, depth);
    }

    void foot(std::string_view text, int depth)
    {
        commentLine(text, depth);
        if (!text.empty())
            m_footDepth = depth;
    }

    void lineComment(const Node &node, int depth)
    {
        const std::string &text = notesOf(node).line;
        // Behind block scalars it stands at their beginning.
        if (text.empty() || node.style == Style::Literal || node.style == Style::Folded)
            return;
        if (!m_out.ends_with(' '))
            m_out += ' ';
        comment(text, depth);
    }

    void write(const Node &node, int depth, Place place)
    {
        if (depth > kDeepest)
            return;
        const bool isBlock = (node.isMap() || node.isList()) && !node.isFlow && node.size > 0;
        const std::string properties = propertiesOf(node);
        if (!properties.empty()) {
            m_out.append(place == Place::Value ? " " : "").append(properties);
            if (isBlock)
                place = Place::Value;
            else
                m_out += ' ';
        }
        if (node.isMap() && isBlock)
            return map(node, depth, place);
        if (node.isList() && isBlock)
            return list(node, depth, place);
        if (place == Place::Value && properties.empty())
            m_out += ' ';
        if (node.isMap() || node.isList())
            return flow(node, depth);
        scalar(node, depth);
        if (node.value.empty() && m_out.ends_with(' '))
            m_out.pop_back();
    }

    /// What stands in front of \p node: its anchor, and the tag of a list or map; that of a scalar comes with its text.
    std::string propertiesOf(const Node &node) const
    {
        std::string out;
        if (const std::string_view anchor = notesOf(node).anchor; !anchor.empty())
            out.append("&").append(anchor);
        if (node.isTagged && (node.isMap() || node.isList()))
            out.append(out.empty() ? "" : " ").append(writtenTag(node));
        return out;
    }

    void key(const Node &node, int depth)
    {
        if (const std::string properties = propertiesOf(node); !properties.empty())
            m_out.append(properties).append(" ");
        scalar(node, depth);
        m_out += ':';
    }

    void map(const Node &node, int depth, Place place)
    {
        if (place == Place::Value && !m_out.ends_with('\n'))
            m_out += '\n';
        std::string_view tail;
        for (std::uint32_t i = 0; i + 1 < node.size; i += 2) {
            const Node &name = *node.items[i];
            const Node &value = *node.items[i + 1];
            const NodeNotes &notes = notesOf(name);
            foot(tail, depth);
            tail = notes.foot;
            if (i > 0 || place == Place::Value || m_footDepth != kNoFoot)
                commentLine(notes.head, depth);
            else
                comment(notes.head, depth);
            if (i > 0 || place == Place::Value || !notes.head.empty())
                lineStart(depth);
            key(name, depth);
            const bool isBlock = (value.isMap() || value.isList()) && !value.isFlow && value.size > 0;
            if (isBlock)
                lineComment(name, depth);
            write(value, value.isList() && isBlock ? depth : depth + 1, Place::Value);
            if (!isBlock)
                lineComment(notesOf(value).line.empty() ? name : value, depth);
        }
        foot(tail, depth);
    }

    void list(const Node &node, int depth, Place place)
    {
        if (place == Place::Value && !m_out.ends_with('\n'))
            m_out += '\n';
        for (std::uint32_t i = 0; i < node.size; ++i) {
            const Node &item = *node.items[i];
            const NodeNotes &notes = notesOf(item);
            if (i > 0 || place == Place::Value)
                commentLine(notes.head, depth);
            else
                comment(notes.head, depth);
            if (i > 0 || place == Place::Value || !notes.head.empty())
                lineStart(depth);
            m_out += "- ";
            write(item, depth + 1, Place::Item);
            lineComment(item, depth);
            foot(notes.foot, depth);
        }
    }

    void lineStart(int depth)
    {
        if (!m_out.empty() && !m_out.ends_with('\n'))
            m_out += '\n';
        if (m_footDepth == depth)
            m_out += '\n';
        m_footDepth = kNoFoot;
        indent(depth);
    }

    void flow(const Node &node, int depth)
    {
        m_out += node.isMap() ? '{' : '[';
        for (std::uint32_t i = 0; i < node.size; ++i) {
            const bool isValue = node.isMap() && i % 2 == 1;
            if (i > 0)
                m_out += isValue ? ": " : ", ";
            const Node &item = *node.items[i];
            if (const std::string properties = propertiesOf(item); !properties.empty())
                m_out.append(properties).append(" ");
            if (item.isMap() || item.isList())
                flow(item, depth + 1);
            else
                scalar(item, depth, true);
        }
        m_out += node.isMap() ? '}' : ']';
    }

    void literal(std::string_view text, int depth, const NodeNotes &notes)
    {
        std::string_view rest = text;
        m_out += '|';
        if (text.starts_with(' ') || text.starts_with('\n'))
            m_out += '2';
        if (!text.ends_with('\n'))
            m_out += '-';
        else if (text == "\n" || text.ends_with("\n\n"))
            m_out += '+';
        if (!notes.line.empty())
            m_out.append(" ").append(notes.line);
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            const std::string_view line = rest.substr(0, end);
            m_out += '\n';
            if (!line.empty())
                indent(depth == 0 ? 1 : depth);
            m_out += line;
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
        m_out += '\n';
    }

    void folded(std::string_view text, int depth, bool isInFlow, const NodeNotes &notes)
    {
        if (isInFlow || !allowsBlock(text)) {
            m_out += doubleQuoted(text);
            return;
        }
        std::string block = foldedBlock(text, depth);
        if (!notes.line.empty())
            block.insert(block.find('\n'), " " + notes.line);
        m_out += block;
    }

    void scalar(const Node &node, int depth, bool isInFlow = false)
    {
        if (notesOf(node).isAlias) {
            m_out.append("*").append(node.value);
            return;
        }
        std::string tag = writtenTag(node);
        bool forcesQuotes = false;
        if (!node.isTagged && node.tag != Tag::None) {
            if (node.tag == Tag::String && node.style != Style::Plain) {
                tag.clear();
            } else if (meaningOf(node.value).tag == node.tag) {
                tag.clear();
            } else if (node.tag == Tag::String) {
                tag.clear();
                forcesQuotes = true;
            }
        }
        if (!tag.empty() && node.tag != Tag::None)
            m_out.append(tag).append(" ");
        const std::string_view text = node.value;
        switch (node.style) {
        case Style::DoubleQuoted: m_out += doubleQuoted(text); return;
        case Style::SingleQuoted: m_out += allowsSingleQuotes(text) ? singleQuoted(text) : doubleQuoted(text); return;
        case Style::Literal:
            if (isInFlow)
                m_out += doubleQuoted(text);
            else
                literal(text, depth, notesOf(node));
            return;
        case Style::Folded: folded(text, depth, isInFlow, notesOf(node)); return;
        case Style::Plain: break;
        }
        if (text.contains('\n') && !isInFlow)
            literal(text, depth, notesOf(node));
        else if (forcesQuotes || text.contains('\n'))
            m_out += doubleQuoted(text);
        else if (isInFlow ? allowsFlowPlain(text) : text.empty() || allowsPlain(text))
            m_out += text;
        else
            m_out += allowsSingleQuotes(text) ? singleQuoted(text) : doubleQuoted(text);
    }

    const NotedText *m_notes;
    std::string m_out;
    int m_footDepth = kNoFoot; ///< of the foot comment that was just written: an empty line parts it from what follows
};

} // namespace

std::string yamlText(const Node &node)
{
    return TextWriter().text(node);
}

std::string yamlText(const NotedText &text)
{
    return TextWriter(&text).text(*text.root);
}

} // namespace tiphys::render::kustomize
