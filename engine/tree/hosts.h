// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tree/resource_tree.h"

namespace tiphys::tree {

/// The cluster nodes that run pods among \p nodes, sorted by name: their capacity of cpu, memory and storage and
/// what pods ask for, those of the Application and others that have not ended.
/// Source: argo-cd controller/appcontroller.go (getAppHosts)@v3.5.1
std::vector<Host> hostsOf(const LiveGraph &live, const std::vector<Node> &nodes,
                          const std::vector<std::string> &allowedNodeLabels);

} // namespace tiphys::tree
