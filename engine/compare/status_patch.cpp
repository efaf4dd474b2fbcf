// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/status_patch.h"

#include "compare/conditions.h"
#include "crd/field_writer.h"
#include "crd/names.h"
#include "object/merge_patch.h"

#include <algorithm>

namespace tiphys::compare {

namespace {

using object::Value;

/// `status.sync` as the API writes it whole: an unset source is there with an empty repository.
Value wholeSync(const crd::SyncStatus &sync)
{
    const Value value = crd::toValue(sync);
    if (!value.path({"comparedTo", "source"}).isNull())
        return value;
    return value.withPath({"comparedTo", "source"}, Value::map({{"repoURL", ""}}));
}

/// The members of a status that a refresh owns, whole, so that both sides can be compared.
Value ownedMembers(const crd::ApplicationStatus &status)
{
    crd::FieldWriter writer({});
    writer.any("resources", crd::listOf(status.resources, [](const auto &item) { return crd::toValue(item); }))
        .required("sync", wholeSync(status.sync))
        .required("health", crd::toValue(status.health))
        .any("conditions", crd::listOf(status.conditions, [](const auto &item) { return crd::toValue(item); }))
        .text("reconciledAt", status.reconciledAt)
        .text("sourceType", status.sourceType)
        .required("summary", crd::toValue(status.summary))
        .text("resourceHealthSource", status.resourceHealthSource)
        .texts("sourceTypes", status.sourceTypes)
        .text("controllerNamespace", status.controllerNamespace);
    return writer.finish();
}

/// The part of the patch that drops the refresh annotation; null if there is none.
Value metadataPatch(const crd::Application &app)
{
    const Value annotations = app.object.path({"metadata", "annotations"});
    if (!annotations.contains(crd::kRefreshAnnotation))
        return {};
    if (annotations.size() == 1)
        return Value::map({{"annotations", Value()}});
    return Value::map({{"annotations", Value::map({{crd::kRefreshAnnotation, Value()}})}});
}

void applyTree(crd::ApplicationStatus &status, const TreeNews &tree, crd::Timestamp now)
{
    std::vector<crd::Condition> fresh;
    if (tree.orphanWarning)
        fresh.push_back(*tree.orphanWarning);
    status.conditions = updatedConditions(status.conditions, fresh, {crd::kOrphanedResourceWarning}, now);
    status.summary = tree.summary;
}

constexpr std::string_view kTooLarge = "Application status exceeds the Kubernetes resource size limit and could not be "
                                       "persisted. The displayed status may be stale. "
                                       "Reduce the number of managed resources, set ApplyOutOfSyncOnly=true, lower "
                                       "spec.revisionHistoryLimit, or split the Application.";

/// Adds or takes away \p name; the last one takes the place of one that goes.
void setFinalizer(std::vector<std::string> &finalizers, std::string_view name, bool isWanted)
{
    const auto found = std::ranges::find(finalizers, name);
    if (isWanted == (found != finalizers.end()))
        return;
    if (isWanted) {
        finalizers.emplace_back(name);
        return;
    }
    *found = finalizers.back();
    finalizers.pop_back();
}

} // namespace

crd::ApplicationStatus refreshedStatus(const crd::Application &app, const AppComparison &comparison, CompareLevel level,
                                       crd::Timestamp startedAt, const std::optional<TreeNews> &tree,
                                       std::string_view controlPlane)
{
    crd::ApplicationStatus status = app.status;
    status.sync = comparison.sync;
    status.health.status = comparison.health;
    status.health.message.clear();
    status.resources.clear();
    for (const ComparedResource &resource : comparison.resources)
        status.resources.push_back(resource.status);
    status.conditions = updatedConditions(status.conditions, {}, specConditionTypes(), startedAt);
    status.conditions =
        updatedConditions(status.conditions, comparison.conditions, comparisonConditionTypes(), startedAt);
    if (tree)
        applyTree(status, *tree, startedAt);
    status.sourceType = comparison.sourceType;
    status.sourceTypes = comparison.sourceTypes;
    status.resourceHealthSource = comparison.resourceHealthSource;
    if (!controlPlane.empty())
        status.controllerNamespace = controlPlane;
    if (status.reconciledAt.empty() || level >= CompareLevel::Latest)
        status.reconciledAt = startedAt.text();
    return status;
}

crd::ApplicationStatus treeStatus(const crd::Application &app, const TreeNews &tree, crd::Timestamp now)
{
    crd::ApplicationStatus status = app.status;
    applyTree(status, tree, now);
    return status;
}

crd::ApplicationStatus unknownStatus(const crd::Application &app, const std::vector<crd::Condition> &specConditions,
                                     crd::Timestamp now)
{
    crd::ApplicationStatus status = app.status;
    status.conditions = updatedConditions(status.conditions, specConditions, specConditionTypes(), now);
    status.sync.status = crd::SyncCode::Unknown;
    status.health.status = crd::HealthCode::Unknown;
    return status;
}

std::optional<Value> conditionPatch(const crd::Application &app, const crd::Condition &condition, crd::Timestamp now)
{
    const auto isThere = [&](const crd::Condition &stored) {
        return stored.type == condition.type && stored.message == condition.message;
    };
    if (std::ranges::any_of(app.status.conditions, isThere))
        return std::nullopt;
    const std::vector<crd::Condition> conditions =
        updatedConditions(app.status.conditions, {condition}, {condition.type}, now);
    return Value::map(
        {{"status",
          Value::map({{"conditions", crd::listOf(conditions, [](const auto &item) { return crd::toValue(item); })}})}});
}

crd::ApplicationStatus tooLargeStatus(const crd::Application &app, crd::Timestamp now)
{
    crd::ApplicationStatus status = app.status;
    status.conditions = updatedConditions(
        status.conditions, {{std::string(crd::kUnknownError), std::string(kTooLarge), {}}}, {crd::kUnknownError}, now);
    return status;
}

bool isTooLarge(const Error &error)
{
    return error.code() == ErrorCode::LimitExceeded || error.reason() == "RequestEntityTooLarge";
}

std::optional<Value> statusPatch(const crd::Application &app, crd::ApplicationStatus status, crd::Timestamp now)
{
    status.health.lastTransitionTime =
        status.health.status == app.status.health.status ? app.status.health.lastTransitionTime : now.text();
    const Value statusPart = object::mergePatchOf(ownedMembers(app.status), ownedMembers(status));
    const Value metadataPart = metadataPatch(app);
    std::vector<std::pair<std::string, Value>> members;
    if (!metadataPart.isNull())
        members.emplace_back("metadata", metadataPart);
    if (!statusPart.isEmpty())
        members.emplace_back("status", statusPart);
    if (members.empty())
        return std::nullopt;
    return Value::map(members);
}

std::optional<Value> normalizationPatch(const crd::Application &app)
{
    const Value after = crd::normalizedSpec(app.spec);
    std::vector<std::pair<std::string, Value>> spec;
    if (app.spec.project.empty())
        spec.emplace_back("project", after["project"]);
    std::vector<std::pair<std::string, Value>> source;
    for (const char *block : {"helm", "kustomize", "directory"}) {
        // Blocks that stay may be written another way, which is the same to Argo CD.
        if (!app.spec.value.path({"source", block}).isNull() && after.path({"source", block}).isNull())
            source.emplace_back(block, Value());
    }
    if (!source.empty())
        spec.emplace_back("source", Value::map(source));
    if (!app.spec.value["syncPolicy"].isNull() && after["syncPolicy"].isNull())
        spec.emplace_back("syncPolicy", Value());
    if (spec.empty())
        return std::nullopt;
    return Value::map({{"spec", Value::map(spec)}});
}

crd::Application normalizedApplication(crd::Application app)
{
    const Value spec = crd::normalizedSpec(app.spec);
    if (spec == app.spec.value)
        return app;
    return crd::applicationOf(object::Object(app.object.value().with("spec", spec))).value_or(app);
}

std::vector<Value> hookFinalizersPatches(const crd::Application &app, const AppComparison &comparison)
{
    if (app.object.isBeingDeleted())
        return {};
    std::vector<Value> patches;
    std::vector<std::string> finalizers = app.object.finalizers();
    const auto mirror = [&](bool isWanted, std::string_view first, std::string_view cleanup) {
        const std::vector<std::string> before = finalizers;
        setFinalizer(finalizers, first, isWanted);
        setFinalizer(finalizers, cleanup, isWanted);
        if (finalizers == before)
            return;
        const std::vector<Value> items(finalizers.begin(), finalizers.end());
        patches.push_back(Value::map({{"metadata", Value::map({{"finalizers", Value::list(items)}})}}));
    };
    mirror(comparison.hasPreDeleteHooks, crd::kPreDeleteFinalizer, crd::kPreDeleteCleanupFinalizer);
    mirror(comparison.hasPostDeleteHooks, crd::kPostDeleteFinalizer, crd::kPostDeleteCleanupFinalizer);
    return patches;
}

} // namespace tiphys::compare
