// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/operation.h"
#include "crd/timestamp.h"
#include "object/value.h"

#include <optional>

namespace tiphys::sync {

/// The JSON merge patch of an Application that stores \p state, which may complete the operation: then it also
/// clears `operation`. Nothing if \p app has this state already. A finishedAt that \p state has no longer becomes
/// null; other members that are gone stay as they are stored, as the controller leaves them.
/// Source: argo-cd controller/appcontroller.go (setOperationState)@v3.5.1
std::optional<object::Value> statePatch(const crd::Application &app, const crd::OperationState &state);

/// What was deployed, for the history.
struct Deployed
{
    std::string revision;
    std::vector<std::string> revisions;
    crd::ApplicationSource source;
    std::vector<crd::ApplicationSource> sources;
    bool hasMultipleSources = false;
};
/// The history of \p app with one more entry, cut to its limit; the oldest first.
std::vector<crd::HistoryEntry> historyWith(const crd::Application &app, const crd::OperationState &state,
                                           const Deployed &deployed, crd::Timestamp now);
/// The JSON merge patch that stores \p history.
object::Value historyPatch(const std::vector<crd::HistoryEntry> &history);

} // namespace tiphys::sync
