// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

namespace tiphys::compare {

/// What a comparison of one object found.
struct DiffResult
{
    bool isModified = false;
    object::Object normalizedLive; ///< live after normalisation and defaults; null if there is no live object
    object::Object predictedLive;  ///< live as it would be after the target is applied; null without a target

    bool operator==(const DiffResult &) const = default;
};

inline constexpr std::string_view kLastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

/// The object in the last-applied annotation of \p live, null if there is none.
/// Errors: InvalidInput if the annotation is no JSON map.
Expected<object::Object> lastAppliedOf(const object::Object &live);

/// Three-way comparison of normalised objects: what applying \p target over \p live changes, where \p original is
/// what was applied before. Built-in kinds are merged strategically and filled with the API server's defaults,
/// others by JSON merge patch.
/// Errors: InvalidInput where a patch cannot be made or applied.
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (ThreeWayDiff)@v3.5.1
Expected<DiffResult> threeWayDiff(const object::Object &original, const object::Object &target,
                                  const object::Object &live);

/// \p live compared with \p predicted as they are: modified if their JSON differs.
DiffResult diffResult(const object::Value &live, const object::Value &predicted);

} // namespace tiphys::compare
