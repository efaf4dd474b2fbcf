// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// What a value is. Int holds every integer that fits int64, Uint only those above.
enum class Type : std::uint8_t { Null, Bool, Int, Uint, Double, String, List, Map };

/// Storage of values. Private to the folder: everything else uses Value and Builder.
namespace detail {

struct Node;
struct Entry;

/// Text of a map key, followed in memory by its bytes.
struct Key
{
    std::uint32_t size;
    std::uint32_t hash;
    std::string_view text() const { return {reinterpret_cast<const char *>(this + 1), size}; }
};

/// One value: 16 bytes. Strings, lists and maps point into a chunk.
struct Node
{
    std::uint32_t size = 0; ///< bytes of a string, items of a list, entries of a map
    Type type = Type::Null;
    union {
        bool boolean;
        std::int64_t integer = 0;
        std::uint64_t unsignedInteger;
        double number;
        const char *text;
        const Node *items;
        const Entry *entries; ///< above kIndexedFrom entries followed by their sorted order
    };
};
static_assert(sizeof(Node) == 16);

struct Entry
{
    const Key *key;
    Node value;
};

/// Maps with more entries carry an index (uint32 each) sorted by key.
inline constexpr std::uint32_t kIndexedFrom = 8;
inline const std::uint32_t *sortedOrder(const Node &map)
{
    return reinterpret_cast<const std::uint32_t *>(map.entries + map.size);
}

std::uint32_t hashOf(std::string_view text);
/// The entry of \p key, null if there is none.
const Entry *findEntry(const Node &map, std::string_view key);

/// An arena that many values share; it lives as long as one of them does. Not changed once published. Most are small: the
/// chunk and its first room are one piece of memory.
class Chunk
{
public:
    static constexpr std::size_t kUsualRoom = 192;

    /// A chunk with one reference and \p room bytes to begin with.
    static Chunk *make(std::size_t room = kUsualRoom);
    Chunk(const Chunk &) = delete;
    Chunk &operator=(const Chunk &) = delete;

    /// \p bytes of memory, aligned for every type stored here.
    void *allocate(std::size_t bytes)
    {
        bytes = (bytes + 7) & ~std::size_t(7);
        if (bytes > m_left)
            return allocateBlock(bytes);
        void *memory = m_free;
        m_free += bytes;
        m_left -= bytes;
        return memory;
    }
    const char *copyText(std::string_view text);
    const Key *copyKey(std::string_view text);
    Node *copyNode(const Node &node) { return new (allocate(sizeof(Node))) Node(node); }
    /// Keeps \p other alive as long as this chunk; null and this chunk itself are ignored.
    void hold(Chunk *other)
    {
        if (other && other != this && (m_heldCount == 0 || !isHeld(other)))
            addHeld(other);
    }

    void retain() { m_references.fetch_add(1, std::memory_order_relaxed); }
    static void release(Chunk *chunk)
    {
        if (chunk && chunk->isDropped())
            destroy(chunk);
    }
    /// Memory of this chunk alone, without the chunks that it holds.
    std::size_t bytes() const { return m_bytes; }
    template <typename Visit>
    void eachHeld(Visit visit) const
    {
        const Chunk *const *held = m_heldCount > m_firstHeld.size() ? m_allHeld->data() : m_firstHeld.data();
        for (std::uint32_t i = 0; i < m_heldCount; ++i)
            visit(const_cast<Chunk *>(held[i]));
    }

private:
    struct Block
    {
        Block *next;
    };

    explicit Chunk(std::size_t room) : m_free(reinterpret_cast<std::byte *>(this + 1)), m_left(room), m_bytes(room) {}
    ~Chunk();
    static void destroy(Chunk *chunk);
    /// Gives one reference back: true if it was the last. Nobody can take another where there is but one.
    bool isDropped()
    {
        return m_references.load(std::memory_order_acquire) == 1
               || m_references.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }
    bool isHeld(const Chunk *other) const;
    void addHeld(Chunk *other);
    void *allocateBlock(std::size_t bytes);

    std::atomic<std::uint32_t> m_references{1};
    std::uint32_t m_heldCount = 0;
    std::array<Chunk *, 2> m_firstHeld{};
    std::unique_ptr<std::vector<Chunk *>> m_allHeld; ///< once there are more
    Block *m_blocks = nullptr;                       ///< behind the first room, the last one first
    std::byte *m_free;
    std::size_t m_left;
    std::size_t m_bytes;
};

struct ReleaseChunk
{
    void operator()(Chunk *chunk) const { Chunk::release(chunk); }
};
/// One reference to a chunk.
using ChunkHandle = std::unique_ptr<Chunk, ReleaseChunk>;

} // namespace detail
} // namespace tiphys::object
