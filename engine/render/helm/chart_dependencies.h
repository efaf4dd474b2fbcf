// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/helm/chart.h"

#include <string>
#include <vector>

namespace tiphys::render {

/// Dependencies that Chart.yaml names and charts/ does not have, as name and version are written there.
/// Source: helm pkg/action/install.go (CheckDependencies)@v4.2.4
std::vector<ChartDependency> missingDependencies(const Chart &chart);

/// \p chart as it is rendered with \p values: aliases made, disabled subcharts taken away (tags, then conditions),
/// import-values merged into the values of their parents.
/// Errors: as coalescedValues.
/// Source: helm pkg/chart/v2/util/dependencies.go (ProcessDependencies)@v4.2.4
Expected<Chart> withDependencies(Chart chart, const object::Value &values);

} // namespace tiphys::render
