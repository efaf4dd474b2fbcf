// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/draft.h"
#include "object/value.h"
#include "schema/schema.h"

namespace tiphys::compare {

/// Fills in what the API server would: \p object must be typed JSON of \p type (see schema::asTyped).
///
/// Covers the v1 kinds of apps, batch, core, networking, rbac, storage, scheduling, discovery, flowcontrol and
/// admissionregistration, and autoscaling v1 and v2; other versions get no defaults. Requests of bare Pods that
/// follow from pod-level resources are left alone.
/// Source: kubernetes/pkg/apis/*/*/defaults.go@v1.36.3
void applyDefaults(Draft &object, const schema::Type &type);

/// \p object with the API server's defaults; members that the type does not know survive. An object that cannot be
/// read as \p type comes back as it is.
/// Errors: InvalidInput where the defaults cannot be merged into a list (no merge key).
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (applyPatch)@v3.5.1
Expected<object::Value> withDefaults(const object::Value &object, const schema::Type &type);

} // namespace tiphys::compare
