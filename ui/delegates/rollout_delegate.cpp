// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/delegates/rollout_delegate.h"

#include "models/rollout_text.h"
#include "models/text.h"
#include "ui/theme/metrics.h"
#include "ui/theme/stale.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <array>

namespace tiphys::ui {

using models::LadderItem;
using models::RolloutTable;
using service::Permission;
using service::RolloutAct;
using service::RolloutPhase;
using service::RolloutRow;
using Column = RolloutTable::Column;

namespace {

constexpr std::array kRowActs{RolloutAct::Promote, RolloutAct::Abort};

const RolloutTable &tableOf(const QModelIndex &index)
{
    return *static_cast<const RolloutTable *>(index.model());
}

/// Buttons that make sense for a line: none where no update is under way.
bool hasActs(const RolloutRow &row)
{
    return service::waitsForPerson(row.wait) || (row.isUpdating && !row.isAborted);
}

QString reasonOf(const RolloutRow &row, RolloutAct act)
{
    return models::sentence(rowPermission(row, act).reason);
}

} // namespace

MarkStyle markOf(RolloutPhase phase)
{
    switch (phase) {
    case RolloutPhase::Healthy: return {Mark::Healthy, StatusColor::Healthy};
    case RolloutPhase::Progressing: return {Mark::Progressing, StatusColor::Progressing};
    case RolloutPhase::Paused: return {Mark::Suspended, StatusColor::Suspended};
    case RolloutPhase::Degraded: return {Mark::Degraded, StatusColor::Degraded};
    case RolloutPhase::Unknown: return {Mark::Unknown, StatusColor::Unknown};
    }
    return {};
}

MarkStyle markOf(const RolloutRow &row)
{
    if (service::waitsForPerson(row.wait))
        return {Mark::Suspended, StatusColor::OutOfSync};
    return markOf(row.phase);
}

Permission rowPermission(const RolloutRow &row, RolloutAct act)
{
    if (act == RolloutAct::Promote && !service::waitsForPerson(row.wait) && row.wait != service::RolloutWait::Timer)
        return {false, "it is not paused"};
    if (act == RolloutAct::Abort && row.isAborted)
        return {false, "it is aborted already"};
    const bool isInSpec = act == RolloutAct::Promote && row.wait == service::RolloutWait::Resume;
    return isInSpec ? row.rights.spec : row.rights.status;
}

void paintLadder(QPainter &painter, const QRect &rect, const RolloutRow &row, const QPalette &palette)
{
    const int u = unit(painter.fontMetrics());
    const int count = static_cast<int>(row.steps.size());
    if (count == 0)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    const QString number = models::stepText(row);
    const int numberWidth = painter.fontMetrics().horizontalAdvance(number) + 2 * u;
    const double gap = std::min(2.0, u / 2.0);
    const double width = std::min<double>(3.0 * u, (rect.width() - numberWidth - gap * (count - 1)) / count);
    const double height = 3.0 * u;
    const QColor doneColor = statusColor(StatusColor::Healthy, palette);
    const QColor nowColor =
        statusColor(service::waitsForPerson(row.wait) ? StatusColor::OutOfSync : StatusColor::Progressing, palette);
    const QColor restColor = blended(secondaryColor(palette), palette.color(QPalette::Base), 0.35);
    double x = rect.left();
    for (int i = 0; i < count && width >= 1; ++i) {
        const bool isDone = i < row.stepIndex || !row.isUpdating;
        const bool isCurrent = row.isUpdating && i == row.stepIndex;
        const QRectF bar(x, rect.center().y() - height / 2 + 1, width, height);
        const QColor color = isCurrent ? nowColor : isDone ? doneColor : restColor;
        // Where it will wait for a person, the bar is hollow.
        if (row.steps[static_cast<std::size_t>(i)].waitsForPerson() && !isDone && !isCurrent) {
            painter.setPen(QPen(color, 1.2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(bar.adjusted(0.6, 0.6, -0.6, -0.6), 1.5, 1.5);
        } else {
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            painter.drawRoundedRect(isCurrent ? bar.adjusted(0, -u / 2.0, 0, u / 2.0) : bar, 1.5, 1.5);
        }
        x += width + gap;
    }
    painter.setPen(secondaryColor(palette));
    painter.drawText(QRectF(x + u, rect.top(), rect.right() - x - u, rect.height()), Qt::AlignVCenter | Qt::AlignLeft,
                     number);
}

void paintWeights(QPainter &painter, const QRect &rect, const RolloutRow &row, const QPalette &palette)
{
    const int u = unit(painter.fontMetrics());
    painter.setRenderHint(QPainter::Antialiasing);
    const int whole = std::max(1, row.maxWeight);
    const double share = row.isUpdating ? std::clamp(static_cast<double>(row.weight) / whole, 0.0, 1.0) : 0.0;
    const QString words = row.isUpdating ? models::percent(row.weight, whole) : QString();
    const int wordWidth = painter.fontMetrics().horizontalAdvance(QStringLiteral("100 %")) + 2 * u;
    const QRectF bar(rect.left(), rect.center().y() - u + 1, std::max(4 * u, rect.width() - wordWidth), 2 * u);
    painter.setPen(Qt::NoPen);
    painter.setBrush(blended(statusColor(StatusColor::Healthy, palette), palette.color(QPalette::Base),
                             row.isUpdating ? 0.5 : 0.25));
    painter.drawRoundedRect(bar, u, u);
    if (share > 0) {
        painter.setBrush(statusColor(StatusColor::Progressing, palette));
        painter.setClipRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()));
        painter.drawRoundedRect(bar, u, u);
        painter.setClipping(false);
    }
    painter.setPen(palette.color(QPalette::Text));
    painter.drawText(QRectF(bar.right() + u, rect.top(), wordWidth, rect.height()), Qt::AlignVCenter | Qt::AlignLeft,
                     words);
}

QRect RolloutDelegate::actRect(const QStyleOptionViewItem &option, const RolloutRow &row, RolloutAct act)
{
    const int u = unit(option.fontMetrics);
    int x = option.rect.right() - 3 * u;
    // From the right: Abort, then Promote.
    for (auto each = kRowActs.rbegin(); each != kRowActs.rend(); ++each) {
        const int width = option.fontMetrics.horizontalAdvance(models::actText(*each, row.isBlueGreen)) + 4 * u;
        x -= width;
        if (*each == act)
            return {x, option.rect.center().y() - 3 * u - u / 2, width, 7 * u};
        x -= 2 * u;
    }
    return {};
}

void RolloutDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const RolloutTable &table = tableOf(index);
    const RolloutRow &row = *table.rowAt(index.row());
    const auto column = static_cast<Column>(index.column());
    painter->save();
    paintRowGround(*painter, option);
    if (table.isStale(row))
        painter->setOpacity(kStaleOpacity);
    const int u = unit(option.fontMetrics);
    const QRect rect = option.rect.adjusted(2 * u, 0, -2 * u, -1);
    painter->setFont(option.font);
    const QPalette &palette = option.palette;
    switch (column) {
    case Column::Status:
        paintStatus(*painter, rect.adjusted(u, 0, 0, 0), markOf(row), models::statusWord(row.phase), palette);
        break;
    case Column::Steps:
        if (row.isBlueGreen) {
            painter->setPen(secondaryColor(palette));
            painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
        } else {
            paintLadder(*painter, rect, row, palette);
        }
        break;
    case Column::Traffic:
        if (row.isUpdating && !row.isBlueGreen)
            paintWeights(*painter, rect, row, palette);
        break;
    case Column::Wait: {
        const bool isUrgent = service::waitsForPerson(row.wait) || row.fate == service::ActFate::Checking;
        painter->setPen(isUrgent ? statusColor(StatusColor::OutOfSync, palette) : secondaryColor(palette));
        if (isUrgent)
            painter->setFont(semiBold(option.font));
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, rect.width()));
        break;
    }
    case Column::Acts:
        if (!hasActs(row))
            break;
        painter->setRenderHint(QPainter::Antialiasing);
        for (const RolloutAct act : kRowActs) {
            const QRect button = actRect(option, row, act);
            const bool isAllowed = rowPermission(row, act).isAllowed;
            const bool isPrimary = act == RolloutAct::Promote && isAllowed;
            painter->setPen(isPrimary ? Qt::NoPen : QPen(lineColor(palette)));
            painter->setBrush(isPrimary ? palette.color(QPalette::Highlight) : QBrush(Qt::NoBrush));
            painter->drawRoundedRect(QRectF(button).adjusted(0.5, 0.5, -0.5, -0.5), u, u);
            painter->setPen(isPrimary   ? palette.color(QPalette::HighlightedText)
                            : isAllowed ? palette.color(QPalette::Text)
                                        : blended(secondaryColor(palette), palette.color(QPalette::Base), 0.6));
            painter->drawText(button, Qt::AlignCenter, models::actText(act, row.isBlueGreen));
        }
        break;
    case Column::Name:
    case Column::Cluster:
    case Column::Images: {
        const QString first = index.data().toString();
        const QString second = column == Column::Name ? models::text(row.id.ns) : QString();
        const QFont small = scaled(option.font, kSecondaryFactor);
        const QFontMetrics smallMetrics(small);
        const int height = option.fontMetrics.height() + (second.isEmpty() ? 0 : smallMetrics.height());
        const int top = rect.top() + (rect.height() - height) / 2;
        painter->setPen(palette.color(QPalette::Text));
        painter->drawText(QRect(rect.left(), top, rect.width(), option.fontMetrics.height()),
                          Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(first, Qt::ElideMiddle, rect.width()));
        if (!second.isEmpty()) {
            painter->setFont(small);
            painter->setPen(secondaryColor(palette));
            painter->drawText(
                QRect(rect.left(), top + option.fontMetrics.height(), rect.width(), smallMetrics.height()),
                Qt::AlignVCenter | Qt::AlignLeft, smallMetrics.elidedText(second, Qt::ElideRight, rect.width()));
        }
        break;
    }
    }
    painter->restore();
}

bool RolloutDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                                const QModelIndex &index)
{
    if (event->type() == QEvent::ToolTip && index.isValid() && static_cast<Column>(index.column()) == Column::Acts) {
        const RolloutRow &row = *tableOf(index).rowAt(index.row());
        for (const RolloutAct act : kRowActs) {
            if (hasActs(row) && actRect(option, row, act).contains(event->pos())) {
                const QString reason = reasonOf(row, act);
                QToolTip::showText(event->globalPos(), reason.isEmpty() ? models::actConsequence(act, row) : reason,
                                   view);
                return true;
            }
        }
    }
    return CellDelegate::helpEvent(event, view, option, index);
}

bool RolloutDelegate::editorEvent(QEvent *event, QAbstractItemModel *, const QStyleOptionViewItem &option,
                                  const QModelIndex &index)
{
    if (event->type() != QEvent::MouseButtonRelease || static_cast<QMouseEvent *>(event)->button() != Qt::LeftButton
        || static_cast<Column>(index.column()) != Column::Acts)
        return false;
    const RolloutRow &row = *tableOf(index).rowAt(index.row());
    for (const RolloutAct act : kRowActs) {
        if (!hasActs(row)
            || !actRect(option, row, act).contains(static_cast<QMouseEvent *>(event)->position().toPoint()))
            continue;
        Q_EMIT actTriggered(index, act);
        return true;
    }
    return false;
}

void LadderDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const LadderItem &item = static_cast<const models::LadderList *>(index.model())->rowAt(index.row());
    const bool isLast = index.row() + 1 == index.model()->rowCount();
    const bool isCurrent = item.state == LadderItem::State::Current;
    const QPalette &palette = option.palette;
    const int u = unit(option.fontMetrics);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(option.rect, palette.color(QPalette::Base));
    if (isCurrent || option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(isCurrent ? selectionColor(palette) : hoverColor(palette));
        painter->drawRoundedRect(QRectF(option.rect).adjusted(u, 1, -u, -1), 1.5 * u, 1.5 * u);
    }
    const double x = option.rect.left() + 6.0 * u;
    const double y = option.rect.center().y() + 0.5;
    painter->setPen(QPen(lineColor(palette), 2));
    if (index.row() > 0)
        painter->drawLine(QPointF(x, option.rect.top()), QPointF(x, y - 2.5 * u));
    if (!isLast)
        painter->drawLine(QPointF(x, y + 2.5 * u), QPointF(x, option.rect.bottom() + 1));
    const QRectF mark(x - 2 * u, y - 2 * u, 4 * u, 4 * u);
    if (item.state == LadderItem::State::Done) {
        paintMark(*painter, mark, Mark::Synced, statusColor(StatusColor::Healthy, palette));
    } else {
        const QColor color =
            isCurrent ? statusColor(item.waitsForPerson ? StatusColor::OutOfSync : StatusColor::Progressing, palette)
                      : secondaryColor(palette);
        if (item.isPause) {
            paintMark(*painter, mark, Mark::Suspended, color);
        } else {
            painter->setPen(QPen(color, 1.5));
            painter->setBrush(isCurrent ? QBrush(color) : QBrush(Qt::NoBrush));
            painter->drawEllipse(mark.adjusted(u / 2.0, u / 2.0, -u / 2.0, -u / 2.0));
        }
    }
    const QRect text = option.rect.adjusted(11 * u, 0, -3 * u, 0);
    painter->setFont(isCurrent ? semiBold(option.font) : option.font);
    painter->setPen(item.state == LadderItem::State::ToCome ? secondaryColor(palette) : palette.color(QPalette::Text));
    const int height = painter->fontMetrics().height();
    const bool hasNote = !item.note.isEmpty();
    const int top = hasNote ? option.rect.center().y() - height : option.rect.center().y() - height / 2;
    painter->drawText(QRect(text.left(), top, text.width(), height), Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(item.sentence, Qt::ElideRight, text.width()));
    if (hasNote) {
        painter->setFont(scaled(option.font, kSecondaryFactor));
        painter->setPen(item.waitsForPerson ? statusColor(StatusColor::OutOfSync, palette) : secondaryColor(palette));
        painter->drawText(QRect(text.left(), top + height, text.width(), height), Qt::AlignVCenter | Qt::AlignLeft,
                          painter->fontMetrics().elidedText(item.note, Qt::ElideRight, text.width()));
    }
    painter->restore();
}

QSize LadderDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const LadderItem &item = static_cast<const models::LadderList *>(index.model())->rowAt(index.row());
    const int u = unit(option.fontMetrics);
    return {40 * u, item.note.isEmpty() ? 8 * u : 12 * u};
}

} // namespace tiphys::ui
