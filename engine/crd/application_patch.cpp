// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/application_patch.h"

#include "crd/application.h"
#include "object/json_patch.h"
#include "object/merge_patch.h"
#include "object/pointer.h"

#include <algorithm>
#include <array>
#include <set>

namespace tiphys::crd {

using object::Value;

namespace {

/// What of the metadata may be changed.
constexpr std::array<std::string_view, 3> kMetadata = {"labels", "annotations", "finalizers"};

std::set<std::string> keysOf(const Value &before, const Value &after)
{
    std::set<std::string> keys;
    for (const Value &map : {before, after}) {
        for (const auto &[key, value] : map.entries())
            keys.emplace(key);
    }
    return keys;
}

void addField(std::vector<Value> &operations, std::vector<std::string> place, const Value &before, const Value &after)
{
    if (before == after)
        return;
    const std::string path = object::Pointer(std::move(place)).text();
    // A test for null holds where there is no such field.
    operations.push_back(Value::map({{"op", "test"}, {"path", path}, {"value", before}}));
    if (after.isNull())
        operations.push_back(Value::map({{"op", "remove"}, {"path", path}}));
    else
        operations.push_back(Value::map({{"op", "add"}, {"path", path}, {"value", after}}));
}

/// A map whose members others change too.
void addMembers(std::vector<Value> &operations, const std::vector<std::string> &place, const Value &before,
                const Value &after)
{
    if (!before.isMap() || !after.isMap())
        return addField(operations, place, before, after);
    for (const std::string &key : keysOf(before, after)) {
        std::vector<std::string> member = place;
        member.push_back(key);
        addField(operations, std::move(member), before[key], after[key]);
    }
}

/// Where \p before and \p after differ beside what may be changed: "status", "metadata.name".
std::vector<std::string> otherChanges(const Value &before, const Value &after)
{
    std::vector<std::string> others;
    for (const std::string &key : keysOf(before, after)) {
        if (key != "spec" && key != "metadata" && before[key] != after[key])
            others.push_back(key);
    }
    const Value metadata = before["metadata"];
    const Value changed = after["metadata"];
    for (const std::string &key : keysOf(metadata, changed)) {
        if (!std::ranges::contains(kMetadata, key) && metadata[key] != changed[key])
            others.push_back("metadata." + key);
    }
    return others;
}

} // namespace

Expected<PatchedApplication> patched(const Value &application, const Value &patch, PatchForm form)
{
    const Expected<Value> all = form == PatchForm::Merge ? Expected<Value>(object::applyMergePatch(application, patch))
                                                         : object::applyJsonPatch(application, patch);
    if (!all)
        return std::unexpected(all.error().in("error applying patch"));
    PatchedApplication result{.after = application, .ignored = otherChanges(application, *all)};
    for (const char *identity : {"apiVersion", "kind", "metadata.name", "metadata.namespace"}) {
        if (std::ranges::contains(result.ignored, identity))
            return failure(ErrorCode::InvalidInput, std::string(identity) + " cannot be changed");
    }
    for (const std::string_view field : kMetadata) {
        const Value value = all->path({"metadata", field});
        result.after = value.isNull() ? result.after.withoutPath({"metadata", field})
                                      : result.after.withPath({"metadata", field}, value);
    }
    result.after = result.after.with("spec", (*all)["spec"].isNull() ? Value::map({}) : (*all)["spec"]);
    const Expected<Application> read = applicationOf(object::Object(result.after));
    if (!read)
        return std::unexpected(read.error());
    result.after = result.after.with("spec", normalizedSpec(read->spec));
    return result;
}

Value applicationPatch(const Value &before, const Value &after)
{
    std::vector<Value> operations;
    const Value spec = before["spec"];
    if (spec.isMap())
        addMembers(operations, {"spec"}, spec, after["spec"]);
    else
        addField(operations, {"spec"}, spec, after["spec"]);
    for (const std::string_view field : kMetadata) {
        const std::vector<std::string> place{"metadata", std::string(field)};
        const Value old = before.path({"metadata", field});
        const Value wanted = after.path({"metadata", field});
        if (field == "finalizers")
            addField(operations, place, old, wanted);
        else
            addMembers(operations, place, old, wanted);
    }
    return Value::list(operations);
}

} // namespace tiphys::crd
