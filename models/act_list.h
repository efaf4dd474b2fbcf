// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sync_text.h"

#include <QAbstractTableModel>

#include <vector>

namespace tiphys::models {

/// What is done to several applications at once.
enum class ManyAct { Refresh, HardRefresh, Sync, Terminate };

/// How far an act on one of several applications is.
enum class ActProgress {
    Asking,  ///< rights and plan are being asked for
    Ready,   ///< may be done
    Refused, ///< may not be done
    Waiting, ///< comes after those before it
    Running,
    Done,
    Failed,
    Left, ///< was not begun
};

/// One of several applications that something is done to.
struct ActRow
{
    service::AppRowPtr app;
    ActProgress progress = ActProgress::Asking;
    bool isChosen = true;
    QString outlook;             ///< what will happen, or why it may not be done
    QString result;              ///< what came of it, "" before
    PlanCounts counts;           ///< of a sync
    std::string plannedRevision; ///< of a sync: the commit that the plan is of
};

/// Roles of ActList, beyond Qt's.
enum class ActRole {
    Progress = Qt::UserRole + 1, ///< int of ActProgress
};

/// Several applications that one act is done to: what it will do to each, and what came of it. Rows change one by one.
class ActList final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum class Column { Application, Place, Outlook, Result };

    explicit ActList(std::vector<service::AppRowPtr> applications, QObject *parent = nullptr);

    const std::vector<ActRow> &rows() const { return m_rows; }
    const ActRow &rowAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    void setRow(int row, ActRow content);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ActRow> m_rows;
};

/// How many rows stand where, and what a sync of the chosen ones would do.
struct ActCounts
{
    int asking = 0;
    int chosen = 0; ///< and ready
    int refused = 0;
    int done = 0;
    int failed = 0;
    int left = 0;
    PlanCounts plan;
};
ActCounts countsOf(const std::vector<ActRow> &rows);

/// \p row after its rights are known: refused with the reason, or ready; a sync is planned next.
ActRow judged(ActRow row, ManyAct act, const service::Permissions &may);
/// \p row with the plan of its sync. What wants a confirmation of its own is refused; what changes nothing is not chosen.
ActRow planned(ActRow row, const service::SyncPlan &plan);

/// "Sync 3 applications", the title.
QString actTitle(ManyAct act, int count);
/// "Sync 3 applications: 5 changes, 2 hooks", the button.
QString actButtonText(ManyAct act, const ActCounts &counts);
/// What came of it: "2 done · 1 failed · 1 not begun".
QString actSummary(const ActCounts &counts);
/// What came of one: "The sync was accepted."
QString actDoneText(ManyAct act);

} // namespace tiphys::models
