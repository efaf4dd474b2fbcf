// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

/// The words of status fields. `None` is "" or a word that is not known; text() of None is "".
namespace tiphys::crd {

/// Whether live state follows the target state.
enum class SyncCode : std::uint8_t { None, Synced, OutOfSync, Unknown };
std::string_view text(SyncCode code);
SyncCode syncCodeOf(std::string_view text);

/// Health of a resource or Application, in order from best to worst; None is not assessed.
enum class HealthCode : std::uint8_t { None, Healthy, Suspended, Progressing, Missing, Degraded, Unknown };
std::string_view text(HealthCode code);
HealthCode healthCodeOf(std::string_view text);

/// Phase of an operation, and of a hook within one.
enum class OperationPhase : std::uint8_t { None, Running, Terminating, Succeeded, Failed, Error };
std::string_view text(OperationPhase phase);
OperationPhase operationPhaseOf(std::string_view text);
/// Succeeded, Failed or Error.
bool isCompleted(OperationPhase phase);

/// What became of one resource in a sync.
enum class ResultCode : std::uint8_t { None, Synced, SyncFailed, Pruned, PruneSkipped };
std::string_view text(ResultCode code);
ResultCode resultCodeOf(std::string_view text);

/// How severe a condition is, told from the end of its type's name.
enum class ConditionSeverity : std::uint8_t { Info, Warning, Error };
ConditionSeverity severityOf(std::string_view conditionType);

} // namespace tiphys::crd
