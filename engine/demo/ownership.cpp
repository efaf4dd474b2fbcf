// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/ownership.h"

#include "demo/field_paths.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

struct Entry
{
    std::string manager, operation, apiVersion, time, subresource;
    FieldPaths fields;
};

std::vector<Entry> entriesOf(const Object &object)
{
    std::vector<Entry> entries;
    const Value list = object.path({"metadata", "managedFields"});
    for (const Value &item : list.items()) {
        if (item.isEmpty())
            continue;
        entries.push_back({std::string(item["manager"].stringOr()), std::string(item["operation"].stringOr()),
                           std::string(item["apiVersion"].stringOr()), std::string(item["time"].stringOr()),
                           std::string(item["subresource"].stringOr()), fromFieldsV1(item["fieldsV1"])});
    }
    return entries;
}

Value toValue(const Entry &entry)
{
    Value value = Value::map({{"manager", entry.manager},
                              {"operation", entry.operation},
                              {"apiVersion", entry.apiVersion},
                              {"time", entry.time},
                              {"fieldsType", "FieldsV1"},
                              {"fieldsV1", toFieldsV1(entry.fields)}});
    return entry.subresource.empty() ? value : value.with("subresource", entry.subresource);
}

Object withEntries(const Object &object, const std::vector<Entry> &entries)
{
    std::vector<Value> values;
    for (const Entry &entry : entries) {
        if (!entry.fields.empty())
            values.push_back(toValue(entry));
    }
    if (values.empty())
        return Object(object.value().withoutPath({"metadata", "managedFields"}));
    return Object(object.value().withPath({"metadata", "managedFields"}, Value::list(values)));
}

Entry &entryOf(std::vector<Entry> &entries, const Author &author, std::string_view operation)
{
    const auto found = std::ranges::find_if(entries, [&](const Entry &entry) {
        return entry.manager == author.manager && entry.operation == operation
               && entry.subresource == author.subresource;
    });
    if (found != entries.end())
        return *found;
    return entries.emplace_back(Entry{author.manager, std::string(operation), {}, {}, author.subresource, {}});
}

Division divisionOf(const Object &object)
{
    const schema::Type *type = schema::typeOf(object.gvk());
    return {type, type != nullptr};
}

/// A path or one above it is in \p changed.
bool isRemoved(const Value &value, const FieldPath &path, const Division &division)
{
    return !valueAt(value, path, division);
}

std::string causeMessage(const Entry &owner)
{
    std::string message = "conflict with \"" + owner.manager + "\"";
    if (!owner.subresource.empty())
        message += " with subresource \"" + owner.subresource + "\"";
    return owner.operation == "Apply" ? message : message + " using " + owner.apiVersion;
}

Refusal conflictOf(const Resource &resource, const Object &config, std::vector<Cause> causes)
{
    Refusal refusal;
    refusal.code = 409;
    refusal.reason = "Conflict";
    const std::size_t count = causes.size();
    refusal.message = "Apply failed with " + std::to_string(count) + (count == 1 ? " conflict: " : " conflicts: ");
    std::string last;
    for (const Cause &cause : causes) {
        if (count == 1)
            refusal.message += cause.message + ": " + cause.field;
        else if (cause.message != last)
            refusal.message += (last.empty() ? "" : "\n") + (last = cause.message) + ":\n- " + cause.field;
        else
            refusal.message += "\n- " + cause.field;
    }
    refusal.group = resource.group;
    refusal.kind = resource.plural;
    refusal.name = config.name();
    refusal.causes = std::move(causes);
    return refusal;
}

/// Removes from other managers what \p author took, and from everybody what is gone.
void settle(std::vector<Entry> &entries, const Entry &own, const FieldPaths &taken, const Object &after,
            const Division &division)
{
    for (Entry &entry : entries) {
        const bool isOwn =
            entry.manager == own.manager && entry.operation == own.operation && entry.subresource == own.subresource;
        std::erase_if(entry.fields, [&](const FieldPath &path) {
            return isRemoved(after.value(), path, division) || (!isOwn && taken.contains(path));
        });
    }
}

} // namespace

Object withUpdateRecorded(const Object &before, const Object &after, const Author &author)
{
    const Division division = divisionOf(after);
    FieldPaths changed;
    for (const FieldPath &path : fieldsOf(after, division)) {
        const auto old = before.isNull() ? std::nullopt : valueAt(before.value(), path, division);
        const bool isItem = !path.back().starts_with("f:");
        if (!old || (!isItem && *old != valueAt(after.value(), path, division)))
            changed.insert(path);
    }
    std::vector<Entry> entries = entriesOf(after);
    Entry &own = entryOf(entries, author, "Update");
    const bool hasNews = !changed.empty();
    own.fields.insert(changed.begin(), changed.end());
    if (hasNews || own.time.empty()) {
        own.apiVersion = after.apiVersion();
        own.time = author.time;
    }
    const Entry ownCopy = own;
    settle(entries, ownCopy, changed, after, division);
    return withEntries(after, entries);
}

Answer<Object> applied(const Resource &resource, const Object &live, const Object &config, const Author &author,
                       Conflicts conflicts)
{
    const Division division = divisionOf(config);
    const FieldPaths wanted = fieldsOf(config, division);
    std::vector<Entry> entries = entriesOf(live);
    std::vector<Cause> causes;
    FieldPaths taken;
    for (const Entry &entry : entries) {
        const bool isOwn =
            entry.manager == author.manager && entry.operation == "Apply" && entry.subresource == author.subresource;
        for (const FieldPath &path : entry.fields) {
            const bool isItem = !path.back().starts_with("f:");
            if (isOwn || isItem || !wanted.contains(path))
                continue;
            if (valueAt(live.value(), path, division) == valueAt(config.value(), path, division))
                continue;
            taken.insert(path);
            causes.push_back({"FieldManagerConflict", causeMessage(entry), pathText(path)});
        }
    }
    if (!causes.empty() && conflicts == Conflicts::Refused)
        return std::unexpected(conflictOf(resource, config, std::move(causes)));

    Value result = merged(live.isNull() ? Value::map({}) : live.value(), config.value(), division);
    Entry &own = entryOf(entries, author, "Apply");
    const FieldPaths previous = own.fields;
    for (auto path = previous.rbegin(); path != previous.rend(); ++path) {
        const bool isOwnedByOthers = std::ranges::any_of(
            entries, [&](const Entry &entry) { return &entry != &own && entry.fields.contains(*path); });
        if (!wanted.contains(*path) && !isOwnedByOthers)
            result = withoutField(result, *path, division);
    }
    if (own.fields != wanted || own.time.empty() || result != live.value())
        own.time = author.time;
    own.fields = wanted;
    own.apiVersion = config.apiVersion();
    const Entry ownCopy = own;
    const Object after{result};
    settle(entries, ownCopy, taken, after, division);
    return withEntries(after, entries);
}

} // namespace tiphys::demo
