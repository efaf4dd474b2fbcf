// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/application_filter.h"
#include "models/row_list_model.h"
#include "service/clusters.h"

#include <set>

namespace tiphys::models {

/// Roles of the application and attention lists, beyond Qt's.
enum class AppRole {
    Health = Qt::UserRole + 1, ///< int of service::HealthStatus
    Sync,                      ///< int of service::SyncStatus
    Operation,                 ///< int of service::OperationPhase; None when nothing runs
    Secondary,                 ///< second line of a cell
    IsMonospace,
    IsStale, ///< the cluster does not answer: grey
    Address, ///< "tiphys://context/namespace/name"
    Urgency, ///< int of service::Urgency
};

/// How many applications have each health, in the order of the summary strip.
struct HealthShare
{
    service::HealthStatus health = service::HealthStatus::Unknown;
    int count = 0;

    bool operator==(const HealthShare &) const = default;
};

/// The applications of all ticked clusters, filtered and sorted.
class ApplicationTable final : public RowListModel<service::AppRowPtr, service::AppId>
{
    Q_OBJECT

public:
    enum class Column { Status, Name, Cluster, Project, Destination, Source, Revision, Since, LastSync };
    static constexpr int kColumns = 9;

    explicit ApplicationTable(QObject *parent = nullptr);

    void apply(const service::ApplicationsPtr &snapshot);
    /// Which rows are old: those of clusters that do not answer.
    void applyClusters(const service::ClustersSnapshot &clusters);
    void setFilter(const ApplicationFilter &filter);
    const ApplicationFilter &filter() const { return m_filter; }
    /// Time that ages are counted to.
    void setNow(service::WallTime now);
    /// Urgency, then name: the order of a fresh table.
    void sortByUrgency();

    /// Applications before the filter.
    int totalCount() const;
    bool isComplete() const { return m_snapshot && m_snapshot->isComplete; }
    std::vector<FacetCount> facet(Facet facet) const;
    std::vector<HealthShare> healthShares() const;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Sorts by a column; -1 is urgency.
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    /// Counts of facets or shares may differ.
    void countsChanged();

protected:
    service::AppId keyOf(const service::AppRowPtr &row) const override { return row->id; }

private:
    void update();
    QVariant display(const service::AppRow &row, Column column) const;
    QVariant secondary(const service::AppRow &row, Column column) const;
    QVariant tooltip(const service::AppRow &row, Column column) const;

    service::ApplicationsPtr m_snapshot;
    std::vector<QString> m_searchTexts; ///< of the snapshot's rows, empty until a text filter needs them
    ApplicationFilter m_filter;
    std::set<std::string> m_staleContexts;
    service::WallTime m_now = 0;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace tiphys::models
