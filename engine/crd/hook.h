// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace tiphys::crd {

/// When a hook runs. Skip alone makes an object that is left out of everything.
enum class HookType : std::uint8_t { PreSync, Sync, PostSync, SyncFail, Skip };
std::string_view text(HookType type);

/// The hook types that \p object names by `argocd.argoproj.io/hook`, or by `helm.sh/hook` where that gives none.
/// Skip is left out unless it stands alone; words that are not known count for nothing.
/// Source: argo-cd gitops-engine/pkg/sync/hook/hook.go (Types)@v3.5.1
std::vector<HookType> hookTypesOf(const object::Object &object);
/// True for hooks, the ignored ones too: the Argo annotation stands there and is not Skip alone, or a Helm hook
/// other than crd-install is named.
bool isHook(const object::Object &object);
/// Skip alone: never applied, never pruned, without status.
bool isSkipped(const object::Object &object);
/// A hook without any type that is known (Helm tests, rollback hooks): not compared, not applied.
bool isIgnoredHook(const object::Object &object);
/// Runs before the resources of a deleted Application go.
bool isPreDeleteHook(const object::Object &object);
/// Runs after the resources of a deleted Application are gone.
bool isPostDeleteHook(const object::Object &object);

/// The sync wave: `argocd.argoproj.io/sync-wave`, else `helm.sh/hook-weight`, else 0; texts that are no integer
/// count as absent.
/// Source: argo-cd gitops-engine/pkg/sync/syncwaves/waves.go@v3.5.1
std::int64_t waveOf(const object::Object &object);

} // namespace tiphys::crd
