// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "service/clusters.h"

#include <string>

namespace tiphys::control {

/// Why a live object differs from Git, as far as its managed fields tell: "changed in the cluster by kubectl-edit" when
/// somebody else than a reconciler or a status controller wrote to it after \p lastSync, else "changed in Git since the
/// last sync"; "" where metadata.managedFields is absent.
std::string changeCauseOf(const object::Object &live, service::WallTime lastSync);

} // namespace tiphys::control
