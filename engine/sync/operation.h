// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/duration.h"
#include "crd/timestamp.h"
#include "policy/window.h"
#include "sync/operation_patch.h"
#include "sync/pass.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// The life of an operation around its passes. One look at an Application whose `operation` is set is:
///
///     pickUp -> write its patch -> blockedByWindow -> compare -> refusal -> passStep ... -> completePass
///            -> (wait for the wave delay) -> write historyPatch, then patch -> emit the event
///
/// Everything is told by the Application as stored, so any look may be the first one of a new process.
/// Source: argo-cd controller/appcontroller.go (processRequestedAppOperation), controller/sync.go@v3.5.1
namespace tiphys::sync {

/// How a look at an operation begins.
struct PickUp
{
    crd::OperationState state;          ///< to go on with
    std::optional<object::Value> patch; ///< merge patch to be written before anything else
    bool runsPass = true;               ///< false: nothing to do before lookAgainAfter, or at all
    std::optional<crd::Duration> lookAgainAfter;
    std::string terminatingCause; ///< to be handed to completePass
};
/// Starts or resumes the operation of \p app; nothing if it has none.
/// \p syncTimeout  longest time of an operation, 0 for none
std::optional<PickUp> pickUp(const crd::Application &app, crd::Timestamp now, crd::Duration syncTimeout = {});

/// After which time pickUp finds that an operation which is \p state has lasted too long; nothing without \p syncTimeout.
std::optional<crd::Duration> timeUntilTimeout(const crd::OperationState &state, crd::Duration syncTimeout,
                                              crd::Timestamp now);

/// The state with an empty syncResult for a pass that has none yet: sources of the operation, else of the spec.
/// Errors: "Invalid operation request: no operation specified" for an operation without sync (phase Error).
Expected<crd::OperationState> readyForPass(const crd::Application &app, crd::OperationState state);

/// The question to the sync windows before each pass; \p app as it was stored before this look.
policy::WindowQuestion windowQuestion(const crd::Application &app, crd::Timestamp now);
/// The state of an operation that windows hold up; its pass ends here. \p error: why they could not be asked.
crd::OperationState blockedByWindow(crd::OperationState state, std::string_view error = {});

/// What is known before the engine runs; the first thing that is wrong ends the operation.
struct Precheck
{
    std::string projectError = {};               ///< the project could not be loaded
    std::string compareError = {};               ///< the comparison itself failed
    std::vector<crd::Condition> conditions = {}; ///< of the Application after the comparison, in any order
    std::string setupError = {};                 ///< destination, overrides, impersonation …: the whole message
};
struct Refusal
{
    crd::OperationPhase phase = crd::OperationPhase::Error;
    std::string message;
};
/// Why the pass must not run, nothing if it may.
std::optional<Refusal> refusal(const crd::OperationState &state, const Precheck &check);

/// Whether a person approved what \p app deletes or prunes at \p time (RFC 3339) or later.
bool isApprovedSince(const crd::Application &app, std::string_view time);

/// The input of a pass as far as the Application tells it; the comparison and the world are to be added. Where
/// settingsOf says respectsIgnoreDifferences the targets of the comparison must have the ignored fields of live.
PassInput passInputOf(const crd::Application &app, const crd::OperationState &state);

/// What a pass leaves behind.
enum class RefreshLevel : std::uint8_t { CompareWithLatest, CompareWithLatestForceResolve };
struct Event
{
    std::string type; ///< Normal or Warning
    std::string reason;
    std::string message;

    bool operator==(const Event &) const = default;
};
struct Completion
{
    crd::OperationState state;
    std::optional<object::Value> historyPatch; ///< to be written first; its failure is given to withHistoryError
    std::optional<object::Value> patch;        ///< nothing if the state is stored already
    std::optional<Event> event;                ///< for the completed operation
    std::optional<RefreshLevel> refresh;
};

/// The end of a pass, or of the refusal of one.
struct PassOutcome
{
    crd::OperationPhase phase = crd::OperationPhase::Running;
    std::string message;
    std::optional<std::vector<crd::ResourceResult>> results; ///< nothing: those before stay
    Deployed deployed;
    bool wasTerminating = false;   ///< phase was Terminating before the pass
    std::string terminatingCause;  ///< of PickUp
    bool isTerminatingNow = false; ///< somebody set Terminating while the pass ran (read the Application again)
    /// Version of a kind that the cluster serves; nothing if it does not know the kind.
    std::function<std::optional<std::string>(const object::GroupKind &)> installedVersion;
};
PassOutcome outcomeOf(const PassEnd &end);
PassOutcome outcomeOf(const Refusal &refusal);

/// The state after a pass: results, retry, history, and the patches that store it.
Completion completePass(const crd::Application &app, crd::OperationState state, const PassOutcome &outcome,
                        crd::Timestamp now);
/// The completion when the history could not be written.
Completion withHistoryError(const crd::Application &app, Completion completion, const Error &error);
/// A merge patch that stores \p results while a pass runs: Batch::recordFirst. It carries the resourceVersion of
/// \p app, as read last, so that a Terminating that came meanwhile is not overwritten.
object::Value recordPatch(const crd::Application &app, crd::OperationState state,
                          const std::vector<crd::ResourceResult> &results);

} // namespace tiphys::sync
