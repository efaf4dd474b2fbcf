// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/remembered_levels.h"

#include "models/text.h"
#include "ui/settings.h"

#include <map>
#include <optional>

namespace tiphys::ui {

RememberedLevels::RememberedLevels(service::Service &service, const Settings &settings, QObject *parent)
    : QObject(parent), m_service(service), m_settings(settings)
{
    connect(&service, &service::Service::clustersChanged, this, &RememberedLevels::restore);
    restore();
}

void RememberedLevels::restore()
{
    // Setting one may bring the next news at once.
    std::map<std::string, service::Level> levels;
    for (const service::ClusterState &cluster : m_service.clusters()->clusters) {
        if (!m_done.emplace(cluster.context, cluster.server).second)
            continue;
        const std::optional<service::Level> level =
            m_settings.level(models::text(cluster.context), models::text(cluster.server));
        if (level && *level != cluster.level)
            levels.emplace(cluster.context, *level);
    }
    for (const auto &[context, level] : levels)
        m_service.setLevel(context, level);
}

} // namespace tiphys::ui
