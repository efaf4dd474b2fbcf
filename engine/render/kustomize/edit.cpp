// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/edit.h"

#include "base/text.h"
#include "render/kustomize/ambiguous_text.h"

#include <charconv>

namespace tiphys::render::kustomize {

namespace {

Expected<Node *> elementAt(Node *node, std::int64_t index)
{
    const Expected<void> valid = checkKind(node, Kind::List);
    if (!valid)
        return std::unexpected(valid.error());
    if (!node || index >= node->size)
        return nullptr;
    return node->items[index];
}

/// One step of a path.
class Step
{
public:
    Step(Arena *arena, Kind create) : m_arena(arena), m_create(create) {}

    Expected<Node *> take(Node *node, std::string_view part, std::string_view next)
    {
        if (const auto index = integerOf(part)) {
            if (*index < 0)
                return failure(ErrorCode::InvalidInput,
                               "array index " + std::to_string(*index) + " cannot be negative");
            return elementAt(node, *index);
        }
        if (part == "-") {
            const auto last = node && node->size > 0 ? static_cast<std::int64_t>(node->size) - 1 : 0;
            return elementAt(node, last);
        }
        if (part == "*")
            return failure(ErrorCode::InvalidInput, "wildcard is not supported in PathGetter");
        if (isListIndex(part))
            return listElement(node, part);
        return member(node, part, next);
    }

private:
    Expected<Node *> listElement(Node *node, std::string_view part)
    {
        const auto index = listIndexOf(part);
        if (!index)
            return std::unexpected(index.error());
        const auto &[name, value] = *index;
        Expected<Node *> found = element(node, {{name}, {value}});
        if (!found || *found || m_create == Kind::None)
            return found;
        const Expected<void> valid = checkKind(node, Kind::List);
        if (!valid)
            return std::unexpected(valid.error());
        Node *made = m_arena->scalar(value);
        if (!name.empty()) {
            Node *map = m_arena->map();
            m_arena->append(*map, m_arena->scalar(name));
            m_arena->append(*map, made);
            made = map;
        }
        m_arena->append(*node, made);
        return made;
    }

    Expected<Node *> member(Node *node, std::string_view name, std::string_view next)
    {
        Expected<Node *> found = getField(node, name);
        if (!found || *found || m_create == Kind::None || isMissing(node))
            return found;
        Node *made = m_arena->copy({});
        made->kind = kindBefore(next, m_create);
        return setField(*m_arena, node, name, made);
    }

    Arena *m_arena;
    Kind m_create;
};

template <typename Path>
Expected<Node *> walk(Arena *arena, Node *node, const Path &path, Kind create)
{
    std::vector<std::string_view> parts;
    for (const auto &part : path) {
        const std::string_view clean = trimmed(part);
        if (!clean.empty())
            parts.push_back(clean);
    }
    Step step(arena, create);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Expected<Node *> next = step.take(node, parts[i], i + 1 < parts.size() ? parts[i + 1] : "");
        if (!next || !*next)
            return next;
        node = *next;
    }
    return node;
}

/// A field with this text; an empty text fits every value.
bool hasMatch(const Node &map, std::string_view key, std::string_view text)
{
    const Node *value = field(&map, key);
    return value && (text.empty() || value->value == text);
}

} // namespace

Expected<void> setScalar(Node *node, Node *value)
{
    quoteAmbiguous(value);
    const Expected<void> valid = checkKind(node, Kind::Scalar);
    if (!valid || isMissing(value))
        return valid;
    value->style = node->style;
    *node = *value;
    return {};
}

Expected<Node *> getField(Node *node, std::string_view name)
{
    if (isMissing(node))
        return nullptr;
    const Expected<void> valid = checkKind(node, Kind::Map);
    if (!valid)
        return std::unexpected(valid.error());
    return field(node, name);
}

Expected<Node *> setField(Arena &arena, Node *node, std::string_view name, Node *value, Nulls nulls, Style keyStyle)
{
    quoteAmbiguous(value);
    if (name.empty()) {
        const Expected<void> done = setScalar(node, value);
        if (!done)
            return std::unexpected(done.error());
        return node;
    }
    if (!value || (value->isNull() && nulls == Nulls::Clear)) {
        const Expected<void> valid = checkKind(node, Kind::Map);
        if (!valid)
            return std::unexpected(valid.error());
        clearField(*node, name);
        return nullptr;
    }
    const Expected<Node *> old = getField(node, name);
    if (!old)
        return old;
    if (*old) {
        value->style = (*old)->style;
        if (*old != value)
            **old = *value;
        return *old;
    }
    Node *key = arena.scalar(name);
    key->style = keyStyle;
    arena.append(*node, key);
    arena.append(*node, value);
    return value;
}

Expected<Node *> lookup(Node *node, std::span<const std::string> path)
{
    return walk(nullptr, node, path, Kind::None);
}

Expected<Node *> lookupOrMake(Arena &arena, Node *node, std::span<const std::string> path, Kind kind)
{
    return walk(&arena, node, path, kind);
}

Expected<Node *> lookupOrMake(Arena &arena, Node *node, std::initializer_list<std::string_view> path, Kind kind)
{
    Step step(&arena, kind);
    for (const std::string_view *part = path.begin(); part != path.end(); ++part) {
        const Expected<Node *> next = step.take(node, *part, part + 1 != path.end() ? *(part + 1) : "");
        if (!next || !*next)
            return next;
        node = *next;
    }
    return node;
}

Expected<void> setElement(Arena &arena, Node *list, ElementKey key, Node *element)
{
    const Expected<void> valid = checkKind(list, Kind::List);
    if (!valid)
        return valid;
    const bool setsMaps = !key.keys.empty() && !key.keys[0].empty() && !key.values.empty() && !key.values[0].empty();
    Node kept;
    bool isFound = false;
    for (Node *item : list->content()) {
        if (isMissing(item) || item->isEmptyMap())
            continue;
        if (!item->isMap() && setsMaps) {
            arena.append(kept, item);
            continue;
        }
        // Keys without a text take over the answer of the one before.
        bool fits = false;
        for (std::size_t i = 0; i < key.keys.size() && (i == 0 || fits); ++i) {
            if (i >= key.values.size())
                continue;
            const bool isPrimitive = key.keys[i].empty();
            const Expected<void> kind = checkKind(item, isPrimitive ? Kind::Scalar : Kind::Map);
            if (!kind)
                return kind;
            fits = isPrimitive ? item->value == key.values[i] : hasMatch(*item, key.keys[i], key.values[i]);
        }
        if (!fits) {
            if (!key.values.empty())
                arena.append(kept, item);
            continue;
        }
        isFound = true;
        if (element)
            arena.append(kept, element);
    }
    list->items = kept.items;
    list->size = kept.size;
    list->capacity = kept.capacity;
    if (!isMissing(element) && !isFound)
        arena.append(*list, element);
    return {};
}

Expected<Node *> element(Node *list, const ElementKey &key)
{
    const Expected<void> valid = checkKind(list, Kind::List);
    if (!valid)
        return std::unexpected(valid.error());
    if (!list)
        return nullptr;
    if (key.keys.empty() || key.keys[0].empty()) {
        const std::string_view text = key.values.empty() ? std::string_view() : key.values[0];
        for (Node *item : list->content()) {
            if (item->value == text)
                return item;
        }
        return nullptr;
    }
    for (Node *item : list->content()) {
        if (!isMissing(item) && !item->isMap())
            continue;
        if (key.keys.size() != key.values.size())
            return failure(ErrorCode::InvalidInput,
                           "length of keys must equal length of values when MatchAnyValue is false");
        bool fits = !isMissing(item);
        for (std::size_t i = 0; i < key.keys.size() && fits; ++i) {
            const Node *value = field(item, key.keys[i]);
            fits = value && value->value == key.values[i];
        }
        if (fits)
            return item;
    }
    return nullptr;
}

Node *elementWithKey(const Node *list, std::string_view key)
{
    if (!list || !list->isList())
        return nullptr;
    for (Node *item : list->content()) {
        if (!isMissing(item) && field(item, key))
            return item;
    }
    return nullptr;
}

std::vector<std::string> splitPath(std::string_view path, char delimiter)
{
    std::vector<std::string_view> pieces = split(path, delimiter);
    if (pieces.size() > 1 && pieces[0].empty())
        pieces.erase(pieces.begin());
    std::vector<std::string> parts{std::string(pieces[0])};
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        if (parts.back().ends_with('\\')) {
            parts.back().back() = delimiter;
            parts.back() += pieces[i];
        } else {
            parts.emplace_back(pieces[i]);
        }
    }
    return parts;
}

std::vector<std::string> splitFieldPath(std::string_view path, char delimiter)
{
    const std::vector<std::string> pieces = splitPath(path, delimiter);
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (!pieces[i].starts_with('[') || pieces[i].ends_with(']')) {
            parts.push_back(pieces[i]);
            continue;
        }
        std::string whole = pieces[i];
        while (i + 1 < pieces.size()) {
            whole += delimiter;
            whole += pieces[++i];
            if (pieces[i].ends_with(']'))
                break;
        }
        if (!whole.contains('=')) {
            const auto isBracket = [](char c) { return c == '[' || c == ']'; };
            while (!whole.empty() && isBracket(whole.back()))
                whole.pop_back();
            while (!whole.empty() && isBracket(whole.front()))
                whole.erase(0, 1);
        }
        parts.push_back(std::move(whole));
    }
    return parts;
}

bool isListIndex(std::string_view part)
{
    return part.starts_with('[') && part.ends_with(']');
}

Expected<std::pair<std::string_view, std::string_view>> listIndexOf(std::string_view part)
{
    if (part.ends_with(']'))
        part.remove_suffix(1);
    if (part.starts_with('['))
        part.remove_prefix(1);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos)
        return failure(ErrorCode::InvalidInput,
                       "list path element must contain fieldName=fieldValue for element to match");
    return std::pair(part.substr(0, equals), part.substr(equals + 1));
}

std::optional<std::int64_t> integerOf(std::string_view text)
{
    const bool isPositive = text.starts_with('+');
    if (isPositive)
        text.remove_prefix(1);
    if (text.empty() || (isPositive && text[0] == '-'))
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

Kind kindBefore(std::string_view nextPart, Kind last)
{
    if (nextPart.empty())
        return last;
    const auto index = integerOf(nextPart);
    return isListIndex(nextPart) || (index && *index >= 0) ? Kind::List : Kind::Map;
}

} // namespace tiphys::render::kustomize
