// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// `.Capabilities.KubeVersion`.
struct KubeVersion
{
    std::string version;    ///< as given, with a "v"
    std::string normalized; ///< numbers only, for constraints
    std::string major;
    std::string minor;
};

/// Reads "1.33", "v1.33.4-gke.1". Errors: InvalidInput "invalid kube version 'foo': …".
/// Source: helm pkg/chart/common/capabilities.go (ParseKubeVersion)@v4.2.4, apimachinery pkg/util/version
Expected<KubeVersion> kubeVersionOf(std::string_view text);

/// "v1.33.4-gke.1" as Argo CD passes it on: 1.33.4.
std::string plainKubeVersion(std::string_view version);

/// What Helm assumes of a cluster that it does not ask: the version of its client library, v1.36.0.
const KubeVersion &defaultKubeVersion();
/// The groups and versions of that library, in the order in which templates print them.
const std::vector<std::string> &defaultApiVersions();

} // namespace tiphys::render
