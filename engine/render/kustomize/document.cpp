// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/document.h"

#include "base/text.h"
#include "object/yaml_tree.h"
#include "render/kustomize/block_document.h"
#include "render/kustomize/meta.h"
#include "render/kustomize/scalar.h"
#include "render/kustomize/written_nodes.h"

#include <deque>
#include <unordered_map>

namespace tiphys::render::kustomize {

using object::detail::YamlNode;
using object::detail::YamlStyle;

namespace {

constexpr int kDeepest = 1'000;
/// Nodes that aliases of one text may make beyond a multiple of its size.
constexpr std::size_t kMostNodes = 2'000'000;
constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

Style styleOf(YamlStyle style)
{
    switch (style) {
    case YamlStyle::DoubleQuoted: return Style::DoubleQuoted;
    case YamlStyle::SingleQuoted: return Style::SingleQuoted;
    case YamlStyle::Literal: return Style::Literal;
    case YamlStyle::Folded: return Style::Folded;
    case YamlStyle::Plain:
    case YamlStyle::Flow: break;
    }
    return Style::Plain;
}

/// Makes nodes of a document as written: aliases copied, merge keys merged.
class TreeBuilder
{
public:
    enum class Aliases { Expanded, AsWritten };

    explicit TreeBuilder(Arena &arena, Aliases aliases = Aliases::Expanded)
        : m_arena(arena), m_limit(arena.count() + kMostNodes), m_aliases(aliases)
    {
    }

    Expected<Node *> build(const YamlNode &written, int depth = 0)
    {
        if (depth > kDeepest)
            return failure(ErrorCode::LimitExceeded, "yaml: nested deeper than 1000 levels");
        if (m_arena.count() > m_limit)
            return failure(ErrorCode::LimitExceeded, "yaml: document contains excessive aliasing");
        switch (written.kind) {
        case YamlNode::Kind::Alias: return copyOf(written);
        case YamlNode::Kind::Scalar: return keep(written, scalar(written));
        case YamlNode::Kind::Sequence: return list(written, depth);
        case YamlNode::Kind::Mapping: return map(written, depth);
        }
        return nullptr;
    }

private:
    Node *keep(const YamlNode &written, Node *node)
    {
        if (written.isAnchored)
            m_anchored[&written] = node;
        return node;
    }

    Expected<Node *> copyOf(const YamlNode &alias)
    {
        if (m_aliases == Aliases::AsWritten)
            return m_arena.scalar(alias.text);
        const auto found = m_anchored.find(alias.target);
        if (found == m_anchored.end())
            return failure(ErrorCode::InvalidInput,
                           "yaml: anchor '" + std::string(alias.text) + "' value contains itself");
        // Counted before it is made: the copy of a copy of a copy must not fill the memory first.
        if (m_arena.count() + sizeOf(found->second) > m_limit)
            return failure(ErrorCode::LimitExceeded, "yaml: document contains excessive aliasing");
        return m_arena.deepCopy(found->second);
    }

    std::size_t sizeOf(const Node *node)
    {
        std::size_t size = 1;
        for (const Node *item : node->content())
            size += sizeOf(item);
        return size;
    }

    void setTag(const YamlNode &written, Node &node)
    {
        if (written.tag.empty() || written.tag == "!")
            return;
        const std::string word = written.tag.starts_with(kTagPrefix)
                                     ? "!!" + std::string(written.tag.substr(kTagPrefix.size()))
                                     : std::string(written.tag);
        node.isTagged = true;
        node.tag = tagOf(word);
        if (node.tag == Tag::Other)
            node.tagText = m_arena.keep(word);
    }

    Node *scalar(const YamlNode &written)
    {
        Node *node = m_arena.copy({});
        node->kind = Kind::Scalar;
        node->value = written.text;
        node->style = styleOf(written.style);
        if (node->style != Style::Plain)
            node->tag = Tag::String;
        else
            node->tag = written.text == "<<" ? Tag::Merge : meaningOf(written.text).tag;
        setTag(written, *node);
        return node;
    }

    Expected<Node *> list(const YamlNode &written, int depth)
    {
        Node *node = m_arena.list();
        node->tag = Tag::List;
        node->isFlow = written.style == YamlStyle::Flow;
        setTag(written, *node);
        for (const YamlNode *item = written.firstChild; item; item = item->nextSibling) {
            const Expected<Node *> child = build(*item, depth + 1);
            if (!child)
                return child;
            m_arena.append(*node, *child);
        }
        return keep(written, node);
    }

    Expected<Node *> map(const YamlNode &written, int depth)
    {
        Node *node = m_arena.map();
        node->tag = Tag::Map;
        node->isFlow = written.style == YamlStyle::Flow;
        setTag(written, *node);
        Node *merged = nullptr;
        for (const YamlNode *item = written.firstChild; item; item = item->nextSibling) {
            const Expected<Node *> child = build(*item, depth + 1);
            if (!child)
                return child;
            m_arena.append(*node, *child);
        }
        for (std::uint32_t i = 0; i + 1 < node->size; i += 2) {
            if (node->items[i]->tag != Tag::Merge || m_aliases == Aliases::AsWritten)
                continue;
            if (merged)
                return failure(ErrorCode::InvalidInput, "duplicate merge key");
            merged = node->items[i + 1];
        }
        if (merged) {
            const Expected<void> done = merge(*node, *merged);
            if (!done)
                return std::unexpected(done.error());
        }
        return keep(written, node);
    }

    Expected<void> merge(Node &node, const Node &merged)
    {
        std::vector<const Node *> sources;
        if (merged.isList()) {
            for (std::uint32_t i = merged.size; i > 0; --i)
                sources.push_back(merged.items[i - 1]);
        } else {
            sources.push_back(&merged);
        }
        for (const Node *source : sources) {
            if (!source->isMap())
                return failure(ErrorCode::InvalidInput, "map merge requires map or sequence of maps as the value");
        }
        clearField(node, "<<");
        const Node own = *m_arena.deepCopy(&node);
        for (const Node *source : sources)
            setAll(node, *source);
        setAll(node, own);
        return {};
    }

    void setAll(Node &node, const Node &source)
    {
        for (std::uint32_t i = 0; i + 1 < source.size; i += 2) {
            const std::ptrdiff_t at = keyIndex(node, source.items[i]->value);
            if (at >= 0) {
                node.items[at] = source.items[i];
                node.items[at + 1] = m_arena.deepCopy(source.items[i + 1]);
            } else {
                m_arena.append(node, source.items[i]);
                m_arena.append(node, m_arena.deepCopy(source.items[i + 1]));
            }
        }
    }

    Arena &m_arena;
    std::size_t m_limit;
    Aliases m_aliases;
    std::unordered_map<const YamlNode *, Node *> m_anchored;
};

/// The pieces between lines that start with "---"; what follows on such a line must be a comment.
Expected<std::vector<std::string_view>> piecesOf(std::string_view text)
{
    std::vector<std::string_view> pieces;
    std::size_t from = 0;
    std::size_t at = 0;
    while ((at = text.find("\n---", at)) != std::string_view::npos) {
        const std::size_t end = text.find('\n', at + 1);
        if (end == std::string_view::npos)
            break;
        const std::string_view rest = trimmed(text.substr(at + 4, end - at - 4));
        if (!rest.empty() && rest[0] != '#')
            return failure(ErrorCode::InvalidInput,
                           "invalid document separator: " + std::string(trimmed(text.substr(at, end - at))));
        pieces.push_back(text.substr(from, at + 1 - from));
        from = at = end + 1;
    }
    pieces.push_back(text.substr(from));
    return pieces;
}

std::string withoutCarriageReturns(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r' || i + 1 >= text.size() || text[i + 1] != '\n')
            result += text[i];
    }
    return result;
}

/// Documents of a stream; a single list gives its items.
Expected<std::vector<Node *>> readDocuments(Arena &arena, std::string_view text)
{
    std::string normalised;
    if (text.contains('\r')) {
        normalised = withoutCarriageReturns(text);
        text = normalised;
    }
    std::vector<Node *> nodes;
    if (text.empty())
        return nodes;
    const Expected<std::vector<std::string_view>> pieces = piecesOf(text);
    if (!pieces)
        return std::unexpected(pieces.error());
    for (const std::string_view piece : *pieces) {
        const Expected<Node *> node = readNode(arena, piece);
        if (!node)
            return std::unexpected(node.error().in("MalformedYAMLError"));
        if (isMissing(*node))
            continue;
        const Node *items = field(*node, "items");
        const std::string_view kind = textOf(field(*node, "kind"));
        if (pieces->size() == 1 && (kind == "List" || kind == "ResourceList")
            && (items || field(*node, "functionConfig"))) {
            if (items) {
                for (Node *item : items->content())
                    nodes.push_back(item);
            }
            continue;
        }
        nodes.push_back(*node);
    }
    return nodes;
}

Expected<std::vector<Node *>> withoutBadNodes(const std::vector<Node *> &nodes)
{
    std::vector<Node *> good;
    for (Node *node : nodes) {
        if (isEmpty(node))
            continue;
        const Expected<void> valid = checkMetadata(*node);
        if (!valid)
            return std::unexpected(valid.error());
        good.push_back(node);
    }
    return good;
}

/// The items of a list object, as texts that were written as JSON and read again.
Expected<std::vector<Node *>> itemsOf(Arena &arena, const Node &list, std::string_view kind)
{
    const Expected<object::Value> value = valueOf(&list);
    if (!value)
        return std::unexpected(value.error().in("trouble expanding list of " + std::string(kind)));
    const object::Value items = (*value)["items"];
    std::vector<Node *> nodes;
    if (items.isNull())
        return nodes;
    if (!items.isList())
        return failure(ErrorCode::InvalidInput, "expected array in " + std::string(kind) + "/items");
    for (const object::Value &item : items.items()) {
        Node *node = nodeOf(arena, item);
        const Node *inner = field(node, "items");
        const std::string_view itemKind = textOf(field(node, "kind"));
        if (inner && (itemKind == "List" || itemKind == "ResourceList")) {
            for (Node *each : inner->content())
                nodes.push_back(each);
        } else {
            nodes.push_back(node);
        }
    }
    return withoutBadNodes(nodes);
}

} // namespace

Expected<Node *> readNode(Arena &arena, std::string_view text)
{
    if (Node *simple = readBlockNode(arena, text))
        return simple;
    return readFullNode(arena, text);
}

Expected<Node *> readFullNode(Arena &arena, std::string_view text)
{
    const Expected<YamlNode *> written =
        object::detail::readYamlTree(text, arena.storage(), object::detail::YamlErrorLine::OfContext);
    if (!written)
        return std::unexpected(written.error());
    if (!*written)
        return nullptr;
    return TreeBuilder(arena).build(**written);
}

Expected<Node *> nodeAsWritten(Arena &arena, const YamlNode &written)
{
    return TreeBuilder(arena, TreeBuilder::Aliases::AsWritten).build(written);
}

Expected<std::vector<Node *>> readResources(Arena &arena, std::string_view text)
{
    Expected<std::vector<Node *>> nodes = readDocuments(arena, text);
    if (nodes)
        nodes = withoutBadNodes(*nodes);
    if (!nodes)
        return nodes;
    std::deque<Node *> queue(nodes->begin(), nodes->end());
    std::vector<Node *> resources;
    while (!queue.empty()) {
        Node *node = queue.front();
        queue.pop_front();
        const std::string_view kind = kindOf(*node);
        if (!kind.ends_with("List") || !field(node, "items")) {
            resources.push_back(node);
            continue;
        }
        const Expected<std::vector<Node *>> items = itemsOf(arena, *node, kind);
        if (!items)
            return items;
        queue.insert(queue.end(), items->begin(), items->end());
    }
    return resources;
}

} // namespace tiphys::render::kustomize
