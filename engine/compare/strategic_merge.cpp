// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/strategic_merge.h"

#include "base/text.h"
#include "compare/strategic_lists.h"

#include <algorithm>

namespace tiphys::compare {

using schema::Field;
using schema::Kind;
using schema::Type;

namespace {

/// What the schema says about one member of a map.
struct MemberMeta
{
    const Type *type = nullptr; ///< of the member, or of the items of a list
    bool merges = false;
    bool replaces = false;
    bool retainsKeys = false;
    std::string_view mergeKey;
};

/// A failed step leaves its sentence here; every step below returns false then.
class Fallible
{
public:
    Error error() const { return Error(ErrorCode::InvalidInput, m_problem); }

protected:
    bool fails(std::string problem)
    {
        if (m_problem.empty())
            m_problem = std::move(problem);
        return false;
    }
    bool lookUp(const Type *type, std::string_view key, MemberMeta &meta)
    {
        if (!type || type->kind() != Kind::Struct)
            return fails("no built-in type describes the member " + quoted(key));
        const Field *field = type->field(key);
        if (!field)
            return fails("the type " + std::string(type->name()) + " has no field " + quoted(key));
        meta = {&field->type(), field->patchMerges(), field->patchReplaces(), field->patchRetainsKeys(),
                field->mergeKey()};
        return true;
    }
    bool lookUpList(const Type *type, std::string_view key, MemberMeta &meta)
    {
        if (!lookUp(type, key, meta))
            return false;
        if (meta.type->kind() != Kind::List)
            return fails("the field " + quoted(key) + " is no list");
        meta.type = meta.type->element();
        return true;
    }

private:
    std::string m_problem;
};

struct DiffOptions
{
    bool ignoresChanges = false;
    bool ignoresDeletions = false;
    bool buildsRetainKeys = false;
};

class PatchMaker : public Fallible
{
public:
    bool diffMaps(const Draft &original, const Draft &modified, const Type *type, DiffOptions options, Draft &patch);

private:
    bool diffMember(std::string_view key, const Draft &original, const Draft &modified, const Type *type,
                    DiffOptions options, Draft &patch);
    bool diffMapMember(std::string_view key, const Draft &original, const Draft &modified, const Type *type,
                       DiffOptions options, Draft &patch);
    bool diffListMember(std::string_view key, const Draft &original, const Draft &modified, const Type *type,
                        DiffOptions options, Draft &patch);
    bool diffMapLists(const Draft::List &original, const Draft::List &modified, const MemberMeta &meta,
                      DiffOptions options, Draft::List &patch);
    void diffScalarLists(const Draft::List &original, const Draft::List &modified, DiffOptions options,
                         Draft::List &additions, Draft::List &deletions);
};

bool PatchMaker::diffMaps(const Draft &original, const Draft &modified, const Type *type, DiffOptions options,
                          Draft &patch)
{
    Draft::List retainKeys;
    const DiffOptions inner = options;
    for (const auto &[key, value] : modified.members()) {
        if (options.buildsRetainKeys && !value.isNull())
            retainKeys.emplace_back(object::Value(key));
        const Draft *before = original.find(key);
        if (!before) {
            if (!options.ignoresChanges)
                patch.set(key, value);
        } else if (key == kPatchDirective) {
            if (*before != value)
                patch.set(key, value);
        } else if (!diffMember(key, *before, value, type, inner, patch)) {
            return false;
        }
    }
    bool losesKey = false;
    for (const auto &[key, value] : original.members()) {
        if (modified.contains(key))
            continue;
        losesKey = losesKey || !value.isNull();
        if (!options.ignoresDeletions)
            patch.set(key, Draft());
    }
    if (!retainKeys.empty() && (!patch.members().empty() || losesKey))
        patch.set(kRetainKeysDirective, Draft(sortedScalars(std::move(retainKeys))));
    return true;
}

bool PatchMaker::diffMember(std::string_view key, const Draft &original, const Draft &modified, const Type *type,
                            DiffOptions options, Draft &patch)
{
    if (shapeOf(original) == shapeOf(modified)) {
        if (original.isMap())
            return diffMapMember(key, original, modified, type, options, patch);
        if (original.isList())
            return diffListMember(key, original, modified, type, options, patch);
        if (original == modified)
            return true;
    }
    if (!options.ignoresChanges)
        patch.set(key, modified);
    return true;
}

bool PatchMaker::diffMapMember(std::string_view key, const Draft &original, const Draft &modified, const Type *type,
                               DiffOptions options, Draft &patch)
{
    MemberMeta meta;
    if (!type || type->kind() != Kind::Struct || !type->field(key)) {
        if (original == modified)
            return true;
        return lookUp(type, key, meta);
    }
    lookUp(type, key, meta);
    options.buildsRetainKeys = meta.retainsKeys;
    if (meta.replaces) {
        if (!options.ignoresChanges)
            patch.set(key, modified);
        return true;
    }
    Draft difference = Draft::emptyMap();
    if (!diffMaps(original, modified, meta.type, options, difference))
        return false;
    if (!difference.members().empty())
        patch.set(key, std::move(difference));
    return true;
}

bool PatchMaker::diffListMember(std::string_view key, const Draft &original, const Draft &modified, const Type *type,
                                DiffOptions options, Draft &patch)
{
    if (original == modified && (!type || type->kind() != Kind::Struct || !type->field(key)))
        return true;
    MemberMeta meta;
    if (!lookUpList(type, key, meta))
        return false;
    if (!meta.merges) {
        if (!options.ignoresChanges && original != modified)
            patch.set(key, modified);
        return true;
    }
    options.buildsRetainKeys = meta.retainsKeys;
    const Draft::List &before = original.items();
    const Draft::List &after = modified.items();
    if (before.empty()) {
        if (!after.empty() && !options.ignoresChanges)
            patch.set(key, modified);
        return true;
    }
    const std::optional<Shape> shape = elementShape(before, after);
    if (!shape)
        return fails("the items of the lists " + quoted(key) + " are of different types");
    Draft::List changes;
    Draft::List deletions;
    Draft::List order;
    if (*shape == Shape::Map) {
        if (!diffMapLists(before, after, meta, options, changes))
            return false;
        const bool isOrderSame = before.size() == after.size() &&
                                 std::ranges::equal(before, after, [&](const Draft &a, const Draft &b) {
                                     return identityOf(a, meta.mergeKey) == identityOf(b, meta.mergeKey);
                                 });
        if ((!options.ignoresChanges && (!changes.empty() || !isOrderSame)) ||
            (!options.ignoresDeletions && !changes.empty())) {
            for (const Draft &item : after) {
                Draft hint = Draft::emptyMap();
                hint.set(meta.mergeKey, identityOf(item, meta.mergeKey));
                order.push_back(std::move(hint));
            }
        }
    } else {
        diffScalarLists(before, after, options, changes, deletions);
        changes = ordered(std::move(changes), after, {});
        // The original compares against its own sorted copy here, so an unsorted equal list gets a hint too.
        if ((!options.ignoresDeletions && !deletions.empty()) ||
            (!options.ignoresChanges && sortedScalars(before) != after))
            order = after;
    }
    const std::string name(key);
    if (!changes.empty())
        patch.set(key, Draft(std::move(changes)));
    if (!deletions.empty())
        patch.set(std::string(kDeleteFromListPrefix) + "/" + name, Draft(std::move(deletions)));
    if (!order.empty())
        patch.set(std::string(kSetElementOrderPrefix) + "/" + name, Draft(std::move(order)));
    return true;
}

void PatchMaker::diffScalarLists(const Draft::List &original, const Draft::List &modified, DiffOptions options,
                                 Draft::List &additions, Draft::List &deletions)
{
    const Draft::List before = sortedScalars(original);
    const Draft::List after = sortedScalars(modified);
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
        const int order = i >= before.size()  ? 1
                          : j >= after.size() ? -1
                                              : sortText(before[i]).compare(sortText(after[j]));
        if (order == 0) {
            ++i;
            ++j;
        } else if (order > 0) {
            if (!options.ignoresChanges)
                additions.push_back(after[j]);
            ++j;
        } else {
            if (!options.ignoresDeletions)
                deletions.push_back(before[i]);
            ++i;
        }
    }
    deletions = uniqueScalars(std::move(deletions));
}

bool PatchMaker::diffMapLists(const Draft::List &original, const Draft::List &modified, const MemberMeta &meta,
                              DiffOptions options, Draft::List &patch)
{
    if (!haveKey(original, meta.mergeKey) || !haveKey(modified, meta.mergeKey))
        return fails("an item of a list has no merge key " + quoted(meta.mergeKey));
    const Draft::List before = sortedByKey(original, meta.mergeKey);
    const Draft::List after = sortedByKey(modified, meta.mergeKey);
    Draft::List deletions;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
        const int order = i >= before.size()  ? 1
                          : j >= after.size() ? -1
                                              : sortText(identityOf(before[i], meta.mergeKey))
                                                    .compare(sortText(identityOf(after[j], meta.mergeKey)));
        if (order == 0) {
            Draft difference = Draft::emptyMap();
            if (!diffMaps(before[i], after[j], meta.type, options, difference))
                return false;
            if (!difference.members().empty()) {
                difference.set(meta.mergeKey, identityOf(after[j], meta.mergeKey));
                patch.push_back(std::move(difference));
            }
            ++i;
            ++j;
        } else if (order > 0) {
            if (!options.ignoresChanges)
                patch.push_back(after[j]);
            ++j;
        } else {
            if (!options.ignoresDeletions) {
                Draft deletion = Draft::emptyMap();
                deletion.set(meta.mergeKey, identityOf(before[i], meta.mergeKey));
                deletion.set(kPatchDirective, object::Value("delete"));
                deletions.push_back(std::move(deletion));
            }
            ++i;
        }
    }
    patch = ordered(std::move(patch), modified, meta.mergeKey);
    std::ranges::move(deletions, std::back_inserter(patch));
    return true;
}

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

Expected<Draft> strategicTwoWayPatch(const Draft &original, const Draft &modified, const Type &type)
{
    PatchMaker maker;
    Draft patch = Draft::emptyMap();
    if (!maker.diffMaps(original, modified, &type, {}, patch))
        return std::unexpected(maker.error());
    return patch;
}

Expected<Draft> strategicThreeWayPatch(const Draft &original, const Draft &modified, const Draft &current,
                                       const Type &type)
{
    PatchMaker maker;
    Draft changes = Draft::emptyMap();
    Draft deletions = Draft::emptyMap();
    if (!maker.diffMaps(current, modified, &type, {.ignoresDeletions = true}, changes) ||
        !maker.diffMaps(original, modified, &type, {.ignoresChanges = true}, deletions))
        return std::unexpected(maker.error());
    Merger merger(Merge::Join);
    if (!merger.mergeMap(deletions, std::move(changes), &type))
        return std::unexpected(merger.error());
    return deletions;
}

Expected<Draft> strategicallyMerged(Draft original, Draft patch, const Type &type)
{
    Merger merger(Merge::Apply);
    if (!merger.mergeMap(original, std::move(patch), &type))
        return std::unexpected(merger.error());
    return original;
}

} // namespace tiphys::compare
