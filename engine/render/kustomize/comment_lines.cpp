// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/comment_lines.h"

#include <algorithm>
#include <span>
#include <string>

namespace tiphys::render::kustomize {

using object::detail::YamlNode;
using object::detail::YamlStyle;

namespace {

/// Bytes that are read to find the comments of one text; those that were not found by then are lost.
constexpr std::size_t kMostRead = 100'000'000;

bool isSame(const YamlNode *a, const YamlNode *b)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->style != b->style || a->line != b->line || a->text != b->text || a->tag != b->tag)
        return false;
    const YamlNode *left = a->firstChild;
    const YamlNode *right = b->firstChild;
    while (left && right) {
        if (!isSame(left, right))
            return false;
        left = left->nextSibling;
        right = right->nextSibling;
    }
    return left == right;
}

/// The next place at or behind \p from where a comment could begin.
std::size_t nextMark(std::string_view line, std::size_t from)
{
    for (std::size_t at = line.find('#', from); at != std::string_view::npos; at = line.find('#', at + 1)) {
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t')
            return at;
    }
    return std::string_view::npos;
}

class CommentFinder
{
public:
    CommentFinder(std::vector<CommentLine> &lines, const YamlNode &root) : m_root(root), m_lines(lines) {}

    void find()
    {
        skipBlocks(m_root);
        std::vector<std::size_t> candidates;
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            if (isInBlock(i))
                continue;
            m_lines[i].mark = nextMark(m_lines[i].text, 0);
            if (m_lines[i].hasComment())
                candidates.push_back(i);
        }
        std::vector<std::size_t> marks;
        for (const std::size_t i : candidates) {
            marks.push_back(m_lines[i].mark);
            m_lines[i].mark = std::string_view::npos;
        }
        accept(candidates, marks);
    }

private:
    bool isInBlock(std::size_t line) const { return line < m_isInBlock.size() && m_isInBlock[line]; }

    /// Marks the lines of literal and folded scalars: scripts in there have many "#" that are none.
    void skipBlocks(const YamlNode &node)
    {
        if (node.kind == YamlNode::Kind::Scalar && (node.style == YamlStyle::Literal || node.style == YamlStyle::Folded)) {
            m_isInBlock.resize(m_lines.size());
            std::size_t indent = std::string_view::npos;
            for (std::size_t i = static_cast<std::size_t>(node.line) + 1; i < m_lines.size(); ++i) {
                const std::size_t first = m_lines[i].text.find_first_not_of(' ');
                if (first != std::string_view::npos) {
                    if (indent == std::string_view::npos)
                        indent = first;
                    if (first < indent || indent == 0)
                        break;
                }
                m_isInBlock[i] = true;
            }
        }
        for (const YamlNode *child = node.firstChild; child; child = child->nextSibling)
            skipBlocks(*child);
    }

    /// True if the document is the same without the comments of all lines.
    bool staysSame()
    {
        if (m_left == 0)
            return false;
        std::string text;
        for (const CommentLine &line : m_lines)
            text.append(line.content()).append("\n");
        text.pop_back();
        m_left -= std::min(m_left, text.size());
        object::detail::Chunk storage;
        const Expected<YamlNode *> without = object::detail::readYamlTree(text, storage, object::detail::YamlErrorLine::OfContext);
        return without && isSame(*without, &m_root);
    }

    /// Keeps the marks that begin comments, half of the lines at a time.
    void accept(std::span<const std::size_t> lines, std::span<const std::size_t> marks)
    {
        if (lines.empty())
            return;
        for (std::size_t i = 0; i < lines.size(); ++i)
            m_lines[lines[i]].mark = marks[i];
        if (staysSame())
            return;
        for (const std::size_t line : lines)
            m_lines[line].mark = std::string_view::npos;
        if (lines.size() == 1) {
            CommentLine &line = m_lines[lines.front()];
            line.mark = nextMark(line.text, marks.front() + 1);
            while (line.hasComment() && !staysSame())
                line.mark = nextMark(line.text, line.mark + 1);
            return;
        }
        const std::size_t half = lines.size() / 2;
        accept(lines.first(half), marks.first(half));
        accept(lines.subspan(half), marks.subspan(half));
    }

    const YamlNode &m_root;
    std::vector<CommentLine> &m_lines;
    std::vector<bool> m_isInBlock;
    std::size_t m_left = kMostRead;
};

} // namespace

std::vector<CommentLine> linesOf(std::string_view text)
{
    std::vector<CommentLine> lines;
    while (true) {
        const std::size_t end = text.find('\n');
        lines.push_back({.text = text.substr(0, end)});
        if (end == std::string_view::npos)
            return lines;
        text.remove_prefix(end + 1);
    }
}

void findComments(std::vector<CommentLine> &lines, const YamlNode &root)
{
    CommentFinder(lines, root).find();
}

} // namespace tiphys::render::kustomize
