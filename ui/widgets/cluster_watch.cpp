// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cluster_watch.h"

namespace tiphys::ui {

ClusterWatch::ClusterWatch(service::Service &service, QObject *parent) : QObject(parent), m_service(service)
{
    connect(&m_service, &service::Service::clustersChanged, this, [this] {
        if (std::optional<State> now = stateNow(); now != m_state) {
            m_state = now;
            Q_EMIT changed();
        }
    });
}

void ClusterWatch::watch(const std::string &context)
{
    m_context = context;
    m_state = stateNow();
}

std::optional<ClusterWatch::State> ClusterWatch::stateNow() const
{
    for (const service::ClusterState &cluster : m_service.clusters()->clusters) {
        if (cluster.context == m_context)
            return State{cluster.reachability, cluster.level};
    }
    return std::nullopt;
}

} // namespace tiphys::ui
