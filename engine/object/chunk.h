// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
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

/// An arena that many values share; it lives as long as one of them does. Not changed once published.
class Chunk
{
public:
    Chunk() = default;
    Chunk(const Chunk &) = delete;
    Chunk &operator=(const Chunk &) = delete;

    /// \p bytes of memory, aligned for every type stored here.
    void *allocate(std::size_t bytes);
    const char *copyText(std::string_view text);
    const Key *copyKey(std::string_view text);
    Node *copyNode(const Node &node);
    /// Keeps \p other alive as long as this chunk; null and this chunk itself are ignored.
    void hold(Chunk *other);

    void retain() { m_references.fetch_add(1, std::memory_order_relaxed); }
    static void release(Chunk *chunk);
    /// Memory of this chunk alone, without the chunks that it holds.
    std::size_t bytes() const { return m_bytes; }
    const std::vector<Chunk *> &held() const { return m_held; }

private:
    std::atomic<std::uint32_t> m_references{1};
    std::vector<std::unique_ptr<std::byte[]>> m_blocks;
    std::vector<Chunk *> m_held;
    std::byte *m_free = nullptr;
    std::size_t m_left = 0;
    std::size_t m_bytes = 0;
};

} // namespace detail
} // namespace tiphys::object
