// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/rollout_lists.h"
#include "models/rollout_table.h"
#include "ui/delegates/row_delegate.h"

namespace tiphys::ui {

MarkStyle markOf(service::RolloutPhase phase);
/// Mark of what a Rollout waits for; a person is a mark of its own.
MarkStyle markOf(const service::RolloutRow &row);

/// One small bar per step: done, now, to come; steps that wait for a person are hollow.
void paintLadder(QPainter &painter, const QRect &rect, const service::RolloutRow &row, const QPalette &palette);
/// One bar, stable and new version, with per cent.
void paintWeights(QPainter &painter, const QRect &rect, const service::RolloutRow &row, const QPalette &palette);

/// Cells of the table of Rollouts.
class RolloutDelegate final : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
    /// The place of an act's button in a cell of the column Acts.
    static QRect actRect(const QStyleOptionViewItem &option, const service::RolloutRow &row, service::RolloutAct act);

Q_SIGNALS:
    void actTriggered(const QModelIndex &index, tiphys::service::RolloutAct act);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;
};

/// May \p act of the table's buttons be done, as far as the line tells.
service::Permission rowPermission(const service::RolloutRow &row, service::RolloutAct act);

/// A step of the ladder: a rail with a mark, the sentence, and what it waits for.
class LadderDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tiphys::ui
