// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "rollout/field_error.h"
#include "rollout/pod/field_path.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Private to the folder.
namespace tiphys::rollout {

/// What is wrong with a document, in the order in which it was found.
class Findings
{
public:
    void required(const FieldPath &path, std::string_view detail = {});
    void forbidden(const FieldPath &path, std::string_view detail);
    /// A scalar or a text.
    void invalid(const FieldPath &path, const object::Value &value, std::string_view detail);
    /// A value of a type that Go prints as JSON; \p json is that.
    void invalidJson(const FieldPath &path, std::string json, std::string_view detail);
    /// A text of a named type, which is none of \p supported (told in their order).
    void notSupported(const FieldPath &path, std::string_view value, std::initializer_list<std::string_view> supported);
    void duplicate(const FieldPath &path, std::string_view value);
    void notFound(const FieldPath &path, std::string_view value, std::string_view detail = {});
    void tooLong(const FieldPath &path, std::size_t most);
    /// Each of \p problems about \p value.
    void each(const FieldPath &path, std::string_view value, const std::vector<std::string> &problems);

    /// Nothing below zero.
    void notNegative(const FieldPath &path, std::int64_t value);
    /// \p value between \p least and \p most.
    void inRange(const FieldPath &path, std::int64_t value, std::int64_t least, std::int64_t most);
    /// \p value, if it is set, one of \p supported.
    void oneOf(const FieldPath &path, const object::Value &value, std::initializer_list<std::string_view> supported);

    std::size_t size() const { return m_errors.size(); }
    FieldErrors take() { return std::move(m_errors); }

private:
    void add(FieldError::Kind kind, const FieldPath &path, std::string value, std::string_view detail);

    FieldErrors m_errors;
};

/// "must be between 1 and 65535, inclusive".
std::string rangeProblem(std::int64_t least, std::int64_t most);

/// \p visit of every item of \p list with its path.
template <typename Visit>
void eachItem(const object::Value &list, const FieldPath &path, Visit visit)
{
    std::size_t index = 0;
    for (const object::Value &item : list.items()) {
        const FieldPath itemPath = path.at(index++);
        visit(item, itemPath);
    }
}

/// The text below \p key of \p map, "" if there is none.
inline std::string_view textIn(const object::Value &map, std::string_view key)
{
    return map[key].stringOr();
}

/// The number below \p key of \p map; nothing if absent.
inline std::optional<std::int64_t> numberIn(const object::Value &map, std::string_view key)
{
    return map[key].asInt();
}

inline bool isSet(const object::Value &value)
{
    return !value.isNull();
}

} // namespace tiphys::rollout
