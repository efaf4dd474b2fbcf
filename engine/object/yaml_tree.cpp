// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_tree.h"

#include "object/yaml_parser.h"

#include <string>
#include <unordered_map>

namespace tiphys::object::detail {

namespace {

using EventKind = YamlEvent::Kind;

/// go-yaml's line numbers: off by one for parser errors, none for the first line.
Error errorOf(const YamlProblem &problem, YamlErrorLine wanted)
{
    std::int64_t line = 0;
    if (wanted == YamlErrorLine::OfContext && problem.context.line != 0)
        line = problem.context.line + (problem.origin == YamlProblem::Origin::Scanner ? 1 : 0);
    else if (problem.at.line != 0)
        line = problem.at.line + (problem.origin == YamlProblem::Origin::Scanner ? 1 : 0);
    else
        line = problem.context.line;
    std::string text = "yaml: ";
    if (line != 0)
        text += "line " + std::to_string(line) + ": ";
    return {ErrorCode::InvalidInput, text + problem.text};
}

class TreeReader
{
public:
    TreeReader(const YamlInput &input, Chunk &storage, YamlErrorLine line, YamlNotes *notes)
        : m_parser(input, storage), m_storage(storage), m_line(line), m_notes(notes)
    {
        if (m_notes)
            m_parser.noteComments(m_notes->comments);
    }

    Expected<YamlNode *> read()
    {
        YamlEvent event;
        while (m_parser.next(event)) {
            if (event.kind == EventKind::StreamEnd || event.kind == EventKind::DocumentEnd)
                return m_root;
            if (event.kind == EventKind::Alias && !m_anchors.contains(event.anchor))
                return failure(ErrorCode::InvalidInput,
                               "yaml: unknown anchor '" + std::string(event.anchor) + "' referenced");
            accept(event);
        }
        return std::unexpected(errorOf(*m_parser.problem(), m_line));
    }

private:
    struct Open
    {
        YamlNode *node;
        YamlNode *lastChild = nullptr;
    };

    void accept(const YamlEvent &event)
    {
        switch (event.kind) {
        case EventKind::Scalar: {
            YamlNode *node = add(YamlNode::Kind::Scalar, event);
            node->text = event.text;
            node->isImplicit = event.isImplicit;
            return;
        }
        case EventKind::Alias: {
            YamlNode *node = add(YamlNode::Kind::Alias, event);
            node->text = event.anchor;
            node->target = m_anchors.find(event.anchor)->second;
            return;
        }
        case EventKind::SequenceStart: m_open.push_back({add(YamlNode::Kind::Sequence, event)}); return;
        case EventKind::MappingStart: m_open.push_back({add(YamlNode::Kind::Mapping, event)}); return;
        case EventKind::SequenceEnd:
        case EventKind::MappingEnd: m_open.pop_back(); return;
        case EventKind::DocumentStart:
        case EventKind::DocumentEnd:
        case EventKind::StreamEnd: return;
        }
    }

    YamlNode *add(YamlNode::Kind kind, const YamlEvent &event)
    {
        auto *node = new (m_storage.allocate(sizeof(YamlNode))) YamlNode;
        node->kind = kind;
        node->tag = event.tag;
        node->style = event.style;
        node->isAnchored = event.hasAnchor && kind != YamlNode::Kind::Alias;
        node->line = event.start.line;
        if (m_open.empty()) {
            m_root = node;
        } else {
            Open &parent = m_open.back();
            (parent.lastChild ? parent.lastChild->nextSibling : parent.node->firstChild) = node;
            parent.lastChild = node;
        }
        if (event.hasAnchor)
            m_anchors[event.anchor] = node;
        if (m_notes && node->isAnchored)
            m_notes->anchors[node] = event.anchor;
        return node;
    }

    YamlParser m_parser;
    Chunk &m_storage;
    YamlErrorLine m_line;
    YamlNotes *m_notes;
    YamlNode *m_root = nullptr;
    std::vector<Open> m_open;
    std::unordered_map<std::string_view, YamlNode *> m_anchors;
};

} // namespace

Expected<YamlNode *> readYamlTree(std::string_view source, Chunk &storage, YamlErrorLine line, YamlNotes *notes)
{
    const YamlInput input = yamlInputOf(source.empty() ? std::string_view("\n") : source);
    return TreeReader(input, storage, line, notes).read();
}

} // namespace tiphys::object::detail
