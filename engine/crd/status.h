// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/operation.h"
#include "object/gvk.h"

#include <string>
#include <vector>

namespace tiphys::crd {

/// What a comparison was made with: `status.sync.comparedTo`.
struct ComparedTo
{
    ApplicationSource source; ///< single source
    std::vector<ApplicationSource> sources;
    Destination destination;
    std::vector<IgnoreDifference> ignoreDifferences;

    bool operator==(const ComparedTo &) const = default;
};

/// `status.sync`.
struct SyncStatus
{
    SyncCode status = SyncCode::None;
    ComparedTo comparedTo;
    std::string revision;
    std::vector<std::string> revisions;

    bool operator==(const SyncStatus &) const = default;
};
/// As a patch carries it: comparedTo.source is left out when it says nothing.
object::Value toValue(const SyncStatus &status);

/// Health of an Application or a resource. A resource whose script said nothing has a health without status.
struct HealthStatus
{
    HealthCode status = HealthCode::None;
    std::string message;
    std::string lastTransitionTime; ///< RFC 3339; of Applications only

    bool operator==(const HealthStatus &) const = default;
};
object::Value toValue(const HealthStatus &status);

/// One entry of `status.resources`.
struct ResourceStatus
{
    std::string group;
    std::string version;
    std::string kind;
    std::string ns;
    std::string name;
    SyncCode status = SyncCode::None; ///< None: hooks, skipped and foreign objects
    std::optional<HealthStatus> health;
    bool hook = false;
    bool requiresPruning = false;
    std::int64_t syncWave = 0;
    bool requiresDeletionConfirmation = false;

    object::ObjectKey key() const { return {group, kind, ns, name}; }
    bool operator==(const ResourceStatus &) const = default;
};
object::Value toValue(const ResourceStatus &resource);

/// One entry of `status.conditions`.
struct Condition
{
    std::string type;
    std::string message;
    std::string lastTransitionTime; ///< RFC 3339

    ConditionSeverity severity() const { return severityOf(type); }
    bool operator==(const Condition &) const = default;
};
object::Value toValue(const Condition &condition);

/// One entry of `status.history`, the oldest first.
struct HistoryEntry
{
    object::Value value;
    std::int64_t id = 0;
    std::string revision;
    std::vector<std::string> revisions;
    ApplicationSource source;
    std::vector<ApplicationSource> sources;
    std::string deployStartedAt; ///< RFC 3339
    std::string deployedAt;      ///< RFC 3339
    Initiator initiatedBy;
};
object::Value toValue(const HistoryEntry &entry);

/// `status.summary`.
struct Summary
{
    std::vector<std::string> externalUrls;
    std::vector<std::string> images;
    bool isAppOfApps = false;

    bool operator==(const Summary &) const = default;
};
object::Value toValue(const Summary &summary);

/// `status` of an Application.
struct ApplicationStatus
{
    object::Value value;
    std::vector<ResourceStatus> resources;
    SyncStatus sync;
    HealthStatus health;
    std::vector<HistoryEntry> history;
    std::vector<Condition> conditions;
    std::string reconciledAt; ///< RFC 3339, "" if never
    std::optional<OperationState> operationState;
    std::string sourceType;
    std::vector<std::string> sourceTypes;
    Summary summary;
    std::string resourceHealthSource;
    std::string controllerNamespace;
    object::Value sourceHydrator;
};
ApplicationStatus readStatus(const FieldReader &reader);

} // namespace tiphys::crd
