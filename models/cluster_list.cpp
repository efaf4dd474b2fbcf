// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cluster_list.h"

#include "models/status_text.h"
#include "models/text.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::ClusterState;
using service::Reachability;

namespace {

QString stateText(const ClusterState &cluster, service::WallTime now)
{
    const QString state = reachabilityText(cluster, now);
    if (cluster.retryAt <= now || !isOutOfReach(cluster.reachability))
        return state;
    return ClusterList::tr("%1 · trying again in %2", "%2 is a duration such as '20 s'")
        .arg(state, ageText(now, cluster.retryAt));
}

QString detailsText(const ClusterState &cluster)
{
    QStringList parts;
    if (!cluster.identity.empty())
        parts << ClusterList::tr("you are %1").arg(text(cluster.identity));
    else if (!cluster.user.empty())
        parts << ClusterList::tr("user %1", "user entry of the kubeconfig").arg(text(cluster.user));
    if (!cluster.serverVersion.empty())
        parts << u"Kubernetes "_s + text(cluster.serverVersion);
    if (!cluster.argoCdNamespace.empty())
        parts << ClusterList::tr("Argo CD in %1", "%1 is a namespace").arg(text(cluster.argoCdNamespace));
    else if (cluster.hasArgoCdTypes)
        parts << ClusterList::tr("Application type, no controller seen");
    if (cluster.hasRollouts)
        parts << u"Argo Rollouts"_s;
    if (cluster.reachability != Reachability::NotContacted && cluster.hasArgoCdTypes)
        parts << ClusterList::tr("%n application(s)", nullptr, cluster.applicationCount);
    return parts.join(u" · "_s);
}

} // namespace

ClusterList::ClusterList(QObject *parent) : RowListModel(parent) {}

QString ClusterList::keyOf(const ClusterState &cluster) const
{
    return text(cluster.context);
}

void ClusterList::apply(const service::ClustersPtr &snapshot)
{
    m_snapshot = snapshot;
    update();
}

void ClusterList::setFilter(const QString &words)
{
    m_filter = words;
    update();
}

void ClusterList::setNow(service::WallTime now)
{
    m_now = now;
    touchColumn(0);
}

int ClusterList::tickedCount() const
{
    if (!m_snapshot)
        return 0;
    return static_cast<int>(std::ranges::count_if(m_snapshot->clusters, [](const ClusterState &cluster) {
        return cluster.reachability != Reachability::NotContacted;
    }));
}

void ClusterList::update()
{
    std::vector<ClusterState> shown;
    if (m_snapshot) {
        for (const ClusterState &cluster : m_snapshot->clusters) {
            const QString all = text(cluster.context + '\n' + cluster.server + '\n' + cluster.user);
            bool isShown = true;
            for (const QString &word : m_filter.split(u' ', Qt::SkipEmptyParts))
                isShown = isShown && all.contains(word, Qt::CaseInsensitive);
            if (isShown)
                shown.push_back(cluster);
        }
    }
    setRows(std::move(shown));
}

int ClusterList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 1;
}

QVariant ClusterList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const ClusterState &cluster = rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(cluster.context);
    case Qt::CheckStateRole: return cluster.reachability == Reachability::NotContacted ? Qt::Unchecked : Qt::Checked;
    case Qt::ToolTipRole:
        return QString(text(cluster.context) + u'\n' + text(cluster.server)
                       + (cluster.message.empty() ? QString() : u'\n' + sentence(cluster.message)));
    case Qt::AccessibleTextRole: {
        QStringList words{text(cluster.context), stateText(cluster, m_now),
                          sentence(cluster.refusal.empty() ? cluster.message : cluster.refusal)};
        if (cluster.level != service::Level::Normal)
            words << levelText(cluster.level);
        if (cluster.skipsTlsVerification)
            words << tr("the certificate is not checked");
        words.removeAll(QString());
        return words.join(u", "_s);
    }
    case static_cast<int>(ClusterRole::Reachability): return static_cast<int>(cluster.reachability);
    case static_cast<int>(ClusterRole::State): return stateText(cluster, m_now);
    case static_cast<int>(ClusterRole::Server): return text(cluster.server);
    case static_cast<int>(ClusterRole::Details): return detailsText(cluster);
    case static_cast<int>(ClusterRole::Problem):
        return cluster.refusal.empty() ? sentence(cluster.message) : sentence(cluster.refusal);
    case static_cast<int>(ClusterRole::IsInsecure): return cluster.skipsTlsVerification;
    case static_cast<int>(ClusterRole::Level): return static_cast<int>(cluster.level);
    case static_cast<int>(ClusterRole::Context): return text(cluster.context);
    default: return {};
    }
}

bool ClusterList::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || role != Qt::CheckStateRole)
        return false;
    Q_EMIT tickRequested(text(rowAt(index.row()).context), value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags ClusterList::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemNeverHasChildren;
}

} // namespace tiphys::models
