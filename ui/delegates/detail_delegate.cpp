// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/detail_delegate.h"

#include "models/application_table.h"
#include "models/detail_lists.h"
#include "ui/theme/metrics.h"

#include <QPainter>

namespace tiphys::ui {

void DetailDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int u = unit(option.fontMetrics);
    const QVariant phase = index.data(models::kPhaseRole);
    if (phase.isValid() && phase.toInt() >= 0) {
        painter->save();
        paintRowGround(*painter, option);
        painter->setFont(option.font);
        const QString more = index.data(static_cast<int>(models::AppRole::Secondary)).toString();
        const QString word =
            more.isEmpty() ? index.data().toString() : index.data().toString() + QStringLiteral(" · ") + more;
        paintStatus(*painter, option.rect.adjusted(cellInset(option, index), 0, -u, -1),
                    markOf(static_cast<service::OperationPhase>(phase.toInt())), word, option.palette);
        painter->restore();
        return;
    }
    if (index.data(models::kWarningRole).toBool()) {
        painter->save();
        paintRowGround(*painter, option);
        painter->setFont(option.font);
        paintStatus(*painter, option.rect.adjusted(cellInset(option, index), 0, -u, -1),
                    {Mark::Warning, StatusColor::OutOfSync}, index.data().toString(), option.palette);
        painter->restore();
        return;
    }
    const QString kind = index.data(models::kKindRole).toString();
    if (kind.isEmpty()) {
        CellDelegate::paint(painter, option, index);
        return;
    }
    painter->save();
    paintRowGround(*painter, option);
    paintKind(*painter, QRectF(option.rect.left() + 2 * u, option.rect.center().y() - 2.5 * u, 5 * u, 5 * u), kind,
              option.palette);
    painter->restore();
    painter->save();
    const bool isHook = index.data(models::kHookRole).toBool();
    const int right = isHook ? 6 * u : 0;
    if (isHook)
        paintMark(*painter, QRectF(option.rect.right() - 5 * u, option.rect.center().y() - 2 * u, 4 * u, 4 * u),
                  Mark::Hook, statusColor(StatusColor::Suspended, option.palette));
    painter->setClipRect(option.rect.adjusted(8 * u, 0, -right, 0));
    QStyleOptionViewItem rest(option);
    rest.rect.adjust(7 * u, 0, -right, 0);
    CellDelegate::paint(painter, rest, index);
    painter->restore();
}

QSize DetailDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int u = unit(option.fontMetrics);
    return {20 * u, 10 * u};
}

} // namespace tiphys::ui
