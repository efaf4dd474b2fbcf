// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "kube/kubeconfig.h"
#include "ports/clock.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::kube {

/// What an exec plugin printed. Holds secrets.
struct ExecCredential
{
    std::string token;
    std::string certificatePem;
    std::string keyPem;
    std::optional<ports::WallTime> expires;

    bool operator==(const ExecCredential &) const = default;
};

/// The JSON of KUBERNETES_EXEC_INFO. \p caPem is the cluster's CA as text, if it has one.
std::string execInfo(const ExecConfig &exec, const ClusterEntry &cluster, const std::string &caPem);

/// What \p output of a plugin with \p apiVersion says. Errors: InvalidInput in client-go's words.
/// Source: client-go plugin/pkg/client/auth/exec/exec.go (refreshCredsLocked)@v0.36.1
Expected<ExecCredential> parseExecOutput(std::string_view output, const std::string &apiVersion);

/// How long a plugin is waited for. One may have opened a browser, whatever it says of being interactive (kubelogin waits
/// three minutes for a person, under any mode).
struct ExecTimes
{
    std::chrono::milliseconds untilNoticed =
        std::chrono::seconds(3); ///< after which, once, it is noticed that it takes its time
    std::chrono::milliseconds untilTold =
        std::chrono::minutes(1); ///< after which, again and again, it is told that it still runs
    std::chrono::milliseconds limit = std::chrono::minutes(4); ///< of a plugin that is never interactive
    std::chrono::milliseconds interactiveLimit = std::chrono::minutes(15);

    std::chrono::milliseconds limitOf(InteractiveMode mode) const
    {
        return mode == InteractiveMode::Never ? limit : interactiveLimit;
    }
};

/// Hears of a plugin that is still waited for: Unauthorized, with what it wrote for people so far.
using ExecNews = std::function<void(const Error &stillRuns)>;

/// A plugin that takes its time, or has ended after that was noticed.
struct ExecWait
{
    std::string context; ///< of the kubeconfig
    std::string command; ///< of the plugin
    bool isOver = false;
};
/// Hears at once of plugins that take their time; nobody's request fails for that.
using ExecWaits = std::function<void(const ExecWait &wait)>;

/// Runs the plugin once, without a shell and without input; standard error goes into the message of a failure.
/// Errors: NotFound (no such program, with the install hint), Unauthorized (it failed, or was ended after its time),
/// Unsupported (it wants a terminal), Cancelled.
Async<ExecCredential> runExecPlugin(ExecConfig exec, ClusterEntry cluster, std::string caPem, CancelToken cancel,
                                    ExecTimes times = {}, ExecNews onWaiting = {});

} // namespace tiphys::kube
