// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/chunk.h"

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::object {

class Builder;

/// An immutable JSON-like value: a 16-byte handle into shared flat storage.
///
/// Copies are cheap and safe to pass between threads. A change makes a new value that shares the rest with the
/// old one. Maps keep the order of insertion; lookup does not depend on it. Views (`std::string_view`) that a
/// value returns live as long as any value of the same storage does, the value they came from included.
class Value
{
public:
    using Member = std::pair<std::string_view, Value>;
    class Items;
    class Entries;

    /// Null.
    Value() = default;
    Value(bool value);
    Value(int value) : Value(static_cast<std::int64_t>(value)) {}
    Value(std::int64_t value);
    /// Int when it fits int64, else Uint.
    Value(std::uint64_t value);
    Value(double value);
    Value(std::string_view text);
    Value(const char *text) : Value(std::string_view(text)) {}
    Value(const std::string &text) : Value(std::string_view(text)) {}
    Value(std::nullptr_t) {}
    template <typename T>
    Value(T *) = delete;

    /// A list of \p items.
    static Value list(const std::vector<Value> &items);
    /// A map of \p members in their order; of equal keys the last value wins at the first one's place.
    static Value map(std::initializer_list<Member> members);
    static Value map(const std::vector<std::pair<std::string, Value>> &members);

    Value(const Value &other) : m_chunk(other.m_chunk), m_node(other.m_node)
    {
        if (m_chunk)
            m_chunk->retain();
    }
    Value(Value &&other) noexcept
        : m_chunk(std::exchange(other.m_chunk, nullptr)), m_node(std::exchange(other.m_node, &kNull))
    {
    }
    Value &operator=(Value other) noexcept
    {
        std::swap(m_chunk, other.m_chunk);
        std::swap(m_node, other.m_node);
        return *this;
    }
    ~Value()
    {
        if (m_chunk)
            detail::Chunk::release(m_chunk);
    }

    Type type() const { return m_node->type; }
    bool isNull() const { return type() == Type::Null; }
    bool isBool() const { return type() == Type::Bool; }
    bool isString() const { return type() == Type::String; }
    bool isList() const { return type() == Type::List; }
    bool isMap() const { return type() == Type::Map; }
    /// Int or Uint.
    bool isInteger() const { return type() == Type::Int || type() == Type::Uint; }
    /// Int, Uint or Double.
    bool isNumber() const { return isInteger() || type() == Type::Double; }

    /// The scalar, or nothing if the value is of another type.
    std::optional<bool> asBool() const;
    std::optional<std::int64_t> asInt() const;
    std::optional<std::uint64_t> asUint() const;
    /// Int, Uint and Double as double.
    std::optional<double> asNumber() const;
    std::optional<std::string_view> asString() const;
    /// The scalar, or \p fallback if the value is of another type.
    bool boolOr(bool fallback) const { return asBool().value_or(fallback); }
    std::int64_t intOr(std::int64_t fallback) const { return asInt().value_or(fallback); }
    std::string_view stringOr(std::string_view fallback = {}) const { return asString().value_or(fallback); }

    /// Items of a list, entries of a map, else 0.
    std::size_t size() const { return isList() || isMap() ? m_node->size : 0; }
    /// True for null, "", and lists and maps without content.
    bool isEmpty() const;
    /// Item \p index of a list, null outside of it.
    Value at(std::size_t index) const;
    /// Member \p key of a map; nothing if absent, or if this is no map. A present null is a Value.
    std::optional<Value> find(std::string_view key) const;
    bool contains(std::string_view key) const;
    /// Member \p key of a map, null if absent or if this is no map: chains without checks.
    Value operator[](std::string_view key) const;
    /// The member at the end of \p path, null if any step is absent.
    Value path(std::initializer_list<std::string_view> path) const;

    /// Items of a list as a range of Value; empty for other types. The value must outlive the range.
    Items items() const &;
    Items items() && = delete;
    /// Entries of a map as a range of Member in order of insertion; empty for other types.
    Entries entries() const &;
    Entries entries() && = delete;
    /// Entries of a map by key, bytewise, as Go prints them.
    std::vector<Member> sortedEntries() const;

    /// This map with \p key set to \p value; anything that is no map counts as an empty one.
    Value with(std::string_view key, const Value &value) const;
    /// This map without \p key.
    Value without(std::string_view key) const;
    /// This value with \p value at the end of \p path; maps on the way are made where there are none.
    Value withPath(const std::vector<std::string_view> &path, const Value &value) const;
    /// This value without the member at the end of \p path; maps that become empty stay.
    Value withoutPath(const std::vector<std::string_view> &path) const;
    /// This list with item \p index replaced, without it, or with \p value at its end.
    Value withItem(std::size_t index, const Value &value) const;
    Value withoutItem(std::size_t index) const;
    Value appended(const Value &value) const;

    /// The same value in storage of its own, with nothing else in it: what a cache keeps.
    Value compacted() const;
    /// 64-bit hash of the subtree; independent of the order of map entries; equal values have equal hashes.
    std::uint64_t hash() const;
    /// Bytes of all storage that this value keeps alive.
    std::size_t storageBytes() const;
    /// True if both are the same node of the same storage (implies ==).
    bool isSameAs(const Value &other) const { return m_node == other.m_node; }

    /// Deep equality; the order of map entries does not matter; Int 1 and Double 1.0 differ.
    bool operator==(const Value &other) const;

private:
    friend class Builder;
    static const detail::Node kNull;

    Value(detail::Chunk *chunk, const detail::Node *node) : m_chunk(chunk), m_node(node) {}
    static Value adopt(detail::Chunk *chunk, const detail::Node *node) { return {chunk, node}; }
    Value child(const detail::Node &node) const
    {
        if (m_chunk)
            m_chunk->retain();
        return {m_chunk, &node};
    }
    static Value scalar(const detail::Node &node);

    detail::Chunk *m_chunk = nullptr;
    const detail::Node *m_node = &kNull;
};

/// Range over the items of a list.
class Value::Items
{
public:
    class Iterator
    {
    public:
        using value_type = Value;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Iterator(const Value *list, std::size_t index) : m_list(list), m_index(index) {}
        Value operator*() const { return m_list->child(m_list->m_node->items[m_index]); }
        Iterator &operator++()
        {
            ++m_index;
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator old = *this;
            ++m_index;
            return old;
        }
        bool operator==(const Iterator &) const = default;

    private:
        const Value *m_list = nullptr;
        std::size_t m_index = 0;
    };
    explicit Items(const Value &list) : m_list(&list) {}
    Iterator begin() const { return {m_list, 0}; }
    Iterator end() const { return {m_list, m_list->isList() ? m_list->size() : 0}; }

private:
    const Value *m_list;
};

/// Range over the entries of a map.
class Value::Entries
{
public:
    class Iterator
    {
    public:
        using value_type = Member;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Iterator(const Value *map, std::size_t index) : m_map(map), m_index(index) {}
        Member operator*() const
        {
            const detail::Entry &entry = m_map->m_node->entries[m_index];
            return {entry.key->text(), m_map->child(entry.value)};
        }
        Iterator &operator++()
        {
            ++m_index;
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator old = *this;
            ++m_index;
            return old;
        }
        bool operator==(const Iterator &) const = default;

    private:
        const Value *m_map = nullptr;
        std::size_t m_index = 0;
    };
    explicit Entries(const Value &map) : m_map(&map) {}
    Iterator begin() const { return {m_map, 0}; }
    Iterator end() const { return {m_map, m_map->isMap() ? m_map->size() : 0}; }

private:
    const Value *m_map;
};

inline Value::Items Value::items() const &
{
    return Items(*this);
}
inline Value::Entries Value::entries() const &
{
    return Entries(*this);
}

static_assert(sizeof(Value) == 16);

} // namespace tiphys::object
