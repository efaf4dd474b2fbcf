// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/for_each.h"
#include "render/file_tree.h"
#include "render/helm/chart.h"

#include <string_view>
#include <vector>

namespace tiphys::render {

/// The chart in \p folder of \p files, with the subcharts in its charts/ (folders and archives); many of them are read by
/// \p forEach.
///
/// Errors: InvalidInput naming the file ("cannot load values.yaml: …", "Chart.yaml file is missing", "error unpacking
/// subchart x in y: …"); LimitExceeded beyond 5 MiB a file, 100 MiB of an archive in charts/, 1 GiB in all.
/// Source: helm pkg/chart/v2/loader/{directory,load}.go@v4.2.4
Expected<Chart> loadChart(const FileTree &files, std::string_view folder, const ForEach &forEach = {});

/// The same from files in memory: an archive that was unpacked.
Expected<Chart> loadChartFiles(std::vector<ChartFile> files, const ForEach &forEach = {});

} // namespace tiphys::render
