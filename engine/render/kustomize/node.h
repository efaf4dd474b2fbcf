// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/chunk.h"
#include "object/value.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render::kustomize {

enum class Kind : std::uint8_t { None, Scalar, List, Map };
/// What a node says it is; None is a node that was made without a tag: its text decides when it is written.
enum class Tag : std::uint8_t { None, Null, Bool, Int, Float, String, Timestamp, Binary, List, Map, Merge, Other };
/// How a scalar is written; everything but Plain makes text of it.
enum class Style : std::uint8_t { Plain, DoubleQuoted, SingleQuoted, Literal, Folded };

/// A node of a document that is being changed, as kustomize's own trees: mutable, and nodes may be shared by
/// several parents, so that a change at one place shows at the others. That sharing is visible behaviour (a label
/// given by commonLabels and then patched changes in the selector too), so it is kept.
///
/// Nodes live in an Arena and are never freed before it. Copying a Node copies the node, not its children.
/// Source: go.yaml.in/yaml/v3 yaml.go (Node)@v3.0.4, kustomize kyaml/yaml/rnode.go@v5.8.1
struct Node
{
    std::string_view value;   ///< Scalar: its text
    std::string_view tagText; ///< Tag::Other: the tag
    Node **items = nullptr;   ///< List: items; Map: keys and values in turn
    std::uint32_t size = 0;
    std::uint32_t capacity = 0;
    Kind kind = Kind::None;
    Tag tag = Tag::None;
    Style style = Style::Plain;
    bool isTagged = false; ///< the tag was written by hand
    bool isFlow = false;

    std::span<Node *const> content() const { return {items, size}; }
    bool isScalar() const { return kind == Kind::Scalar; }
    bool isList() const { return kind == Kind::List; }
    bool isMap() const { return kind == Kind::Map; }
    bool isNull() const { return tag == Tag::Null; }
    bool isStringValue() const { return isScalar() && (tag == Tag::String || tag == Tag::None); }
    bool isEmptyMap() const { return isMap() && size == 0; }
    bool isEmptyList() const { return isList() && size == 0; }
};

/// True for no node and for null.
inline bool isMissing(const Node *node)
{
    return !node || node->isNull();
}
/// True for no node, null, and maps and lists without content.
bool isEmpty(const Node *node);
/// The text of a node, "" for no node and null.
inline std::string_view textOf(const Node *node)
{
    return isMissing(node) ? std::string_view() : node->value;
}

/// Where the nodes and texts of one build live.
class Arena
{
public:
    /// \p text, kept as long as the arena.
    std::string_view keep(std::string_view text);
    Node *copy(const Node &node);
    /// \p node with all its children.
    Node *deepCopy(const Node *node);

    Node *map();
    Node *list();
    /// A scalar without a tag.
    Node *scalar(std::string_view text);
    /// Text that stays text.
    Node *string(std::string_view text);

    /// Gives \p node these items instead of those that it has.
    void setItems(Node &node, std::span<Node *const> items);
    /// Appends to the items of \p node.
    void append(Node &node, Node *item);
    /// Nodes made so far: what limits measure.
    std::size_t count() const { return m_count; }
    object::detail::Chunk &storage() { return *m_chunk; }

private:
    object::detail::ChunkHandle m_chunk{object::detail::Chunk::make()};
    std::size_t m_count = 0;
};

/// The first value of \p key in a map, null if there is none or if this is no map.
Node *field(const Node *map, std::string_view key);
/// Index of the first \p key in the content of any node (keys at even places), -1 if absent.
std::ptrdiff_t keyIndex(const Node &node, std::string_view key);
/// Drops the first \p key and its value.
void clearField(Node &map, std::string_view key);

/// "MappingNode", "ScalarNode" … as messages of kustomize name kinds.
std::string_view kindName(Kind kind);
/// InvalidInput "wrong node kind: expected … but got …" unless \p node is missing, null or of \p kind.
Expected<void> checkKind(const Node *node, Kind kind);

} // namespace tiphys::render::kustomize
