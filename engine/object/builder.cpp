// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/builder.h"

#include "object/short_text.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <numeric>

namespace tiphys::object {

using detail::Entry;
using detail::Key;
using detail::Node;

namespace {

/// The chunk that is built into. It is made when something goes into it: a builder is seldom used for a second value.
detail::Chunk &live(detail::Chunk *&chunk, std::size_t room)
{
    if (!chunk)
        chunk = detail::Chunk::make(room);
    return *chunk;
}

bool isSameKey(const Key *a, const Key *b)
{
    return a == b || (a->hash == b->hash && a->text() == b->text());
}

} // namespace

Builder::~Builder()
{
    detail::Chunk::release(m_chunk);
}

void Builder::add(const Node &node)
{
    assert(m_frames.empty() ? m_pending.empty() : (m_key != nullptr) == m_frames.back().isMap);
    m_pending.push_back({m_key, node});
    m_key = nullptr;
}

void Builder::null()
{
    add(Node{});
}

void Builder::boolean(bool value)
{
    Node node{.size = 0, .type = Type::Bool, .integer = 0};
    node.boolean = value;
    add(node);
}

void Builder::integer(std::int64_t value)
{
    add(Node{.size = 0, .type = Type::Int, .integer = value});
}

void Builder::unsignedInteger(std::uint64_t value)
{
    if (value <= static_cast<std::uint64_t>(INT64_MAX))
        return integer(static_cast<std::int64_t>(value));
    add(Node{.size = 0, .type = Type::Uint, .unsignedInteger = value});
}

void Builder::number(double value)
{
    add(Node{.size = 0, .type = Type::Double, .number = value});
}

void Builder::string(std::string_view text)
{
    add(Node{.size = static_cast<std::uint32_t>(text.size()),
             .type = Type::String,
             .text = live(m_chunk, m_room).copyText(text)});
}

void Builder::value(const Value &value)
{
    live(m_chunk, m_room).hold(value.m_chunk);
    add(*value.m_node);
}

void Builder::copy(const Value &value)
{
    copyNode(*value.m_node);
}

void Builder::copyNode(const Node &node)
{
    switch (node.type) {
    case Type::String: return string({node.text, node.size});
    case Type::List:
        beginList();
        for (std::uint32_t i = 0; i < node.size; ++i)
            copyNode(node.items[i]);
        return endList();
    case Type::Map:
        beginMap();
        for (std::uint32_t i = 0; i < node.size; ++i) {
            key(node.entries[i].key->text());
            copyNode(node.entries[i].value);
        }
        endMap();
        return;
    case Type::Null:
    case Type::Bool:
    case Type::Int:
    case Type::Uint:
    case Type::Double: return add(node);
    }
}

void Builder::beginList()
{
    m_frames.push_back({m_pending.size(), false, std::exchange(m_key, nullptr)});
}

void Builder::endList()
{
    assert(!m_frames.empty() && !m_frames.back().isMap);
    const Frame frame = m_frames.back();
    m_frames.pop_back();
    const std::size_t size = m_pending.size() - frame.start;
    auto *items = static_cast<Node *>(live(m_chunk, m_room).allocate(size * sizeof(Node)));
    for (std::size_t i = 0; i < size; ++i)
        items[i] = m_pending[frame.start + i].value;
    m_pending.shrink(frame.start);
    m_key = frame.key;
    add(Node{.size = static_cast<std::uint32_t>(size), .type = Type::List, .items = items});
}

void Builder::beginMap()
{
    m_frames.push_back({m_pending.size(), true, std::exchange(m_key, nullptr)});
}

void Builder::key(std::string_view text)
{
    assert(!m_frames.empty() && m_frames.back().isMap && !m_key);
    m_key = internKey(text);
}

std::optional<std::string_view> Builder::endMap()
{
    assert(!m_frames.empty() && m_frames.back().isMap && !m_key);
    const Frame frame = m_frames.back();
    m_frames.pop_back();
    std::vector<std::uint32_t> order;
    const std::optional<std::string_view> duplicate = mergeDuplicates(frame.start, order);
    closeMap(frame, order);
    return duplicate;
}

void Builder::endMapOfDistinct()
{
    assert(!m_frames.empty() && m_frames.back().isMap && !m_key);
    if (m_pending.size() - m_frames.back().start > detail::kIndexedFrom) {
        endMap();
        return;
    }
    const Frame frame = m_frames.back();
    m_frames.pop_back();
    closeMap(frame, {});
}

void Builder::closeMap(const Frame &frame, const std::vector<std::uint32_t> &order)
{
    const std::size_t size = m_pending.size() - frame.start;
    const bool indexed = size > detail::kIndexedFrom;
    auto *entries = static_cast<Entry *>(
        live(m_chunk, m_room).allocate(size * sizeof(Entry) + (indexed ? size * sizeof(std::uint32_t) : 0)));
    if (size > 0)
        std::memcpy(static_cast<void *>(entries), m_pending.data() + frame.start, size * sizeof(Entry));
    if (indexed)
        std::memcpy(static_cast<void *>(entries + size), order.data(), size * sizeof(std::uint32_t));
    m_pending.shrink(frame.start);
    m_key = frame.key;
    add(Node{.size = static_cast<std::uint32_t>(size), .type = Type::Map, .entries = entries});
}

std::optional<std::string_view> Builder::mergeDuplicates(std::size_t start, std::vector<std::uint32_t> &order)
{
    std::optional<std::string_view> duplicate;
    const auto size = static_cast<std::uint32_t>(m_pending.size() - start);
    Entry *entries = m_pending.data() + start;
    const auto dropLater = [&](std::uint32_t first, std::uint32_t later) {
        if (!duplicate)
            duplicate = entries[later].key->text();
        entries[first].value = entries[later].value;
        entries[later].key = nullptr;
    };
    if (size <= detail::kIndexedFrom) {
        for (std::uint32_t i = 0; i < size; ++i) {
            for (std::uint32_t k = i + 1; entries[i].key && k < size; ++k) {
                if (entries[k].key && isSameKey(entries[k].key, entries[i].key))
                    dropLater(i, k);
            }
        }
    } else {
        order.resize(size);
        std::iota(order.begin(), order.end(), 0u);
        const auto byKey = [&](std::uint32_t a, std::uint32_t b) {
            const int way = entries[a].key->text().compare(entries[b].key->text());
            return way != 0 ? way < 0 : a < b;
        };
        if (!std::ranges::is_sorted(order, byKey))
            std::ranges::sort(order, byKey);
        std::size_t group = 0;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> doubles;
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (isSameKey(entries[order[i]].key, entries[order[group]].key))
                doubles.emplace_back(order[group], order[i]);
            else
                group = i;
        }
        for (const auto &[first, later] : doubles)
            dropLater(first, later);
    }
    if (!duplicate)
        return std::nullopt;
    const Entry *removed =
        std::remove_if(m_pending.begin() + start, m_pending.end(), [](const Entry &entry) { return !entry.key; });
    m_pending.shrink(static_cast<std::size_t>(removed - m_pending.begin()));
    if (m_pending.size() - start > detail::kIndexedFrom) {
        order.resize(m_pending.size() - start);
        std::iota(order.begin(), order.end(), 0u);
        const Entry *kept = m_pending.data() + start;
        std::ranges::sort(order,
                          [&](std::uint32_t a, std::uint32_t b) { return kept[a].key->text() < kept[b].key->text(); });
    }
    return duplicate;
}

const Key *Builder::internKey(std::string_view text)
{
    if (m_keyCount * 2 >= m_keyRoom)
        growKeys();
    const std::size_t mask = m_keyRoom - 1;
    const std::uint32_t hash = detail::textHash(text);
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
        const Key *key = m_keys[at];
        if (!key) {
            ++m_keyCount;
            return m_keys[at] = live(m_chunk, m_room).copyKey(text);
        }
        if (key->hash == hash && key->size == text.size()
            && detail::isSameText(reinterpret_cast<const char *>(key + 1), text.data(), text.size()))
            return key;
    }
}

void Builder::growKeys()
{
    if (m_keyRoom == 0) {
        m_firstKeys.fill(nullptr);
        m_keys = m_firstKeys.data();
        m_keyRoom = m_firstKeys.size();
        return;
    }
    std::vector<const Key *> grown(m_keyRoom * 2);
    const std::size_t mask = grown.size() - 1;
    for (std::size_t i = 0; i < m_keyRoom; ++i) {
        const Key *key = m_keys[i];
        if (!key)
            continue;
        std::size_t at = key->hash & mask;
        while (grown[at])
            at = (at + 1) & mask;
        grown[at] = key;
    }
    m_moreKeys = std::move(grown);
    m_keys = m_moreKeys.data();
    m_keyRoom = m_moreKeys.size();
}

Value Builder::finish()
{
    assert(m_frames.empty() && m_pending.size() <= 1);
    if (m_pending.empty())
        return {};
    const Node *root = live(m_chunk, m_room).copyNode(m_pending.front().value);
    Value value = Value::adopt(m_chunk, root);
    m_chunk = nullptr;
    m_pending.clear();
    m_keyRoom = 0;
    m_keyCount = 0;
    return value;
}

} // namespace tiphys::object
