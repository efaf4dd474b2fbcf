// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace tiphys::service {

/// Sync status as Argo CD names it.
enum class SyncStatus { Synced, OutOfSync, Unknown };
/// Health as Argo CD names it; None: not assessed, or nothing to assess.
enum class HealthStatus { Healthy, Suspended, Progressing, Missing, Degraded, Unknown, None };
/// Phase of an operation or a hook; None: no operation.
enum class OperationPhase { None, Running, Terminating, Succeeded, Failed, Error };
/// Who does the work of an application.
enum class Reconciler {
    Controller,        ///< an Argo CD application controller
    Local,             ///< this engine, on this desktop
    OtherDesktop,      ///< this engine on another machine holds the Lease
    Nobody,            ///< no controller, local engine off
    ControllerUnknown, ///< it cannot be seen whether there is a controller
};

/// The field's word: "OutOfSync". Reading is exact; anything else is Unknown.
std::string_view word(SyncStatus status);
std::string_view word(HealthStatus status);
std::string_view word(OperationPhase phase);
std::string_view word(Reconciler reconciler);
SyncStatus syncStatusOf(std::string_view word);
/// "" is None.
HealthStatus healthStatusOf(std::string_view word);
OperationPhase operationPhaseOf(std::string_view word);

} // namespace tiphys::service
