// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/duration.h"
#include "crd/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::sync {

/// Waiting time before self-heal attempts that follow each other.
struct SelfHealBackoff
{
    std::int64_t timeoutSeconds = 2; ///< first wait; 0: fixedSeconds before each attempt
    std::int64_t factor = 3;         ///< 0: every wait is like the first
    std::int64_t capSeconds = 300;   ///< of the waits after the first; 0: no limit
    std::int64_t fixedSeconds = 0;

    bool operator==(const SelfHealBackoff &) const = default;
};
/// Time left before a self-heal attempt after \p attempts others, counted from the end of the last operation,
/// or from now where it has none.
/// Source: argo-cd controller/appcontroller.go (selfHealRemainingBackoff)@v3.5.1, apimachinery pkg/util/wait/backoff.go (Step)
crd::Duration selfHealWait(const crd::OperationState &last, std::int64_t attempts, const SelfHealBackoff &backoff,
                           crd::Timestamp now);

/// What a refresh found, for the gate of automated sync.
struct AutoSyncInput
{
    crd::Application app;
    crd::SyncStatus sync;                       ///< as it was just computed
    std::vector<crd::ResourceStatus> resources; ///< likewise
    bool windowsAllow = true;                   ///< a sync that is not manual; errors count as no
    crd::Timestamp now;
    SelfHealBackoff backoff;
};

/// What becomes of the condition SyncError.
enum class SyncErrorChange : std::uint8_t { Keep, Clear, Set };

/// The answer of the gate.
struct AutoSyncDecision
{
    std::optional<crd::Operation> operation; ///< to be written, see startPatch (request.h)
    std::string reason;                      ///< why there is none, in words for people
    SyncErrorChange syncError = SyncErrorChange::Clear;
    std::string syncErrorMessage;                ///< of Set
    std::optional<crd::Duration> lookAgainAfter; ///< self-heal waits
    std::string eventMessage;                    ///< "Initiated automated sync to 'abc'"
};
/// Whether an automated sync starts now.
/// Source: argo-cd controller/appcontroller.go (autoSync, alreadyAttemptedSync)@v3.5.1
AutoSyncDecision autoSync(const AutoSyncInput &input);

} // namespace tiphys::sync
