// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tiphys::compare {

struct DraftMember;

/// A value that may still be changed in place: what merging and defaulting work on.
///
/// Leaves stay immutable values and are shared with their source; maps are kept sorted by key.
class Draft
{
public:
    using List = std::vector<Draft>;
    using Map = std::vector<DraftMember>;

    /// Null.
    Draft() = default;
    /// A changeable copy of \p value.
    explicit Draft(const object::Value &value);
    static Draft emptyMap();
    static Draft emptyList();
    explicit Draft(List items);

    bool isMap() const { return std::holds_alternative<Map>(m_content); }
    bool isList() const { return std::holds_alternative<List>(m_content); }
    bool isNull() const { return !isMap() && !isList() && leaf().isNull(); }
    /// Bool, number or string.
    bool isScalar() const { return !isMap() && !isList() && !leaf().isNull(); }
    /// True for null, "", false, 0, and lists and maps without content: what Go calls a zero value.
    bool isZero() const;

    /// The leaf; a null value for lists and maps.
    const object::Value &leaf() const;
    std::string_view text() const { return leaf().stringOr(); }

    /// Items of a list; must be one.
    List &items() { return std::get<List>(m_content); }
    const List &items() const { return std::get<List>(m_content); }
    /// Members of a map in order of their keys; must be one.
    Map &members() { return std::get<Map>(m_content); }
    const Map &members() const { return std::get<Map>(m_content); }

    /// Member \p key; null pointer if absent or if this is no map. Valid until the map changes.
    Draft *find(std::string_view key);
    const Draft *find(std::string_view key) const;
    bool contains(std::string_view key) const { return find(key) != nullptr; }
    /// Member \p key, made as null if absent; anything that is no map becomes an empty one first.
    Draft &operator[](std::string_view key);
    /// The map at \p key, made if it is no map.
    Draft &mapAt(std::string_view key);
    void set(std::string_view key, Draft value);
    void set(std::string_view key, const object::Value &value);
    /// Sets \p key only where it is absent or a zero value; true if it did.
    bool setIfZero(std::string_view key, const object::Value &value);
    /// Sets \p key only where it is absent or null; true if it did.
    bool setIfNull(std::string_view key, const object::Value &value);
    void erase(std::string_view key);

    /// The value as it is now.
    object::Value toValue() const;

    bool operator==(const Draft &other) const;

private:
    explicit Draft(Map members);

    std::variant<object::Value, List, Map> m_content;
};

/// One entry of a changeable map.
struct DraftMember
{
    std::string key;
    Draft value;

    bool operator==(const DraftMember &) const = default;
};

// Only now is a map's entry complete, which making and destroying drafts needs.
inline Draft::Draft(List items) : m_content(std::move(items)) {}
inline Draft::Draft(Map members) : m_content(std::move(members)) {}
inline Draft Draft::emptyMap()
{
    return Draft(Map());
}
inline Draft Draft::emptyList()
{
    return Draft(List());
}
inline void Draft::set(std::string_view key, Draft value)
{
    (*this)[key] = std::move(value);
}
inline void Draft::set(std::string_view key, const object::Value &value)
{
    (*this)[key] = Draft(value);
}

} // namespace tiphys::compare
