// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/app_comparison.h"
#include "compare/refresh_decision.h"

#include <optional>
#include <vector>

namespace tiphys::compare {

/// What the tree of an Application adds to its status.
struct TreeNews
{
    crd::Summary summary;
    std::optional<crd::Condition> orphanWarning;
};

/// The status after a comparison of \p level that began at \p startedAt: sync, health, resources, conditions, source
/// types; reconciledAt where it was unset or the level looked for the newest revision. Conditions of the spec go: it
/// could be compared. What a refresh does not own (history, operationState) stays.
/// \param tree  nothing keeps the stored summary and warning
/// \param controlPlane  namespace of the control plane; "" keeps the stored one
/// Source: argo-cd controller/appcontroller.go (processAppRefreshQueueItem)@v3.5.1
crd::ApplicationStatus refreshedStatus(const crd::Application &app, const AppComparison &comparison, CompareLevel level,
                                       crd::Timestamp startedAt, const std::optional<TreeNews> &tree = std::nullopt,
                                       std::string_view controlPlane = {});

/// The status when only the tree was built again (CompareLevel::Nothing).
crd::ApplicationStatus treeStatus(const crd::Application &app, const TreeNews &tree, crd::Timestamp now);

/// The status when the spec cannot be compared at all: \p specConditions say why, sync and health become Unknown,
/// everything else stays.
crd::ApplicationStatus unknownStatus(const crd::Application &app, const std::vector<crd::Condition> &specConditions,
                                     crd::Timestamp now);

/// The JSON merge patch that sets \p condition in place of others of its type; nothing where it is there with this message.
/// Source: argo-cd controller/appcontroller.go (setAppCondition)@v3.5.1
std::optional<object::Value> conditionPatch(const crd::Application &app, const crd::Condition &condition,
                                            crd::Timestamp now);

/// The status where the server refused one for its size: the stored one, with an UnknownError that says so.
crd::ApplicationStatus tooLargeStatus(const crd::Application &app, crd::Timestamp now);
/// True if the server refused a write for its size: 413, or the reason RequestEntityTooLarge.
bool isTooLarge(const Error &error);

/// The JSON merge patch that brings the stored status of \p app to \p status and takes the refresh annotation away;
/// nothing if there is nothing to write. The health's lastTransitionTime is \p now where the health changed, else
/// the stored one. Members that are unset on both sides are not written.
/// Source: argo-cd controller/appcontroller.go (persistAppStatus)@v3.5.1
std::optional<object::Value> statusPatch(const crd::Application &app, crd::ApplicationStatus status,
                                         crd::Timestamp now);

/// The JSON merge patch that brings the stored spec of \p app to its normalizedSpec; nothing where it is that already.
/// Source: argo-cd controller/appcontroller.go (normalizeApplication)@v3.5.1
std::optional<object::Value> normalizationPatch(const crd::Application &app);
/// \p app with its normalizedSpec.
crd::Application normalizedApplication(crd::Application app);

/// The JSON merge patches of the finalizers that make rendered PreDelete and PostDelete hooks run, one for each of both kinds
/// whose finalizers are not right: both of a kind are there while such hooks are rendered. None if the Application is being
/// deleted. They are written in this order, before the status.
/// Source: argo-cd controller/appcontroller.go (processAppRefreshQueueItem)@v3.5.1
std::vector<object::Value> hookFinalizersPatches(const crd::Application &app, const AppComparison &comparison);

} // namespace tiphys::compare
