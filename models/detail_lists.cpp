// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/detail_lists.h"

#include "models/application_table.h"
#include "models/text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::OperationPhase;

namespace {

constexpr int kSecondary = static_cast<int>(AppRole::Secondary);

int phaseRank(const std::string &phase)
{
    constexpr std::array kPhases{"PreSync", "Sync", "PostSync", "SyncFail"};
    const auto found = std::ranges::find(kPhases, phase);
    return static_cast<int>(found - kPhases.begin());
}

OperationPhase phaseOf(const service::ResultRow &row)
{
    if (!row.hookPhase.empty())
        return service::operationPhaseOf(row.hookPhase);
    if (row.status == "SyncFailed")
        return OperationPhase::Failed;
    return row.status.empty() ? OperationPhase::Running : OperationPhase::Succeeded;
}

} // namespace

void ResultList::apply(std::vector<service::ResultRow> rows)
{
    std::ranges::stable_sort(rows, {}, [](const service::ResultRow &row) { return std::pair(phaseRank(row.phase), row.wave); });
    setRows(std::move(rows));
}

QVariant ResultList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const service::ResultRow &row = rowAt(index.row());
    if (role == kPhaseRole)
        return index.column() == 2 ? static_cast<int>(phaseOf(row)) : -1;
    if (role == kKindRole)
        return index.column() == 1 ? text(row.key.kind) : QString();
    if (role == Qt::ToolTipRole)
        return QString(text(row.key.text()) + u'\n' + text(row.message));
    if (role == kSecondary)
        return index.column() == 1 && !row.hookType.empty() ? tr("hook %1").arg(text(row.hookType)) : QString();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case 0: return tr("%1 · wave %2", "phase and wave").arg(text(row.phase)).arg(row.wave);
    case 1: return resourceText(row.key);
    case 2: return text(row.hookPhase.empty() ? (row.status.empty() ? "Running" : row.status) : row.hookPhase);
    case 3: return text(row.message);
    default: return {};
    }
}

QVariant ResultList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Phase"), tr("Resource"), tr("Result"), tr("Message")};
    return titles.value(section);
}

void HistoryList::apply(std::vector<service::HistoryRow> rows, service::WallTime now)
{
    m_now = now;
    std::ranges::stable_sort(rows, std::greater(), &service::HistoryRow::id);
    setRows(std::move(rows));
    touchColumn(2);
}

QVariant HistoryList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const service::HistoryRow &row = rowAt(index.row());
    if (role == Qt::ToolTipRole)
        return QString(index.column() == 2 ? exactTimeText(row.deployedAt) : commitTooltip(row.commit));
    if (role == kSecondary)
        return index.column() == 1 && !row.commit.subject.empty() ? shortRevision(row.commit.revision) : QString();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case 0: return QString::number(row.id);
    case 1: return row.commit.subject.empty() ? shortRevision(row.commit.revision) : text(row.commit.subject);
    case 2: return agoText(row.deployedAt, m_now);
    case 3: return row.isAutomated ? tr("automated sync") : text(row.initiatedBy);
    default: return {};
    }
}

QVariant HistoryList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Number", "of a history entry"), tr("Revision"), tr("Deployed"), tr("By", "who deployed")};
    return titles.value(section);
}

void EventList::apply(std::vector<service::EventRow> rows, service::WallTime now)
{
    m_now = now;
    std::ranges::stable_sort(rows, std::greater(), &service::EventRow::lastSeen);
    setRows(std::move(rows));
    touchColumn(4);
}

QVariant EventList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const service::EventRow &row = rowAt(index.row());
    if (role == kWarningRole)
        return index.column() == 0 && row.type == "Warning";
    if (role == Qt::ToolTipRole)
        return QString(index.column() == 4 ? exactTimeText(row.lastSeen) : text(row.message));
    if (role == kKindRole)
        return index.column() == 1 ? text(row.object.kind) : QString();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case 0: return text(row.reason);
    case 1: return resourceText(row.object);
    case 2: return text(row.message);
    case 3: return row.count > 1 ? u"%1×"_s.arg(row.count) : QString();
    case 4: return ageText(row.lastSeen, m_now);
    default: return {};
    }
}

QVariant EventList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Reason"), tr("Object"), tr("Message"), tr("Times"), tr("Seen")};
    return titles.value(section);
}

} // namespace tiphys::models
