// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/chunk.h"

#include "object/short_text.h"
#include "object/small_stack.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tiphys::object::detail {

namespace {
constexpr std::size_t kSmallestBlock = 256;
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

Chunk *Chunk::make(std::size_t room)
{
    room = (room + 7) & ~std::size_t(7);
    return new (::operator new(sizeof(Chunk) + room)) Chunk(room);
}

Chunk::~Chunk()
{
    while (m_blocks)
        ::operator delete(std::exchange(m_blocks, m_blocks->next));
}

void *Chunk::allocateBlock(std::size_t bytes)
{
    // By a quarter: doubling wastes a third of what most documents take, and blocks are few either way.
    const std::size_t grown = std::clamp((m_bytes / 4 + 15) & ~std::size_t(15), kSmallestBlock, kLargestBlock);
    const std::size_t size = std::max(bytes, grown);
    m_blocks = new (::operator new(sizeof(Block) + size)) Block{m_blocks};
    m_bytes += size;
    auto *memory = reinterpret_cast<std::byte *>(m_blocks + 1);
    // A block made for one big piece leaves the current block in use.
    if (size == bytes && m_left > 0)
        return memory;
    m_free = memory + bytes;
    m_left = size - bytes;
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

bool Chunk::isHeld(const Chunk *other) const
{
    bool isHeld = false;
    eachHeld([&](const Chunk *held) { isHeld = isHeld || held == other; });
    return isHeld;
}

void Chunk::addHeld(Chunk *other)
{
    other->retain();
    if (m_heldCount == m_firstHeld.size())
        m_allHeld = std::make_unique<std::vector<Chunk *>>(m_firstHeld.begin(), m_firstHeld.end());
    if (m_heldCount < m_firstHeld.size())
        m_firstHeld[m_heldCount] = other;
    else
        m_allHeld->push_back(other);
    ++m_heldCount;
}

void Chunk::destroy(Chunk *chunk)
{
    // Chains of edits can be long: a list of the dying, not recursion.
    SmallStack<Chunk *, 16> dying;
    for (;;) {
        chunk->eachHeld([&dying](Chunk *held) {
            if (held->isDropped())
                dying.push_back(held);
        });
        chunk->~Chunk();
        ::operator delete(chunk);
        if (dying.empty())
            return;
        chunk = dying.back();
        dying.pop_back();
    }
}

} // namespace tiphys::object::detail
