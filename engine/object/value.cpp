// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/value.h"

#include "object/builder.h"
#include "object/view.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <unordered_set>

namespace tiphys::object {

using detail::Chunk;
using detail::Entry;
using detail::Node;

constinit const Node Value::kNull{};

namespace {

bool sameNode(const Node &a, const Node &b)
{
    if (&a == &b)
        return true;
    if (a.type != b.type || a.size != b.size)
        return false;
    switch (a.type) {
    case Type::Null: return true;
    case Type::Bool: return a.boolean == b.boolean;
    case Type::Int: return a.integer == b.integer;
    case Type::Uint: return a.unsignedInteger == b.unsignedInteger;
    case Type::Double: return a.number == b.number;
    case Type::String: return a.text == b.text || std::string_view(a.text, a.size) == std::string_view(b.text, b.size);
    case Type::List:
        if (a.items == b.items)
            return true;
        for (std::uint32_t i = 0; i < a.size; ++i) {
            if (!sameNode(a.items[i], b.items[i]))
                return false;
        }
        return true;
    case Type::Map:
        if (a.entries == b.entries)
            return true;
        for (std::uint32_t i = 0; i < a.size; ++i) {
            const Entry &entry = a.entries[i];
            // Most often both maps have one order: look at the same place first.
            const Entry &twin = b.entries[i];
            const Entry *other =
                twin.key->text() == entry.key->text() ? &twin : detail::findEntry(b, entry.key->text());
            if (!other || !sameNode(entry.value, other->value))
                return false;
        }
        return true;
    }
    return false;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value)
{
    hash ^= value + 0x9e3779b97f4a7c15ull + (hash << 6) + (hash >> 2);
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93ull;
    return hash ^ (hash >> 32);
}

std::uint64_t textHash(std::string_view text)
{
    std::uint64_t hash = 14695981039346656037ull;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return hash;
}

std::uint64_t nodeHash(const Node &node)
{
    const auto seed = static_cast<std::uint64_t>(node.type) + 1;
    switch (node.type) {
    case Type::Null: return mixed(seed, 0);
    case Type::Bool: return mixed(seed, node.boolean ? 1 : 0);
    case Type::Int: return mixed(seed, static_cast<std::uint64_t>(node.integer));
    case Type::Uint: return mixed(seed, node.unsignedInteger);
    case Type::Double: return mixed(seed, std::bit_cast<std::uint64_t>(node.number == 0 ? 0.0 : node.number));
    case Type::String: return mixed(seed, textHash({node.text, node.size}));
    case Type::List: {
        std::uint64_t hash = mixed(seed, node.size);
        for (std::uint32_t i = 0; i < node.size; ++i)
            hash = mixed(hash, nodeHash(node.items[i]));
        return hash;
    }
    case Type::Map: {
        std::uint64_t sum = 0;
        for (std::uint32_t i = 0; i < node.size; ++i)
            sum += mixed(textHash(node.entries[i].key->text()), nodeHash(node.entries[i].value));
        return mixed(mixed(seed, node.size), sum);
    }
    }
    return seed;
}

// What is written again and again takes no storage.
constexpr Node booleanNode(bool value)
{
    Node node{.size = 0, .type = Type::Bool, .integer = 0};
    node.boolean = value;
    return node;
}
constinit const Node kTrue = booleanNode(true);
constinit const Node kFalse = booleanNode(false);
constinit const std::array<Node, 256> kSmallIntegers = [] {
    std::array<Node, 256> nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        nodes[i] = {.size = 0, .type = Type::Int, .integer = static_cast<std::int64_t>(i)};
    return nodes;
}();

/// Room for the entries of a map, and for their order by key if a map of that size has one.
struct NewEntries
{
    Entry *entries = nullptr;
    std::uint32_t *order = nullptr;
};

std::size_t bytesOfEntries(std::uint32_t size)
{
    return size * (sizeof(Entry) + (size > detail::kIndexedFrom ? sizeof(std::uint32_t) : 0));
}

/// What a map of \p size entries takes, the map itself included.
std::size_t roomOfMap(std::uint32_t size)
{
    return ((bytesOfEntries(size) + 7) & ~std::size_t(7)) + sizeof(Node);
}

NewEntries newEntries(Chunk &chunk, std::uint32_t size)
{
    const bool isIndexed = size > detail::kIndexedFrom;
    auto *entries = static_cast<Entry *>(chunk.allocate(bytesOfEntries(size)));
    return {entries, isIndexed ? reinterpret_cast<std::uint32_t *>(entries + size) : nullptr};
}

/// The order of places by the keys of their entries.
struct KeyBefore
{
    const Entry *entries;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return text(a) < text(b); }
    bool operator()(std::uint32_t a, std::string_view key) const { return text(a) < key; }
    std::string_view text(std::uint32_t at) const { return entries[at].key->text(); }
};

void sortOrder(const NewEntries &made, std::uint32_t size)
{
    std::iota(made.order, made.order + size, 0u);
    std::sort(made.order, made.order + size, KeyBefore{made.entries});
}

} // namespace

Value Value::scalar(const Node &node)
{
    auto *chunk = Chunk::make(sizeof(Node));
    return adopt(chunk, chunk->copyNode(node));
}

Value::Value(bool value) : m_node(value ? &kTrue : &kFalse) {}

Value::Value(std::int64_t value)
{
    if (value >= 0 && static_cast<std::size_t>(value) < kSmallIntegers.size())
        m_node = &kSmallIntegers[static_cast<std::size_t>(value)];
    else
        *this = scalar({.size = 0, .type = Type::Int, .integer = value});
}

Value::Value(std::uint64_t value)
{
    Builder builder;
    builder.unsignedInteger(value);
    *this = builder.finish();
}

Value::Value(double value)
{
    *this = scalar({.size = 0, .type = Type::Double, .number = value});
}

Value::Value(std::string_view text)
{
    auto *chunk = Chunk::make(sizeof(Node) + ((text.size() + 7) & ~std::size_t(7)));
    const Node node{
        .size = static_cast<std::uint32_t>(text.size()), .type = Type::String, .text = chunk->copyText(text)};
    *this = adopt(chunk, chunk->copyNode(node));
}

Value Value::list(const std::vector<Value> &items)
{
    Builder builder;
    builder.beginList();
    for (const Value &item : items)
        builder.value(item);
    builder.endList();
    return builder.finish();
}

Value Value::map(std::initializer_list<Member> members)
{
    Builder builder;
    builder.beginMap();
    for (const auto &[key, value] : members) {
        builder.key(key);
        builder.value(value);
    }
    builder.endMap();
    return builder.finish();
}

Value Value::map(const std::vector<std::pair<std::string, Value>> &members)
{
    Builder builder;
    builder.beginMap();
    for (const auto &[key, value] : members) {
        builder.key(key);
        builder.value(value);
    }
    builder.endMap();
    return builder.finish();
}

std::optional<bool> Value::asBool() const
{
    return isBool() ? std::optional(m_node->boolean) : std::nullopt;
}

std::optional<std::int64_t> Value::asInt() const
{
    return type() == Type::Int ? std::optional(m_node->integer) : std::nullopt;
}

std::optional<std::uint64_t> Value::asUint() const
{
    if (type() == Type::Uint)
        return m_node->unsignedInteger;
    if (type() == Type::Int && m_node->integer >= 0)
        return static_cast<std::uint64_t>(m_node->integer);
    return std::nullopt;
}

std::optional<double> Value::asNumber() const
{
    switch (type()) {
    case Type::Int: return static_cast<double>(m_node->integer);
    case Type::Uint: return static_cast<double>(m_node->unsignedInteger);
    case Type::Double: return m_node->number;
    default: return std::nullopt;
    }
}

std::optional<std::string_view> Value::asString() const
{
    if (!isString())
        return std::nullopt;
    return std::string_view(m_node->text, m_node->size);
}

bool Value::isEmpty() const
{
    return isNull() || ((isString() || isList() || isMap()) && m_node->size == 0);
}

Value Value::at(std::size_t index) const
{
    return isList() && index < m_node->size ? child(m_node->items[index]) : Value();
}

std::optional<Value> Value::find(std::string_view key) const
{
    if (!isMap())
        return std::nullopt;
    const Entry *entry = detail::findEntry(*m_node, key);
    return entry ? std::optional(child(entry->value)) : std::nullopt;
}

bool Value::contains(std::string_view key) const
{
    return isMap() && detail::findEntry(*m_node, key);
}

Value Value::operator[](std::string_view key) const
{
    if (!isMap())
        return {};
    const Entry *entry = detail::findEntry(*m_node, key);
    return entry ? child(entry->value) : Value();
}

Value Value::path(std::initializer_list<std::string_view> path) const
{
    const Node *node = m_node;
    for (const std::string_view key : path) {
        const Entry *entry = node->type == Type::Map ? detail::findEntry(*node, key) : nullptr;
        if (!entry)
            return {};
        node = &entry->value;
    }
    return child(*node);
}

std::vector<Value::Member> Value::sortedEntries() const
{
    std::vector<Member> sorted;
    if (!isMap())
        return sorted;
    sorted.reserve(m_node->size);
    if (m_node->size > detail::kIndexedFrom) {
        const std::uint32_t *order = detail::sortedOrder(*m_node);
        for (std::uint32_t i = 0; i < m_node->size; ++i) {
            const Entry &entry = m_node->entries[order[i]];
            sorted.emplace_back(entry.key->text(), child(entry.value));
        }
        return sorted;
    }
    for (Member member : entries())
        sorted.push_back(std::move(member));
    std::ranges::sort(sorted, {}, &Member::first);
    return sorted;
}

Value Value::with(std::string_view key, const Value &value) const
{
    const std::uint32_t count = isMap() ? m_node->size : 0;
    const Entry *old = count > 0 ? detail::findEntry(*m_node, key) : nullptr;
    // Nothing of this map stays: its storage shall not either.
    if (count == 0 || (count == 1 && old))
        return map({{key, value}});
    const std::uint32_t size = old ? count : count + 1;
    auto *chunk = Chunk::make(roomOfMap(size) + (old ? 0 : sizeof(detail::Key) + key.size()));
    chunk->hold(m_chunk);
    chunk->hold(value.m_chunk);
    const NewEntries made = newEntries(*chunk, size);
    std::copy_n(m_node->entries, count, made.entries);
    const auto at = static_cast<std::uint32_t>(old ? old - m_node->entries : count);
    made.entries[at] = {old ? old->key : chunk->copyKey(key), *value.m_node};
    if (made.order && count > detail::kIndexedFrom) {
        const std::uint32_t *order = detail::sortedOrder(*m_node);
        const std::uint32_t *place =
            old ? order + count : std::lower_bound(order, order + count, key, KeyBefore{m_node->entries});
        std::uint32_t *rest = std::copy(order, place, made.order);
        if (!old)
            *rest++ = at;
        std::copy(place, order + count, rest);
    } else if (made.order) {
        sortOrder(made, size);
    }
    return adopt(chunk, chunk->copyNode({.size = size, .type = Type::Map, .entries = made.entries}));
}

Value Value::without(std::string_view key) const
{
    const Entry *gone = isMap() ? detail::findEntry(*m_node, key) : nullptr;
    if (!gone)
        return *this;
    if (m_node->size == 1)
        return map({});
    const std::uint32_t size = m_node->size - 1;
    auto *chunk = Chunk::make(roomOfMap(size));
    chunk->hold(m_chunk);
    const NewEntries made = newEntries(*chunk, size);
    std::copy(gone + 1, m_node->entries + m_node->size, std::copy(m_node->entries, gone, made.entries));
    if (made.order) {
        const auto at = static_cast<std::uint32_t>(gone - m_node->entries);
        std::uint32_t *next = made.order;
        for (const std::uint32_t *order = detail::sortedOrder(*m_node), *end = order + size + 1; order != end;
             ++order) {
            if (*order != at)
                *next++ = *order > at ? *order - 1 : *order;
        }
    }
    return adopt(chunk, chunk->copyNode({.size = size, .type = Type::Map, .entries = made.entries}));
}

Value Value::withPath(const std::vector<std::string_view> &path, const Value &value) const
{
    Value result = value;
    std::vector<Value> maps;
    maps.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i)
        maps.push_back(i == 0 ? *this : maps.back()[path[i - 1]]);
    for (std::size_t i = path.size(); i-- > 0;)
        result = maps[i].with(path[i], result);
    return result;
}

Value Value::withoutPath(const std::vector<std::string_view> &path) const
{
    if (path.empty() || !contains(path.front()))
        return *this;
    if (path.size() == 1)
        return without(path.front());
    const Value inner = (*this)[path.front()];
    const Value changed = inner.withoutPath({path.begin() + 1, path.end()});
    return changed.isSameAs(inner) ? *this : with(path.front(), changed);
}

Value Value::withItem(std::size_t index, const Value &value) const
{
    Builder builder;
    builder.beginList();
    std::size_t at = 0;
    for (const Value &item : items())
        builder.value(at++ == index ? value : item);
    builder.endList();
    return builder.finish();
}

Value Value::withoutItem(std::size_t index) const
{
    Builder builder;
    builder.beginList();
    std::size_t at = 0;
    for (const Value &item : items()) {
        if (at++ != index)
            builder.value(item);
    }
    builder.endList();
    return builder.finish();
}

Value Value::appended(const Value &value) const
{
    Builder builder;
    builder.beginList();
    for (const Value &item : items())
        builder.value(item);
    builder.value(value);
    builder.endList();
    return builder.finish();
}

Value Value::compacted() const
{
    if (isNull())
        return {};
    Builder builder;
    builder.copy(*this);
    return builder.finish();
}

std::uint64_t Value::hash() const
{
    return nodeHash(*m_node);
}

std::size_t Value::storageBytes() const
{
    std::size_t bytes = 0;
    std::unordered_set<const Chunk *> seen;
    std::vector<const Chunk *> open;
    if (m_chunk)
        open.push_back(m_chunk);
    while (!open.empty()) {
        const Chunk *chunk = open.back();
        open.pop_back();
        if (!seen.insert(chunk).second)
            continue;
        bytes += chunk->bytes();
        chunk->eachHeld([&open](const Chunk *held) { open.push_back(held); });
    }
    return bytes;
}

bool View::operator==(const View &other) const
{
    return sameNode(*m_node, *other.m_node);
}

bool Value::operator==(const Value &other) const
{
    return sameNode(*m_node, *other.m_node);
}

} // namespace tiphys::object
