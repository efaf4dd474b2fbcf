// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/attention_delegate.h"

#include "models/application_table.h"
#include "models/attention_list.h"
#include "models/status_text.h"
#include "ui/delegates/row_delegate.h"
#include "ui/theme/metrics.h"
#include "ui/theme/stale.h"

#include <QMouseEvent>
#include <QPainter>

namespace tiphys::ui {

namespace {

const models::AttentionItem &itemOf(const QModelIndex &index)
{
    return static_cast<const models::AttentionList *>(index.model())->rowAt(index.row());
}

QRect linkRect(const QStyleOptionViewItem &option, const QString &text)
{
    const int u = unit(option.fontMetrics);
    const int width = option.fontMetrics.horizontalAdvance(text);
    return {option.rect.right() - 4 * u - width, option.rect.top(), width, option.rect.height() - 1};
}

/// Room for the widest of all acts: the ages stand in one column before them.
int actsWidth(const QFontMetrics &metrics)
{
    using Act = models::AttentionItem::NextAct;
    int widest = 0;
    for (const Act act : {Act::Open, Act::ShowDiff, Act::ShowOperation, Act::Expand, Act::Collapse, Act::Reconnect,
                          Act::Promote, Act::Switch, Act::OpenRollout})
        widest = std::max(widest, metrics.horizontalAdvance(models::nextActText(act)));
    return widest;
}

MarkStyle markOfItem(const models::AttentionItem &item)
{
    if (item.kind == models::AttentionItem::Kind::Cluster)
        return {Mark::Offline, StatusColor::Degraded};
    if (item.isWaitingRollout())
        return {Mark::Suspended, StatusColor::OutOfSync};
    return markOf(item.urgency);
}

} // namespace

void AttentionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintRowGround(*painter, option);
    if (index.data(static_cast<int>(models::AppRole::IsStale)).toBool())
        painter->setOpacity(kStaleOpacity);
    const models::AttentionItem &item = itemOf(index);
    const int u = unit(option.fontMetrics);
    const MarkStyle mark = markOfItem(item);
    const int indent = item.isInGroup ? 8 * u : 0;
    const QRect rect = option.rect.adjusted(4 * u + indent, 0, 0, -1);
    paintMark(*painter, QRectF(rect.left(), rect.center().y() - 3 * u + 1, 6 * u, 6 * u), mark.mark,
              statusColor(mark.color, option.palette));

    const QString act = models::nextActText(item.nextAct);
    const QRect link = linkRect(option, act);
    painter->setFont(option.font);
    painter->setPen(option.palette.color(QPalette::Link));
    painter->drawText(link, Qt::AlignVCenter, act);
    const QString age = static_cast<const models::AttentionList *>(index.model())->ageOf(item);
    const int ageWidth = 15 * u;
    const QRect since(option.rect.right() - 4 * u - actsWidth(option.fontMetrics) - 4 * u - ageWidth, rect.top(),
                      ageWidth, rect.height());
    painter->setPen(secondaryColor(option.palette));
    painter->drawText(since, Qt::AlignVCenter | Qt::AlignRight, age);

    const QRect body(rect.left() + 9 * u, rect.top(), since.left() - rect.left() - 11 * u, rect.height());
    const QFont bold = semiBold(option.font);
    const QFont small = scaled(option.font, kSecondaryFactor);
    const QFontMetrics boldMetrics(bold);
    const QFontMetrics smallMetrics(small);
    const int top = body.top() + (body.height() - boldMetrics.height() - option.fontMetrics.height()) / 2;
    painter->setFont(bold);
    painter->setPen(option.palette.color(QPalette::Text));
    const QString title = boldMetrics.elidedText(item.title, Qt::ElideMiddle, body.width());
    painter->drawText(QRect(body.left(), top, body.width(), boldMetrics.height()), Qt::AlignVCenter | Qt::AlignLeft,
                      title);
    const int x = body.left() + boldMetrics.horizontalAdvance(title) + 2 * u;
    painter->setFont(small);
    painter->setPen(secondaryColor(option.palette));
    painter->drawText(QRect(x, top, std::max(0, body.right() - x), boldMetrics.height()),
                      Qt::AlignVCenter | Qt::AlignLeft,
                      smallMetrics.elidedText(item.where, Qt::ElideRight, std::max(0, body.right() - x)));
    painter->setFont(option.font);
    painter->setPen(blended(option.palette.color(QPalette::Text), option.palette.color(QPalette::Base), 0.85));
    painter->drawText(QRect(body.left(), top + boldMetrics.height(), body.width(), option.fontMetrics.height()),
                      Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(item.cause, Qt::ElideRight, body.width()));
    painter->restore();
}

QSize AttentionDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int u = unit(option.fontMetrics);
    return {60 * u, 14 * u};
}

bool AttentionDelegate::editorEvent(QEvent *event, QAbstractItemModel *, const QStyleOptionViewItem &option,
                                    const QModelIndex &index)
{
    if (event->type() != QEvent::MouseButtonRelease || static_cast<QMouseEvent *>(event)->button() != Qt::LeftButton)
        return false;
    const QRect link = linkRect(option, models::nextActText(itemOf(index).nextAct)).adjusted(-6, 0, 6, 0);
    if (!link.contains(static_cast<QMouseEvent *>(event)->position().toPoint()))
        return false;
    Q_EMIT actTriggered(index);
    return true;
}

} // namespace tiphys::ui
