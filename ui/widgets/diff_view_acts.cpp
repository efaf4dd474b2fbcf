// SPDX-License-Identifier: GPL-3.0-or-later
// Finding, selecting and copying in a DiffView, by mouse and keyboard.
#include "models/text.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/yaml_colors.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <functional>
#include <optional>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using models::DiffLayout;
using models::DiffMatch;
using models::DiffSide;

void DiffView::find(const QString &text)
{
    if (text == m_sought)
        return;
    const int from = m_match >= 0 ? m_matches[static_cast<std::size_t>(m_match)].line : lineOfRow(firstVisibleRow());
    m_sought = text;
    m_match = -1;
    seek();
    viewport()->update();
    if (m_matches.empty())
        return;
    const auto next = std::ranges::find_if(m_matches, [from](const DiffMatch &match) { return match.line >= from; });
    m_match = next == m_matches.end() ? 0 : static_cast<int>(next - m_matches.begin());
    showMatch();
}

bool DiffView::walkMatches(int direction)
{
    if (m_matches.empty())
        return false;
    const int count = matchCount();
    if (m_match < 0)
        m_match = direction > 0 ? 0 : count - 1;
    else
        m_match = (m_match + direction + count) % count;
    showMatch();
    return true;
}

void DiffView::seek()
{
    if (m_sought.isEmpty() && m_matches.empty())
        return;
    std::optional<DiffMatch> shown;
    if (m_match >= 0)
        shown = m_matches[static_cast<std::size_t>(m_match)];
    m_matches = models::diffMatches(m_lines, m_rows, m_sought);
    m_firstMatches.clear();
    for (int i = matchCount(); i-- > 0;)
        m_firstMatches[m_matches[static_cast<std::size_t>(i)].line] = i;
    const auto again = shown ? std::ranges::find(m_matches, *shown) : m_matches.end();
    m_match = again == m_matches.end() ? -1 : static_cast<int>(again - m_matches.begin());
    Q_EMIT matchesChanged();
}

void DiffView::showMatch()
{
    const DiffMatch match = m_matches[static_cast<std::size_t>(m_match)];
    int row = models::rowOfLine(m_rows, match.line);
    if (const int fold = m_rows[static_cast<std::size_t>(row)].foldStart; fold >= 0) {
        m_openFolds.insert(fold);
        rebuild();
        row = models::rowOfLine(m_rows, match.line);
    }
    const int top = verticalScrollBar()->value();
    const int room = viewport()->height() - headerHeight();
    const int y = row * lineHeight();
    if (y < top || y + 2 * lineHeight() > top + room)
        verticalScrollBar()->setValue(y - room / 3);
    const QString line = models::text(m_lines[static_cast<std::size_t>(match.line)].text);
    const int left = fontMetrics().horizontalAdvance(line.left(match.start));
    const int right = fontMetrics().horizontalAdvance(line.left(match.start + match.length)) + 2 * unit(this);
    QScrollBar *across = horizontalScrollBar();
    if (left < across->value() || right > across->value() + across->pageStep())
        across->setValue(right <= across->pageStep() ? 0 : left - across->pageStep() / 3);
    const QLocale locale;
    setAccessibleDescription(tr("%1 of %2: %3", "place that was found, of how many, its line")
                                 .arg(locale.toString(m_match + 1), locale.toString(matchCount()), line.trimmed()));
    viewport()->update();
    Q_EMIT matchesChanged();
}

QList<QTextLayout::FormatRange> DiffView::matchFormats(int line, qsizetype length) const
{
    QList<QTextLayout::FormatRange> formats;
    const auto first = m_firstMatches.find(line);
    if (first == m_firstMatches.end())
        return formats;
    for (int i = first->second; i < matchCount() && m_matches[static_cast<std::size_t>(i)].line == line; ++i) {
        const DiffMatch &match = m_matches[static_cast<std::size_t>(i)];
        if (match.start >= length)
            break;
        QTextLayout::FormatRange mark;
        mark.start = match.start;
        mark.length = static_cast<int>(std::min<qsizetype>(match.length, length - match.start));
        const bool isShown = i == m_match;
        mark.format.setBackground(
            isShown ? palette().color(QPalette::Highlight)
                    : blended(statusColor(StatusColor::OutOfSync, palette()), palette().color(QPalette::Base), 0.4));
        mark.format.setForeground(palette().color(isShown ? QPalette::HighlightedText : QPalette::Text));
        formats << mark;
    }
    return formats;
}

int DiffView::lineOfRow(int row) const
{
    if (row < 0 || row >= static_cast<int>(m_rows.size()))
        return -1;
    const models::DiffRow &shown = m_rows[static_cast<std::size_t>(row)];
    return shown.foldStart >= 0 ? shown.foldStart : (shown.left >= 0 ? shown.left : shown.right);
}

int DiffView::firstVisibleRow() const
{
    if (m_rows.empty())
        return -1;
    return std::min(static_cast<int>(m_rows.size()) - 1,
                    (verticalScrollBar()->value() + lineHeight() - 1) / lineHeight());
}

DiffSide DiffView::sideAt(int x) const
{
    return m_layout == DiffLayout::SideBySide && x > viewport()->width() / 2 ? DiffSide::Right : DiffSide::Left;
}

void DiffView::showRow(int row)
{
    const int top = verticalScrollBar()->value();
    const int room = viewport()->height() - headerHeight();
    const int y = row * lineHeight();
    if (y < top)
        verticalScrollBar()->setValue(y);
    else if (y + lineHeight() > top + room)
        verticalScrollBar()->setValue(y + lineHeight() - room);
}

void DiffView::updatePicked()
{
    const int anchor = models::rowOfLine(m_rows, m_anchor);
    const int cursor = models::rowOfLine(m_rows, m_cursor);
    const bool isPicked = anchor >= 0 && cursor >= 0;
    m_picked.first = isPicked ? std::min(anchor, cursor) : -1;
    m_picked.last = isPicked ? std::max(anchor, cursor) : -1;
    viewport()->update();
}

void DiffView::selectRows(int anchor, int cursor, DiffSide side)
{
    m_anchor = lineOfRow(anchor);
    m_cursor = lineOfRow(cursor);
    m_picked.side = side;
    updatePicked();
}

void DiffView::selectAll()
{
    selectRows(0, static_cast<int>(m_rows.size()) - 1, m_picked.side);
}

bool DiffView::clearSelection()
{
    const bool wasPicked = !m_picked.isEmpty();
    m_anchor = m_cursor = -1;
    updatePicked();
    return wasPicked;
}

void DiffView::extendSelection(int rows)
{
    if (m_rows.empty())
        return;
    int cursor = firstVisibleRow();
    if (m_picked.isEmpty()) {
        selectRows(cursor, cursor, m_picked.side);
    } else {
        cursor = std::clamp(models::rowOfLine(m_rows, m_cursor) + rows, 0, static_cast<int>(m_rows.size()) - 1);
        selectRows(models::rowOfLine(m_rows, m_anchor), cursor, m_picked.side);
    }
    showRow(cursor);
    const QString line = models::pickedText(m_lines, m_rows, m_layout, {cursor, cursor, m_picked.side});
    setAccessibleDescription(
        tr("%n line(s) selected: %1", nullptr, m_picked.last - m_picked.first + 1).arg(line.trimmed()));
}

QMenu *DiffView::copyMenu()
{
    m_menu->clear();
    const auto keys = [](QKeySequence::StandardKey key) {
        return u'\t' + QKeySequence(key).toString(QKeySequence::NativeText);
    };
    const auto add = [this](const QString &title, bool isEnabled, const std::function<void()> &run) {
        QAction *action = m_menu->addAction(title);
        action->setEnabled(isEnabled);
        connect(action, &QAction::triggered, this, run);
    };
    add(tr("Copy the selected lines") + keys(QKeySequence::Copy), !m_picked.isEmpty(), [this] { copySelection(); });
    for (const DiffSide side : {DiffSide::Left, DiffSide::Right}) {
        const bool isLeft = side == DiffSide::Left;
        const QString title = isLeft ? m_leftTitle : m_rightTitle;
        const QString name = title.isEmpty() ? (isLeft ? tr("the left side") : tr("the right side")) : title;
        const bool isThere = std::ranges::any_of(
            m_lines, [isLeft](const service::DiffLine &line) { return (isLeft ? line.left : line.right) > 0; });
        add(tr("Copy all of: %1", "title of a side").arg(name), isThere, [this, side, name] {
            copy(models::sideText(m_lines, side), tr("Copied: %1", "title of a side").arg(name));
        });
    }
    add(tr("Copy as patch"), !m_starts.empty(), [this] {
        copy(m_path.isEmpty() ? models::hunksOf(m_lines) : models::patchOf(m_lines, m_path, m_changeKind),
             tr("Copied the patch."));
    });
    m_menu->addSeparator();
    add(tr("Select all lines") + keys(QKeySequence::SelectAll), !m_rows.empty(), [this] { selectAll(); });
    return m_menu;
}

void DiffView::copy(const QString &text, const QString &notice)
{
    QGuiApplication::clipboard()->setText(text);
    Q_EMIT noticed(notice);
}

void DiffView::copySelection()
{
    const QString picked = models::pickedText(m_lines, m_rows, m_layout, m_picked);
    if (picked.isEmpty())
        Q_EMIT noticed(tr("Nothing is selected to be copied."));
    else
        copy(picked, tr("Copied %n line(s).", nullptr, static_cast<int>(picked.count(u'\n'))));
}

void DiffView::mousePressEvent(QMouseEvent *event)
{
    const QPoint point = event->position().toPoint();
    const int row = rowAt(point.y());
    if (row < 0 || event->button() != Qt::LeftButton)
        return;
    if (const int fold = m_rows[static_cast<std::size_t>(row)].foldStart; fold >= 0) {
        m_openFolds.insert(fold);
        rebuild();
        return;
    }
    const bool extends = event->modifiers().testFlag(Qt::ShiftModifier) && !m_picked.isEmpty();
    selectRows(extends ? models::rowOfLine(m_rows, m_anchor) : row, row, extends ? m_picked.side : sideAt(point.x()));
    m_isSelecting = true;
}

void DiffView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint point = event->position().toPoint();
    if (m_isSelecting && !m_rows.empty()) {
        if (point.y() < headerHeight() || point.y() > viewport()->height())
            verticalScrollBar()->triggerAction(point.y() < headerHeight() ? QAbstractSlider::SliderSingleStepSub
                                                                          : QAbstractSlider::SliderSingleStepAdd);
        const int y = std::clamp(point.y(), headerHeight(), std::max(headerHeight(), viewport()->height() - 1));
        const int row = rowAt(y);
        selectRows(models::rowOfLine(m_rows, m_anchor), row >= 0 ? row : static_cast<int>(m_rows.size()) - 1,
                   m_picked.side);
        return;
    }
    const int row = rowAt(point.y());
    const bool isFold = row >= 0 && m_rows[static_cast<std::size_t>(row)].foldStart >= 0;
    viewport()->setCursor(isFold ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->setToolTip(isFold ? tr("Show these lines") : QString());
}

void DiffView::mouseReleaseEvent(QMouseEvent *)
{
    m_isSelecting = false;
}

void DiffView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const int row = isByKey ? -1 : rowAt(event->pos().y());
    if (row >= 0 && !m_picked.contains(row) && m_rows[static_cast<std::size_t>(row)].foldStart < 0)
        selectRows(row, row, sideAt(event->pos().x()));
    copyMenu()->popup(isByKey ? viewport()->mapToGlobal(QPoint(gutterWidth(), headerHeight())) : event->globalPos());
}

bool DiffView::selectByKey(QKeyEvent *event)
{
    if (!event->modifiers().testFlag(Qt::ShiftModifier))
        return false;
    const int page = std::max(1, (viewport()->height() - headerHeight()) / lineHeight() - 1);
    const int all = static_cast<int>(m_rows.size());
    switch (event->key()) {
    case Qt::Key_Down: extendSelection(1); return true;
    case Qt::Key_Up: extendSelection(-1); return true;
    case Qt::Key_PageDown: extendSelection(page); return true;
    case Qt::Key_PageUp: extendSelection(-page); return true;
    case Qt::Key_End: extendSelection(all); return true;
    case Qt::Key_Home: extendSelection(-all); return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (m_layout == DiffLayout::SideBySide)
            m_picked.side = event->key() == Qt::Key_Left ? DiffSide::Left : DiffSide::Right;
        viewport()->update();
        return true;
    default: return false;
    }
}

void DiffView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
        return;
    }
    if (selectByKey(event) || (event->key() == Qt::Key_Escape && clearSelection()))
        return;
    switch (event->key()) {
    case Qt::Key_N: walk(1); break;
    case Qt::Key_P: walk(-1); break;
    case Qt::Key_Down: verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepAdd); break;
    case Qt::Key_Up: verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepSub); break;
    case Qt::Key_PageDown: verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepAdd); break;
    case Qt::Key_PageUp: verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepSub); break;
    case Qt::Key_Home: verticalScrollBar()->setValue(0); break;
    case Qt::Key_End: verticalScrollBar()->setValue(verticalScrollBar()->maximum()); break;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace tiphys::ui
