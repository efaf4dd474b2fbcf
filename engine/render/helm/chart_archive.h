// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/file_tree.h"
#include "render/helm/chart.h"

#include <memory>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// The files of a chart archive (.tgz held in memory), named without the folder that all of them are in.
/// Errors: InvalidInput for what is no archive and for entries that leave it; LimitExceeded beyond 5 MiB a file or
/// 100 MiB in all.
/// Source: helm pkg/chart/loader/archive/archive.go (LoadArchiveFiles)@v4.2.4
Expected<std::vector<ChartFile>> chartArchiveFiles(std::string_view bytes);

/// The same files as a tree whose root is the chart. Errors: as chartArchiveFiles.
Expected<std::shared_ptr<const FileTree>> chartArchiveTree(std::string_view bytes);

inline constexpr std::size_t kChartFileLimit = std::size_t(5) << 20;
inline constexpr std::size_t kChartLimit = std::size_t(100) << 20;

} // namespace tiphys::render
