// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_list_model.h"
#include "service/rollouts.h"

#include <QString>

#include <set>
#include <string>
#include <vector>

namespace tiphys::models {

/// The Rollouts of all ticked clusters, those that wait for a person first, filtered by words.
class RolloutTable final : public RowListModel<service::RolloutRowPtr, service::RolloutId>
{
    Q_OBJECT

public:
    enum class Column { Status, Name, Cluster, Steps, Traffic, Images, Wait, Acts };
    static constexpr int kColumns = 8;

    explicit RolloutTable(QObject *parent = nullptr);

    void apply(const service::RolloutsPtr &snapshot);
    /// Which rows are old: those of clusters that do not answer.
    void applyClusters(const service::ClustersSnapshot &clusters);
    void setFilter(const QString &words);
    void setNow(service::WallTime now);
    service::WallTime now() const { return m_now; }

    int totalCount() const { return m_snapshot ? static_cast<int>(m_snapshot->rows.size()) : 0; }
    /// Rollouts that wait for a person.
    int waitingCount() const;
    bool isComplete() const { return m_snapshot && m_snapshot->isComplete; }
    bool isStale(const service::RolloutRow &row) const { return m_staleContexts.contains(row.id.context); }

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    service::RolloutId keyOf(const service::RolloutRowPtr &row) const override { return row->id; }

private:
    bool isShown(const service::RolloutRow &row) const;
    /// Takes \p next where it has the same Rollouts and the filter shows the same of them; false where it may not.
    bool replaceRows(const service::RolloutsPtr &next);
    /// Shows the rows again where \p moved, of all that are shown, are no longer in their places.
    void move(const std::vector<int> &moved);
    /// Sorts and filters all rows anew.
    void arrange();
    bool isBefore(int a, int b) const;
    std::vector<service::RolloutRowPtr> shownRows() const;
    QString display(const service::RolloutRow &row, Column column) const;
    QString tooltip(const service::RolloutRow &row, Column column) const;

    service::RolloutsPtr m_snapshot;
    std::vector<int> m_order;  ///< the row of the snapshot that each line shows
    std::vector<int> m_places; ///< line of each row of the snapshot, -1 if it is not shown
    QStringList m_words;
    std::set<std::string> m_staleContexts;
    service::WallTime m_now = 0;
};

} // namespace tiphys::models
