// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "ports/connections.h"

#include <string_view>
#include <vector>

namespace tiphys::control {

/// How the cluster is reached that one of \p secrets, those labelled "cluster", registers at \p server. What signs in by
/// a program is not run: whoever may write a Secret would run programs here. Errors: NotFound where none is registered there,
/// InvalidInput naming the Secret, Unsupported for a program.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (Cluster.RawRestConfig), util/settings/cluster_informer.go (secretToCluster)@v3.5.1
Expected<ports::ClusterAccess> clusterAccess(const std::vector<object::Object> &secrets, std::string_view server);

} // namespace tiphys::control
