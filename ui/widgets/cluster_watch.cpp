// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cluster_watch.h"

#include <algorithm>

namespace tiphys::ui {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kFirstPause = 2s;
constexpr std::chrono::milliseconds kLongestPause = 1min; // as long as the engine keeps answers

} // namespace

ClusterWatch::ClusterWatch(service::Service &service, QObject *parent)
    : QObject(parent), m_service(service), m_pause(kFirstPause)
{
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &ClusterWatch::changed);
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
    m_again.stop();
    m_pause = kFirstPause;
}

void ClusterWatch::answered(bool isAllowed)
{
    if (isAllowed) {
        m_again.stop();
        m_pause = kFirstPause;
        return;
    }
    m_again.start(m_pause);
    m_pause = std::min(m_pause * 2, kLongestPause);
}

std::optional<ClusterWatch::State> ClusterWatch::stateNow() const
{
    for (const service::ClusterState &cluster : m_service.clusters()->clusters) {
        if (cluster.context == m_context)
            return State{cluster.reachability, cluster.level, cluster.reconciler, cluster.isLocalEngineOn};
    }
    return std::nullopt;
}

} // namespace tiphys::ui
