// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/strategic_merge.h"

#include "compare/strategic_lists.h"
#include "compare/strategic_member.h"

#include <algorithm>

namespace tiphys::compare {

using namespace strategic;

namespace {

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
        const bool isOrderSame =
            before.size() == after.size() && std::ranges::equal(before, after, [&](const Draft &a, const Draft &b) {
                return identityOf(a, meta.mergeKey) == identityOf(b, meta.mergeKey);
            });
        if ((!options.ignoresChanges && (!changes.empty() || !isOrderSame))
            || (!options.ignoresDeletions && !changes.empty())) {
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
        if ((!options.ignoresDeletions && !deletions.empty())
            || (!options.ignoresChanges && sortedScalars(before) != after))
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
        const int order =
            i >= before.size() ? 1
            : j >= after.size()
                ? -1
                : sortText(identityOf(before[i], meta.mergeKey)).compare(sortText(identityOf(after[j], meta.mergeKey)));
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
    if (!maker.diffMaps(current, modified, &type, {.ignoresDeletions = true}, changes)
        || !maker.diffMaps(original, modified, &type, {.ignoresChanges = true}, deletions))
        return std::unexpected(maker.error());
    return strategicallyJoined(std::move(deletions), std::move(changes), type);
}

} // namespace tiphys::compare
