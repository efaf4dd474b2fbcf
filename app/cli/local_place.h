// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "cli/invocation.h"
#include "crd/source.h"

#include <filesystem>
#include <string>

namespace tiphys::cli {

/// Where a source is read on this machine instead of its repository.
struct LocalPlace
{
    std::filesystem::path root; ///< stands for the repository: nothing outside of it is read
    std::string path;           ///< of the source in it; "." is the root itself
};

/// The place that the flags name for a source at \p sourcePath of its repository. The root is what they say; else the work
/// tree that the folder is in, else what is above \p sourcePath where the folder ends with that, else the folder itself.
/// Errors: NotFound; InvalidInput where the folder is not below the root.
/// Source: argo-cd cmd/argocd/commands/app_diff.go (getLocalObjectsString, newLocalServerSideProvider)@v3.5.1
Expected<LocalPlace> localPlaceOf(const LocalFlags &flags, const std::string &sourcePath);

/// \p source as it is rendered from \p place: a chart or artifact from elsewhere becomes a folder.
Expected<crd::ApplicationSource> localSourceOf(const crd::ApplicationSource &source, const LocalPlace &place);

} // namespace tiphys::cli
