// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/managed_fields.h"

#include <algorithm>

namespace tiphys::sync {

using object::Value;

namespace {

bool isUpdateOf(const Value &entry, std::string_view manager)
{
    return entry["manager"].stringOr() == manager && entry["operation"].stringOr() == "Update"
           && entry["subresource"].stringOr().empty();
}

/// Both field sets in one: trees of keys.
Value united(const Value &a, const Value &b)
{
    Value result = a.isMap() ? a : Value::map({});
    for (const auto &[key, value] : b.entries())
        result = result.with(key, result.contains(key) ? united(result[key], value) : value);
    return result;
}

Value patchOperation(std::string_view path, const Value &value)
{
    return Value::map({{"op", "replace"}, {"path", path}, {"value", value}});
}

} // namespace

std::vector<std::string> clientSideManagers(const object::Object &live)
{
    std::vector<std::string> managers;
    const Value entries = live.path({"metadata", "managedFields"});
    for (const Value &entry : entries.items()) {
        const Value annotations = entry["fieldsV1"].path({"f:metadata", "f:annotations"});
        const bool ownsLastApplied = annotations.contains("f:kubectl.kubernetes.io/last-applied-configuration");
        const std::string manager(entry["manager"].stringOr());
        if (ownsLastApplied && isUpdateOf(entry, manager) && !std::ranges::contains(managers, manager))
            managers.push_back(manager);
    }
    return managers;
}

Value managerMigration(const object::Object &live, const std::vector<std::string> &managers,
                       std::string_view applyManager)
{
    const Value entries = live.path({"metadata", "managedFields"});
    std::vector<Value> kept;
    std::vector<Value> moved;
    std::size_t applied = entries.size();
    for (const Value &entry : entries.items()) {
        const bool isMoved =
            std::ranges::any_of(managers, [&](const std::string &manager) { return isUpdateOf(entry, manager); });
        if (isMoved) {
            moved.push_back(entry);
            continue;
        }
        const bool isApplied = entry["manager"].stringOr() == applyManager && entry["operation"].stringOr() == "Apply"
                               && entry["subresource"].stringOr().empty();
        if (isApplied)
            applied = kept.size();
        kept.push_back(entry);
    }
    if (moved.empty())
        return {};
    if (applied >= kept.size()) {
        applied = kept.size();
        kept.push_back(moved.front().with("manager", applyManager).with("operation", "Apply"));
        moved.erase(moved.begin());
    }
    for (const Value &entry : moved) {
        // Fields of another version of the kind cannot be told in this one.
        if (entry["apiVersion"] == kept[applied]["apiVersion"])
            kept[applied] = kept[applied].with("fieldsV1", united(kept[applied]["fieldsV1"], entry["fieldsV1"]));
    }
    return Value::list({patchOperation("/metadata/managedFields", Value::list(kept)),
                        patchOperation("/metadata/resourceVersion", live.resourceVersion())});
}

} // namespace tiphys::sync
