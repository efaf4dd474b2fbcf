// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/app_comparison.h"
#include "compare/refresh_decision.h"

#include <optional>

namespace tiphys::compare {

/// The status after a comparison of \p level that began at \p startedAt: sync, health, resources, conditions, source
/// types; reconciledAt where it was unset or the level looked for the newest revision. What a refresh does not own
/// (history, operationState) stays.
/// \param summary  what the tree said; nothing keeps the stored one
/// Source: argo-cd controller/appcontroller.go (processAppRefreshQueueItem)@v3.5.1
crd::ApplicationStatus refreshedStatus(const crd::Application &app, const AppComparison &comparison,
                                       CompareLevel level, crd::Timestamp startedAt,
                                       const std::optional<crd::Summary> &summary = std::nullopt);

/// The status when the spec cannot be compared at all: \p specConditions say why, sync and health become Unknown,
/// everything else stays.
crd::ApplicationStatus unknownStatus(const crd::Application &app, const std::vector<crd::Condition> &specConditions,
                                     crd::Timestamp now);

/// The JSON merge patch that brings the stored status of \p app to \p status and takes the refresh annotation away;
/// nothing if there is nothing to write. The health's lastTransitionTime is \p now where the health changed, else
/// the stored one. Members that are unset on both sides are not written.
/// Source: argo-cd controller/appcontroller.go (persistAppStatus)@v3.5.1
std::optional<object::Value> statusPatch(const crd::Application &app, crd::ApplicationStatus status,
                                         crd::Timestamp now);

} // namespace tiphys::compare
