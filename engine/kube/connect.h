// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "kube/credential_source.h"
#include "kube/exchange.h"
#include "kube/kubeconfig.h"
#include "ports/clock.h"
#include "ports/cluster.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class QThreadPool;

namespace tiphys::kube {

struct ConnectOptions
{
    QThreadPool *pool = nullptr; ///< for decoding and file reading; must outlive the cluster
    std::shared_ptr<const ports::Clock> clock;
    /// Whether an exec plugin may run; without it none does.
    ExecConsent mayExec;
    /// Hears of an exec plugin that does not answer; without it the requests that wait for it fail.
    ExecNews onExecWaiting = {};
    /// Hears of one after some seconds, in the thread of the cluster; also when the cluster ends.
    ExecWaits onExecWait = {};
    /// Shared by clusters that sign in by the same auth-provider; null: this cluster has its own.
    std::shared_ptr<IdTokens> idTokens;
    std::string userAgent = "tiphys";
    /// Acts as somebody else than the kubeconfig says.
    std::optional<Impersonation> impersonation;
    ExchangeLimits limits;
    std::chrono::milliseconds watchSilence{150'000}; ///< above the minute between bookmarks
    std::chrono::milliseconds second{1000};          ///< what `Retry-After` counts in
    /// A variable of the environment, for proxies; the process's own if empty.
    std::function<std::string(const std::string &name)> environment;
};

/// The cluster of \p contextName ("" for the current context). Nothing is sent yet: a server that cannot be
/// reached, or credentials that cannot be had, are errors of the first request. Errors: those of targetOf.
Expected<ports::ClusterPtr> connect(const KubeConfig &config, std::string_view contextName, ConnectOptions options);
/// The same for a target that is known.
Expected<ports::ClusterPtr> connect(Target target, ConnectOptions options);

/// The proxy that the environment names for \p server (HTTPS_PROXY or HTTP_PROXY, NO_PROXY), "" for none.
/// Source: Go golang.org/x/net/http/httpproxy
std::string environmentProxy(std::string_view server,
                             const std::function<std::string(const std::string &)> &environment);

/// The kubeconfig files of this user: \p explicitPath alone if it is not "", else KUBECONFIG, else ~/.kube/config.
std::vector<std::string> kubeConfigPaths(const std::string &explicitPath);

} // namespace tiphys::kube
