// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/diff_delegate.h"

#include "models/diff_list.h"
#include "models/resource_tree.h"
#include "models/status_text.h"
#include "ui/delegates/row_delegate.h"
#include "ui/delegates/tick.h"
#include "ui/theme/metrics.h"

#include <QPainter>

namespace tiphys::ui {

namespace {

QVariant value(const QModelIndex &index, models::DiffRole role)
{
    return index.data(static_cast<int>(role));
}

QRect tickRect(const QStyleOptionViewItem &option)
{
    const int u = unit(option.fontMetrics);
    return {option.rect.left() + 2 * u, option.rect.top(), 6 * u, option.rect.height() - 1};
}

} // namespace

void DiffDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintRowGround(*painter, option);
    const int u = unit(option.fontMetrics);
    const QRect rect = option.rect.adjusted(9 * u, 0, -3 * u, -1);
    const QPalette &palette = option.palette;
    paintTick(*painter, tickRect(option), option, index);
    if (index.data(Qt::CheckStateRole).toInt() == Qt::Checked)
        painter->setOpacity(kReviewedOpacity);
    paintKind(*painter, QRectF(rect.left(), rect.center().y() - 3 * u, 6 * u, 6 * u),
              value(index, models::DiffRole::Kind).toString(), palette);
    const QString error = value(index, models::DiffRole::Error).toString();
    const auto change = static_cast<service::ChangeKind>(value(index, models::DiffRole::Change).toInt());
    const MarkStyle mark = error.isEmpty() ? markOf(change) : MarkStyle{Mark::Warning, StatusColor::OutOfSync};
    const QFont small = scaled(option.font, kSecondaryFactor);
    const QFontMetrics smallMetrics(small);
    QString counts = error.isEmpty() ? value(index, models::DiffRole::Counts).toString() : QString();
    // What differs comes before how much of it.
    if (rect.width() - smallMetrics.horizontalAdvance(counts) - 15 * u < 24 * u)
        counts.clear();
    const int countWidth = smallMetrics.horizontalAdvance(counts);
    painter->setFont(small);
    painter->setPen(secondaryColor(palette));
    painter->drawText(QRect(rect.right() - countWidth, rect.top(), countWidth, rect.height()), Qt::AlignVCenter,
                      counts);
    paintMark(*painter, QRectF(rect.right() - countWidth - 6 * u, rect.center().y() - 2 * u + 0.5, 4 * u, 4 * u),
              mark.mark, statusColor(mark.color, palette));
    const QRect body(rect.left() + 8 * u, rect.top(), rect.width() - countWidth - 15 * u, rect.height());
    QFont name = option.font;
    name.setStrikeOut(value(index, models::DiffRole::IsPruned).toBool());
    const QString second = error.isEmpty() ? value(index, models::DiffRole::Cause).toString() : error;
    const int height = option.fontMetrics.height() + (second.isEmpty() ? 0 : smallMetrics.height());
    const int top = body.top() + (body.height() - height) / 2;
    painter->setFont(name);
    painter->setPen(palette.color(QPalette::Text));
    painter->drawText(QRect(body.left(), top, body.width(), option.fontMetrics.height()), Qt::AlignVCenter,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, body.width()));
    painter->setFont(small);
    painter->setPen(secondaryColor(palette));
    painter->drawText(QRect(body.left(), top + option.fontMetrics.height(), body.width(), smallMetrics.height()),
                      Qt::AlignVCenter, smallMetrics.elidedText(second, Qt::ElideRight, body.width()));
    painter->restore();
}

QSize DiffDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int u = unit(option.fontMetrics);
    return {40 * u, 12 * u};
}

bool DiffDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                               const QModelIndex &index)
{
    return turnTick(*event, *model, tickRect(option), index);
}

void TreeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    using Column = models::ResourceTree::Column;
    painter->save();
    paintRowGround(*painter, option);
    const int u = unit(option.fontMetrics);
    const QRect rect = option.rect.adjusted(2 * u, 0, -2 * u, -1);
    painter->setFont(option.font);
    painter->setPen(option.palette.color(QPalette::Text));
    const QString text = index.data().toString();
    switch (static_cast<Column>(index.column())) {
    case Column::Name:
        // The mark alone: words that fade cannot be read, and the column of the health says why.
        if (index.data(static_cast<int>(models::TreeRole::IsFaint)).toBool())
            painter->setOpacity(0.6);
        paintKind(*painter, QRectF(rect.left(), rect.center().y() - 2.5 * u + 0.5, 5 * u, 5 * u),
                  index.data(static_cast<int>(models::TreeRole::Kind)).toString(), option.palette);
        painter->setOpacity(1);
        painter->drawText(rect.adjusted(7 * u, 0, 0, 0), Qt::AlignVCenter,
                          option.fontMetrics.elidedText(text, Qt::ElideMiddle, rect.width() - 7 * u));
        break;
    case Column::Health:
        paintStatus(
            *painter, rect,
            markOf(static_cast<service::HealthStatus>(index.data(static_cast<int>(models::TreeRole::Health)).toInt())),
            text, option.palette);
        break;
    case Column::Sync:
        if (const int sync = index.data(static_cast<int>(models::TreeRole::Sync)).toInt(); sync >= 0)
            paintStatus(*painter, rect, markOf(static_cast<service::SyncStatus>(sync)), text, option.palette);
        break;
    case Column::Information:
    case Column::Age:
        painter->setPen(secondaryColor(option.palette));
        painter->drawText(rect, Qt::AlignVCenter, option.fontMetrics.elidedText(text, Qt::ElideRight, rect.width()));
        break;
    }
    painter->restore();
}

QSize TreeDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int u = unit(option.fontMetrics);
    return {40 * u, 8 * u};
}

} // namespace tiphys::ui
