// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/action.h"

/// The actions that Argo CD ships, without their scripts.
/// Source: argo-cd resource_customizations/*/*/actions/@v3.5.1, util/lua/lua.go@v3.5.1
namespace tiphys::action {

/// True if there are built-in actions for \p kind.
bool hasBuiltinActions(const object::GroupKind &kind);

/// The actions of \p object, by name; none for kinds without any.
/// Errors: InvalidInput where a field has a type that the discovery cannot work with ("attempt to index a
/// non-table object(nil) with key 'stableRS'").
Expected<std::vector<ResourceAction>> builtinActions(const object::Object &object);

/// What \p name does to \p object. Lists and maps come out as from a script: numbers as JSON prints doubles, no
/// null, and an empty map that \p object has not is an empty list.
/// Errors: NotFound for an action that the kind has not; InvalidInput for arguments and fields that it cannot
/// work with.
Expected<std::vector<ImpactedResource>> runBuiltin(const object::Object &object, std::string_view name,
                                                   const RunOptions &options);

} // namespace tiphys::action
