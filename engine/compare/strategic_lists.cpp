// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/strategic_lists.h"

#include "object/json.h"

#include <algorithm>
#include <limits>

namespace tiphys::compare {

using object::Type;

namespace {

const Draft kNull;
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

std::size_t placeIn(const Draft::List &order, const Draft &item, std::string_view mergeKey)
{
    return indexOf(order, identityOf(item, mergeKey), mergeKey).value_or(kNowhere);
}

template <typename TextOf>
Draft::List sortedByText(Draft::List list, const TextOf &textOf)
{
    // Go's comparison says "less" for equal texts, so that its insertion sort turns their order around.
    std::ranges::reverse(list);
    std::vector<std::pair<std::string, std::size_t>> keys;
    keys.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        keys.emplace_back(textOf(list[i]), i);
    std::ranges::stable_sort(keys, {}, &std::pair<std::string, std::size_t>::first);
    Draft::List sorted;
    sorted.reserve(list.size());
    for (const auto &[text, index] : keys)
        sorted.push_back(std::move(list[index]));
    return sorted;
}

} // namespace

Shape shapeOf(const Draft &draft)
{
    if (draft.isMap())
        return Shape::Map;
    if (draft.isList())
        return Shape::List;
    switch (draft.leaf().type()) {
    case Type::Bool: return Shape::Bool;
    case Type::Int: return Shape::Int;
    case Type::Uint:
    case Type::Double: return Shape::Float;
    case Type::String: return Shape::String;
    default: return Shape::Null;
    }
}

std::optional<Shape> elementShape(const Draft::List &first, const Draft::List &second)
{
    std::optional<Shape> shape;
    for (const Draft::List *list : {&first, &second}) {
        for (const Draft &item : *list) {
            const Shape own = shapeOf(item);
            if (own == Shape::List || (shape && *shape != own))
                return std::nullopt;
            shape = own;
        }
    }
    return shape;
}

std::string sortText(const Draft &scalar)
{
    if (scalar.leaf().isString())
        return std::string(scalar.text());
    return scalar.isNull() ? "<nil>" : object::toJson(scalar.toValue());
}

Draft::List sortedScalars(Draft::List list)
{
    return sortedByText(std::move(list), sortText);
}

Draft::List uniqueScalars(Draft::List list)
{
    for (std::size_t i = 0; i < list.size(); ++i) {
        for (std::size_t j = i + 1; j < list.size();) {
            if (list[i] == list[j]) {
                list[j] = std::move(list.back());
                list.pop_back();
            } else {
                ++j;
            }
        }
    }
    return list;
}

Draft::List sortedByKey(Draft::List list, std::string_view mergeKey)
{
    return sortedByText(std::move(list), [&](const Draft &item) { return sortText(identityOf(item, mergeKey)); });
}

const Draft &identityOf(const Draft &item, std::string_view mergeKey)
{
    if (mergeKey.empty())
        return item;
    const Draft *key = item.find(mergeKey);
    return key ? *key : kNull;
}

std::optional<std::size_t> indexOf(const Draft::List &list, const Draft &identity, std::string_view mergeKey)
{
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (identityOf(list[i], mergeKey) == identity)
            return i;
    }
    return std::nullopt;
}

bool haveKey(const Draft::List &list, std::string_view mergeKey)
{
    return std::ranges::all_of(list, [&](const Draft &item) { return item.contains(mergeKey); });
}

bool isDeletion(const Draft &item)
{
    const Draft *directive = item.find(kPatchDirective);
    return directive && directive->text() == "delete";
}

Draft::List ordered(Draft::List list, const Draft::List &order, std::string_view mergeKey)
{
    struct Placed
    {
        Draft item;
        std::size_t place;
    };
    std::vector<Placed> kept;
    Draft::List deletions;
    for (Draft &item : list) {
        if (isDeletion(item)) {
            deletions.push_back(std::move(item));
            continue;
        }
        const std::size_t place = placeIn(order, item, mergeKey);
        kept.push_back({std::move(item), place});
    }
    // An insertion sort on purpose: items without a place move to the front of all before them, as in the original.
    for (std::size_t i = 1; i < kept.size(); ++i) {
        for (std::size_t j = i; j > 0; --j) {
            const bool isKnown = kept[j].place != kNowhere && kept[j - 1].place != kNowhere;
            if (isKnown && kept[j].place >= kept[j - 1].place)
                break;
            std::swap(kept[j], kept[j - 1]);
        }
    }
    Draft::List result;
    result.reserve(kept.size() + deletions.size());
    for (Placed &placed : kept)
        result.push_back(std::move(placed.item));
    std::ranges::move(deletions, std::back_inserter(result));
    return result;
}

Draft::List interleaved(Draft::List patch, Draft::List serverOnly, const Draft::List &patchOrder,
                        const Draft::List &serverOrder, std::string_view mergeKey)
{
    Draft::List left = ordered(std::move(serverOnly), serverOrder, mergeKey);
    Draft::List right = ordered(std::move(patch), patchOrder, mergeKey);
    Draft::List all;
    all.reserve(left.size() + right.size());
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < left.size() || j < right.size()) {
        bool takesLeft = j >= right.size();
        if (i < left.size() && j < right.size()) {
            const std::size_t leftPlace = placeIn(serverOrder, left[i], mergeKey);
            const std::size_t rightPlace = placeIn(serverOrder, right[j], mergeKey);
            takesLeft = leftPlace != kNowhere && rightPlace != kNowhere && leftPlace < rightPlace;
        }
        all.push_back(std::move(takesLeft ? left[i++] : right[j++]));
    }
    return all;
}

bool removeDirectives(Draft &draft)
{
    if (draft.isMap()) {
        if (draft.contains(kPatchDirective))
            return false;
        std::erase_if(draft.members(), [](DraftMember &member) { return !removeDirectives(member.value); });
    } else if (draft.isList()) {
        std::erase_if(draft.items(), [](Draft &item) { return !removeDirectives(item); });
    }
    return true;
}

void discardNulls(Draft &draft)
{
    if (draft.isMap()) {
        std::erase_if(draft.members(), [](const DraftMember &member) { return member.value.isNull(); });
        for (DraftMember &member : draft.members())
            discardNulls(member.value);
    } else if (draft.isList()) {
        for (Draft &item : draft.items())
            discardNulls(item);
    }
}

} // namespace tiphys::compare
