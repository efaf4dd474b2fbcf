// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/cluster_delegate.h"

#include "models/cluster_list.h"
#include "models/status_text.h"
#include "ui/delegates/row_delegate.h"
#include "ui/theme/metrics.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace tiphys::ui {

namespace {

QVariant value(const QModelIndex &index, models::ClusterRole role)
{
    return index.data(static_cast<int>(role));
}

QRect checkRect(const QStyleOptionViewItem &option)
{
    const int u = unit(option.fontMetrics);
    return {option.rect.left() + 3 * u, option.rect.top() + (option.rect.height() - 5 * u) / 2, 5 * u, 5 * u};
}

/// A check box that is as easy to see on dark rows as on light ones.
void paintCheck(QPainter &painter, const QRect &rect, bool isChecked, const QPalette &palette)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5);
    painter.setPen(isChecked ? palette.color(QPalette::Highlight) : secondaryColor(palette));
    painter.setBrush(isChecked ? palette.color(QPalette::Highlight) : palette.color(QPalette::Base));
    painter.drawRoundedRect(box, box.width() / 5, box.width() / 5);
    if (isChecked) {
        painter.setPen(QPen(palette.color(QPalette::HighlightedText), box.width() / 8, Qt::SolidLine, Qt::RoundCap,
                            Qt::RoundJoin));
        const auto at = [&box](double x, double y) {
            return QPointF(box.left() + box.width() * x, box.top() + box.height() * y);
        };
        painter.drawPolyline(QPolygonF{at(0.24, 0.52), at(0.43, 0.70), at(0.76, 0.32)});
    }
    painter.restore();
}

} // namespace

void ClusterDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintRowGround(*painter, option);
    const int u = unit(option.fontMetrics);
    paintCheck(*painter, checkRect(option), index.data(Qt::CheckStateRole).toInt() == Qt::Checked, option.palette);

    const QRect rect = option.rect.adjusted(11 * u, 0, -3 * u, -1);
    const QFont bold = semiBold(option.font);
    const QFont small = scaled(option.font, kSecondaryFactor);
    const QFontMetrics smallMetrics(small);
    const int lineHeight = option.fontMetrics.height();
    const int top = rect.top() + (rect.height() - lineHeight - smallMetrics.height()) / 2;
    // Where both have no room the mark stands for the state, whose words are beside the list then.
    const bool hasWords = rect.width() >= 60 * u;
    const int stateWidth = hasWords ? std::min(rect.width() / 2, 90 * u) : 5 * u;
    const int nameWidth = rect.width() - stateWidth - 2 * u;

    painter->setFont(bold);
    painter->setPen(option.palette.color(QPalette::Text));
    const QString name =
        QFontMetrics(bold).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, nameWidth);
    painter->drawText(QRect(rect.left(), top, nameWidth, lineHeight), Qt::AlignVCenter | Qt::AlignLeft, name);
    int x = rect.left() + QFontMetrics(bold).horizontalAdvance(name) + 3 * u;
    painter->setFont(small);
    if (value(index, models::ClusterRole::IsInsecure).toBool()) {
        painter->setPen(statusColor(StatusColor::Degraded, option.palette));
        painter->drawText(QRect(x, top, std::max(0, rect.left() + nameWidth - x), lineHeight),
                          Qt::AlignVCenter | Qt::AlignLeft,
                          smallMetrics.elidedText(tr("insecure: the server's certificate is not verified"),
                                                  Qt::ElideRight, std::max(0, rect.left() + nameWidth - x)));
    }
    painter->setPen(secondaryColor(option.palette));
    const QString details = value(index, models::ClusterRole::Details).toString();
    const QString server = value(index, models::ClusterRole::Server).toString();
    const QString second = details.isEmpty() ? server : server + QStringLiteral(" · ") + details;
    painter->drawText(QRect(rect.left(), top + lineHeight, nameWidth, smallMetrics.height()),
                      Qt::AlignVCenter | Qt::AlignLeft, smallMetrics.elidedText(second, Qt::ElideRight, nameWidth));

    const auto reachability =
        static_cast<service::Reachability>(value(index, models::ClusterRole::Reachability).toInt());
    const QString problem = value(index, models::ClusterRole::Problem).toString();
    const QRect state(rect.right() - stateWidth, problem.isEmpty() ? rect.top() : top, stateWidth,
                      problem.isEmpty() ? rect.height() : lineHeight);
    painter->setFont(option.font);
    paintStatus(*painter, state, markOf(reachability),
                hasWords ? value(index, models::ClusterRole::State).toString() : QString(), option.palette);
    if (!problem.isEmpty() && hasWords) {
        painter->setFont(small);
        painter->setPen(secondaryColor(option.palette));
        const QRect line(state.left() + 5 * u + u / 2, top + lineHeight, state.width() - 5 * u - u / 2,
                         smallMetrics.height());
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft,
                          smallMetrics.elidedText(problem, Qt::ElideRight, line.width()));
    }
    painter->restore();
}

QSize ClusterDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int u = unit(option.fontMetrics);
    return {60 * u, 12 * u};
}

bool ClusterDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                                  const QModelIndex &index)
{
    const bool isClick =
        event->type() == QEvent::MouseButtonRelease && static_cast<QMouseEvent *>(event)->button() == Qt::LeftButton
        && checkRect(option).adjusted(-8, -8, 8, 8).contains(static_cast<QMouseEvent *>(event)->position().toPoint());
    const bool isKey = event->type() == QEvent::KeyPress
                       && (static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space
                           || static_cast<QKeyEvent *>(event)->key() == Qt::Key_Select);
    if (!isClick && !isKey)
        return false;
    const bool isChecked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, isChecked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

} // namespace tiphys::ui
