// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/timestamp.h"
#include "ports/cluster.h"
#include "sync/operation.h"

#include <vector>

namespace tiphys::control {

/// Writes an Event about \p app beside it. Losing one is no error of the work that it tells of.
Async<void> recordEvent(ports::ClusterPtr cluster, crd::Application app, sync::Event event, crd::Timestamp now,
                        CancelToken cancel);

/// The Events of \p app getting \p status: its sync status first, then its health; none where neither changes.
/// Source: argo-cd controller/appcontroller.go (persistAppStatus)@v3.5.1
std::vector<sync::Event> changeEvents(const crd::Application &app, const crd::ApplicationStatus &status);

} // namespace tiphys::control
