// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"
#include "object/object.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::sync {

/// The parts of a sync, in their order; SyncFail runs after a failure only.
enum class Phase : std::int8_t { PreSync = -1, Sync = 0, PostSync = 1, SyncFail = 2 };
/// "PreSync", "Sync", "PostSync", "SyncFail".
std::string_view text(Phase phase);

/// When a hook is deleted: before it is made again, or at the end of a sync that went well or badly.
enum class DeletePolicy : std::uint8_t { HookSucceeded, HookFailed, BeforeHookCreation };

/// The phases in which \p object is applied: those of its hook types, Sync for an object that is no hook, none for
/// objects that are skipped and for hooks without a phase.
/// Source: argo-cd gitops-engine/pkg/sync/sync_phase.go (syncPhases)@v3.5.1
std::vector<Phase> phasesOf(const object::Object &object);
/// Argo's policies and Helm's together; BeforeHookCreation alone where none is given.
/// Source: argo-cd gitops-engine/pkg/sync/hook/delete_policy.go@v3.5.1
std::vector<DeletePolicy> deletePoliciesOf(const object::Object &object);
bool hasDeletePolicy(const object::Object &object, DeletePolicy policy);

/// What makes the name of a hook without a name the same whenever one operation is looked at again.
struct HookNaming
{
    std::string_view revision; ///< compared revision, "" for several sources
    crd::Timestamp startedAt;  ///< of the operation, also in its later attempts
};
/// metadata.generateName and "<first 7 of the revision>-<phase>-<seconds>" in lower case.
std::string generatedNameOf(const object::Object &hook, Phase phase, const HookNaming &naming);
/// \p hook as it is applied in \p phase: with a name, and with the finalizer that keeps it until its end was seen.
object::Object hookTargetOf(const object::Object &hook, Phase phase, const HookNaming &naming);
/// \p object without the hook finalizer; the others stay in their order.
object::Object withoutHookFinalizer(const object::Object &object);

} // namespace tiphys::sync
