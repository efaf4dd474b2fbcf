// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/call.h"
#include "sync/write.h"

#include <functional>
#include <span>
#include <variant>

namespace tiphys::sync {

/// How an existing object is changed.
struct ApplyPatch
{
    PatchKind kind = PatchKind::Merge;
    object::Value body; ///< an empty map changes nothing
};
/// The patch that brings \p current to \p modified and takes away what \p original had and \p modified has not.
using ThreeWayPatch = std::function<Expected<ApplyPatch>(const object::Gvk &gvk, const object::Value &original,
                                                         const object::Value &modified, const object::Value &current)>;

/// What is needed beside the write itself.
struct ExchangeTools
{
    ThreeWayPatch threeWayPatch;
};

using ExchangeStep = std::variant<Call, WriteResult>;

/// What carrying out \p write takes next: a call to the API server, or its result.
///
/// Called first without replies, then with each reply added. Nothing is kept between calls.
/// A reply that says ErrorCode::Unknown (sent, answer lost) ends the exchange with that error: the next pass sees
/// what came of it.
/// Source: argo-cd gitops-engine/pkg/utils/kube/resource_ops.go@v3.5.1, kubectl pkg/cmd/{apply,replace,create}@v0.36.1
ExchangeStep nextCall(const Write &write, std::span<const Reply> replies, const ExchangeTools &tools);

/// "deployment.apps/web": how kubectl names an object.
std::string printedName(const object::Object &object);
/// \p target with itself in the annotation last-applied-configuration, as client-side apply sends it.
object::Object withLastApplied(const object::Object &target);
/// The object in the annotation last-applied-configuration; null if there is none or it cannot be read.
object::Value lastAppliedOf(const object::Object &live);

} // namespace tiphys::sync
