// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/compare_delegate.h"

#include "models/comparison_tree.h"
#include "ui/delegates/row_delegate.h"
#include "ui/delegates/tick.h"
#include "ui/theme/metrics.h"

#include <QPainter>

namespace tiphys::ui {

namespace {

QVariant value(const QModelIndex &index, models::CompareRole role)
{
    return index.data(static_cast<int>(role));
}

QRect tickRect(const QStyleOptionViewItem &option)
{
    const int u = unit(option.fontMetrics);
    return {option.rect.left(), option.rect.top(), 6 * u, option.rect.height() - 1};
}

} // namespace

void CompareDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintRowGround(*painter, option);
    const int u = unit(option.fontMetrics);
    const QRect rect = option.rect.adjusted(u, 0, -3 * u, -1);
    const QString kind = value(index, models::CompareRole::Kind).toString();
    const bool isGroup = kind.isEmpty();
    const int change = value(index, models::CompareRole::Change).toInt();
    const MarkStyle mark =
        change < 0 ? MarkStyle{Mark::Failed, StatusColor::Degraded} : markOf(static_cast<service::ChangeKind>(change));
    const QFont small = scaled(option.font, kSecondaryFactor);
    const QFontMetrics smallMetrics(small);
    const QString counts = value(index, models::CompareRole::Counts).toString();
    const int countWidth = smallMetrics.horizontalAdvance(counts);
    painter->setFont(small);
    painter->setPen(secondaryColor(option.palette));
    painter->drawText(QRect(rect.right() - countWidth, rect.top(), countWidth, rect.height()), Qt::AlignVCenter,
                      counts);
    int left = rect.left();
    if (index.flags().testFlag(Qt::ItemIsUserCheckable)) {
        paintTick(*painter, tickRect(option), option, index);
        left += 6 * u;
        if (index.data(Qt::CheckStateRole).toInt() == Qt::Checked)
            painter->setOpacity(kReviewedOpacity);
    }
    if (!isGroup) {
        paintKind(*painter, QRectF(left, rect.center().y() - 2.5 * u + 0.5, 5 * u, 5 * u), kind, option.palette);
        left += 7 * u;
    }
    int right = rect.right() - countWidth - 2 * u;
    if (change != static_cast<int>(service::ChangeKind::Changed)) {
        paintMark(*painter, QRectF(right - 4 * u, rect.center().y() - 2 * u + 0.5, 4 * u, 4 * u), mark.mark,
                  statusColor(mark.color, option.palette));
        right -= 5 * u;
    }
    const QFont font = isGroup ? semiBold(option.font) : option.font;
    const QFontMetrics metrics(font);
    const QString name = metrics.elidedText(index.data().toString(), Qt::ElideMiddle, right - left);
    painter->setFont(font);
    painter->setPen(option.palette.color(QPalette::Text));
    painter->drawText(QRect(left, rect.top(), right - left, rect.height()), Qt::AlignVCenter, name);
    const QString second = value(index, models::CompareRole::Secondary).toString();
    const int x = left + metrics.horizontalAdvance(name) + 2 * u;
    if (!second.isEmpty() && right - x > 8 * u) {
        painter->setFont(small);
        painter->setPen(change < 0 ? statusColor(StatusColor::Degraded, option.palette)
                                   : secondaryColor(option.palette));
        painter->drawText(QRect(x, rect.top(), right - x, rect.height()), Qt::AlignVCenter,
                          smallMetrics.elidedText(second, Qt::ElideRight, right - x));
    }
    painter->restore();
}

QSize CompareDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int u = unit(option.fontMetrics);
    return {40 * u, 8 * u};
}

bool CompareDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                                  const QModelIndex &index)
{
    return turnTick(*event, *model, tickRect(option), index);
}

} // namespace tiphys::ui
