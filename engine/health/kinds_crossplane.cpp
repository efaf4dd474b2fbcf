// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include <algorithm>

// Crossplane, Upbound and Config Connector: whole families of groups.
namespace tiphys::health::kinds {

namespace {

struct WildcardKind
{
    std::span<const std::string_view> withoutStatus; ///< kinds that never report
    std::span<const std::string_view> healthyTypes;
};

bool contains(std::span<const std::string_view> texts, const Field &field)
{
    return std::ranges::any_of(texts, [&](std::string_view text) { return field == text; });
}

Health managed(const WildcardKind &family, const Field &object)
{
    constexpr std::string_view kUpToDate = "Resource is up-to-date.";
    const Field status = object["status"];
    const Field kind = object["kind"];
    if (status.isNil() || (status.isEmptyTable() && contains(family.withoutStatus, kind)))
        return healthy(kUpToDate);
    Health health = progressing("Provisioning ...");
    if (status.isEmptyTable() || status["conditions"].isNil()) {
        if ((kind == "ProviderConfig" || kind == "ClusterProviderConfig") && status["users"].exists())
            return healthy("Resource is in use.");
        return health;
    }
    for (const auto &[key, condition] : status["conditions"].items()) {
        const Field type = condition["type"];
        const Field value = condition["status"];
        if ((type == "LastAsyncOperation" || type == "Synced") && value == "False")
            return degraded(condition["message"]);
        if (contains(family.healthyTypes, type) && value == "True")
            health = healthy(kUpToDate);
    }
    return health;
}

constexpr std::string_view kCrossplaneSilent[] = {
    "Composition",    "CompositionRevision", "DeploymentRuntimeConfig", "ClusterProviderConfig",
    "ProviderConfig", "ProviderConfigUsage", "ControllerConfig"};
constexpr std::string_view kCrossplaneHealthy[] = {"Ready",       "Healthy",       "Offered",
                                                   "Established", "ValidPipeline", "RevisionHealthy"};
constexpr WildcardKind kCrossplane{kCrossplaneSilent, kCrossplaneHealthy};
constexpr std::string_view kUpboundSilent[] = {"ClusterProviderConfig", "ProviderConfig", "ProviderConfigUsage"};
constexpr std::string_view kUpboundHealthy[] = {"Ready"};
constexpr WildcardKind kUpbound{kUpboundSilent, kUpboundHealthy};

/// A managed AWS resource: \p available and \p created as messages name it.
Health awsResource(std::string_view name, const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Waiting for " + std::string(name) + " to be created");
    bool isReady = false;
    bool isSynced = false;
    bool isPaused = false;
    Term readyReason;
    Term syncMessage;
    Term pausedReason;
    for (const auto &[key, condition] : conditions.items()) {
        const Field type = condition["type"];
        const Field reason = condition["reason"];
        if (type == "Ready") {
            isReady = condition["status"] == "True";
            readyReason = reason;
        } else if (type == "Synced") {
            isSynced = condition["status"] == "True";
            if (reason == "ReconcileError") {
                syncMessage = condition["message"];
            } else if (reason == "ReconcilePaused") {
                isPaused = true;
                pausedReason = reason;
            }
        }
    }
    if (isReady && isSynced)
        return healthy(readyReason);
    if (!isSynced && isPaused)
        return suspended(pausedReason);
    if (!isReady && isSynced && !isPaused)
        return progressing("Waiting for " + std::string(name) + " to be available");
    return degraded(syncMessage);
}

Health crossplaneProvider(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Waiting for provider to be installed");
    bool isInstalled = false;
    bool isHealthy = false;
    Term installedReason;
    Term healthyReason;
    for (const auto &[key, condition] : conditions.items()) {
        if (condition["type"] == "Installed") {
            isInstalled = condition["status"] == "True";
            installedReason = condition["reason"];
        } else if (condition["type"] == "Healthy") {
            isHealthy = condition["status"] == "True";
            healthyReason = condition["reason"];
        }
    }
    const std::string message = concat(object.evaluation(), {installedReason, " ", healthyReason});
    return isInstalled && isHealthy ? healthy(message) : degraded(message);
}

Health stackInstall(const Field &object)
{
    Term message = "Waiting for stack to be installed";
    const Field status = object["status"];
    if (status.exists() && status["conditionedStatus"].exists() && status["conditionedStatus"]["conditions"].exists()) {
        for (const auto &[key, condition] : status["conditionedStatus"]["conditions"].items()) {
            if (!(condition["type"] == "Ready"))
                continue;
            message = condition["reason"];
            if (condition["status"] == "True")
                return healthy(message);
        }
    }
    return progressing(message);
}

Health configConnector(const Field &object)
{
    const Field status = object["status"];
    Health health = progressing("Update in progress");
    if (status.isNil())
        return health;
    const auto isCurrent = [&] {
        const Field observed = status["observedGeneration"];
        return observed.isNil() || observed == object["metadata"]["generation"];
    };
    const Field kind = object["kind"];
    if ((kind == "ConfigConnector" || kind == "ConfigConnectorContext") && status["healthy"].exists() && isCurrent())
        return status["healthy"].is(true) ? healthy(concat(object.evaluation(), {kind, " is healthy"}))
                                          : degraded(concat(object.evaluation(), {kind, " is not healthy"}));
    const Field conditions = status["conditions"];
    if (conditions.isNil() || !isCurrent())
        return health;
    for (const auto &[key, condition] : conditions.items()) {
        const Field reason = condition["reason"];
        if (reason == "UpToDate" && condition["status"] == "True")
            return healthy(condition["message"]);
        if (reason == "UpdateFailed" || reason == "DependencyNotFound")
            return degraded(condition["message"]);
        if (reason == "DependencyNotReady")
            return suspended(condition["message"]);
    }
    return health;
}

constexpr std::string_view kAwsWords =
    "`Ready` and `Synced` True is **Healthy** (reason of Ready); not synced with reason `ReconcilePaused` is "
    "**Suspended**; synced and not ready is **Progressing**; else **Degraded** (message of a `ReconcileError`); no "
    "conditions **Progressing**.";

/// A row of a managed AWS resource.
#define TIPHYS_AWS_RULE(group, kind, name)                                                                             \
    {                                                                                                                  \
        group, kind, OwnRule                                                                                           \
        {                                                                                                              \
            [](const Field &object) { return awsResource(name, object); }, kAwsWords                                   \
        }                                                                                                              \
    }

constexpr KindRule kRules[] = {
    TIPHYS_AWS_RULE("cloudfront.aws.crossplane.io", "Distribution", "distribution"),
    TIPHYS_AWS_RULE("iam.aws.crossplane.io", "Policy", "Policy"),
    TIPHYS_AWS_RULE("iam.aws.crossplane.io", "Role", "Role"),
    TIPHYS_AWS_RULE("iam.aws.crossplane.io", "RolePolicyAttachment", "RolePolicyAttachment"),
    TIPHYS_AWS_RULE("rds.aws.crossplane.io", "DBCluster", "DBCluster"),
    TIPHYS_AWS_RULE("rds.aws.crossplane.io", "DBInstance", "DBInstance"),
    TIPHYS_AWS_RULE("route53.aws.crossplane.io", "ResourceRecordSet", "resourcrecordset"),
    TIPHYS_AWS_RULE("s3.aws.crossplane.io", "Bucket", "Bucket"),
    {"pkg.crossplane.io", "Provider",
     OwnRule{crossplaneProvider,
             "`Installed` and `Healthy` True is **Healthy**, else **Degraded** (both reasons); no conditions "
             "**Progressing**; a missing one of both fails."}},
    {"stacks.crossplane.io", "ClusterStackInstall",
     OwnRule{stackInstall,
             "`Ready=True` below `status.conditionedStatus` is **Healthy** (its reason), else **Progressing**."}},
    {"*.cnrm.cloud.google.com", "*",
     OwnRule{configConnector,
             "ConfigConnector and ConfigConnectorContext by `status.healthy`; others, if the status is current, by the "
             "first reason: `UpToDate` and True is **Healthy**, `UpdateFailed` and `DependencyNotFound` are "
             "**Degraded**, `DependencyNotReady` is **Suspended**; else **Progressing** (\"Update in progress\")."}},
    {"*.crossplane.io", "*",
     OwnRule{[](const Field &object) { return managed(kCrossplane, object); },
             "No `status` is **Healthy**, an empty one for kinds that never report; `LastAsyncOperation=False` or "
             "`Synced=False` is **Degraded** (its message); any of `Ready`, `Healthy`, `Offered`, `Established`, "
             "`ValidPipeline`, `RevisionHealthy` True is **Healthy**; a provider configuration in use is **Healthy**; "
             "else **Progressing** (\"Provisioning ...\")."}},
    {"*.upbound.io", "*",
     OwnRule{[](const Field &object) { return managed(kUpbound, object); },
             "As `*.crossplane.io`, by `Ready` alone, with fewer kinds that never report."}},
};

#undef TIPHYS_AWS_RULE

} // namespace

std::span<const KindRule> crossplaneRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
