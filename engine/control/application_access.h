// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "ports/cluster.h"
#include "service/applications.h"

namespace tiphys::control {

/// How Applications are addressed.
const ports::ResourceType &applicationType();
ports::ObjectRef applicationRef(const std::string &ns, const std::string &name);

/// The Application as it is stored now. Errors: as Cluster::get, InvalidInput for one that cannot be read.
Async<crd::Application> readApplication(ports::ClusterPtr cluster, service::AppId app, CancelToken cancel);
/// Merge-patches an Application under the name of this engine and gives it back as it is stored then. After a lost
/// answer the error is Unknown; nothing is repeated.
Async<crd::Application> patchApplication(ports::ClusterPtr cluster, crd::Application app, object::Value patch,
                                         CancelToken cancel);

} // namespace tiphys::control
