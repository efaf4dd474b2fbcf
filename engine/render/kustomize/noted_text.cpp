// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/noted_text.h"

#include "base/text.h"
#include "render/kustomize/document.h"
#include "render/kustomize/written_nodes.h"

#include <algorithm>

namespace tiphys::render::kustomize {

using object::detail::YamlNode;
using object::detail::YamlNotes;
using object::detail::YamlStyle;

namespace {

/// One line of a YAML text and the comment on it.
struct CommentLine
{
    std::string_view text;                     ///< the whole line, without its break
    std::size_t mark = std::string_view::npos; ///< where "#" begins the comment, npos if there is none

    bool hasComment() const { return mark != std::string_view::npos; }
    std::string_view comment() const { return text.substr(mark); }
    std::string_view content() const { return text.substr(0, mark); }
};

/// Bytes of the line break that \p text begins with, 0 if there is none: those of YAML 1.1.
std::size_t breakSize(std::string_view text)
{
    if (text.starts_with("\r\n") || text.starts_with("\xC2\x85"))
        return 2;
    if (text.starts_with('\n') || text.starts_with('\r'))
        return 1;
    return text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9") ? 3 : 0;
}

/// Where the line of \p text ends that begins at \p start.
std::size_t lineEnd(std::string_view text, std::size_t start)
{
    std::size_t end = text.find_first_of("\n\r\xC2\xE2", start);
    while (end != std::string_view::npos && breakSize(text.substr(end)) == 0)
        end = text.find_first_of("\n\r\xC2\xE2", end + 1);
    return std::min(end, text.size());
}

/// The lines of \p text, which nodes count in the same way, \p comments being where comments begin behind its byte order mark.
std::vector<CommentLine> linesOf(std::string_view text, const std::vector<std::size_t> &comments)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());
    std::vector<CommentLine> lines;
    auto comment = comments.begin();
    for (std::size_t start = 0;;) {
        const std::size_t end = lineEnd(text, start);
        CommentLine &line = lines.emplace_back(text.substr(start, end - start));
        if (comment != comments.end() && *comment < end)
            line.mark = *comment - start;
        while (comment != comments.end() && *comment < end)
            ++comment;
        if (end == text.size())
            return lines;
        start = end + breakSize(text.substr(end));
    }
}

/// What begins and ends on a line.
struct LineNodes
{
    Node *head = nullptr;  ///< the outermost node that begins here: what a comment above is about
    Node *first = nullptr; ///< the first key or item below a lone "-"
    Node *line = nullptr;  ///< what a comment at the end of the line is about
    Node *foot = nullptr;  ///< what a comment below is about
    bool endsOpen = false; ///< the line ends with a colon
    bool passesOn = false; ///< the line ends with the anchor or tag of a list or map that follows
};

bool isBlankLine(std::string_view line)
{
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

/// True for a line that begins or ends a document.
bool isMarker(std::string_view line)
{
    const std::string_view start = line.substr(0, 3);
    return (start == "---" || start == "...") && (line.size() == 3 || std::string_view(" \t").contains(line[3]));
}

/// Puts comments and anchors of a text beside its nodes.
class NoteKeeper
{
public:
    /// \p source is what \p notes were made of.
    NoteKeeper(NotedText &text, std::string_view source, const YamlNotes &notes)
        : m_text(text), m_notes(notes), m_lines(linesOf(source, notes.comments)), m_nodes(m_lines.size())
    {
    }

    void keep(const YamlNode &written, Node &root)
    {
        passOn(written);
        visit(written, root);
        if (!m_hasLongFlow)
            comments();
    }

private:
    static constexpr std::size_t kNone = std::string_view::npos;

    /// Those of the first document.
    void comments()
    {
        std::size_t before = kNone;
        bool isBegun = false;
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            const bool isOwn = m_lines[i].hasComment() && isBlankLine(m_lines[i].content());
            isBegun = isBegun || m_nodes[i].head;
            if (isBegun && isMarker(m_lines[i].text))
                return;
            if (isOwn) {
                i = gap(before, i);
            } else if (!isBlankLine(m_lines[i].content())) {
                before = i;
                if (m_lines[i].hasComment())
                    lineComment(i);
            }
        }
    }

    LineNodes &at(const YamlNode &written)
    {
        return m_nodes[std::min(static_cast<std::size_t>(written.line), m_nodes.size() - 1)];
    }

    void reference(const YamlNode &written, Node &node)
    {
        if (written.isAnchored)
            m_text.notes[&node].anchor = m_notes.anchors.at(&written);
        if (written.kind == YamlNode::Kind::Alias)
            m_text.notes[&node].isAlias = true;
    }

    void visit(const YamlNode &written, Node &node)
    {
        reference(written, node);
        if (written.style == YamlStyle::Flow)
            return flow(written, written, node);
        if (written.kind == YamlNode::Kind::Sequence)
            items(written, node);
        else if (written.kind == YamlNode::Kind::Mapping)
            pairs(written, node);
    }

    void flow(const YamlNode &outer, const YamlNode &written, Node &node)
    {
        std::uint32_t i = 0;
        for (const YamlNode *child = written.firstChild; child; child = child->nextSibling, ++i) {
            m_hasLongFlow = m_hasLongFlow || child->line != outer.line;
            reference(*child, *node.items[i]);
            flow(outer, *child, *node.items[i]);
        }
    }

    static bool isBlock(const YamlNode &written)
    {
        return written.style != YamlStyle::Flow
               && (written.kind == YamlNode::Kind::Sequence || written.kind == YamlNode::Kind::Mapping);
    }

    void passOn(const YamlNode &written)
    {
        const bool isMarked = written.isAnchored || !written.tag.empty();
        if (isMarked && isBlock(written) && written.firstChild && written.firstChild->line > written.line)
            at(written).passesOn = true;
    }

    void items(const YamlNode &written, Node &node)
    {
        std::uint32_t i = 0;
        for (const YamlNode *item = written.firstChild; item; item = item->nextSibling, ++i) {
            Node &child = *node.items[i];
            LineNodes &line = at(*item);
            if (!line.head)
                line.head = &child;
            if (!isBlock(*item))
                line.line = line.foot = &child;
            passOn(*item);
            visit(*item, child);
        }
    }

    void pairs(const YamlNode &written, Node &node)
    {
        std::uint32_t i = 0;
        for (const YamlNode *key = written.firstChild; key && key->nextSibling;
             key = key->nextSibling->nextSibling, i += 2) {
            const YamlNode &value = *key->nextSibling;
            Node &name = *node.items[i];
            LineNodes &line = at(*key);
            if (!line.head)
                line.head = &name;
            if (!line.first)
                line.first = &name;
            const bool isOpen =
                isBlock(value)
                || (value.kind == YamlNode::Kind::Scalar && value.text.empty() && value.style == YamlStyle::Plain);
            line.line = isOpen ? &name : node.items[i + 1];
            line.foot = &name;
            line.endsOpen = isOpen;
            passOn(value);
            visit(*key, name);
            visit(value, *node.items[i + 1]);
        }
    }

    /// The column of the innermost block that is open at the end of a line.
    std::size_t indentOf(std::size_t index) const
    {
        const std::string_view line = m_lines[index].content();
        std::size_t at = std::min(line.find_first_not_of(' '), line.size());
        std::size_t dash = at;
        while (line.substr(at, 2) == "- ") {
            dash = at;
            at = std::min(line.find_first_not_of(' ', at + 1), line.size());
        }
        // An item that is no map belongs to the column of its dash.
        return m_nodes[index].first ? at : dash;
    }

    void add(Node *node, std::string NodeNotes::*place, std::string_view text)
    {
        if (!node)
            return;
        std::string &held = m_text.notes[node].*place;
        if (!held.empty())
            held += '\n';
        held += text;
    }

    void lineComment(std::size_t index)
    {
        const std::string_view comment = m_lines[index].comment();
        if (m_nodes[index].passesOn)
            return passComment(index, comment);
        const bool isLoneDash = m_lines[index].content().find_first_not_of("- \t") == kNone;
        std::size_t line = index;
        if (isLoneDash) {
            // It is about what follows.
            while (line + 1 < m_nodes.size() && !m_nodes[line].head)
                ++line;
            return add(m_nodes[line].first ? m_nodes[line].first : m_nodes[line].head, &NodeNotes::head, comment);
        }
        // Texts may go over several lines.
        while (line > 0 && !m_nodes[line].line)
            --line;
        add(m_nodes[line].line, &NodeNotes::line, comment);
    }

    /// Puts the comment on line \p index behind the first line below it that has something to say and no comment.
    void passComment(std::size_t index, std::string_view comment)
    {
        std::size_t line = index + 1;
        while (line < m_nodes.size() && (!m_nodes[line].line || m_lines[line].hasComment()))
            ++line;
        if (line < m_nodes.size() && !m_nodes[line].line->isFlow)
            add(m_nodes[line].line, &NodeNotes::line, comment);
    }

    /// What a comment at \p column below line \p owner is about: that line, or one further out.
    Node *footOf(std::size_t owner, std::size_t column) const
    {
        for (std::size_t line = owner + 1; line-- > 0;) {
            if (m_nodes[line].head && indentOf(line) <= column)
                return m_nodes[line].foot;
        }
        return m_nodes[owner].foot;
    }

    /// The comments from line \p from to the next line with content, \p before being the last line in front of them
    /// with content. Gives the last line that was read.
    std::size_t gap(std::size_t before, std::size_t from)
    {
        std::size_t owner = before;
        while (owner != kNone && owner > 0 && !m_nodes[owner].head)
            --owner;
        const LineNodes *above = owner == kNone ? nullptr : &m_nodes[owner];
        const std::size_t indent = owner == kNone ? 0 : indentOf(owner);
        const bool isClose = before == kNone || from == before + 1;
        bool isFirstEmpty = isClose;
        bool wasEmpty = false;
        std::string text;
        std::size_t startLine = 0;
        std::size_t startColumn = 0;
        const auto flushFoot = [&] {
            if (above && !text.empty())
                add(footOf(owner, startColumn), &NodeNotes::foot, text);
            text.clear();
        };
        std::size_t i = from;
        for (; i < m_lines.size(); ++i) {
            const CommentLine &line = m_lines[i];
            const bool isLast = i + 1 == m_lines.size();
            if (isBlankLine(line.text)) {
                if (!wasEmpty) {
                    const bool isFoot = before != kNone && startLine == before + 1 && !above->endsOpen;
                    if (isFirstEmpty && (isFoot || startColumn < indent)) {
                        flushFoot();
                    } else if (!text.empty() && !isLast) {
                        text += '\n';
                    }
                }
                isFirstEmpty = false;
                wasEmpty = true;
                continue;
            }
            const bool isComment = line.hasComment() && isBlankLine(line.content());
            const std::size_t column = line.text.find_first_not_of(' ');
            if (!text.empty() && column < indent && column != startColumn)
                flushFoot();
            if (!isComment)
                break;
            if (text.empty()) {
                startLine = i;
                startColumn = column;
            } else {
                text += '\n';
            }
            text += line.comment();
            wasEmpty = false;
            if (isLast && isFirstEmpty
                && ((before != kNone && startLine == before + 1 && !above->endsOpen) || startColumn < indent))
                flushFoot();
        }
        const bool isAtEnd = i == m_lines.size() || (above && above->head && isMarker(m_lines[i].text));
        if (!isAtEnd)
            headComment(text, i, before == kNone);
        else if (!text.empty())
            m_text.foot = text;
        return i - 1;
    }

    void headComment(std::string text, std::size_t line, bool isAtStart)
    {
        if (isAtStart) {
            // What an empty line parts from the first node is about the document.
            const std::size_t empty = text.ends_with('\n') ? text.size() - 1 : text.rfind("\n\n");
            if (empty != std::string::npos) {
                m_text.head = text.substr(0, empty);
                text.erase(0, std::min(text.size(), empty + (text[empty + 1] == '\n' ? 2 : 1)));
            }
        }
        while (line + 1 < m_nodes.size() && !m_nodes[line].head)
            ++line;
        if (!text.empty())
            add(m_nodes[line].head, &NodeNotes::head, text);
    }

    NotedText &m_text;
    const YamlNotes &m_notes;
    std::vector<CommentLine> m_lines;
    std::vector<LineNodes> m_nodes;
    bool m_hasLongFlow = false;
};

} // namespace

bool NotedText::hasAnchors() const
{
    return std::ranges::any_of(notes,
                               [](const auto &note) { return note.second.isAlias || !note.second.anchor.empty(); });
}

bool isLikeJson(std::string_view text)
{
    const std::string_view start = trimmed(text);
    return start.starts_with('{') || start.starts_with('[');
}

Expected<NotedText> readNotedText(Arena &arena, std::string_view text)
{
    NotedText noted;
    if (!text.contains('#') && !text.contains('&')) {
        const Expected<Node *> root = readNode(arena, text);
        if (!root)
            return std::unexpected(root.error());
        noted.root = *root;
        return noted;
    }
    YamlNotes notes;
    const Expected<YamlNode *> written =
        object::detail::readYamlTree(text, arena.storage(), object::detail::YamlErrorLine::OfContext, &notes);
    if (!written)
        return std::unexpected(written.error());
    if (!*written)
        return noted;
    const Expected<Node *> root = nodeAsWritten(arena, **written);
    if (!root)
        return std::unexpected(root.error());
    noted.root = *root;
    if (isLikeJson(text))
        notes.comments.clear();
    NoteKeeper(noted, text, notes).keep(**written, **root);
    return noted;
}

} // namespace tiphys::render::kustomize
