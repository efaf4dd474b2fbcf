// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/connect.h"
#include "ports/connections.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

class QThreadPool;

namespace tiphys::compose {

/// Who else to act as than the kubeconfig says.
struct ConnectAs
{
    std::string user;
    std::vector<std::string> groups;
};

/// Namespaces to look into in a context where those may not be listed together; called in the engine thread.
using KnownNamespaces = std::function<std::vector<std::string>(const std::string &context, const std::string &server)>;

/// The contexts of kubeconfig files: those of \p explicitFile alone if it is not "", else $KUBECONFIG or the default.
/// \p mayExec answers whether a credential plugin may run; \p knownNamespaces is asked once for each connection. Engine
/// thread only. \p onExecWaiting hears of a plugin that does not answer; without it whoever waits for one fails after a minute.
/// \p onExecWait hears of it after some seconds, in the engine thread.
ports::ConnectionsPtr kubeConnections(const std::string &explicitFile, ConnectAs as, kube::ExecConsent mayExec,
                                      QThreadPool *pool, std::shared_ptr<const ports::Clock> clock,
                                      KnownNamespaces knownNamespaces = {}, kube::ExecNews onExecWaiting = {},
                                      kube::ExecWaits onExecWait = {});

} // namespace tiphys::compose
