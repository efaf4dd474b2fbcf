// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/block_document.h"

#include "object/yaml_block_reader.h"
#include "object/yaml_input.h"
#include "render/kustomize/scalar.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

using object::detail::YamlStyle;

/// Larger documents are left to the reader that counts.
constexpr std::size_t kMostNodes = 1'000'000;

/// Makes nodes of what is read.
class NodeSink
{
public:
    explicit NodeSink(Arena &arena) : m_arena(arena) {}

    void beginMap(bool isFlow) { open(m_arena.map(), Tag::Map, isFlow); }
    bool endMap()
    {
        close();
        return true;
    }
    void beginList(bool isFlow) { open(m_arena.list(), Tag::List, isFlow); }
    void endList() { close(); }
    void key(std::string_view text, YamlStyle style) { add(scalar(text, style)); }
    void plain(std::string_view text) { add(scalar(text, YamlStyle::Plain)); }
    void text(std::string_view text, YamlStyle style) { add(scalar(text, style)); }
    void absent() { plain({}); }

    Node *root() const { return m_pending.empty() ? nullptr : m_pending.front(); }

private:
    struct Open
    {
        Node *node;
        std::size_t start; ///< of its items among those that wait
    };

    void add(Node *node) { m_pending.push_back(node); }

    void open(Node *node, Tag tag, bool isFlow)
    {
        node->tag = tag;
        node->isFlow = isFlow;
        add(node);
        m_open.push_back({node, m_pending.size()});
    }

    void close()
    {
        const Open open = m_open.back();
        m_open.pop_back();
        m_arena.setItems(*open.node, std::span(m_pending).subspan(open.start));
        m_pending.resize(open.start);
    }

    Node *scalar(std::string_view text, YamlStyle style)
    {
        Node *node = m_arena.copy({});
        node->kind = Kind::Scalar;
        node->value = m_arena.keep(text);
        switch (style) {
        case YamlStyle::DoubleQuoted: node->style = Style::DoubleQuoted; break;
        case YamlStyle::SingleQuoted: node->style = Style::SingleQuoted; break;
        case YamlStyle::Literal: node->style = Style::Literal; break;
        case YamlStyle::Folded: node->style = Style::Folded; break;
        case YamlStyle::Plain:
        case YamlStyle::Flow: break;
        }
        if (node->style != Style::Plain)
            node->tag = Tag::String;
        else
            node->tag = text == "<<" ? Tag::Merge : meaningOf(text).tag;
        return node;
    }

    Arena &m_arena;
    std::vector<Node *> m_pending;
    std::vector<Open> m_open;
};

} // namespace

Node *readBlockNode(Arena &arena, std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (!object::detail::isOrdinaryYamlText(text))
        return nullptr;
    const std::size_t before = arena.count();
    NodeSink sink(arena);
    const bool isRead = object::detail::BlockReader(text, sink).read();
    return isRead && arena.count() - before <= kMostNodes ? sink.root() : nullptr;
}

} // namespace tiphys::render::kustomize
