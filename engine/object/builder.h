// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/literal_key.h"
#include "object/small_stack.h"
#include "object/value.h"

#include <array>
#include <cstddef>
#include <vector>

namespace tiphys::object {

/// Builds one value, part by part, into one chunk: what readers use.
///
/// Calls follow the document: `beginMap key scalar key beginList … endList endMap`, then `finish`. A call that
/// does not fit (a second root, a key outside of a map) is a fault of the caller and asserts.
class Builder
{
public:
    Builder() = default;
    /// One whose value is expected to take \p room bytes: it is made in one piece of memory.
    explicit Builder(std::size_t room) : m_room(room) {}
    ~Builder();
    Builder(const Builder &) = delete;
    Builder &operator=(const Builder &) = delete;

    void null();
    void boolean(bool value);
    void integer(std::int64_t value);
    void unsignedInteger(std::uint64_t value);
    void number(double value);
    void string(std::string_view text);
    /// An existing value by reference; its storage stays alive with the new one.
    void value(const Value &value);
    /// An existing value copied into this chunk.
    void copy(const Value &value);

    void beginList();
    void endList();
    void beginMap();
    /// The key of the next value in the open map.
    void key(std::string_view text);
    void key(LiteralKey known) { m_key = known.key(); }
    /// Closes the map. Of equal keys the last value wins at the first one's place; the first key that was
    /// given twice is returned (valid until finish).
    std::optional<std::string_view> endMap();
    /// The same for a map whose keys all differ, as those of a type do: they are not looked for twice.
    void endMapOfDistinct();

    /// The node of \p value, for View.
    static const detail::Node &nodeOf(const Value &value) { return *value.m_node; }

    /// Depth of open lists and maps.
    std::size_t depth() const { return m_frames.size(); }
    /// The value; null if nothing was added. The builder is empty afterwards.
    Value finish();

private:
    struct Frame
    {
        std::size_t start;
        bool isMap;
        const detail::Key *key; ///< key of this container in its parent
    };
    void add(const detail::Node &node);
    void closeMap(const Frame &frame, const std::vector<std::uint32_t> &order);
    void copyNode(const detail::Node &node);
    const detail::Key *internKey(std::string_view text);
    void growKeys();
    std::optional<std::string_view> mergeDuplicates(std::size_t start, std::vector<std::uint32_t> &order);

    std::size_t m_room = detail::Chunk::kUsualRoom;
    detail::Chunk *m_chunk = nullptr;
    // Most of what is built is a small map: it takes no memory but that of its chunk.
    detail::SmallStack<detail::Entry, 16> m_pending;
    detail::SmallStack<Frame, 8> m_frames;
    /// The keys so far: open addressing, a power of two. They are in the first table until it is half full.
    std::array<const detail::Key *, 32> m_firstKeys;
    std::vector<const detail::Key *> m_moreKeys;
    const detail::Key **m_keys = nullptr;
    std::size_t m_keyRoom = 0;
    std::size_t m_keyCount = 0;
    const detail::Key *m_key = nullptr;
};

} // namespace tiphys::object
