// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/merge.h"

#include "render/kustomize/ambiguous_text.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/meta.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

namespace tiphys::render::kustomize {

namespace {

constexpr int kDeepest = 1'100;
constexpr std::string_view kDirective = "$patch";

enum class Directive { Merge, Replace, Delete, Unknown };

/// The base and the patch; the patch stands in for an absent base.
using Sources = std::array<Node *, 2>;
/// Texts of the keys of one element.
using KeyTexts = std::vector<std::string_view>;

/// A merged node, and whether a null in it is meant.
struct Result
{
    Node *node = nullptr;
    Nulls nulls = Nulls::Clear;
};

Directive directiveOf(std::string_view text)
{
    if (text == "delete")
        return Directive::Delete;
    if (text == "replace")
        return Directive::Replace;
    return text == "merge" ? Directive::Merge : Directive::Unknown;
}

std::unexpected<Error> unknownStrategy(std::string_view text)
{
    return failure(ErrorCode::InvalidInput, "unknown patch strategy '" + std::string(text) + "'");
}

class Merge
{
public:
    Merge(Arena &arena, const MergeSchema::Table &table, ListGrowth growth)
        : m_arena(arena), m_table(table), m_growth(growth)
    {
    }

    Expected<Result> walk(Sources sources, MergeSchema schema, int depth)
    {
        if (depth > kDeepest)
            return failure(ErrorCode::LimitExceeded, "patch is nested too deep");
        schema = schemaOf(sources, schema);
        const Node *first = !isMissing(sources[0]) ? sources[0] : !isMissing(sources[1]) ? sources[1] : nullptr;
        const Kind kind = first ? first->kind : Kind::None;
        if (kind != Kind::None) {
            for (const Node *source : sources) {
                const Expected<void> valid = checkKind(source, kind);
                if (!valid)
                    return std::unexpected(valid.error());
            }
        }
        switch (kind) {
        case Kind::Scalar: return Result{sources[1] ? sources[1] : sources[0]};
        case Kind::List:
            if (schema.merges())
                return associativeList(sources, schema, depth);
            return Result{sources[1] ? sources[1] : sources[0]};
        case Kind::Map:
        case Kind::None: break;
        }
        return map(sources, schema, depth);
    }

private:
    MergeSchema schemaOf(const Sources &sources, const MergeSchema &schema) const
    {
        if (schema.isKnown())
            return schema;
        for (const Node *source : sources) {
            if (isMissing(source))
                continue;
            const Node *kind = field(source, "kind");
            const Node *apiVersion = field(source, "apiVersion");
            if (isEmpty(kind) || isEmpty(apiVersion) || kind->value.empty() || apiVersion->value.empty())
                continue;
            const MergeSchema found = m_table.kind(apiVersion->value, kind->value);
            if (found.isKnown())
                return found;
        }
        return {};
    }

    /// The directive of a patch, which is taken out of it.
    Expected<Directive> takeDirective(Node *patch)
    {
        if (!patch)
            return Directive::Merge;
        if (patch->isMap())
            return mapDirective(*patch);
        if (patch->isList())
            return listDirective(*patch);
        return Directive::Unknown;
    }

    Expected<Directive> mapDirective(Node &patch)
    {
        const Node *value = isMissing(&patch) ? nullptr : field(&patch, kDirective);
        if (!value)
            return Directive::Merge;
        const Directive directive = directiveOf(value->value);
        if (directive == Directive::Unknown)
            return unknownStrategy(value->value);
        clearField(patch, kDirective);
        return directive;
    }

    Expected<Directive> listDirective(Node &patch)
    {
        const Node *element = elementWithKey(&patch, kDirective);
        if (!element || element->size > 2)
            return Directive::Merge;
        const std::string_view text = field(element, kDirective)->value;
        const Directive directive = directiveOf(text);
        if (directive == Directive::Unknown)
            return unknownStrategy(text);
        const Expected<void> done = setElement(m_arena, &patch, {{kDirective}, {text}}, nullptr);
        if (!done)
            return std::unexpected(done.error());
        return directive;
    }

    /// What stands for the map before its fields are merged; no node where it goes.
    Expected<Result> mapTarget(const Sources &sources)
    {
        auto [base, patch] = sources;
        if (isMissing(base)) {
            const Expected<Directive> directive = takeDirective(patch);
            if (directive && *directive == Directive::Delete)
                return Result{};
            if (!patch && base && !base->value.empty()) {
                Node *null = m_arena.scalar(base->value);
                null->tag = Tag::Null;
                return Result{null, Nulls::Keep};
            }
            return Result{patch};
        }
        if (patch && patch->isNull())
            return Result{};
        const Expected<Directive> directive = takeDirective(patch);
        if (!directive)
            return std::unexpected(directive.error());
        if (*directive == Directive::Delete)
            return Result{};
        return Result{*directive == Directive::Replace ? patch : base};
    }

    Expected<Result> map(Sources sources, const MergeSchema &schema, int depth)
    {
        const Expected<Result> target = mapTarget(sources);
        if (!target || !target->node)
            return target;
        sources[0] = target->node;
        // What goes wrong is told in the order of names, by the way through them all: once, or each level would try both ways.
        if (m_maySettle && !sources[1] && !hasTwins(*target->node)) {
            if (settle(*target->node, schema, depth))
                return target;
            m_maySettle = false;
        }
        for (const std::string_view name : namesOf(sources)) {
            const Sources fields{memberOf(sources[0], name), memberOf(sources[1], name)};
            const Expected<Result> value = walk(fields, schema.member(name), depth + 1);
            if (!value)
                return value;
            const Expected<Node *> done = setField(m_arena, target->node, name, value->node, value->nulls,
                                                   keyStyle(sources, fields, value->node, name));
            if (!done)
                return std::unexpected(done.error());
        }
        return target;
    }

    static bool hasTwins(const Node &map)
    {
        for (std::uint32_t i = 0; i + 1 < map.size; i += 2) {
            if (keyIndex(map, map.items[i]->value) != static_cast<std::ptrdiff_t>(i))
                return true;
        }
        return false;
    }

    /// A map of the base that the patch does not mention, without twins: what merging makes of its members all the same.
    Expected<void> settle(Node &map, const MergeSchema &schema, int depth)
    {
        for (std::uint32_t i = 0; i + 1 < map.size;) {
            const std::string_view name = map.items[i]->value;
            Node *member = map.items[i + 1];
            const Expected<Result> value = walk({member, nullptr}, schema.member(name), depth + 1);
            if (!value)
                return std::unexpected(value.error());
            const std::uint32_t size = map.size;
            if (value->node == member && !member->isNull() && !name.empty()) {
                quoteAmbiguous(member);
            } else {
                const Expected<Node *> done = setField(m_arena, &map, name, value->node, value->nulls);
                if (!done)
                    return std::unexpected(done.error());
            }
            // Where it went, the next one stands in its place.
            i += map.size < size ? 0 : 2;
        }
        return {};
    }

    static Node *memberOf(const Node *map, std::string_view name) { return map ? field(map, name) : nullptr; }

    /// Names of all fields, sorted: a new field goes behind the others in this order.
    static std::vector<std::string_view> namesOf(const Sources &sources)
    {
        std::vector<std::string_view> names;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (!sources[i] || (i == 1 && sources[1] == sources[0]))
                continue;
            for (std::uint32_t k = 0; k + 1 < sources[i]->size; k += 2)
                names.push_back(sources[i]->items[k]->value);
        }
        std::ranges::sort(names);
        const auto rest = std::ranges::unique(names);
        names.erase(rest.begin(), rest.end());
        return names;
    }

    /// A new key is quoted as in the source that its value comes from.
    static Style keyStyle(const Sources &sources, const Sources &fields, const Node *value, std::string_view name)
    {
        Style style = Style::Plain;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (!fields[i] || fields[i] != value)
                continue;
            const std::ptrdiff_t at = keyIndex(*sources[i], name);
            style = at < 0 ? style : sources[i]->items[at]->style;
        }
        return style;
    }

    Expected<Result> associativeList(Sources sources, const MergeSchema &schema, int depth)
    {
        Node *target = sources[1];
        if (!isMissing(sources[0])) {
            if (sources[1] && sources[1]->isNull())
                return Result{};
            const Expected<Directive> directive = takeDirective(sources[1]);
            if (!directive)
                return std::unexpected(directive.error());
            if (*directive == Directive::Delete)
                return Result{};
            if (*directive != Directive::Replace)
                target = sources[0];
        }
        if (!target)
            return Result{};
        sources[0] = target;
        std::vector<std::string_view> keys = schema.keys();
        std::vector<KeyTexts> texts = keyTexts(sources, keys);
        if (texts.empty() && keys.empty()) {
            texts = primitiveTexts(sources);
            keys = {""};
        }
        return elements(sources, schema.items(), std::move(keys), std::move(texts), depth);
    }

    /// Sources in the order in which their elements come.
    Sources ordered(const Sources &sources) const
    {
        return m_growth == ListGrowth::Prepend ? Sources{sources[1], sources[0]} : sources;
    }

    std::vector<KeyTexts> keyTexts(const Sources &sources, const std::vector<std::string_view> &keys) const
    {
        std::vector<KeyTexts> texts;
        std::set<KeyTexts> seen;
        if (keys.empty())
            return texts;
        for (const Node *source : ordered(sources)) {
            if (!source || !source->isList())
                continue;
            for (const Node *item : source->content()) {
                KeyTexts text;
                for (const std::string_view key : keys) {
                    const Node *value = field(item, key);
                    text.push_back(isEmpty(value) ? std::string_view() : value->value);
                }
                if (seen.insert(text).second)
                    texts.push_back(std::move(text));
            }
        }
        return texts;
    }

    std::vector<KeyTexts> primitiveTexts(const Sources &sources) const
    {
        std::vector<KeyTexts> texts;
        std::unordered_set<std::string_view> seen;
        for (const Node *source : ordered(sources)) {
            if (!source)
                continue;
            for (const Node *item : source->content()) {
                if (seen.insert(item->value).second)
                    texts.push_back({item->value});
            }
        }
        return texts;
    }

    /// Texts that agree in one part and differ only in absent ones become one.
    static void unify(std::vector<KeyTexts> &texts)
    {
        for (KeyTexts &left : texts) {
            for (KeyTexts &right : texts) {
                const std::optional<KeyTexts> both = unified(left, right);
                if (both) {
                    left = *both;
                    right = *both;
                }
            }
        }
    }

    static std::optional<KeyTexts> unified(const KeyTexts &left, const KeyTexts &right)
    {
        KeyTexts both;
        bool isCommon = false;
        for (std::size_t i = 0; i < left.size(); ++i) {
            if (left[i] == right[i])
                isCommon = true;
            else if (!left[i].empty() && !right[i].empty())
                return std::nullopt;
            both.push_back(left[i].empty() ? right[i] : left[i]);
        }
        return isCommon ? std::optional(both) : std::nullopt;
    }

    /// The keys that any of \p all uses, with their part of \p text.
    static ElementKey validKey(const std::vector<bool> &used, const std::vector<std::string_view> &keys,
                               const KeyTexts &text)
    {
        if (std::ranges::find(used, true) == used.end())
            return {keys, text};
        ElementKey key;
        for (std::size_t i = 0; i < keys.size() && i < used.size(); ++i) {
            if (used[i])
                key.keys.push_back(keys[i]);
        }
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!text[i].empty() || (i < used.size() && used[i]))
                key.values.push_back(text[i]);
        }
        return key;
    }

    static std::vector<bool> usedKeys(const std::vector<KeyTexts> &texts, std::size_t count)
    {
        std::vector<bool> used(count);
        for (const KeyTexts &text : texts) {
            for (std::size_t i = 0; i < text.size(); ++i)
                used[i] = used[i] || !text[i].empty();
        }
        return used;
    }

    Expected<Sources> elementsWith(const Sources &sources, const ElementKey &key) const
    {
        std::vector<KeyTexts> texts{key.values};
        const ElementKey own = validKey(usedKeys(texts, key.values.size()), key.keys, key.values);
        Sources found{};
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (!sources[i] || !sources[i]->isList())
                continue;
            const Expected<Node *> item = element(sources[i], own);
            found[i] = item ? *item : nullptr;
        }
        return found;
    }

    Expected<Result> elements(const Sources &sources, const MergeSchema &schema, std::vector<std::string_view> keys,
                              std::vector<KeyTexts> texts, int depth)
    {
        Node *target = sources[0];
        if (keys.size() > 1)
            unify(texts);
        if (texts.empty())
            return Result{isMissing(target) ? nullptr : target};
        const std::vector<bool> used = usedKeys(texts, keys.size());
        Node *added = m_arena.list();
        ElementKey key;
        for (const KeyTexts &text : texts) {
            key = validKey(used, keys, text);
            const Expected<void> done = mergeElement(sources, schema, key, *added, depth);
            if (!done)
                return std::unexpected(done.error());
        }
        Node *grown = m_growth == ListGrowth::Prepend ? added : target;
        const Expected<void> done = appendAll(grown, m_growth == ListGrowth::Prepend ? target : added, key.keys);
        if (!done)
            return std::unexpected(done.error());
        return Result{isMissing(grown) ? nullptr : grown};
    }

    Expected<void> mergeElement(const Sources &sources, const MergeSchema &schema, const ElementKey &key, Node &added,
                                int depth)
    {
        const Expected<Sources> pair = elementsWith(sources, key);
        if (!pair)
            return std::unexpected(pair.error());
        const Expected<Result> value = walk(*pair, schema, depth + 1);
        if (!value)
            return std::unexpected(value.error());
        if (isMissing(value->node) || value->node->isEmptyMap()) {
            for (std::size_t i = 0; i < key.keys.size(); ++i) {
                const Expected<void> removed = setElement(m_arena, sources[0], key, nullptr);
                if (!removed)
                    return removed;
            }
            return {};
        }
        for (std::size_t i = 0; i < key.keys.size() && i < key.values.size(); ++i) {
            if (field(value->node, key.keys[i]) || key.values[i].empty())
                continue;
            const Expected<Node *> set = setField(m_arena, value->node, key.keys[i], m_arena.scalar(key.values[i]));
            if (!set)
                return std::unexpected(set.error());
        }
        return setElement(m_arena, &added, key, value->node);
    }

    /// Puts the elements of \p from behind those of \p into; equal keys take the later one.
    Expected<void> appendAll(Node *into, const Node *from, const std::vector<std::string_view> &keys)
    {
        for (Node *item : std::vector<Node *>(from->content().begin(), from->content().end())) {
            ElementKey key{keys, {}};
            if (keys.empty() || keys[0].empty()) {
                key = {{""}, {item->value}};
            } else {
                for (const std::string_view name : keys) {
                    const Expected<Node *> value = getField(item, name);
                    if (!value)
                        return std::unexpected(value.error());
                    if (*value)
                        key.values.push_back((*value)->value);
                    else
                        m_arena.append(*into, item);
                }
                if (keys.size() > 1) {
                    const Expected<void> removed = setElement(m_arena, into, key, nullptr);
                    if (!removed)
                        return removed;
                }
            }
            const Expected<void> done = setElement(m_arena, into, key, item);
            if (!done)
                return done;
        }
        return {};
    }

    Arena &m_arena;
    const MergeSchema::Table &m_table;
    ListGrowth m_growth;
    bool m_maySettle = true; ///< false once something went wrong
};

} // namespace

Expected<Node *> merged(Arena &arena, Node *base, Node *patch, const MergeSchema::Table &schema, ListGrowth growth)
{
    const Expected<Result> result = Merge(arena, schema, growth).walk({base, patch}, {}, 0);
    if (!result)
        return std::unexpected(result.error());
    return result->node;
}

} // namespace tiphys::render::kustomize
