// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/act_list.h"

#include "models/text.h"

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

bool mayBeChosen(const ActRow &row)
{
    return row.progress == ActProgress::Ready;
}

} // namespace

ActList::ActList(std::vector<service::AppRowPtr> applications, QObject *parent) : QAbstractTableModel(parent)
{
    m_rows.reserve(applications.size());
    for (service::AppRowPtr &app : applications) {
        ActRow row;
        row.app = std::move(app);
        row.outlook = tr("Asking…");
        m_rows.push_back(std::move(row));
    }
}

void ActList::setRow(int row, ActRow content)
{
    m_rows[static_cast<std::size_t>(row)] = std::move(content);
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
}

int ActList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ActList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 4;
}

QVariant ActList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const ActRow &row = rowAt(index.row());
    const auto column = static_cast<Column>(index.column());
    if (role == static_cast<int>(ActRole::Progress))
        return static_cast<int>(row.progress);
    if (role == Qt::CheckStateRole && column == Column::Application)
        return row.isChosen && row.progress != ActProgress::Refused ? Qt::Checked : Qt::Unchecked;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (column) {
    case Column::Application: return text(row.app->id.name);
    case Column::Place: return tr("%1 / %2", "cluster, namespace").arg(text(row.app->id.context), text(row.app->id.ns));
    case Column::Outlook: return row.outlook;
    case Column::Result: return row.result;
    }
    return {};
}

bool ActList::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || !mayBeChosen(rowAt(index.row())))
        return false;
    m_rows[static_cast<std::size_t>(index.row())].isChosen = value.toInt() == Qt::Checked;
    Q_EMIT dataChanged(index, index);
    return true;
}

Qt::ItemFlags ActList::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == 0 && mayBeChosen(rowAt(index.row())))
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

QVariant ActList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Column::Application: return tr("Application");
    case Column::Place: return tr("Where");
    case Column::Outlook: return tr("What will happen");
    case Column::Result: return tr("Result");
    }
    return {};
}

ActCounts countsOf(const std::vector<ActRow> &rows)
{
    ActCounts counts;
    for (const ActRow &row : rows) {
        switch (row.progress) {
        case ActProgress::Asking: ++counts.asking; break;
        case ActProgress::Refused: ++counts.refused; break;
        case ActProgress::Done: ++counts.done; break;
        case ActProgress::Failed: ++counts.failed; break;
        case ActProgress::Left: ++counts.left; break;
        case ActProgress::Waiting:
        case ActProgress::Running: break;
        case ActProgress::Ready:
            if (!row.isChosen)
                break;
            ++counts.chosen;
            counts.plan.creates += row.counts.creates;
            counts.plan.changes += row.counts.changes;
            counts.plan.prunes += row.counts.prunes;
            counts.plan.hooks += row.counts.hooks;
            break;
        }
    }
    return counts;
}

ActRow judged(ActRow row, ManyAct act, const service::Permissions &may)
{
    const ActionState state = act == ManyAct::Sync        ? syncState(*row.app, may)
                              : act == ManyAct::Terminate ? terminateState(*row.app, may)
                                                          : refreshState(*row.app, may);
    row.progress = state.isEnabled ? ActProgress::Ready : ActProgress::Refused;
    row.outlook = state.isEnabled ? state.reason : ActList::tr("Not possible: %1", "why").arg(state.reason);
    return row;
}

ActRow planned(ActRow row, const service::SyncPlan &plan)
{
    row.counts = countsOf(plan);
    row.plannedRevision = plan.revision.revision;
    row.progress = ActProgress::Refused;
    if (!plan.refusal.empty()) {
        row.outlook = ActList::tr("Not possible: %1", "why").arg(sentence(plan.refusal));
        return row;
    }
    if (!plan.confirmations.empty()) {
        row.outlook = ActList::tr("Sync it by itself, it has to be confirmed: %1", "why")
                          .arg(sentence(plan.confirmations.front()));
        return row;
    }
    row.progress = ActProgress::Ready;
    if (!plan.planProblem.empty()) {
        row.isChosen = false;
        row.outlook = ActList::tr("What will happen cannot be told: %1").arg(sentence(plan.planProblem));
        return row;
    }
    row.isChosen = row.counts.writes() + row.counts.hooks > 0;
    row.outlook =
        ActList::tr("%1 · %2", "what a sync does, commit").arg(planSummary(row.counts), commitText(plan.revision));
    if (plan.doneBy == service::Reconciler::Nobody) {
        row.isChosen = false;
        row.outlook = doneByText(plan.doneBy) + u' ' + row.outlook;
    }
    return row;
}

QString actTitle(ManyAct act, int count)
{
    switch (act) {
    case ManyAct::Refresh: return ActList::tr("Refresh %n application(s)", nullptr, count);
    case ManyAct::HardRefresh: return ActList::tr("Hard refresh of %n application(s)", nullptr, count);
    case ManyAct::Sync: return ActList::tr("Sync %n application(s)", "verb", count);
    case ManyAct::Terminate: return ActList::tr("Stop the operations of %n application(s)", nullptr, count);
    }
    return {};
}

QString actButtonText(ManyAct act, const ActCounts &counts)
{
    const QString title = actTitle(act, counts.chosen);
    if (act != ManyAct::Sync || counts.chosen == 0)
        return title;
    return ActList::tr("%1: %2", "act on several applications, what it does").arg(title, planSummary(counts.plan));
}

QString actSummary(const ActCounts &counts)
{
    QStringList parts;
    const auto add = [&parts](const QString &part, int count) {
        if (count > 0)
            parts << part;
    };
    add(ActList::tr("%n done", nullptr, counts.done), counts.done);
    add(ActList::tr("%n failed", nullptr, counts.failed), counts.failed);
    add(ActList::tr("%n not begun", nullptr, counts.left), counts.left);
    add(ActList::tr("%n not possible", nullptr, counts.refused), counts.refused);
    return parts.join(u" · "_s);
}

QString actDoneText(ManyAct act)
{
    switch (act) {
    case ManyAct::Refresh:
    case ManyAct::HardRefresh: return ActList::tr("Refresh asked for.");
    case ManyAct::Sync: return ActList::tr("The sync was accepted.");
    case ManyAct::Terminate: return ActList::tr("Asked the operation to stop.");
    }
    return {};
}

} // namespace tiphys::models
