// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/schema_cache.h"

#include "async/run_on.h"
#include "compare/open_api_schemas.h"
#include "schema/schema.h"

namespace tiphys::control {

Async<CustomSchemas> SchemaCache::schemasOf(ports::ClusterPtr cluster, ports::DiscoveryPtr discovery,
                                            std::set<object::Gvk> kinds, QThreadPool *pool, CancelToken cancel)
{
    CustomSchemas wanted;
    for (const object::Gvk &kind : kinds) {
        if (schema::typeOf(kind) || !discovery->find(kind))
            continue;
        const Place place{cluster->identity().server, kind.apiVersion()};
        if (const auto known = m_known.find(place); known == m_known.end() || known->second.discovery != discovery) {
            const Expected<std::string> document = co_await cluster->openApi(kind.apiVersion(), cancel);
            if (cancel.isCancelled())
                co_return std::unexpected(async::cancelledError());
            CustomSchemas schemas;
            if (document) {
                const Expected<CustomSchemas> read = co_await async::runOn(
                    pool, [text = *document] { return compare::openApiSchemas(text).value_or(CustomSchemas{}); });
                if (!read)
                    co_return std::unexpected(read.error());
                schemas = *read;
            }
            m_known.insert_or_assign(place, Known{discovery, std::move(schemas)});
        }
        const CustomSchemas &schemas = m_known.at(place).schemas;
        if (const auto found = schemas.find(kind); found != schemas.end())
            wanted.insert(*found);
    }
    co_return wanted;
}

} // namespace tiphys::control
