// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"
#include "render/helm/chart.h"
#include "render/remote_content.h"

#include <string_view>

namespace tiphys::render {

/// A chart's folder.
struct ChartPlace
{
    const FileTree &files;
    std::string_view folder;
};

/// \p chart as `helm dependency build` leaves it: unchanged where charts/ has all that Chart.yaml lists, else with
/// the versions of the lock file, or without one the highest that Chart.yaml allows.
///
/// Errors: InvalidInput for a lock file that does not belong to Chart.yaml, for repositories that are no addresses
/// and for archives that are no charts; NotFound for unknown names of repositories, for `file://` folders and where
/// fetching failed; Unavailable "… is not fetched" for what \p remote has to bring, all of it at once.
/// Source: helm pkg/downloader/manager.go (Build, Update, downloadAll)@v4.2.4
Expected<Chart> withBuiltDependencies(Chart chart, const ChartPlace &place, const RemoteAccess &remote);

} // namespace tiphys::render
