// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/tick.h"

#include <QAbstractItemModel>
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

namespace tiphys::ui {

void paintTick(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const auto state = static_cast<Qt::CheckState>(index.data(Qt::CheckStateRole).toInt());
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    QStyleOptionViewItem box(option);
    const QSize size(style->pixelMetric(QStyle::PM_IndicatorWidth, &option, option.widget),
                     style->pixelMetric(QStyle::PM_IndicatorHeight, &option, option.widget));
    box.rect = QStyle::alignedRect(option.direction, Qt::AlignCenter, size, rect);
    box.state &= ~(QStyle::State_HasFocus | QStyle::State_On | QStyle::State_Off | QStyle::State_NoChange);
    box.state |=
        state == Qt::Checked ? QStyle::State_On : (state == Qt::Unchecked ? QStyle::State_Off : QStyle::State_NoChange);
    style->drawPrimitive(QStyle::PE_IndicatorItemViewItemCheck, &box, &painter, option.widget);
}

bool turnTick(const QEvent &event, QAbstractItemModel &model, const QRect &rect, const QModelIndex &index)
{
    if (!index.flags().testFlag(Qt::ItemIsUserCheckable))
        return false;
    const auto isClick = [&event, &rect] {
        const auto &click = static_cast<const QMouseEvent &>(event);
        return click.button() == Qt::LeftButton && rect.contains(click.position().toPoint());
    };
    const bool isPress = event.type() == QEvent::MouseButtonPress || event.type() == QEvent::MouseButtonDblClick;
    // The press is ours too: it starts nothing else.
    if (isPress)
        return isClick();
    const bool isTurned = event.type() == QEvent::MouseButtonRelease ? isClick()
                          : event.type() == QEvent::KeyPress
                              ? static_cast<const QKeyEvent &>(event).key() == Qt::Key_Space
                              : false;
    if (!isTurned)
        return false;
    const bool isChecked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model.setData(index, static_cast<int>(isChecked ? Qt::Unchecked : Qt::Checked), Qt::CheckStateRole);
}

} // namespace tiphys::ui
