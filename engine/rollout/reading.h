// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"
#include "crd/timestamp.h"
#include "object/object.h"
#include "object/view.h"
#include "rollout/same_text.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

/// Private to the folder: tolerant reading.
namespace tiphys::rollout {

/// What \p read makes of \p map; fields of a wrong type count as absent.
template <typename Read>
auto readTolerantly(const object::Value &map, Read read)
{
    std::optional<Error> ignored;
    return read(crd::FieldReader(map, std::string(), &ignored));
}

/// The field as a 32-bit number; nothing if it is absent.
inline std::optional<int> optionalNumber(const crd::FieldReader &reader, std::string_view key)
{
    const std::optional<std::int64_t> number = reader.optionalInteger(key);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

inline int number(const crd::FieldReader &reader, std::string_view key)
{
    return static_cast<int>(reader.integer(key));
}

inline std::optional<crd::Timestamp> optionalTime(const crd::FieldReader &reader, std::string_view key)
{
    return crd::timestampOf(reader.value()[key].stringOr());
}

/// uid of the owner that controls the object, "" if there is none.
inline std::string controllerUid(const object::Object &object)
{
    const object::View owners = object::View(object.value())["metadata"]["ownerReferences"];
    for (std::size_t i = 0; owners.isList() && i < owners.size(); ++i) {
        if (owners.at(i)["controller"].boolOr(false))
            return std::string(owners.at(i)["uid"].stringOr());
    }
    return {};
}

inline crd::TextMap textMapOf(const object::Value &map)
{
    crd::TextMap result;
    for (const auto &[key, value] : map.entries()) {
        if (const auto text = value.asString())
            result.emplace(key, *text);
    }
    return result;
}

inline object::Value mapOf(const crd::TextMap &map)
{
    std::vector<std::pair<std::string, object::Value>> members;
    members.reserve(map.size());
    for (const auto &[key, text] : map)
        members.emplace_back(key, object::Value(text));
    return object::Value::map(members);
}

/// The entry of \p key, the end if there is none. Labels and annotations are few: to walk over them is cheaper than to
/// make the text that the map's own search wants.
inline crd::TextMap::const_iterator entryAt(const crd::TextMap &map, std::string_view key)
{
    return std::ranges::find_if(map, [key](const auto &entry) { return isSame(entry.first, key); });
}

/// The value below \p key of \p map, "" if absent.
inline std::string_view textAt(const crd::TextMap &map, std::string_view key)
{
    const auto found = entryAt(map, key);
    return found == map.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace tiphys::rollout
