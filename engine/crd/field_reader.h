// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::crd {

/// Labels, annotations and other maps of text to text, sorted by key.
using TextMap = std::map<std::string, std::string>;

/// Reads the typed fields of one map as the API does: absent and null are the zero value, unknown fields are
/// ignored, a field of a wrong type is an error that names its path.
///
/// All readers of one document share one slot for the first error, so that reading code needs no checks:
/// read everything, then look at the slot once.
class FieldReader
{
public:
    /// \p path names \p map in errors ("spec.source", "" for the document); \p error is the shared slot.
    FieldReader(object::Value map, std::string path, std::optional<Error> *error);

    const object::Value &value() const { return m_map; }
    const std::string &path() const { return m_path; }

    std::string text(std::string_view key) const;
    /// The text, or nothing if the field is absent or null.
    std::optional<std::string> optionalText(std::string_view key) const;
    bool boolean(std::string_view key) const;
    std::optional<bool> optionalBoolean(std::string_view key) const;
    /// An integer within int64; an integral double counts ("3.0" is what some clients send).
    std::int64_t integer(std::string_view key) const;
    std::optional<std::int64_t> optionalInteger(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;
    TextMap textMap(std::string_view key) const;
    /// Any value as it is; null if absent.
    object::Value any(std::string_view key) const { return m_map[key]; }

    /// A reader of the map below \p key; nothing if it is absent or null.
    std::optional<FieldReader> object(std::string_view key) const;
    /// A reader of the map below \p key, of an empty one if it is absent.
    FieldReader objectOrEmpty(std::string_view key) const;
    /// Readers of the maps in the list below \p key.
    std::vector<FieldReader> objects(std::string_view key) const;

    /// Records \p problem ("must not be empty") about \p key, unless an earlier error stands.
    void fail(std::string_view key, std::string_view problem) const;

private:
    std::string pathOf(std::string_view key) const;
    void failType(const std::string &path, std::string_view wanted, const object::Value &found) const;

    object::Value m_map;
    std::string m_path;
    std::optional<Error> *m_error;
};

/// Runs \p read on a reader of \p map and gives its result, or the first error that it met.
template <typename Read>
auto readDocument(const object::Value &map, std::string path, Read read)
    -> Expected<decltype(read(std::declval<const FieldReader &>()))>
{
    std::optional<Error> error;
    auto result = read(FieldReader(map, std::move(path), &error));
    if (error)
        return std::unexpected(std::move(*error));
    return result;
}

/// Readers of all maps in a list field, each turned into a T by \p read.
template <typename Read>
auto readList(const FieldReader &reader, std::string_view key, Read read)
{
    std::vector<decltype(read(reader))> result;
    for (const FieldReader &item : reader.objects(key))
        result.push_back(read(item));
    return result;
}

/// The map field \p key turned into a T by \p read; nothing if it is absent.
template <typename Read>
auto readOptional(const FieldReader &reader, std::string_view key, Read read)
{
    std::optional<decltype(read(reader))> result;
    if (const std::optional<FieldReader> field = reader.object(key))
        result = read(*field);
    return result;
}

} // namespace tiphys::crd
