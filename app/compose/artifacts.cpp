// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/artifacts.h"

#include "compose/machine.h"
#include "fetch/artifacts.h"
#include "fetch/qt_http.h"

namespace tiphys::compose {

ports::ArtifactsPtr artifacts(FetchChoices choices)
{
    return fetch::artifacts({.http = fetch::qtHttp(),
                             .cacheFolder = cacheFolder() + "/artifacts",
                             .user = fetch::UserAccess(fetch::userFiles(), std::move(choices.mayRunHelper)),
                             .pool = choices.pool,
                             .clock = std::move(choices.clock),
                             .isPlainHttp = choices.isPlainHttp,
                             .progress = std::move(choices.progress)});
}

} // namespace tiphys::compose
