// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/artifacts.h"
#include "ports/clock.h"

#include <functional>
#include <memory>
#include <string>

class QThreadPool;

namespace tiphys::compose {

/// What a program decides about fetching.
struct FetchChoices
{
    /// Whether a credential helper of Docker's configuration may be run for a host; pool thread. Empty: none is run.
    std::function<bool(const std::string &helper, const std::string &host)> mayRunHelper;
    QThreadPool *pool = nullptr;
    std::shared_ptr<const ports::Clock> clock;
    bool isPlainHttp = false;
    std::function<void(const std::string &what)> progress;
};

/// Charts and artifacts, kept below the cache folder, reached with what this user's Helm and Docker know.
ports::ArtifactsPtr artifacts(FetchChoices choices);

} // namespace tiphys::compose
