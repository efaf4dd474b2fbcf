// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/pointer.h"

#include <charconv>
#include <functional>
#include <span>

namespace tiphys::object {

namespace {

std::string decoded(std::string_view part)
{
    std::string text;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const char next = i + 1 < part.size() ? part[i + 1] : '\0';
        if (part[i] == '~' && (next == '0' || next == '1')) {
            text += next == '0' ? '~' : '/';
            ++i;
        } else {
            text += part[i];
        }
    }
    return text;
}

/// The place that an index names among \p count places.
Expected<std::size_t> placeOf(std::string_view text, std::size_t count)
{
    std::int64_t index = 0;
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    const char *end = digits.data() + digits.size();
    const std::from_chars_result read = std::from_chars(digits.data(), end, index);
    if (read.ec != std::errc() || read.ptr != end)
        return failure(ErrorCode::InvalidInput, "value was not a proper array index: '" + std::string(text) + "'");
    const auto places = static_cast<std::int64_t>(count);
    if (index >= places || index < -places)
        return failure(ErrorCode::InvalidInput,
                       "Unable to access invalid index: " + std::to_string(index) + ": invalid index referenced");
    return static_cast<std::size_t>(index < 0 ? index + places : index);
}

std::optional<Value> childOf(const Value &parent, const std::string &part)
{
    if (!parent.isList())
        return parent.find(part);
    const Expected<std::size_t> place = placeOf(part, parent.size());
    if (!place)
        return std::nullopt;
    return parent.at(*place);
}

Value inserted(const Value &list, std::size_t place, const Value &value)
{
    std::vector<Value> items;
    items.reserve(list.size() + 1);
    for (const Value &item : list.items()) {
        if (items.size() == place)
            items.push_back(value);
        items.push_back(item);
    }
    if (items.size() == place)
        items.push_back(value);
    return Value::list(items);
}

using Change = std::function<Expected<Value>(const Value &parent, const std::string &part)>;

/// Rebuilds the path down to the parent of the last part and applies \p change there.
Expected<Value> changed(const Value &value, std::span<const std::string> parts, const Change &change)
{
    if (!value.isMap() && !value.isList())
        return failure(ErrorCode::NotFound, "missing value");
    if (parts.size() == 1)
        return change(value, parts.front());
    const std::optional<Value> child = childOf(value, parts.front());
    if (!child)
        return failure(ErrorCode::NotFound, "missing value");
    Expected<Value> below = changed(*child, parts.subspan(1), change);
    if (!below)
        return below;
    return value.isMap() ? value.with(parts.front(), *below)
                         : value.withItem(*placeOf(parts.front(), value.size()), *below);
}

} // namespace

Expected<Pointer> Pointer::parse(std::string_view text)
{
    if (text.empty())
        return Pointer();
    if (text[0] != '/')
        return failure(ErrorCode::InvalidInput, "the JSON pointer '" + std::string(text) + "' does not start with '/'");
    std::vector<std::string> parts;
    std::size_t start = 1;
    for (;;) {
        const std::size_t slash = text.find('/', start);
        parts.push_back(decoded(text.substr(start, slash - start)));
        if (slash == std::string_view::npos)
            return Pointer(std::move(parts));
        start = slash + 1;
    }
}

std::string Pointer::text() const
{
    std::string text;
    for (const std::string &part : m_parts) {
        text += '/';
        for (const char c : part) {
            if (c == '~')
                text += "~0";
            else if (c == '/')
                text += "~1";
            else
                text += c;
        }
    }
    return text;
}

std::optional<Value> Pointer::find(const Value &root) const
{
    std::optional<Value> value = root;
    for (const std::string &part : m_parts) {
        value = childOf(*value, part);
        if (!value)
            return std::nullopt;
    }
    return value;
}

Expected<Value> Pointer::added(const Value &root, const Value &value) const
{
    if (isRoot())
        return value;
    return changed(root, m_parts, [&](const Value &parent, const std::string &part) -> Expected<Value> {
        if (parent.isMap())
            return parent.with(part, value);
        if (part == "-")
            return parent.appended(value);
        const Expected<std::size_t> place = placeOf(part, parent.size() + 1);
        if (!place)
            return std::unexpected(place.error());
        return inserted(parent, *place, value);
    });
}

Expected<Value> Pointer::replaced(const Value &root, const Value &value) const
{
    if (isRoot())
        return value;
    return changed(root, m_parts, [&](const Value &parent, const std::string &part) -> Expected<Value> {
        if (parent.isMap())
            return parent.with(part, value);
        const Expected<std::size_t> place = placeOf(part, parent.size());
        if (!place)
            return std::unexpected(place.error());
        return parent.withItem(*place, value);
    });
}

Expected<Value> Pointer::removed(const Value &root) const
{
    if (isRoot())
        return Value();
    return changed(root, m_parts, [](const Value &parent, const std::string &part) -> Expected<Value> {
        if (parent.isMap()) {
            if (!parent.contains(part))
                return failure(ErrorCode::NotFound, "Unable to remove nonexistent key: " + part + ": missing value");
            return parent.without(part);
        }
        const Expected<std::size_t> place = placeOf(part, parent.size());
        if (!place)
            return std::unexpected(place.error());
        return parent.withoutItem(*place);
    });
}

} // namespace tiphys::object
