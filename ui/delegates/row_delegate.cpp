// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/row_delegate.h"

#include "models/application_table.h"
#include "models/status_text.h"
#include "ui/theme/metrics.h"
#include "ui/theme/stale.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <QTreeView>

namespace tiphys::ui {

namespace {

int roleOf(models::AppRole role)
{
    return static_cast<int>(role);
}

} // namespace

void paintRowGround(QPainter &painter, const QStyleOptionViewItem &option)
{
    const QPalette &palette = option.palette;
    QColor ground = palette.color(QPalette::Base);
    if (option.state.testFlag(QStyle::State_Selected))
        ground = selectionColor(palette);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        ground = hoverColor(palette);
    painter.fillRect(option.rect, ground);
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                     blended(lineColor(palette), ground, 0.7));
}

int cellInset(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const int u = unit(option.fontMetrics);
    const auto *view = qobject_cast<const QTreeView *>(option.widget);
    return view && !view->rootIsDecorated() && view->header()->visualIndex(index.column()) == 0 ? 3 * u : 2 * u;
}

int paintStatus(QPainter &painter, const QRect &rect, const MarkStyle &style, const QString &word,
                const QPalette &palette)
{
    const int u = unit(painter.fontMetrics());
    int x = rect.left();
    if (style.mark != Mark::None) {
        paintMark(painter, QRectF(x, rect.center().y() - 2 * u + 0.5, 4 * u, 4 * u), style.mark,
                  statusColor(style.color, palette));
        x += 5 * u + u / 2;
    }
    painter.setPen(palette.color(QPalette::Text));
    const QString shown = painter.fontMetrics().elidedText(word, Qt::ElideRight, std::max(0, rect.right() - x));
    painter.drawText(QRect(x, rect.top(), std::max(0, rect.right() - x), rect.height()),
                     Qt::AlignVCenter | Qt::AlignLeft, shown);
    return x + painter.fontMetrics().horizontalAdvance(shown);
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintRowGround(*painter, option);
    if (index.data(roleOf(models::AppRole::IsStale)).toBool())
        painter->setOpacity(kStaleOpacity);
    const QFontMetrics metrics(option.font);
    const int u = unit(metrics);
    const QRect rect = option.rect.adjusted(cellInset(option, index), 0, -2 * u, -1);
    const QString first = index.data(Qt::DisplayRole).toString();
    const QString second = index.data(roleOf(models::AppRole::Secondary)).toString();
    const auto alignment =
        static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt()) & Qt::AlignHorizontal_Mask;
    const Qt::Alignment side = alignment ? alignment : Qt::AlignLeft;
    painter->setFont(option.font);
    painter->setPen(option.palette.color(QPalette::Text));
    if (second.isEmpty()) {
        painter->drawText(rect, static_cast<int>(Qt::AlignVCenter | side),
                          metrics.elidedText(first, Qt::ElideMiddle, rect.width()));
    } else {
        const QFont small = scaled(option.font, kSecondaryFactor);
        const QFontMetrics smallMetrics(small);
        const int height = metrics.height() + smallMetrics.height();
        const int top = rect.top() + (rect.height() - height) / 2;
        painter->drawText(QRect(rect.left(), top, rect.width(), metrics.height()),
                          static_cast<int>(Qt::AlignVCenter | side),
                          metrics.elidedText(first, Qt::ElideMiddle, rect.width()));
        painter->setFont(small);
        painter->setPen(secondaryColor(option.palette));
        painter->drawText(QRect(rect.left(), top + metrics.height(), rect.width(), smallMetrics.height()),
                          static_cast<int>(Qt::AlignVCenter | side),
                          smallMetrics.elidedText(second, Qt::ElideRight, rect.width()));
    }
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int u = unit(option.fontMetrics);
    return {20 * u, 11 * u};
}

bool CellDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                             const QModelIndex &index)
{
    if (event->type() == QEvent::ToolTip && index.data(Qt::ToolTipRole).toString().isEmpty()) {
        const QString text = index.data(Qt::DisplayRole).toString();
        if (option.fontMetrics.horizontalAdvance(text)
            > view->visualRect(index).width() - 4 * unit(option.fontMetrics)) {
            QToolTip::showText(event->globalPos(), text, view);
            return true;
        }
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

void AppStatusDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintRowGround(*painter, option);
    if (index.data(roleOf(models::AppRole::IsStale)).toBool())
        painter->setOpacity(kStaleOpacity);
    const int u = unit(option.fontMetrics);
    painter->setFont(option.font);
    const auto health = static_cast<service::HealthStatus>(index.data(roleOf(models::AppRole::Health)).toInt());
    const auto sync = static_cast<service::SyncStatus>(index.data(roleOf(models::AppRole::Sync)).toInt());
    const auto operation = static_cast<service::OperationPhase>(index.data(roleOf(models::AppRole::Operation)).toInt());
    const QRect rect = option.rect.adjusted(3 * u, 0, -u, -1);
    const int column = std::max(26 * u, rect.width() / 2);
    paintStatus(*painter, QRect(rect.left(), rect.top(), column - u, rect.height()), markOf(health),
                models::statusWord(health), option.palette);
    QRect right(rect.left() + column, rect.top(), rect.width() - column, rect.height());
    if (operation != service::OperationPhase::None)
        paintStatus(*painter, right, markOf(operation), tr("Syncing"), option.palette);
    else
        paintStatus(*painter, right, markOf(sync), models::statusWord(sync), option.palette);
    painter->restore();
}

} // namespace tiphys::ui
