// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::crd {

/// Writes typed fields over an original map, whose other fields survive.
///
/// A zero value ("" / 0 / false / no items) is not written, and a field that held a zero value in the original
/// stays as it was; so a document that was read and written unchanged is the same document.
class FieldWriter
{
public:
    explicit FieldWriter(const object::Value &original);

    /// Omitted when empty.
    FieldWriter &text(std::string_view key, std::string_view text);
    /// Written even when empty.
    FieldWriter &requiredText(std::string_view key, std::string_view text);
    FieldWriter &boolean(std::string_view key, bool value);
    FieldWriter &optionalBoolean(std::string_view key, std::optional<bool> value);
    FieldWriter &integer(std::string_view key, std::int64_t value);
    FieldWriter &optionalInteger(std::string_view key, std::optional<std::int64_t> value);
    FieldWriter &texts(std::string_view key, const std::vector<std::string> &texts);
    FieldWriter &textMap(std::string_view key, const TextMap &map);
    /// Omitted when null.
    FieldWriter &any(std::string_view key, const object::Value &value);
    /// Written even when null.
    FieldWriter &required(std::string_view key, const object::Value &value);

    object::Value finish() const { return object::Value::map(m_members); }

private:
    void set(std::string_view key, const object::Value &value);
    void clear(std::string_view key);

    std::vector<std::pair<std::string, object::Value>> m_members;
};

/// A list of the values that \p write makes of \p items; null if there are none, so that `any` omits it.
template <typename T, typename Write>
object::Value listOf(const std::vector<T> &items, Write write)
{
    if (items.empty())
        return {};
    std::vector<object::Value> values;
    values.reserve(items.size());
    for (const T &item : items)
        values.push_back(write(item));
    return object::Value::list(values);
}

} // namespace tiphys::crd
