// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/builder.h"

#include <string_view>

namespace tiphys::object {

/// A value that is looked at without being held: no reference is counted, so reading costs nothing but the lookup. For
/// code that reads many members of one object; it lives only as long as the Value that it came from.
class View
{
public:
    /// Null.
    View() : m_node(&kNull) {}
    explicit View(const Value &value) : m_node(&Builder::nodeOf(value)) {}
    View(Value &&) = delete;

    Type type() const { return m_node->type; }
    bool isNull() const { return type() == Type::Null; }
    bool isBool() const { return type() == Type::Bool; }
    bool isString() const { return type() == Type::String; }
    bool isList() const { return type() == Type::List; }
    bool isMap() const { return type() == Type::Map; }
    /// Int, Uint or Double.
    bool isNumber() const { return type() == Type::Int || type() == Type::Uint || type() == Type::Double; }

    /// As of Value.
    bool boolOr(bool fallback) const { return isBool() ? m_node->boolean : fallback; }
    std::string_view stringOr(std::string_view fallback = {}) const
    {
        return isString() ? std::string_view(m_node->text, m_node->size) : fallback;
    }
    /// True for an integer that fits int64, which \p number becomes.
    bool readInt(std::int64_t &number) const
    {
        if (type() == Type::Int)
            number = m_node->integer;
        return type() == Type::Int;
    }
    /// Any number as double, 0 for other types.
    double numberOrZero() const
    {
        switch (type()) {
        case Type::Int: return static_cast<double>(m_node->integer);
        case Type::Uint: return static_cast<double>(m_node->unsignedInteger);
        case Type::Double: return m_node->number;
        default: return 0;
        }
    }

    /// Items of a list, entries of a map, else 0.
    std::size_t size() const { return isList() || isMap() ? m_node->size : 0; }
    /// Item \p index of a list, null outside of it.
    View at(std::size_t index) const { return isList() && index < m_node->size ? View(m_node->items[index]) : View(); }
    /// Member \p key of a map, null if absent or if this is no map.
    View operator[](std::string_view key) const
    {
        const detail::Entry *entry = isMap() ? detail::findEntry(*m_node, key) : nullptr;
        return entry ? View(entry->value) : View();
    }
    bool contains(std::string_view key) const { return isMap() && detail::findEntry(*m_node, key); }
    /// Key and value of entry \p index of a map, which has as many.
    std::string_view keyAt(std::size_t index) const { return m_node->entries[index].key->text(); }
    View valueAt(std::size_t index) const { return View(m_node->entries[index].value); }

    /// As of Value.
    bool operator==(const View &other) const;
    /// True if both are the same node of the same storage.
    bool isSameAs(const View &other) const { return m_node == other.m_node; }

private:
    explicit View(const detail::Node &node) : m_node(&node) {}

    static constexpr detail::Node kNull{};

    const detail::Node *m_node;
};

} // namespace tiphys::object
