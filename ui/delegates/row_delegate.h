// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/marks.h"

#include <QStyledItemDelegate>

namespace tiphys::ui {

/// Ground of a row: selection, hover, and the line under it.
void paintRowGround(QPainter &painter, const QStyleOptionViewItem &option);
/// From the left edge of a cell to what stands in it, as in the header of the list.
int cellInset(const QStyleOptionViewItem &option, const QModelIndex &index);
/// Mark and word from \p rect's left edge; gives the x after them.
int paintStatus(QPainter &painter, const QRect &rect, const MarkStyle &style, const QString &word,
                const QPalette &palette);

/// A cell of one or two lines: Qt::DisplayRole above, AppRole::Secondary below; long text is elided.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
};

/// The status cell of an application: operation ring, health and sync, each mark with its word.
class AppStatusDelegate final : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tiphys::ui
