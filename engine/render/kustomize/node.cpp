// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/node.h"

#include "object/short_text.h"
#include "render/kustomize/node_text.h"

#include <cstring>
#include <new>

namespace tiphys::render::kustomize {

bool isEmpty(const Node *node)
{
    return !node || node->isNull() || node->isEmptyMap() || node->isEmptyList()
           || (node->kind == Kind::None && node->size == 0);
}

std::string_view Arena::keep(std::string_view text)
{
    return text.empty() ? std::string_view() : std::string_view(m_chunk->copyText(text), text.size());
}

Node *Arena::copy(const Node &node)
{
    ++m_count;
    return new (m_chunk->allocate(sizeof(Node))) Node(node);
}

Node *Arena::deepCopy(const Node *node)
{
    if (!node)
        return nullptr;
    Node *result = copy(*node);
    if (node->size == 0)
        return result;
    result->capacity = node->size;
    result->items = static_cast<Node **>(m_chunk->allocate(sizeof(Node *) * node->size));
    for (std::uint32_t i = 0; i < node->size; ++i)
        result->items[i] = deepCopy(node->items[i]);
    return result;
}

Node *Arena::map()
{
    Node *node = copy({});
    node->kind = Kind::Map;
    return node;
}

Node *Arena::list()
{
    Node *node = copy({});
    node->kind = Kind::List;
    return node;
}

Node *Arena::scalar(std::string_view text)
{
    Node *node = copy({});
    node->kind = Kind::Scalar;
    node->value = keep(text);
    return node;
}

Node *Arena::string(std::string_view text)
{
    Node *node = scalar(text);
    node->tag = Tag::String;
    if (text.contains('\n'))
        node->style = Style::Literal;
    return node;
}

void Arena::setItems(Node &node, std::span<Node *const> items)
{
    node.size = node.capacity = static_cast<std::uint32_t>(items.size());
    if (items.empty())
        return;
    node.items = static_cast<Node **>(m_chunk->allocate(sizeof(Node *) * items.size()));
    std::memcpy(node.items, items.data(), sizeof(Node *) * items.size());
}

void Arena::append(Node &node, Node *item)
{
    if (node.size == node.capacity) {
        const std::uint32_t capacity = node.capacity == 0 ? 4 : node.capacity * 2;
        auto **items = static_cast<Node **>(m_chunk->allocate(sizeof(Node *) * capacity));
        if (node.size > 0)
            std::memcpy(items, node.items, sizeof(Node *) * node.size);
        node.items = items;
        node.capacity = capacity;
    }
    node.items[node.size++] = item;
}

std::ptrdiff_t keyIndex(const Node &node, std::string_view key)
{
    for (std::uint32_t i = 0; i + 1 < node.size; i += 2) {
        const std::string_view text = node.items[i]->value;
        if (text.size() == key.size() && (key.empty() || text[0] == key[0])
            && object::detail::isSameText(text.data(), key.data(), key.size()))
            return i;
    }
    return -1;
}

Node *field(const Node *map, std::string_view key)
{
    if (!map || !map->isMap())
        return nullptr;
    const std::ptrdiff_t at = keyIndex(*map, key);
    return at < 0 ? nullptr : map->items[at + 1];
}

void clearField(Node &map, std::string_view key)
{
    const std::ptrdiff_t at = keyIndex(map, key);
    if (at < 0)
        return;
    std::memmove(map.items + at, map.items + at + 2, sizeof(Node *) * (map.size - static_cast<std::uint32_t>(at) - 2));
    map.size -= 2;
}

std::string_view kindName(Kind kind)
{
    switch (kind) {
    case Kind::List: return "SequenceNode";
    case Kind::Map: return "MappingNode";
    case Kind::Scalar: return "ScalarNode";
    case Kind::None: break;
    }
    return "";
}

Expected<void> checkKind(const Node *node, Kind kind)
{
    if (isMissing(node) || node->kind == kind)
        return {};
    return failure(ErrorCode::InvalidInput, "wrong node kind: expected " + std::string(kindName(kind)) + " but got "
                                                + std::string(kindName(node->kind)) + ": node contents:\n"
                                                + yamlText(*node));
}

} // namespace tiphys::render::kustomize
