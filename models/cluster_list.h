// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_list_model.h"
#include "service/clusters.h"

#include <QString>

#include <set>

namespace tiphys::models {

/// Roles of ClusterList, beyond Qt's.
enum class ClusterRole {
    Reachability = Qt::UserRole + 1, ///< int of service::Reachability
    State,                           ///< "live", "no answer, last seen 4 min ago · trying again in 20 s"
    Server,
    Details, ///< identity, versions, what runs there, one line
    Problem, ///< message or refusal, "" if there is none
    IsInsecure,
    Level, ///< int of service::Level
    Context,
};

/// The contexts of the kubeconfig; ticked ones are checked (Qt::CheckStateRole, editable).
class ClusterList final : public RowListModel<service::ClusterState, QString>
{
    Q_OBJECT

public:
    explicit ClusterList(QObject *parent = nullptr);

    void apply(const service::ClustersPtr &snapshot);
    /// Shows only contexts whose name, server or user contains \p words.
    void setFilter(const QString &words);
    void setNow(service::WallTime now);
    /// Contexts that are contacted.
    int tickedCount() const;
    int totalCount() const { return m_snapshot ? static_cast<int>(m_snapshot->clusters.size()) : 0; }

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// The person ticked or unticked a context.
    void tickRequested(const QString &context, bool isTicked);

protected:
    QString keyOf(const service::ClusterState &cluster) const override;

private:
    void update();

    service::ClustersPtr m_snapshot;
    QString m_filter;
    service::WallTime m_now = 0;
};

} // namespace tiphys::models
