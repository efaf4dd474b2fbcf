// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/diff_view.h"

#include "models/text.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/yaml_colors.h"

#include <QApplication>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using models::DiffLayout;
using models::DiffRow;
using models::DiffSide;
using service::DiffLine;
using service::LineKind;

namespace {

/// UTF-16 range of a byte range of \p line.
std::pair<int, int> characters(const std::string &line, const service::WordRange &range)
{
    const std::string_view view(line);
    const std::size_t start = std::min<std::size_t>(range.start, view.size());
    const std::size_t end = std::min<std::size_t>(start + range.length, view.size());
    const auto before = models::text(view.substr(0, start)).size();
    const auto length = models::text(view.substr(start, end - start)).size();
    return {static_cast<int>(before), static_cast<int>(length)};
}

QColor lineGround(LineKind kind, const QPalette &palette)
{
    switch (kind) {
    case LineKind::Same: return palette.color(QPalette::Base);
    case LineKind::Live: return liveLineColor(palette);
    case LineKind::Desired: return desiredLineColor(palette);
    }
    return {};
}

} // namespace

DiffView::DiffView(QWidget *parent)
    : QAbstractScrollArea(parent), m_leftColors(std::make_unique<YamlColors>()),
      m_rightColors(std::make_unique<YamlColors>()), m_menu(new QMenu(this))
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setFont(monospace(QApplication::font(this)));
    viewport()->setMouseTracking(true);
    m_leftColors->usePalette(palette());
    m_rightColors->usePalette(palette());
    setAccessibleName(tr("Differences"));
}

DiffView::~DiffView() = default;

void DiffView::setTitles(const QString &left, const QString &right)
{
    m_leftTitle = left;
    m_rightTitle = right;
    viewport()->update();
}

void DiffView::setDiff(const std::vector<DiffLine> &lines, Place place)
{
    if (lines == m_lines)
        return;
    // What is selected stays only where it still says the same.
    const auto isSame = [this, &lines](int line) {
        const auto at = static_cast<std::size_t>(line);
        return line >= 0 && at < lines.size() && lines[at] == m_lines[at];
    };
    if (place != Place::Kept || !isSame(m_anchor) || !isSame(m_cursor))
        m_anchor = m_cursor = -1;
    m_lines = lines;
    m_widest = 0;
    for (const DiffLine &line : m_lines)
        m_widest = std::max(m_widest, static_cast<qsizetype>(line.text.size()));
    if (place == Place::Kept) {
        rebuild();
        m_change = std::min(m_change, changeCount() - 1);
        setAccessibleDescription(tr("%n difference(s)", nullptr, changeCount()));
        return;
    }
    m_openFolds.clear();
    verticalScrollBar()->setValue(0);
    m_change = -1;
    m_match = -1;
    rebuild();
    // The first difference is in sight at once.
    if (!m_starts.empty() && m_starts.front() > 8)
        verticalScrollBar()->setValue((m_starts.front() - 4) * lineHeight());
    setAccessibleDescription(tr("%n difference(s)", nullptr, changeCount()));
}

void DiffView::setLayoutMode(DiffLayout layout)
{
    if (m_layout == layout)
        return;
    m_layout = layout;
    rebuild();
}

void DiffView::setPatchName(const QString &path, service::ChangeKind change)
{
    m_path = path;
    m_changeKind = change;
}

void DiffView::unfoldAll()
{
    for (const DiffRow &row : std::vector<DiffRow>(m_rows)) {
        if (row.foldStart >= 0)
            m_openFolds.insert(row.foldStart);
    }
    rebuild();
}

bool DiffView::walk(int direction)
{
    if (m_starts.empty())
        return false;
    const int next = m_change < 0 && direction < 0 ? changeCount() - 1 : m_change + direction;
    if (next < 0 || next >= changeCount())
        return false;
    m_change = next;
    const int y = m_starts[static_cast<std::size_t>(next)] * lineHeight();
    const int top = verticalScrollBar()->value();
    if (y < top + lineHeight() || y > top + viewport()->height() - 4 * lineHeight())
        verticalScrollBar()->setValue(y - viewport()->height() / 3);
    viewport()->update();
    return true;
}

int DiffView::lineHeight() const
{
    return fontMetrics().height() + unit(this) / 2;
}

int DiffView::gutterWidth() const
{
    const int digits = std::max(3, static_cast<int>(QString::number(m_lines.size()).size()));
    return fontMetrics().horizontalAdvance(u'0') * digits + 4 * unit(this);
}

int DiffView::headerHeight() const
{
    return m_leftTitle.isEmpty() ? 0 : lineHeight() + unit(this);
}

void DiffView::rebuild()
{
    m_rows = models::diffRows(m_lines, m_layout, m_openFolds);
    m_starts = models::changeStarts(m_rows);
    updateScrollBars();
    updatePicked();
    seek();
    viewport()->update();
}

void DiffView::updateScrollBars()
{
    const int content = static_cast<int>(m_rows.size()) * lineHeight() + headerHeight() + 2 * unit(this);
    verticalScrollBar()->setRange(0, std::max(0, content - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(lineHeight());
    const int side = m_layout == DiffLayout::SideBySide ? viewport()->width() / 2 - gutterWidth()
                                                        : viewport()->width() - 2 * gutterWidth();
    const int widest =
        static_cast<int>(std::min<qsizetype>(m_widest, 20'000)) * fontMetrics().averageCharWidth() + 4 * unit(this);
    horizontalScrollBar()->setRange(0, std::max(0, widest - side));
    horizontalScrollBar()->setPageStep(std::max(1, side));
    horizontalScrollBar()->setSingleStep(fontMetrics().averageCharWidth() * 4);
}

void DiffView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setFont(font());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
    const int height = lineHeight();
    const int top = headerHeight() - verticalScrollBar()->value();
    const int first = std::max(0, -top / height);
    const int last = std::min(static_cast<int>(m_rows.size()), first + viewport()->height() / height + 2);
    m_leftColors->reset();
    m_rightColors->reset();
    for (int row = first; row < last; ++row)
        paintRow(painter, top + row * height, row);
    painter.setClipping(false);
    if (m_layout == DiffLayout::SideBySide)
        painter.fillRect(QRect(viewport()->width() / 2, 0, 1, viewport()->height()), lineColor(palette()));
    paintHeader(painter);
    paintRuler(painter);
}

void DiffView::paintHeader(QPainter &painter)
{
    if (headerHeight() == 0)
        return;
    const int u = unit(this);
    const QRect bar(0, 0, viewport()->width(), headerHeight());
    painter.fillRect(bar, quietColor(palette()));
    painter.fillRect(QRect(0, bar.bottom(), bar.width(), 1), lineColor(palette()));
    painter.setFont(scaled(QApplication::font(this), kSecondaryFactor));
    painter.setPen(secondaryColor(palette()));
    if (m_layout == DiffLayout::SideBySide) {
        const int half = bar.width() / 2;
        const QFontMetrics metrics = painter.fontMetrics();
        painter.drawText(QRect(3 * u, 0, half - 6 * u, bar.height()), Qt::AlignVCenter,
                         metrics.elidedText(m_leftTitle, Qt::ElideRight, half - 6 * u));
        painter.drawText(QRect(half + 3 * u, 0, half - 6 * u, bar.height()), Qt::AlignVCenter,
                         metrics.elidedText(m_rightTitle, Qt::ElideRight, half - 6 * u));
    } else {
        painter.drawText(bar.adjusted(3 * u, 0, -3 * u, 0), Qt::AlignVCenter,
                         tr("− %1     + %2", "titles of the two sides").arg(m_leftTitle, m_rightTitle));
    }
    painter.setFont(font());
}

void DiffView::paintRow(QPainter &painter, int y, int index)
{
    const DiffRow &row = m_rows[static_cast<std::size_t>(index)];
    const int half = viewport()->width() / 2;
    if (row.foldStart >= 0) {
        paintFold(painter, y, row);
        m_leftColors->reset();
        m_rightColors->reset();
    } else if (m_layout == DiffLayout::Unified) {
        paintUnified(painter, y, row);
    } else {
        paintSide(painter, QRect(0, y, half, lineHeight()), row.left, DiffSide::Left);
        paintSide(painter, QRect(half + 1, y, viewport()->width() - half - 1, lineHeight()), row.right,
                  DiffSide::Right);
    }
    if (m_picked.contains(index))
        paintSelection(painter, y, index);
}

void DiffView::paintSelection(QPainter &painter, int y, int row)
{
    const int half = viewport()->width() / 2;
    QRect rect(0, y, viewport()->width(), lineHeight());
    if (m_layout == DiffLayout::SideBySide && m_rows[static_cast<std::size_t>(row)].foldStart < 0)
        rect = m_picked.side == DiffSide::Left ? QRect(0, y, half, lineHeight())
                                               : QRect(half + 1, y, viewport()->width() - half - 1, lineHeight());
    painter.setClipping(false);
    QColor veil = palette().color(QPalette::Highlight);
    veil.setAlphaF(isDark(palette()) ? 0.38F : 0.22F);
    painter.fillRect(rect, veil);
    painter.fillRect(QRect(rect.left(), y, std::max(2, unit(this) / 2), lineHeight()),
                     palette().color(QPalette::Highlight));
}

void DiffView::paintFold(QPainter &painter, int y, const DiffRow &row)
{
    const QRect rect(0, y, viewport()->width(), lineHeight());
    painter.setClipping(false);
    painter.fillRect(rect,
                     blended(statusColor(StatusColor::Progressing, palette()), palette().color(QPalette::Base), 0.08));
    painter.setFont(scaled(QApplication::font(this), kSecondaryFactor));
    painter.setPen(statusColor(StatusColor::Progressing, palette()));
    painter.drawText(rect.adjusted(gutterWidth() + unit(this), 0, 0, 0), Qt::AlignVCenter,
                     tr("⋯ %n unchanged line(s)", nullptr, row.foldCount));
    painter.setFont(font());
}

void DiffView::paintUnified(QPainter &painter, int y, const DiffRow &row)
{
    const DiffLine &line = m_lines[static_cast<std::size_t>(row.left)];
    const int gutter = gutterWidth();
    const int u = unit(this);
    const QRect rect(0, y, viewport()->width(), lineHeight());
    painter.setClipping(false);
    painter.fillRect(rect, lineGround(line.kind, palette()));
    painter.setPen(secondaryColor(palette()));
    const auto number = [&painter, &rect, u](int value, int x, int width) {
        if (value > 0)
            painter.drawText(QRect(x, rect.top(), width - 2 * u, rect.height()),
                             static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), QString::number(value));
    };
    number(line.left, 0, gutter);
    number(line.right, gutter - 2 * u, gutter);
    const int textLeft = 2 * gutter - 2 * u;
    const QString sign = line.kind == LineKind::Live ? u"−"_s : (line.kind == LineKind::Desired ? u"+"_s : QString());
    painter.drawText(QRect(textLeft, rect.top(), 3 * u, rect.height()), Qt::AlignVCenter, sign);
    paintText(painter, QRect(textLeft + 3 * u, rect.top(), rect.width() - textLeft - 3 * u, rect.height()), row.left,
              line.kind == LineKind::Live ? *m_leftColors : *m_rightColors);
}

void DiffView::paintSide(QPainter &painter, const QRect &rect, int line, DiffSide side)
{
    painter.setClipping(false);
    const int gutter = gutterWidth();
    if (line < 0) {
        // Nothing here: a quiet hatch, so that the eye does not look for text.
        painter.fillRect(rect, quietColor(palette()));
        painter.fillRect(rect,
                         QBrush(blended(lineColor(palette()), palette().color(QPalette::Base), 0.6), Qt::BDiagPattern));
        return;
    }
    const DiffLine &diff = m_lines[static_cast<std::size_t>(line)];
    painter.fillRect(rect, lineGround(diff.kind, palette()));
    painter.setPen(secondaryColor(palette()));
    const int number = side == DiffSide::Left ? diff.left : diff.right;
    painter.drawText(QRect(rect.left(), rect.top(), gutter - 2 * unit(this), rect.height()),
                     static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), QString::number(number));
    paintText(painter, rect.adjusted(gutter, 0, 0, 0), line, side == DiffSide::Left ? *m_leftColors : *m_rightColors);
}

void DiffView::paintText(QPainter &painter, const QRect &rect, int line, YamlColors &colors)
{
    const DiffLine &diff = m_lines[static_cast<std::size_t>(line)];
    // A very long line is cut for painting: nobody reads beyond, and layout is linear in its length.
    const QString whole = models::text(std::string_view(diff.text).substr(0, 20'000));
    QTextLayout layout(whole, font());
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    layout.setTextOption(option);
    QList<QTextLayout::FormatRange> formats = colors.formatsOf(whole);
    const QColor word = diff.kind == LineKind::Live ? liveWordColor(palette()) : desiredWordColor(palette());
    for (const service::WordRange &range : diff.words) {
        const auto [start, length] = characters(diff.text, range);
        QTextLayout::FormatRange mark;
        mark.start = start;
        mark.length = length;
        mark.format.setBackground(word);
        formats << mark;
    }
    layout.setFormats(formats + matchFormats(line, whole.size()));
    layout.beginLayout();
    QTextLine text = layout.createLine();
    text.setLineWidth(1e7);
    layout.endLayout();
    painter.setClipRect(rect);
    painter.setPen(palette().color(QPalette::Text));
    layout.draw(&painter,
                QPointF(rect.left() + unit(this) - horizontalScrollBar()->value(), rect.top() + unit(this) / 4.0));
    painter.setClipping(false);
}

void DiffView::paintRuler(QPainter &painter)
{
    const double content = static_cast<double>(m_rows.size());
    if (m_starts.empty() || verticalScrollBar()->maximum() == 0)
        return;
    const int width = unit(this);
    const QRect strip(viewport()->width() - width, headerHeight(), width, viewport()->height() - headerHeight());
    for (std::size_t i = 0; i < m_starts.size(); ++i) {
        const int y = strip.top() + static_cast<int>(m_starts[i] / content * strip.height());
        painter.fillRect(QRect(strip.left(), y, width, std::max(2, unit(this) / 2)),
                         statusColor(StatusColor::OutOfSync, palette()));
    }
    if (m_change >= 0) {
        const int y =
            headerHeight() + m_starts[static_cast<std::size_t>(m_change)] * lineHeight() - verticalScrollBar()->value();
        painter.fillRect(QRect(0, y, std::max(2, unit(this) / 2), lineHeight()), palette().color(QPalette::Highlight));
    }
}

int DiffView::rowAt(int y) const
{
    const int row = (y - headerHeight() + verticalScrollBar()->value()) / lineHeight();
    return y >= headerHeight() && row >= 0 && row < static_cast<int>(m_rows.size()) ? row : -1;
}

void DiffView::resizeEvent(QResizeEvent *)
{
    updateScrollBars();
}

void DiffView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::ApplicationPaletteChange)
        return;
    m_leftColors->usePalette(palette());
    m_rightColors->usePalette(palette());
    viewport()->update();
}

} // namespace tiphys::ui
