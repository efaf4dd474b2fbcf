// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/server_side.h"

#include "base/text.h"
#include "compare/structured_merge.h"
#include "object/json.h"

#include <set>

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

/// Names of the keys of an element with two keys or more.
std::set<std::string> compositeKeys(std::string_view element)
{
    std::set<std::string> names;
    if (!element.starts_with("k:"))
        return names;
    const Value key = object::parseJson(element.substr(2)).value_or(Value());
    for (const auto &[name, value] : key.entries())
        names.emplace(name);
    return names.size() >= 2 ? names : std::set<std::string>();
}

/// Paths that may go: not part of a composite key above, and without anything owned below.
FieldSet removable(const FieldSet &set, const FieldSet *owned, const std::set<std::string> &keys)
{
    FieldSet result;
    for (const std::string &element : set.members) {
        const bool isKey = element.starts_with("f:") && keys.contains(element.substr(2));
        const FieldSet *below = owned ? owned->below(element) : nullptr;
        if (!isKey && (!below || below->isEmpty()))
            result.members.insert(element);
    }
    for (const auto &[element, child] : set.children) {
        std::set<std::string> inner = keys;
        inner.merge(compositeKeys(element));
        FieldSet rest = removable(child, owned ? owned->below(element) : nullptr, inner);
        if (!rest.isEmpty())
            result.children.emplace(element, std::move(rest));
    }
    return result;
}

} // namespace

Expected<Object> withoutWebhookChanges(const Object &dryRun, const Object &live, const MergeType &type,
                                       std::string_view manager)
{
    const std::string name = std::string(dryRun.kind()) + "/" + std::string(dryRun.name());
    if (dryRun.path({"metadata", "managedFields"}).size() == 0)
        return failure(ErrorCode::InvalidInput, "predictedLive for resource " + name + " must have the managedFields");
    for (const Object *object : {&dryRun, &live}) {
        if (const Expected<void> valid = type.validate(object->value()); !valid)
            return std::unexpected(valid.error().in("type of " + name));
    }
    const Expected<FieldSet> owned = fieldsOfManager(dryRun, manager);
    if (!owned)
        return std::unexpected(owned.error());
    if (owned->isEmpty())
        return failure(ErrorCode::InvalidInput, "no managed fields found for manager: " + std::string(manager));
    const FieldSet foreign = fieldSetOf(dryRun.value(), type).without(*owned);
    const FieldSet removed = structurallyCompared(live.value(), dryRun.value(), type).removed.without(foreign);
    const Value ours = withoutItems(dryRun.value(), removable(foreign, &*owned, {}), type);
    return Object(withoutItems(structurallyMerged(live.value(), ours, type), removed, type));
}

} // namespace tiphys::compare
