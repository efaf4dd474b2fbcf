// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/helm/chart.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// Chart.lock or requirements.lock: which versions the dependencies of a chart were resolved to.
struct ChartLock
{
    std::string digest;
    std::vector<ChartDependency> dependencies;
};

/// Reads a lock file. Errors: InvalidInput.
Expected<ChartLock> readChartLock(std::string_view text);

/// What the digest of a lock file is made of: requested and locked dependencies.
/// Source: helm internal/resolver/resolver.go (HashReq)@v4.2.4
std::string lockDigestOf(const std::vector<ChartDependency> &requested, const std::vector<ChartDependency> &locked);
/// The digest of Helm 2, which charts of apiVersion v1 may still have.
/// Source: helm internal/resolver/resolver.go (HashV2Req)@v4.2.4
std::string oldLockDigestOf(const std::vector<ChartDependency> &requested);

} // namespace tiphys::render
