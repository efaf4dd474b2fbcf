// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/strategic_merge.h"

#include "compare/strategic_lists.h"
#include "compare/strategic_member.h"

#include <algorithm>

namespace tiphys::compare {

using namespace strategic;

namespace {

/// Whether patches are carried out or joined to one patch.
enum class Merge { Apply, Join };

class Merger : public Fallible
{
public:
    explicit Merger(Merge mode) : m_appliesPatch(mode == Merge::Apply) {}
    bool mergeMap(Draft &original, Draft patch, const Type *type);

private:
    bool retainKeys(Draft &original, Draft &patch);
    bool mergeOrderedLists(Draft &original, Draft &patch, const Type *type);
    bool mergeOrderedList(Draft &original, Draft &patch, const DraftMember &order, const Type *type);
    bool fitsOrder(const Draft::List &patch, const Draft::List &order, std::string_view mergeKey);
    bool mergeMember(Draft &original, std::string_view key, Draft patch, const Type *type);
    bool mergeList(Draft::List &original, Draft::List patch, const MemberMeta &meta, bool deletes,
                   Draft::List *unordered = nullptr);
    bool mergeMapItems(Draft::List &original, Draft::List &patch, Draft::List &serverOrder, const MemberMeta &meta);
    void put(Draft &original, std::string_view key, Draft patch);

    bool m_appliesPatch;
};

bool Merger::retainKeys(Draft &original, Draft &patch)
{
    const Draft *found = patch.find(kRetainKeysDirective);
    if (!found)
        return true;
    const Draft wanted = *found;
    patch.erase(kRetainKeysDirective);
    if (!m_appliesPatch) {
        const Draft *present = original.find(kRetainKeysDirective);
        if (present && *present != wanted)
            return fails("two patches retain different keys");
        original.set(kRetainKeysDirective, wanted);
        return true;
    }
    if (!wanted.isList())
        return fails("$retainKeys is no list");
    const auto isRetained = [&](std::string_view key) {
        return std::ranges::any_of(wanted.items(), [&](const Draft &item) { return item.text() == key; });
    };
    for (const auto &[key, value] : patch.members()) {
        const bool isDirective = key.starts_with(kDeleteFromListPrefix) || key.starts_with(kSetElementOrderPrefix);
        if (!value.isNull() && !isDirective && !isRetained(key))
            return fails("$retainKeys does not list the key " + quoted(key) + " of its own patch");
    }
    std::erase_if(original.members(), [&](const DraftMember &member) { return !isRetained(member.key); });
    return true;
}

/// True if the items of \p patch appear in \p order, in its order.
bool Merger::fitsOrder(const Draft::List &patch, const Draft::List &order, std::string_view mergeKey)
{
    if (patch.empty() || order.empty())
        return true;
    std::size_t place = 0;
    for (const Draft &item : patch) {
        if (item.contains(kPatchDirective))
            continue;
        while (place < order.size() && identityOf(item, mergeKey) != identityOf(order[place], mergeKey))
            ++place;
        if (place++ >= order.size())
            return fails("the order of a list in the patch does not fit its $setElementOrder");
    }
    return true;
}

bool Merger::mergeOrderedList(Draft &original, Draft &patch, const DraftMember &order, const Type *type)
{
    const std::string key = order.key.substr(std::min(order.key.size(), kSetElementOrderPrefix.size() + 1));
    const Draft *before = original.find(key);
    const Draft *change = patch.find(key);
    if (!order.value.isList() || (before && !before->isList()) || (change && !change->isList()))
        return fails("$setElementOrder of " + quoted(key) + " does not stand beside a list");
    MemberMeta meta;
    if (!lookUpList(type, key, meta))
        return false;
    const Draft::List beforeItems = before ? before->items() : Draft::List();
    const Draft::List changeItems = change ? change->items() : Draft::List();
    if (!fitsOrder(changeItems, order.value.items(), meta.mergeKey))
        return false;
    Draft::List merged = beforeItems;
    Draft::List serverOrder = beforeItems;
    if (!before && !change)
        return true;
    if (!before) {
        Draft added(changeItems);
        removeDirectives(added);
        merged = std::move(added.items());
    } else if (change) {
        if (!meta.merges)
            merged = changeItems;
        else if (!mergeList(merged, changeItems, meta, false, &serverOrder))
            return false;
        // The original deletes and appends inside the memory that it later takes the old order from.
        if (serverOrder.empty())
            serverOrder = beforeItems;
        serverOrder.resize(beforeItems.size(), beforeItems.empty() ? Draft() : beforeItems.back());
    }
    Draft::List listed;
    Draft::List serverOnly;
    for (Draft &item : merged) {
        if (!meta.mergeKey.empty() && !item.contains(meta.mergeKey))
            return fails("an item of the list " + quoted(key) + " has no merge key " + quoted(meta.mergeKey));
        const bool isListed = indexOf(order.value.items(), identityOf(item, meta.mergeKey), meta.mergeKey).has_value();
        (isListed ? listed : serverOnly).push_back(std::move(item));
    }
    if ((!beforeItems.empty() || !changeItems.empty()) && !elementShape(beforeItems, changeItems))
        return fails("the items of the lists " + quoted(key) + " are of different types");
    original.set(key, Draft(interleaved(std::move(listed), std::move(serverOnly), order.value.items(), serverOrder,
                                        meta.mergeKey)));
    patch.erase(key);
    return true;
}

bool Merger::mergeOrderedLists(Draft &original, Draft &patch, const Type *type)
{
    std::vector<DraftMember> orders;
    for (const DraftMember &member : patch.members()) {
        if (member.key.starts_with(kSetElementOrderPrefix))
            orders.push_back(member);
    }
    for (const DraftMember &order : orders) {
        if (!m_appliesPatch) {
            const Draft *present = original.find(order.key);
            if (present && *present != order.value)
                return fails("two patches set different orders in " + quoted(order.key));
            original.set(order.key, order.value);
        }
        patch.erase(order.key);
        if (!mergeOrderedList(original, patch, order, type))
            return false;
    }
    return true;
}

void Merger::put(Draft &original, std::string_view key, Draft patch)
{
    if (m_appliesPatch)
        discardNulls(patch);
    if (removeDirectives(patch))
        original.set(key, std::move(patch));
    else
        original.erase(key);
}

bool Merger::mergeMember(Draft &original, std::string_view key, Draft patch, const Type *type)
{
    const bool deletes = key.starts_with(kDeleteFromListPrefix);
    if (deletes && !m_appliesPatch) {
        original.set(key, std::move(patch));
        return true;
    }
    if (deletes)
        key.remove_prefix(std::min(key.size(), kDeleteFromListPrefix.size() + 1));
    if (patch.isNull()) {
        original.erase(key);
        if (m_appliesPatch)
            return true;
    }
    Draft *present = original.find(key);
    if (!present || shapeOf(*present) != shapeOf(patch)) {
        if (!deletes)
            put(original, key, std::move(patch));
        return true;
    }
    MemberMeta meta;
    if (patch.isMap()) {
        if (!lookUp(type, key, meta))
            return false;
        if (!meta.replaces)
            return mergeMap(*present, std::move(patch), meta.type);
        *present = std::move(patch);
        return true;
    }
    if (patch.isList()) {
        if (!lookUpList(type, key, meta))
            return false;
        if (meta.merges || deletes)
            return mergeList(present->items(), std::move(patch.items()), meta, deletes);
        *present = std::move(patch);
        return true;
    }
    *present = std::move(patch);
    return true;
}

bool Merger::mergeMap(Draft &original, Draft patch, const Type *type)
{
    if (const Draft *directive = patch.find(kPatchDirective)) {
        const std::string text(directive->text());
        if (text == "replace") {
            patch.erase(kPatchDirective);
            original = std::move(patch);
            return true;
        }
        if (text != "delete")
            return fails("unknown $patch directive " + quoted(text));
        original = Draft::emptyMap();
        return true;
    }
    if (!original.isMap())
        original = Draft::emptyMap();
    if (!retainKeys(original, patch) || !mergeOrderedLists(original, patch, type))
        return false;
    for (DraftMember &member : patch.members()) {
        if (!mergeMember(original, member.key, std::move(member.value), type))
            return false;
    }
    return true;
}

/// \p serverOrder gets the items that were there before anything is added.
bool Merger::mergeMapItems(Draft::List &original, Draft::List &patch, Draft::List &serverOrder, const MemberMeta &meta)
{
    Draft::List plain;
    bool replaces = false;
    for (Draft &item : patch) {
        const Draft *directive = item.find(kPatchDirective);
        if (!directive) {
            plain.push_back(std::move(item));
        } else if (directive->text() == "delete") {
            const Draft *key = item.find(meta.mergeKey);
            if (!key)
                return fails("a deletion in a list has no merge key " + quoted(meta.mergeKey));
            std::erase_if(original, [&](const Draft &other) { return identityOf(other, meta.mergeKey) == *key; });
        } else if (directive->text() == "replace") {
            replaces = true;
        } else {
            return fails("unknown $patch directive " + quoted(directive->text()) + " in a list");
        }
    }
    if (replaces) {
        original = std::move(plain);
        serverOrder = original;
        patch.clear();
        return true;
    }
    patch = std::move(plain);
    serverOrder = original;
    if (!haveKey(patch, meta.mergeKey))
        return fails("an item of a list has no merge key " + quoted(meta.mergeKey));
    for (const Draft &item : patch) {
        const auto index = indexOf(original, identityOf(item, meta.mergeKey), meta.mergeKey);
        if (!index)
            original.push_back(item);
        else if (!mergeMap(original[*index], item, meta.type))
            return false;
    }
    return true;
}

/// \p unordered gets the merged list before it is put in order.
bool Merger::mergeList(Draft::List &original, Draft::List patch, const MemberMeta &meta, bool deletes,
                       Draft::List *unordered)
{
    if (original.empty() && patch.empty())
        return true;
    const std::optional<Shape> shape = elementShape(original, patch);
    if (!shape)
        return fails("the items of two merged lists are of different types");
    if (*shape != Shape::Map) {
        if (m_appliesPatch && deletes) {
            std::erase_if(original, [&](const Draft &item) { return std::ranges::contains(patch, item); });
            return true;
        }
        const Draft::List before = original;
        original.insert(original.end(), patch.begin(), patch.end());
        Draft::List listed;
        Draft::List serverOnly;
        for (Draft &item : uniqueScalars(std::move(original)))
            (std::ranges::contains(patch, item) ? listed : serverOnly).push_back(std::move(item));
        original = interleaved(std::move(listed), std::move(serverOnly), patch, before, {});
        return true;
    }
    if (meta.mergeKey.empty())
        return fails("cannot merge lists without a merge key");
    Draft::List serverOrder;
    if (!mergeMapItems(original, patch, serverOrder, meta))
        return false;
    if (unordered)
        *unordered = original;
    if (!haveKey(original, meta.mergeKey))
        return fails("an item of a list has no merge key " + quoted(meta.mergeKey));
    Draft::List listed;
    Draft::List serverOnly;
    for (Draft &item : original) {
        const bool isListed = indexOf(patch, identityOf(item, meta.mergeKey), meta.mergeKey).has_value();
        (isListed ? listed : serverOnly).push_back(std::move(item));
    }
    original = interleaved(std::move(listed), std::move(serverOnly), patch, serverOrder, meta.mergeKey);
    return true;
}

} // namespace

Expected<Draft> strategicallyMerged(Draft original, Draft patch, const Type &type)
{
    Merger merger(Merge::Apply);
    if (!merger.mergeMap(original, std::move(patch), &type))
        return std::unexpected(merger.error());
    return original;
}

Expected<Draft> strategicallyJoined(Draft first, Draft second, const Type &type)
{
    Merger merger(Merge::Join);
    if (!merger.mergeMap(first, std::move(second), &type))
        return std::unexpected(merger.error());
    return first;
}

} // namespace tiphys::compare
