// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "control/evaluation.h"
#include "ports/cluster.h"

#include <QThreadPool>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace tiphys::control {

/// OpenAPI schemas of custom resources as API servers tell them, kept while a server serves the same types. Engine
/// thread only.
class SchemaCache
{
public:
    /// The schemas of those of \p kinds that are not built in. One that cannot be read is left out: its objects are
    /// merged as their values show. Errors: Cancelled.
    ///
    /// \p discovery  what \p cluster serves now
    Async<CustomSchemas> schemasOf(ports::ClusterPtr cluster, ports::DiscoveryPtr discovery,
                                   std::set<object::Gvk> kinds, QThreadPool *pool, CancelToken cancel);

private:
    struct Known
    {
        ports::DiscoveryPtr discovery;
        CustomSchemas schemas;
    };
    using Place = std::pair<std::string, std::string>; ///< server, group version
    std::map<Place, Known> m_known;
};

} // namespace tiphys::control
