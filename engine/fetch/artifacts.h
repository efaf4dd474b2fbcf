// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fetch/user_access.h"
#include "ports/artifacts.h"
#include "ports/clock.h"

#include <QThreadPool>

#include <functional>
#include <memory>
#include <string>

namespace tiphys::fetch {

/// What fetching is made of.
struct ArtifactParts
{
    ports::HttpPtr http;
    std::string cacheFolder;     ///< archives are kept here by digest; "" keeps none
    UserAccess user;             ///< how servers are reached where nobody says otherwise
    QThreadPool *pool = nullptr; ///< reads large files and asks credential helpers
    std::shared_ptr<const ports::Clock> clock;
    bool isPlainHttp = false;                              ///< registries without https, as `--plain-http`
    std::function<void(const std::string &what)> progress; ///< told of every download as it begins; may be empty
};

/// Charts, artifacts and files from the net. An exact version that was fetched before is not asked for again; an index
/// is believed for three minutes.
ports::ArtifactsPtr artifacts(ArtifactParts parts);

} // namespace tiphys::fetch
