// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/connect.h"
#include "ports/connections.h"

#include <memory>
#include <string>

class QThreadPool;

namespace tiphys::compose {

/// Who else to act as than the kubeconfig says.
struct ConnectAs
{
    std::string user;
    std::vector<std::string> groups;
};

/// The contexts of kubeconfig files: those of \p explicitFile alone if it is not "", else $KUBECONFIG or the default.
/// \p mayExec answers whether a credential plugin may run. Engine thread only.
ports::ConnectionsPtr kubeConnections(const std::string &explicitFile, ConnectAs as, kube::ExecConsent mayExec,
                                      QThreadPool *pool, std::shared_ptr<const ports::Clock> clock);

} // namespace tiphys::compose
