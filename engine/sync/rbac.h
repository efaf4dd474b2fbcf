// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <cstdint>
#include <string>

namespace tiphys::sync {

/// True for Role, ClusterRole and their bindings of rbac.authorization.k8s.io/v1: client-side apply reconciles them
/// first, as `kubectl auth reconcile` does.
bool isReconciledRbac(const object::Object &target);

/// What reconciling does to an RBAC object. No rule and no subject is taken away by it: that is the apply's part.
struct RbacReconciliation
{
    enum class Operation : std::uint8_t { None, Create, Update, Recreate } operation = Operation::None;
    object::Object body; ///< of Create, Update and Recreate
    std::string detail;  ///< of the message: "reconciliation required update\n\tmissing rules added:…", "" for nothing
};
/// \p live is null if there is none. A live object whose annotation autoupdate says "false" is left alone,
/// and the detail says so.
/// Source: component-helpers auth/rbac/reconciliation/{reconcile_role,reconcile_rolebindings}.go@v0.36.1
RbacReconciliation reconciliationOf(const object::Object &target, const object::Object &live);

} // namespace tiphys::sync
