// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/empty_words.h"

#include "models/status_text.h"
#include "models/text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::ClusterState;
using service::Reachability;

namespace {

struct Empty
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::ui::Empty)
};

bool isTicked(const ClusterState &cluster)
{
    return cluster.reachability != Reachability::NotContacted;
}

bool isSilent(const ClusterState &cluster)
{
    return models::isOutOfReach(cluster.reachability) || cluster.reachability == Reachability::Denied;
}

QString problemOf(const ClusterState &cluster, service::WallTime now)
{
    return cluster.message.empty() ? models::sentence(models::utf8(models::reachabilityText(cluster, now)))
                                   : models::sentence(cluster.message);
}

} // namespace

std::optional<EmptyWords> wordsWithoutClusters(const service::ClustersSnapshot &clusters, service::WallTime now)
{
    if (clusters.clusters.empty())
        return EmptyWords{Empty::tr("No cluster is connected"),
                          Empty::tr("There is no kubeconfig with a context. Choose one, or look around on the demo "
                                    "cluster."),
                          Empty::tr("Connect…"), PageKind::Start};
    QStringList silent;
    for (const ClusterState &cluster : clusters.clusters) {
        if (!isTicked(cluster))
            continue;
        if (!isSilent(cluster))
            return std::nullopt;
        silent << Empty::tr("%1: %2", "context, problem").arg(models::text(cluster.context), problemOf(cluster, now));
    }
    if (silent.isEmpty())
        return EmptyWords{Empty::tr("No cluster is connected"),
                          Empty::tr("Tick the contexts that you want to see. None is contacted before."),
                          Empty::tr("Choose clusters"), PageKind::Start};
    constexpr qsizetype kMostLines = 3;
    QString text = silent.first(std::min(silent.size(), kMostLines)).join(u'\n');
    if (silent.size() > kMostLines)
        text += u'\n' + Empty::tr("%n more cluster(s)", nullptr, static_cast<int>(silent.size() - kMostLines));
    return EmptyWords{Empty::tr("No cluster answers"), text, Empty::tr("Show clusters"), PageKind::Clusters};
}

EmptyWords wordsOfAsking(const service::ClustersSnapshot &clusters, const std::string &context, const QString &text,
                         service::WallTime now)
{
    const QString name = models::text(context);
    const auto cluster = std::ranges::find(clusters.clusters, context, &ClusterState::context);
    if (cluster == clusters.clusters.end())
        return {
            Empty::tr("%1 is not connected").arg(name), Empty::tr("The kubeconfig has no context of this name."), {}};
    if (!isTicked(*cluster))
        return {Empty::tr("%1 is not connected").arg(name), Empty::tr("Tick it on the page Clusters."), {}};
    if (isSilent(*cluster))
        return {Empty::tr("No answer from %1").arg(name), problemOf(*cluster, now), {}};
    return {Empty::tr("Asking %1…").arg(name), text, {}};
}

} // namespace tiphys::ui
