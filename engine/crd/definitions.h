// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <vector>

namespace tiphys::crd {

/// CustomResourceDefinitions of Application, AppProject and ApplicationSet for clusters without Argo CD: names,
/// scopes and columns as Argo CD's own, the schema checks what a reconciler cannot do without and keeps every other
/// field. Argo CD's installation replaces them.
std::vector<object::Object> customResourceDefinitions();

} // namespace tiphys::crd
