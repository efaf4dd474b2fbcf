// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/operation.h"
#include "object/object.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::sync {

/// What happens to objects that a deleted one owns.
enum class Propagation : std::uint8_t { Background, Foreground, Orphan };
/// "Background", "Foreground", "Orphan": the words of DeleteOptions.
std::string_view text(Propagation propagation);

/// How one operation syncs: its strategy, switches and options in one place.
struct SyncSettings
{
    bool isDryRun = false;
    bool prunes = false;
    bool forces = false;     ///< strategy: delete and create what cannot be changed
    bool skipsHooks = false; ///< strategy apply, or a partial sync
    bool validates = true;
    bool appliesOutOfSyncOnly = false;
    bool prunesLast = false;
    bool replaces = false;
    bool appliesServerSide = false;
    bool migratesClientSideApply = true;
    bool createsNamespace = false;
    bool failsOnSharedResource = false;
    bool respectsIgnoreDifferences = false;
    bool skipsDryRunOnMissingResource = false;
    Propagation propagation = Propagation::Foreground;
    std::optional<std::string> prune; ///< value of `Prune=`: "false", "confirm"

    bool operator==(const SyncSettings &) const = default;
};

/// Reads the options of \p operation as the controller does: exact texts, the first `Prune=`.
/// Source: argo-cd controller/sync.go (SyncAppState)@v3.5.1
SyncSettings settingsOf(const crd::SyncOperation &operation);

/// True if the annotation sync-options of \p object holds exactly \p option ("Replace=true").
bool hasSyncOption(const object::Object &object, std::string_view option);
/// May \p live not be pruned: `Prune=false` on it, or in the options where it does not say.
bool isPruningDisabled(const object::Object &live, const SyncSettings &settings);
/// Does pruning \p live wait for approval: `Prune=confirm`.
bool needsPruneConfirmation(const object::Object &live, const SyncSettings &settings);
/// True if \p object is a CustomResourceDefinition.
bool isCrd(const object::Object &object);

} // namespace tiphys::sync
