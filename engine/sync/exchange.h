// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/call.h"
#include "sync/write.h"

#include <span>
#include <variant>

namespace tiphys::sync {

using ExchangeStep = std::variant<Call, WriteResult>;

/// What carrying out \p write takes next: a call to the API server, or its result.
///
/// Called first without replies, then with each reply added. Nothing is kept between calls.
/// A reply that says ErrorCode::Unknown (sent, answer lost) ends the exchange with that error: the next pass sees
/// what came of it.
/// Source: argo-cd gitops-engine/pkg/utils/kube/resource_ops.go@v3.5.1, kubectl pkg/cmd/{apply,replace,create}@v0.36.1
ExchangeStep nextCall(const Write &write, std::span<const Reply> replies);

/// "deployment.apps/web": how kubectl names an object.
std::string printedName(const object::Object &object);
/// The object in the annotation last-applied-configuration; null if there is none or it cannot be read.
object::Object lastAppliedOf(const object::Object &live);

} // namespace tiphys::sync
