// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

#include <string>

namespace tiphys::compare {

/// How the API server reads a patch.
enum class PatchType {
    StrategicMerge, ///< application/strategic-merge-patch+json
    Merge,          ///< application/merge-patch+json
};

/// A patch as client-side apply sends it.
struct Patch
{
    PatchType type = PatchType::Merge;
    object::Value body;

    /// `{}`: nothing to send.
    bool isEmpty() const { return body.isEmpty(); }
    bool operator==(const Patch &) const = default;
};

/// The text of the last-applied annotation for \p target: its JSON without that annotation, and a line feed.
/// Source: kubectl/pkg/util/apply.go (GetModifiedConfiguration)@v0.36.3
std::string lastAppliedText(const object::Object &target);
/// \p target with its last-applied annotation, as client-side apply sends it.
object::Object withLastApplied(const object::Object &target);

/// The patch of client-side apply from \p lastApplied (null if unknown) over \p live to \p modified, the target with
/// its last-applied annotation. Built-in kinds get a strategic merge patch, others a JSON merge patch.
/// Errors: Conflict if apiVersion, kind or metadata.name would change by a JSON merge patch; InvalidInput where
/// lists cannot be merged.
/// Source: kubectl/pkg/cmd/apply/patcher.go@v0.36.3
Expected<Patch> threeWayApplyPatch(const object::Object &lastApplied, const object::Object &modified,
                                   const object::Object &live);

/// \p live with a strategic merge patch applied as the API server does.
/// Errors: Unsupported if the kind is not built in; InvalidInput for a patch that does not fit.
Expected<object::Object> applyStrategicMergePatch(const object::Object &live, const object::Value &patch);
/// \p live with a JSON merge patch applied.
object::Object applyMergePatch(const object::Object &live, const object::Value &patch);

} // namespace tiphys::compare
