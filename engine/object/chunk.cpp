// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/chunk.h"

#include "object/short_text.h"

#include <algorithm>
#include <cstring>

namespace tiphys::object::detail {

namespace {
constexpr std::size_t kFirstBlock = 128;
constexpr std::size_t kLargestBlock = 64 * 1024;
} // namespace

std::uint32_t hashOf(std::string_view text)
{
    return textHash(text);
}

namespace {

/// Maps of up to so many entries are walked: comparing sizes is cheaper than jumping about in order.
constexpr std::uint32_t kLongestWalk = 24;
static_assert(kLongestWalk >= kIndexedFrom);

/// True if \p key is the text at \p other, which is as long.
bool hasText(const Key &key, const char *other)
{
    return isSameText(reinterpret_cast<const char *>(&key + 1), other, key.size);
}

} // namespace

const Entry *findEntry(const Node &map, std::string_view key)
{
    if (map.size > kLongestWalk) {
        const std::uint32_t *order = sortedOrder(map);
        const auto *found =
            std::lower_bound(order, order + map.size, key, [&](std::uint32_t at, std::string_view wanted) {
                return map.entries[at].key->text() < wanted;
            });
        if (found == order + map.size || map.entries[*found].key->text() != key)
            return nullptr;
        return &map.entries[*found];
    }
    for (std::uint32_t i = 0; i < map.size; ++i) {
        const Key &candidate = *map.entries[i].key;
        if (candidate.size == key.size() && hasText(candidate, key.data()))
            return &map.entries[i];
    }
    return nullptr;
}

void *Chunk::allocate(std::size_t bytes)
{
    bytes = (bytes + 7) & ~std::size_t(7);
    if (bytes > m_left) {
        // By a quarter: doubling wastes a third of what most documents take, and blocks are few either way.
        const std::size_t grown = std::clamp((m_bytes / 4 + 15) & ~std::size_t(15), kFirstBlock, kLargestBlock);
        const std::size_t size = std::max(bytes, grown);
        // Memory for one pointer is as much as for three.
        if (m_blocks.empty())
            m_blocks.reserve(3);
        m_blocks.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
        m_bytes += size;
        // A block made for one big piece leaves the current block in use.
        if (size == bytes && m_left > 0)
            return m_blocks.back().get();
        m_free = m_blocks.back().get();
        m_left = size;
    }
    void *memory = m_free;
    m_free += bytes;
    m_left -= bytes;
    return memory;
}

const char *Chunk::copyText(std::string_view text)
{
    if (text.empty())
        return "";
    auto *copy = static_cast<char *>(allocate(text.size()));
    copyShortText(copy, text.data(), text.size());
    return copy;
}

const Key *Chunk::copyKey(std::string_view text)
{
    auto *key = new (allocate(sizeof(Key) + text.size())) Key{static_cast<std::uint32_t>(text.size()), hashOf(text)};
    copyShortText(reinterpret_cast<char *>(key + 1), text.data(), text.size());
    return key;
}

Node *Chunk::copyNode(const Node &node)
{
    return new (allocate(sizeof(Node))) Node(node);
}

void Chunk::hold(Chunk *other)
{
    if (!other || other == this || std::ranges::find(m_held, other) != m_held.end())
        return;
    other->retain();
    m_held.push_back(other);
}

void Chunk::release(Chunk *chunk)
{
    if (!chunk || chunk->m_references.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    if (chunk->m_held.empty()) {
        const std::unique_ptr<Chunk> last(chunk);
        return;
    }
    // Chains of edits can be long: a list of the dying, not recursion.
    std::vector<Chunk *> dying{chunk};
    while (!dying.empty()) {
        const std::unique_ptr<Chunk> last(dying.back());
        dying.pop_back();
        for (Chunk *held : last->m_held) {
            if (held->m_references.fetch_sub(1, std::memory_order_acq_rel) == 1)
                dying.push_back(held);
        }
    }
}

} // namespace tiphys::object::detail
