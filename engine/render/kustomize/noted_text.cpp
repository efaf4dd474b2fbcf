// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/noted_text.h"

#include "base/text.h"
#include "render/kustomize/comment_lines.h"
#include "render/kustomize/document.h"
#include "render/kustomize/written_nodes.h"

#include <algorithm>

namespace tiphys::render::kustomize {

using object::detail::YamlNode;
using object::detail::YamlStyle;

namespace {

/// What begins and ends on a line.
struct LineNodes
{
    Node *head = nullptr;  ///< the outermost node that begins here: what a comment above is about
    Node *first = nullptr; ///< the first key or item below a lone "-"
    Node *line = nullptr;  ///< what a comment at the end of the line is about
    Node *foot = nullptr;  ///< what a comment below is about
    bool endsOpen = false; ///< the line ends with a colon
};

enum class Comments { Kept, Lost };

bool isBlankLine(std::string_view line)
{
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// True for a line that begins or ends a document.
bool isMarker(std::string_view line)
{
    const std::string_view start = line.substr(0, 3);
    return (start == "---" || start == "...") && (line.size() == 3 || std::string_view(" \t\r").contains(line[3]));
}

/// The column of the innermost block that is open at the end of a line.
std::size_t indentOf(std::string_view line)
{
    std::size_t at = std::min(line.find_first_not_of(' '), line.size());
    std::size_t dash = at;
    while (line.substr(at, 2) == "- ") {
        dash = at;
        at = std::min(line.find_first_not_of(' ', at + 1), line.size());
    }
    // An item that is no map belongs to the column of its dash.
    const std::string_view rest = line.substr(at);
    const bool isKey = rest.ends_with(':') || rest.contains(": ");
    return isKey ? at : dash;
}

/// Puts comments and anchors of a text beside its nodes.
class NoteKeeper
{
public:
    NoteKeeper(NotedText &text, std::vector<CommentLine> lines) : m_text(text), m_lines(std::move(lines)), m_nodes(m_lines.size()) {}

    /// False if an anchor was not found again.
    bool keep(const YamlNode &written, Comments kept)
    {
        visit(written, *m_text.root);
        if (!anchors())
            return false;
        if (kept == Comments::Kept && !m_hasLongFlow) {
            findComments(m_lines, written);
            comments();
        }
        return true;
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

    LineNodes &at(const YamlNode &written) { return m_nodes[std::min(static_cast<std::size_t>(written.line), m_nodes.size() - 1)]; }

    void visit(const YamlNode &written, Node &node)
    {
        if (written.isAnchored)
            m_anchored[static_cast<std::size_t>(written.line)].push_back(&node);
        if (written.kind == YamlNode::Kind::Alias)
            m_text.notes[&node].isAlias = true;
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
            if (child->isAnchored)
                m_anchored[static_cast<std::size_t>(child->line)].push_back(node.items[i]);
            if (child->kind == YamlNode::Kind::Alias)
                m_text.notes[node.items[i]].isAlias = true;
            flow(outer, *child, *node.items[i]);
        }
    }

    static bool isBlock(const YamlNode &written)
    {
        return written.style != YamlStyle::Flow
               && (written.kind == YamlNode::Kind::Sequence || written.kind == YamlNode::Kind::Mapping);
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
            visit(*item, child);
        }
    }

    void pairs(const YamlNode &written, Node &node)
    {
        std::uint32_t i = 0;
        for (const YamlNode *key = written.firstChild; key && key->nextSibling; key = key->nextSibling->nextSibling, i += 2) {
            const YamlNode &value = *key->nextSibling;
            Node &name = *node.items[i];
            LineNodes &line = at(*key);
            if (!line.head)
                line.head = &name;
            if (!line.first)
                line.first = &name;
            const bool isOpen = isBlock(value) || (value.kind == YamlNode::Kind::Scalar && value.text.empty()
                                                   && value.style == YamlStyle::Plain);
            line.line = isOpen ? &name : node.items[i + 1];
            line.foot = &name;
            line.endsOpen = isOpen;
            visit(*key, name);
            visit(value, *node.items[i + 1]);
        }
    }

    /// Names of anchors in their order on a line; false if one is not there.
    bool anchors()
    {
        for (auto &[line, nodes] : m_anchored) {
            std::string_view rest = m_lines[std::min(line, m_lines.size() - 1)].text;
            for (Node *node : nodes) {
                std::size_t mark = rest.find('&');
                while (mark != kNone && mark > 0 && !std::string_view(" [{,").contains(rest[mark - 1]))
                    mark = rest.find('&', mark + 1);
                if (mark == kNone)
                    return false;
                rest.remove_prefix(mark + 1);
                const std::string_view name = rest.substr(0, rest.find_first_of(" ,]}\t\r"));
                m_text.notes[node].anchor = name;
            }
        }
        const auto isNamed = [this](std::string_view name) {
            return std::ranges::any_of(m_text.notes, [name](const auto &note) { return note.second.anchor == name; });
        };
        return std::ranges::all_of(m_text.notes, [&](const auto &note) { return !note.second.isAlias || isNamed(note.first->value); });
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

    /// What a comment at \p column below line \p owner is about: that line, or one further out.
    Node *footOf(std::size_t owner, std::size_t column) const
    {
        for (std::size_t line = owner + 1; line-- > 0;) {
            if (m_nodes[line].head && indentOf(m_lines[line].content()) <= column)
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
        const std::size_t indent = owner == kNone ? 0 : indentOf(m_lines[owner].content());
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
            if (isLast && isFirstEmpty && ((before != kNone && startLine == before + 1 && !above->endsOpen) || startColumn < indent))
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
    std::vector<CommentLine> m_lines;
    std::vector<LineNodes> m_nodes;
    std::unordered_map<std::size_t, std::vector<Node *>> m_anchored;
    bool m_hasLongFlow = false;
};

} // namespace

bool NotedText::hasAnchors() const
{
    return std::ranges::any_of(notes, [](const auto &note) { return note.second.isAlias || !note.second.anchor.empty(); });
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
    const std::string_view kept = arena.keep(text);
    const Expected<YamlNode *> written = object::detail::readYamlTree(kept, arena.storage(), object::detail::YamlErrorLine::OfContext);
    if (!written)
        return std::unexpected(written.error());
    if (!*written)
        return noted;
    const Expected<Node *> root = nodeAsWritten(arena, **written);
    if (!root)
        return std::unexpected(root.error());
    noted.root = *root;
    const Comments comments = isLikeJson(kept) ? Comments::Lost : Comments::Kept;
    if (NoteKeeper(noted, linesOf(kept)).keep(**written, comments))
        return noted;
    const Expected<Node *> expanded = readFullNode(arena, kept);
    if (!expanded)
        return std::unexpected(expanded.error());
    NotedText plain;
    plain.root = *expanded;
    return plain;
}

} // namespace tiphys::render::kustomize
