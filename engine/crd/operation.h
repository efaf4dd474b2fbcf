// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/codes.h"
#include "crd/destination.h"
#include "crd/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::crd {

/// Waiting time between attempts; texts as they stand (durationOf reads them).
struct Backoff
{
    std::string duration;               ///< "" means 5s
    std::optional<std::int64_t> factor; ///< nothing means 2
    std::string maxDuration;            ///< "" means 3m

    bool operator==(const Backoff &) const = default;
};

/// How often a failed sync is tried again.
struct RetryStrategy
{
    std::int64_t limit = 0; ///< attempts after the first; negative means without end
    std::optional<Backoff> backoff;
    bool refresh = false; ///< each attempt looks for the newest revision

    bool operator==(const RetryStrategy &) const = default;
};
RetryStrategy readRetryStrategy(const FieldReader &reader);
object::Value toValue(const RetryStrategy &retry);

/// Which way a sync goes. An operation without strategy runs hooks.
struct SyncStrategy
{
    enum class Kind { Hook, Apply };
    Kind kind = Kind::Hook;
    bool force = false; ///< delete and create again where an object cannot be changed

    bool operator==(const SyncStrategy &) const = default;
};

/// One resource of a partial sync.
struct SyncResource
{
    std::string group;
    std::string kind;
    std::string name;
    std::string ns;

    bool operator==(const SyncResource &) const = default;
};

/// `operation.sync`.
struct SyncOperation
{
    object::Value value;
    std::string revision; ///< "": the target revision of the source
    std::vector<std::string> revisions;
    bool prune = false;
    bool dryRun = false;
    std::optional<SyncStrategy> strategy;
    std::vector<SyncResource> resources; ///< empty: all
    std::optional<ApplicationSource> source;
    std::vector<ApplicationSource> sources;
    std::vector<std::string> manifests; ///< JSON texts that stand in for rendering
    std::vector<std::string> syncOptions;
    std::int64_t selfHealAttempts = 0; ///< `autoHealAttemptsCount`
};

/// Who asked for an operation.
struct Initiator
{
    std::string username;
    bool automated = false;

    bool operator==(const Initiator &) const = default;
};

/// A request: top-level `operation` of an Application.
struct Operation
{
    object::Value value;
    std::optional<SyncOperation> sync;
    Initiator initiatedBy;
    std::vector<NamedText> info;
    RetryStrategy retry;
};
Operation readOperation(const FieldReader &reader);
/// The operation as the API writes it; unknown fields of `operation.value` are kept.
object::Value toValue(const Operation &operation);
/// The operation that \p value describes.
Expected<Operation> operationOf(const object::Value &value, std::string path = "operation");

/// What a sync did with one resource: an entry of `syncResult.resources`.
struct ResourceResult
{
    object::Value value;
    std::string group;
    std::string version;
    std::string kind;
    std::string ns;
    std::string name;
    ResultCode status = ResultCode::None;
    std::string message;
    std::string hookType; ///< "" for a resource that is no hook
    OperationPhase hookPhase = OperationPhase::None;
    std::string syncPhase; ///< PreSync, Sync, PostSync or SyncFail
    std::vector<std::string> images;
};
object::Value toValue(const ResourceResult &result);

/// `operationState.syncResult`.
struct SyncResult
{
    object::Value value;
    std::vector<ResourceResult> resources;
    std::string revision;
    ApplicationSource source;
    std::vector<ApplicationSource> sources;
    std::vector<std::string> revisions;
    std::optional<ManagedNamespaceMetadata> managedNamespaceMetadata;
};

/// Progress or end of the last operation: `status.operationState`. Times are RFC 3339 texts.
struct OperationState
{
    object::Value value;
    Operation operation;
    OperationPhase phase = OperationPhase::None;
    std::string message;
    std::optional<SyncResult> syncResult;
    std::string startedAt;
    std::string finishedAt; ///< "" while it runs
    std::int64_t retryCount = 0;

    bool isFinished() const { return isCompleted(phase); }
};
OperationState readOperationState(const FieldReader &reader);
/// The state as the API writes it; unknown fields are kept.
object::Value toValue(const OperationState &state);

} // namespace tiphys::crd
