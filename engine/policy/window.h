// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/application.h"
#include "crd/project.h"
#include "crd/timestamp.h"
#include "policy/time_zones.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::policy {

/// Who started the sync that a window is asked about.
enum class SyncOrigin { Automated, Manual };

/// The windows of a project that apply to \p app, in their order. A window that names no application, cluster or
/// namespace applies to nothing.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (SyncWindows.Matches)@v3.5.1
std::vector<crd::SyncWindow> windowsOf(const crd::Application &app, const std::vector<crd::SyncWindow> &windows);

/// True if \p window is open at \p at, exactly at its start and end not. Zones count with their offset at \p now.
/// Errors: InvalidInput "cannot parse schedule 'x': …", "cannot parse duration 'x': …".
Expected<bool> isActive(const crd::SyncWindow &window, crd::Timestamp at, crd::Timestamp now, const TimeZones &zones);

/// The question to the windows of one application.
struct WindowQuestion
{
    SyncOrigin origin = SyncOrigin::Automated;
    crd::Timestamp now;
    /// Start of the operation that goes on, nothing for one that would begin now.
    std::optional<crd::Timestamp> operationStart;
};

/// Whether windows let a sync run, and why not.
struct WindowAnswer
{
    bool isAllowed = true;
    std::string reason; ///< one sentence for people, "" if allowed
};

/// The answer of \p windows (those of windowsOf). Errors: "invalid sync windows: …"; they count as no.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (SyncWindows.CanSync)@v3.5.1
Expected<WindowAnswer> canSync(const std::vector<crd::SyncWindow> &windows, const WindowQuestion &question,
                               const TimeZones &zones);

} // namespace tiphys::policy
