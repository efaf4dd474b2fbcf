// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/timestamp.h"
#include "object/object.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a person asks of a Rollout, as patches with the effect of the kubectl plugin's.
///
/// The patches are JSON Patches that test what the person saw, so that a step is never skipped because the Rollout
/// moved on between look and click. Facts: argo-rollouts pkg/kubectl-argo-rollouts/cmd/@v1.9.1
namespace tiphys::rollout {

enum class Intent { Promote, PromoteFull, SkipStep, SkipAllSteps, Pause, Resume, Abort, Retry, Restart };

/// The command's word: "promote", "skip-step", …
std::string_view word(Intent intent);

/// What stood on the screen when the person decided.
struct Seen
{
    std::string podHash;                   ///< status.currentPodHash
    std::optional<std::int64_t> stepIndex; ///< status.currentStepIndex

    bool operator==(const Seen &) const = default;
};
Seen seenOf(const object::Object &rollout);

/// A JSON Patch of one Rollout.
struct IntentPatch
{
    bool isStatus = false; ///< goes to the subresource status; to the object itself where there is none
    object::Value operations;
};

/// The patches for \p intent on \p rollout as it is now, in order; each is sent once. \p restartAt is for Restart.
///
/// Errors: Conflict where \p rollout is no longer what was \p seen; InvalidInput with the reason where there is
/// nothing to do: promoting a Rollout that does not wait, aborting one that is fully promoted, and so on.
/// Promote only lets a pause go; the step index moves by SkipStep alone, or where the analysis of a step was
/// inconclusive.
Expected<std::vector<IntentPatch>> patchesFor(Intent intent, const object::Object &rollout, const Seen &seen,
                                              crd::Timestamp restartAt = {});

/// Whether and why not \p intent makes sense now; nothing if it does.
std::optional<std::string> refusalOf(Intent intent, const object::Object &rollout);

/// The replica set that `undo` goes back to: that of \p revision, or of the highest but one for 0.
/// Errors: NotFound "unable to find specified revision N in history", "no revision found for rollout \"x\"".
Expected<object::Object> undoTarget(const object::Object &rollout, const std::vector<object::Object> &replicaSets,
                                    std::int64_t revision);

/// The patch that puts the template of \p replicaSet into a workload whose template is \p current; nothing if it is
/// there already, but for defaults of the API server.
std::optional<IntentPatch> undoPatch(const object::Value &current, const object::Object &replicaSet);

} // namespace tiphys::rollout
