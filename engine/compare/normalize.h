// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

namespace tiphys::compare {

/// Whether rules of aggregated roles count.
enum class AggregatedRoles { Compared, Ignored };

/// A built-in object as its Go type prints it, without members that the object did not have: zero values vanish,
/// quantities become canonical. An object that does not fit its type, or has unknown fields, stays as it is.
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (remarshal)@v3.5.1
object::Object remarshalled(const object::Object &object);

/// \p object without creation time, with the data of Secrets, rules of roles and order of Endpoints in the one form
/// that is compared.
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (Normalize)@v3.5.1
object::Object normalizedKind(const object::Object &object, AggregatedRoles roles);

} // namespace tiphys::compare
