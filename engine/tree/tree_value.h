// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "tree/resource_tree.h"

namespace tiphys::tree {

/// \p tree in the form of Argo CD's API: {"nodes": […], "orphanedNodes": […], "hosts": […]}, members without content
/// left out. Health that was not assessed is left out too.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (ApplicationTree)@v3.5.1
object::Value toValue(const ApplicationTree &tree);

} // namespace tiphys::tree
