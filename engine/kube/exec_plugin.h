// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "kube/kubeconfig.h"
#include "ports/clock.h"

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

/// Runs the plugin once, without a shell and without input; standard error goes into the message of a failure.
/// Errors: NotFound (no such program, with the install hint), Unauthorized (it failed), Unsupported (it wants a
/// terminal), Cancelled.
Async<ExecCredential> runExecPlugin(ExecConfig exec, ClusterEntry cluster, std::string caPem, CancelToken cancel);

} // namespace tiphys::kube
