// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"

#include "models/destination_text.h"
#include "models/status_text.h"
#include "models/sync_text.h"
#include "models/text.h"

#include <algorithm>
#include <array>
#include <map>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::AppRow;
using service::AppRowPtr;
using service::HealthStatus;

namespace {

using Column = ApplicationTable::Column;

int compareText(std::string_view a, std::string_view b)
{
    return a.compare(b);
}

template <typename T>
int compareValue(T a, T b)
{
    return a < b ? -1 : (b < a ? 1 : 0);
}

int compareUrgency(const AppRow &a, const AppRow &b)
{
    return compareValue(static_cast<int>(a.urgency), static_cast<int>(b.urgency));
}

std::string firstRepository(const AppRow &row)
{
    return row.sources.empty() ? std::string() : row.sources.front().repoUrl + row.sources.front().path;
}

int compareBy(const AppRow &a, const AppRow &b, Column column)
{
    switch (column) {
    case Column::Status: return compareUrgency(a, b);
    case Column::Name: return compareText(a.id.name, b.id.name);
    case Column::Cluster: return compareText(a.id.context, b.id.context);
    case Column::Project: return compareText(a.project, b.project);
    case Column::Destination:
        return compareText(a.destination + a.destinationNamespace, b.destination + b.destinationNamespace);
    case Column::Source: return compareText(firstRepository(a), firstRepository(b));
    case Column::Revision: return compareText(a.commit.subject + a.revision, b.commit.subject + b.revision);
    case Column::Since: return compareValue(b.since, a.since);
    case Column::LastSync: return compareValue(b.lastSync, a.lastSync);
    }
    return 0;
}

} // namespace

ApplicationTable::ApplicationTable(QObject *parent) : RowListModel(parent) {}

void ApplicationTable::apply(const service::ApplicationsPtr &snapshot)
{
    m_snapshot = snapshot;
    m_searchTexts.clear();
    update();
}

void ApplicationTable::applyClusters(const service::ClustersSnapshot &clusters)
{
    std::set<std::string> stale = contextsOutOfReach(clusters);
    if (stale == m_staleContexts)
        return;
    m_staleContexts = std::move(stale);
    touchAll();
}

void ApplicationTable::setFilter(const ApplicationFilter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    update();
}

void ApplicationTable::setNow(service::WallTime now)
{
    m_now = now;
    touchColumn(static_cast<int>(Column::Since));
    touchColumn(static_cast<int>(Column::LastSync));
}

void ApplicationTable::sortByUrgency()
{
    sort(-1, Qt::AscendingOrder);
}

int ApplicationTable::totalCount() const
{
    return m_snapshot ? static_cast<int>(m_snapshot->rows.size()) : 0;
}

std::vector<FacetCount> ApplicationTable::facet(Facet facet) const
{
    return m_snapshot ? facetCounts(m_snapshot->rows, m_filter, facet) : std::vector<FacetCount>{};
}

std::vector<HealthShare> ApplicationTable::healthShares() const
{
    constexpr std::array kOrder{HealthStatus::Healthy, HealthStatus::Progressing, HealthStatus::Suspended,
                                HealthStatus::Missing, HealthStatus::Degraded,    HealthStatus::Unknown};
    std::map<HealthStatus, int> counts;
    if (m_snapshot) {
        for (const AppRowPtr &row : m_snapshot->rows)
            ++counts[row->health == HealthStatus::None ? HealthStatus::Unknown : row->health];
    }
    std::vector<HealthShare> shares;
    for (const HealthStatus health : kOrder) {
        if (const auto count = counts.find(health); count != counts.end())
            shares.push_back({health, count->second});
    }
    return shares;
}

int ApplicationTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

void ApplicationTable::update()
{
    std::vector<AppRowPtr> rows;
    if (m_snapshot) {
        const QString words = m_filter.text.trimmed();
        if (!words.isEmpty() && m_searchTexts.empty()) {
            m_searchTexts.reserve(m_snapshot->rows.size());
            for (const AppRowPtr &row : m_snapshot->rows)
                m_searchTexts.push_back(searchText(*row));
        }
        for (std::size_t i = 0; i < m_snapshot->rows.size(); ++i) {
            const AppRowPtr &row = m_snapshot->rows[i];
            if (matchesFacets(*row, m_filter) && (words.isEmpty() || matchesText(m_searchTexts[i], words)))
                rows.push_back(row);
        }
    }
    const bool isDescending = m_sortOrder == Qt::DescendingOrder;
    std::ranges::stable_sort(rows, [this, isDescending](const AppRowPtr &a, const AppRowPtr &b) {
        const int order =
            m_sortColumn < 0 ? compareUrgency(*a, *b) : compareBy(*a, *b, static_cast<Column>(m_sortColumn));
        if (order != 0)
            return isDescending ? order > 0 : order < 0;
        return a->id.name < b->id.name;
    });
    setRows(std::move(rows));
    Q_EMIT countsChanged();
}

void ApplicationTable::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    update();
}

QVariant ApplicationTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const AppRow &row = *rowAt(index.row());
    const auto column = static_cast<Column>(index.column());
    const bool isSyncing = isOperating(row);
    switch (role) {
    case Qt::DisplayRole: return display(row, column);
    case Qt::ToolTipRole: return tooltip(row, column);
    case Qt::AccessibleTextRole:
        if (column == Column::Name) {
            const QString state = u"%1, %2, %3"_s.arg(text(row.id.name), statusWord(row.health),
                                                      isSyncing ? tr("syncing") : statusWord(row.sync));
            return m_staleContexts.contains(row.id.context) ? tr("%1, as last seen", "application and state").arg(state)
                                                            : state;
        }
        if (column == Column::Status && isSyncing)
            return QString(statusWord(row.health) + u", "_s + tr("syncing"));
        return display(row, column);
    case static_cast<int>(AppRole::Health): return static_cast<int>(row.health);
    case static_cast<int>(AppRole::Sync): return static_cast<int>(row.sync);
    case static_cast<int>(AppRole::Operation):
        return static_cast<int>(isSyncing ? service::OperationPhase::Running : service::OperationPhase::None);
    case static_cast<int>(AppRole::Secondary): return secondary(row, column);
    case static_cast<int>(AppRole::IsMonospace): return false;
    case static_cast<int>(AppRole::IsStale): return m_staleContexts.contains(row.id.context);
    case static_cast<int>(AppRole::Address): return text(row.id.address());
    case static_cast<int>(AppRole::Urgency): return static_cast<int>(row.urgency);
    default: return {};
    }
}

QVariant ApplicationTable::display(const AppRow &row, Column column) const
{
    switch (column) {
    case Column::Status: return QString(statusWord(row.health) + u", "_s + statusWord(row.sync));
    case Column::Name: return text(row.id.name);
    case Column::Cluster: return text(row.id.context);
    case Column::Project: return text(row.project);
    case Column::Destination: return destinationText(row.destination);
    case Column::Source:
        return row.sources.size() == 1 ? repositoryName(row.sources.front().repoUrl) : sourceText(row.sources);
    case Column::Revision: return row.commit.subject.empty() ? shortRevision(row.revision) : text(row.commit.subject);
    case Column::Since: return ageText(row.since, m_now);
    case Column::LastSync: return ageText(row.lastSync, m_now);
    }
    return {};
}

QVariant ApplicationTable::secondary(const AppRow &row, Column column) const
{
    switch (column) {
    case Column::Name:
        if (!row.cause.empty())
            return text(row.cause);
        return row.parent.empty() ? QString()
                                  : tr("from %1", "made by an ApplicationSet or Application").arg(text(row.parent));
    case Column::Destination: return text(row.destinationNamespace);
    case Column::Source: return row.sources.size() == 1 ? text(row.sources.front().path) : QString();
    case Column::Revision: return row.commit.subject.empty() ? QString() : shortRevision(row.revision);
    case Column::Cluster: return text(row.id.ns);
    case Column::Status:
    case Column::Project:
    case Column::Since:
    case Column::LastSync: return {};
    }
    return {};
}

QVariant ApplicationTable::tooltip(const AppRow &row, Column column) const
{
    switch (column) {
    case Column::Status:
        return QString(statusWord(row.health) + u": "_s + explanation(row.health) + u'\n' + statusWord(row.sync)
                       + u": "_s + explanation(row.sync));
    case Column::Name: {
        QStringList lines{text(row.id.address())};
        if (!row.cause.empty())
            lines << sentence(row.cause);
        for (const std::string &condition : row.conditions)
            lines << text(condition);
        return lines.join(u'\n');
    }
    case Column::Revision: {
        service::CommitSummary commit = row.commit;
        commit.revision = row.revision;
        return commitTooltip(commit);
    }
    case Column::Since: return exactTimeText(row.since);
    case Column::LastSync: return exactTimeText(row.lastSync);
    case Column::Source: {
        QStringList lines;
        for (const service::SourceSummary &source : row.sources)
            lines << text(source.repoUrl + " · " + source.path + " · " + source.targetRevision);
        return lines.join(u'\n');
    }
    case Column::Destination: return text(row.destination);
    case Column::Cluster:
    case Column::Project: return display(row, column);
    }
    return {};
}

QVariant ApplicationTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Column::Status: return tr("Status");
    case Column::Name: return tr("Name");
    case Column::Cluster: return tr("Instance", "context and namespace an Application lives in");
    case Column::Project: return tr("Project");
    case Column::Destination: return tr("Destination");
    case Column::Source: return tr("Source");
    case Column::Revision: return tr("Revision");
    case Column::Since: return tr("Since");
    case Column::LastSync: return tr("Last sync");
    }
    return {};
}

} // namespace tiphys::models
