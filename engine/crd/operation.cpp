// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/operation.h"

#include "crd/field_writer.h"

namespace tiphys::crd {

namespace {

using object::Value;

Backoff readBackoff(const FieldReader &reader)
{
    return {reader.text("duration"), reader.optionalInteger("factor"), reader.text("maxDuration")};
}

SyncStrategy readStrategy(const FieldReader &reader)
{
    if (const std::optional<FieldReader> apply = reader.object("apply"))
        return {SyncStrategy::Kind::Apply, apply->boolean("force")};
    return {SyncStrategy::Kind::Hook, reader.objectOrEmpty("hook").boolean("force")};
}

Value strategyValue(const SyncStrategy &strategy)
{
    const Value inner = FieldWriter({}).boolean("force", strategy.force).finish();
    return Value::map({{strategy.kind == SyncStrategy::Kind::Apply ? "apply" : "hook", inner}});
}

SyncResource readSyncResource(const FieldReader &reader)
{
    return {reader.text("group"), reader.text("kind"), reader.text("name"), reader.text("namespace")};
}

Value syncResourceValue(const SyncResource &resource)
{
    return FieldWriter({})
        .text("group", resource.group)
        .requiredText("kind", resource.kind)
        .requiredText("name", resource.name)
        .text("namespace", resource.ns)
        .finish();
}

NamedText readNamedText(const FieldReader &reader)
{
    return {reader.text("name"), reader.text("value")};
}

SyncOperation readSyncOperation(const FieldReader &reader)
{
    SyncOperation sync;
    sync.value = reader.value();
    sync.revision = reader.text("revision");
    sync.revisions = reader.texts("revisions");
    sync.prune = reader.boolean("prune");
    sync.dryRun = reader.boolean("dryRun");
    sync.strategy = readOptional(reader, "syncStrategy", readStrategy);
    sync.resources = readList(reader, "resources", readSyncResource);
    sync.source = readOptional(reader, "source", readSource);
    sync.sources = readList(reader, "sources", readSource);
    sync.manifests = reader.texts("manifests");
    sync.syncOptions = reader.texts("syncOptions");
    sync.selfHealAttempts = reader.integer("autoHealAttemptsCount");
    return sync;
}

Value sourceValue(const ApplicationSource &source)
{
    return toValue(source);
}

Value syncOperationValue(const SyncOperation &sync)
{
    FieldWriter writer(sync.value);
    writer.text("revision", sync.revision).boolean("prune", sync.prune).boolean("dryRun", sync.dryRun);
    // An unchanged strategy keeps its form: {} and {hook: {}} both run hooks.
    const Value original = sync.value["syncStrategy"];
    std::optional<Error> ignored;
    const bool isKept =
        original.isMap() && sync.strategy && *sync.strategy == readStrategy(FieldReader(original, {}, &ignored));
    if (!isKept)
        writer.any("syncStrategy", sync.strategy ? strategyValue(*sync.strategy) : Value());
    return writer.any("resources", listOf(sync.resources, syncResourceValue))
        .any("source", sync.source ? toValue(*sync.source) : Value())
        .texts("manifests", sync.manifests)
        .texts("syncOptions", sync.syncOptions)
        .any("sources", listOf(sync.sources, sourceValue))
        .texts("revisions", sync.revisions)
        .integer("autoHealAttemptsCount", sync.selfHealAttempts)
        .finish();
}

ResourceResult readResourceResult(const FieldReader &reader)
{
    ResourceResult result;
    result.value = reader.value();
    result.group = reader.text("group");
    result.version = reader.text("version");
    result.kind = reader.text("kind");
    result.ns = reader.text("namespace");
    result.name = reader.text("name");
    result.status = resultCodeOf(reader.text("status"));
    result.message = reader.text("message");
    result.hookType = reader.text("hookType");
    result.hookPhase = operationPhaseOf(reader.text("hookPhase"));
    result.syncPhase = reader.text("syncPhase");
    result.images = reader.texts("images");
    return result;
}

SyncResult readSyncResult(const FieldReader &reader)
{
    SyncResult result;
    result.value = reader.value();
    result.resources = readList(reader, "resources", readResourceResult);
    result.revision = reader.text("revision");
    result.source = readSource(reader.objectOrEmpty("source"));
    result.sources = readList(reader, "sources", readSource);
    result.revisions = reader.texts("revisions");
    result.managedNamespaceMetadata = readOptional(reader, "managedNamespaceMetadata", readManagedNamespaceMetadata);
    return result;
}

Value syncResultValue(const SyncResult &result)
{
    return FieldWriter(result.value)
        .any("resources", listOf(result.resources, [](const ResourceResult &item) { return toValue(item); }))
        .requiredText("revision", result.revision)
        .required("source", toValue(result.source))
        .any("sources", listOf(result.sources, sourceValue))
        .texts("revisions", result.revisions)
        .any("managedNamespaceMetadata",
             result.managedNamespaceMetadata ? toValue(*result.managedNamespaceMetadata) : Value())
        .finish();
}

} // namespace

RetryStrategy readRetryStrategy(const FieldReader &reader)
{
    return {reader.integer("limit"), readOptional(reader, "backoff", readBackoff), reader.boolean("refresh")};
}

Value toValue(const RetryStrategy &retry)
{
    FieldWriter writer({});
    writer.integer("limit", retry.limit);
    if (retry.backoff) {
        writer.required("backoff", FieldWriter({})
                                       .text("duration", retry.backoff->duration)
                                       .optionalInteger("factor", retry.backoff->factor)
                                       .text("maxDuration", retry.backoff->maxDuration)
                                       .finish());
    }
    return writer.boolean("refresh", retry.refresh).finish();
}

Operation readOperation(const FieldReader &reader)
{
    Operation operation;
    operation.value = reader.value();
    operation.sync = readOptional(reader, "sync", readSyncOperation);
    const FieldReader initiator = reader.objectOrEmpty("initiatedBy");
    operation.initiatedBy = {initiator.text("username"), initiator.boolean("automated")};
    operation.info = readList(reader, "info", readNamedText);
    operation.retry = readRetryStrategy(reader.objectOrEmpty("retry"));
    return operation;
}

Value toValue(const Operation &operation)
{
    const Value initiator = FieldWriter({})
                                .text("username", operation.initiatedBy.username)
                                .boolean("automated", operation.initiatedBy.automated)
                                .finish();
    FieldWriter writer(operation.value);
    writer.any("sync", operation.sync ? syncOperationValue(*operation.sync) : Value())
        .required("initiatedBy", initiator)
        .any("info",
             listOf(
                 operation.info,
                 [](const NamedText &item) {
                     return FieldWriter({}).requiredText("name", item.name).requiredText("value", item.value).finish();
                 }))
        .required("retry", toValue(operation.retry));
    return writer.finish();
}

Expected<Operation> operationOf(const Value &value, std::string path)
{
    return readDocument(value, std::move(path), readOperation);
}

Value toValue(const ResourceResult &result)
{
    return FieldWriter(result.value)
        .requiredText("group", result.group)
        .requiredText("version", result.version)
        .requiredText("kind", result.kind)
        .requiredText("namespace", result.ns)
        .requiredText("name", result.name)
        .text("status", text(result.status))
        .text("message", result.message)
        .text("hookType", result.hookType)
        .text("hookPhase", text(result.hookPhase))
        .text("syncPhase", result.syncPhase)
        .texts("images", result.images)
        .finish();
}

OperationState readOperationState(const FieldReader &reader)
{
    OperationState state;
    state.value = reader.value();
    state.operation = readOperation(reader.objectOrEmpty("operation"));
    state.phase = operationPhaseOf(reader.text("phase"));
    state.message = reader.text("message");
    state.syncResult = readOptional(reader, "syncResult", readSyncResult);
    state.startedAt = reader.text("startedAt");
    state.finishedAt = reader.text("finishedAt");
    state.retryCount = reader.integer("retryCount");
    return state;
}

Value toValue(const OperationState &state)
{
    return FieldWriter(state.value)
        .required("operation", toValue(state.operation))
        .requiredText("phase", text(state.phase))
        .text("message", state.message)
        .any("syncResult", state.syncResult ? syncResultValue(*state.syncResult) : Value())
        .required("startedAt", state.startedAt.empty() ? Value() : Value(state.startedAt))
        .text("finishedAt", state.finishedAt)
        .integer("retryCount", state.retryCount)
        .finish();
}

} // namespace tiphys::crd
