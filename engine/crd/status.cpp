// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/status.h"

#include "crd/field_writer.h"

namespace tiphys::crd {

namespace {

using object::Value;

SyncStatus readSync(const FieldReader &reader)
{
    SyncStatus sync;
    sync.status = syncCodeOf(reader.text("status"));
    const FieldReader comparedTo = reader.objectOrEmpty("comparedTo");
    sync.comparedTo.source = readSource(comparedTo.objectOrEmpty("source"));
    sync.comparedTo.sources = readList(comparedTo, "sources", readSource);
    sync.comparedTo.destination = readDestination(comparedTo.objectOrEmpty("destination"));
    sync.comparedTo.ignoreDifferences = readList(comparedTo, "ignoreDifferences", readIgnoreDifference);
    sync.revision = reader.text("revision");
    sync.revisions = reader.texts("revisions");
    return sync;
}

HealthStatus readHealth(const FieldReader &reader)
{
    return {healthCodeOf(reader.text("status")), reader.text("message"), reader.text("lastTransitionTime")};
}

ResourceStatus readResource(const FieldReader &reader)
{
    ResourceStatus resource;
    resource.group = reader.text("group");
    resource.version = reader.text("version");
    resource.kind = reader.text("kind");
    resource.ns = reader.text("namespace");
    resource.name = reader.text("name");
    resource.status = syncCodeOf(reader.text("status"));
    resource.health = readOptional(reader, "health", readHealth);
    resource.hook = reader.boolean("hook");
    resource.requiresPruning = reader.boolean("requiresPruning");
    resource.syncWave = reader.integer("syncWave");
    resource.requiresDeletionConfirmation = reader.boolean("requiresDeletionConfirmation");
    return resource;
}

Condition readCondition(const FieldReader &reader)
{
    return {reader.text("type"), reader.text("message"), reader.text("lastTransitionTime")};
}

HistoryEntry readHistoryEntry(const FieldReader &reader)
{
    HistoryEntry entry;
    entry.value = reader.value();
    entry.id = reader.integer("id");
    entry.revision = reader.text("revision");
    entry.revisions = reader.texts("revisions");
    entry.source = readSource(reader.objectOrEmpty("source"));
    entry.sources = readList(reader, "sources", readSource);
    entry.deployStartedAt = reader.text("deployStartedAt");
    entry.deployedAt = reader.text("deployedAt");
    const FieldReader initiator = reader.objectOrEmpty("initiatedBy");
    entry.initiatedBy = {initiator.text("username"), initiator.boolean("automated")};
    return entry;
}

Value timeOrNull(const std::string &time)
{
    return time.empty() ? Value() : Value(time);
}

bool isUnset(const ApplicationSource &source)
{
    return source == ApplicationSource{};
}

} // namespace

Value toValue(const SyncStatus &status)
{
    const ComparedTo &to = status.comparedTo;
    const Value comparedTo =
        FieldWriter({})
            .any("source", isUnset(to.source) ? Value() : toValue(to.source))
            .required("destination", toValue(to.destination))
            .any("sources", listOf(to.sources, [](const ApplicationSource &item) { return toValue(item); }))
            .any("ignoreDifferences",
                 listOf(to.ignoreDifferences, [](const IgnoreDifference &item) { return toValue(item); }))
            .finish();
    return FieldWriter({})
        .requiredText("status", text(status.status))
        .required("comparedTo", comparedTo)
        .text("revision", status.revision)
        .texts("revisions", status.revisions)
        .finish();
}

Value toValue(const HealthStatus &status)
{
    return FieldWriter({})
        .text("status", text(status.status))
        .text("message", status.message)
        .text("lastTransitionTime", status.lastTransitionTime)
        .finish();
}

Value toValue(const ResourceStatus &resource)
{
    FieldWriter writer({});
    writer.text("group", resource.group)
        .text("version", resource.version)
        .text("kind", resource.kind)
        .text("namespace", resource.ns)
        .text("name", resource.name)
        .text("status", text(resource.status));
    if (resource.health)
        writer.required("health", toValue(*resource.health));
    return writer.boolean("hook", resource.hook)
        .boolean("requiresPruning", resource.requiresPruning)
        .integer("syncWave", resource.syncWave)
        .boolean("requiresDeletionConfirmation", resource.requiresDeletionConfirmation)
        .finish();
}

Value toValue(const Condition &condition)
{
    return FieldWriter({})
        .requiredText("type", condition.type)
        .requiredText("message", condition.message)
        .text("lastTransitionTime", condition.lastTransitionTime)
        .finish();
}

Value toValue(const HistoryEntry &entry)
{
    return FieldWriter(entry.value)
        .text("revision", entry.revision)
        .required("deployedAt", timeOrNull(entry.deployedAt))
        .required("id", Value(entry.id))
        .required("source", toValue(entry.source))
        .text("deployStartedAt", entry.deployStartedAt)
        .any("sources", listOf(entry.sources, [](const ApplicationSource &item) { return toValue(item); }))
        .texts("revisions", entry.revisions)
        .required("initiatedBy", FieldWriter({})
                                     .text("username", entry.initiatedBy.username)
                                     .boolean("automated", entry.initiatedBy.automated)
                                     .finish())
        .finish();
}

Value toValue(const Summary &summary)
{
    return FieldWriter({})
        .texts("externalURLs", summary.externalUrls)
        .texts("images", summary.images)
        .boolean("isAppOfApps", summary.isAppOfApps)
        .finish();
}

ApplicationStatus readStatus(const FieldReader &reader)
{
    ApplicationStatus status;
    status.value = reader.value();
    status.resources = readList(reader, "resources", readResource);
    status.sync = readSync(reader.objectOrEmpty("sync"));
    status.health = readHealth(reader.objectOrEmpty("health"));
    status.history = readList(reader, "history", readHistoryEntry);
    status.conditions = readList(reader, "conditions", readCondition);
    status.reconciledAt = reader.text("reconciledAt");
    status.operationState = readOptional(reader, "operationState", readOperationState);
    status.sourceType = reader.text("sourceType");
    status.sourceTypes = reader.texts("sourceTypes");
    const FieldReader summary = reader.objectOrEmpty("summary");
    status.summary = {summary.texts("externalURLs"), summary.texts("images"), summary.boolean("isAppOfApps")};
    status.resourceHealthSource = reader.text("resourceHealthSource");
    status.controllerNamespace = reader.text("controllerNamespace");
    status.sourceHydrator = reader.any("sourceHydrator");
    return status;
}

} // namespace tiphys::crd
