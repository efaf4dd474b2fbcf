// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/resource_graph.h"

#include "models/resource_tree.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/card_words.h"
#include "ui/widgets/graph_face.h"

#include <QAccessible>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using models::GraphCard;
using service::HealthStatus;
using service::TreeNode;

namespace {

constexpr double kMarksBelow = 0.6;   ///< zoom below which only marks and colours are painted
constexpr double kBlocksBelow = 0.25; ///< zoom below which only blocks are
constexpr double kCardWidth = 56;     ///< in grid units, as the rest
constexpr double kCardHeight = 13;
constexpr double kColumnGap = 14;
constexpr double kRowGap = 3;
constexpr double kMargin = 6;
constexpr double kSmallestFrame = 0.75; ///< zoom at which cards are still read at a glance
constexpr double kDimmedOpacity = 0.3;  ///< of what is not looked for

} // namespace

ResourceGraph::ResourceGraph(QWidget *parent) : QAbstractScrollArea(parent)
{
    offerGraphFaces();
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Resource graph; the list view shows the same"));
    viewport()->setMouseTracking(true);
    for (const QScrollBar *bar : {horizontalScrollBar(), verticalScrollBar()})
        connect(bar, &QScrollBar::actionTriggered, this, [this] { m_isFramed = false; });
}

void ResourceGraph::apply(const service::AppRow &row, const std::vector<TreeNode> &nodes, service::WallTime now,
                          std::vector<bool> isDimmed)
{
    const bool isOther = row.id != m_row.id;
    std::optional<object::ObjectKey> selected;
    const int node = m_selected >= 0 && m_selected < static_cast<int>(m_layout.cards.size())
                         ? m_layout.cards[static_cast<std::size_t>(m_selected)].node
                         : -1;
    if (!isOther && node >= 0)
        selected = m_nodes[static_cast<std::size_t>(node)].key;
    m_row = row;
    m_nodes = nodes;
    m_isDimmed = std::move(isDimmed);
    m_now = now;
    if (isOther) {
        m_openFolds.clear();
        m_isFramed = true;
    }
    relayout();
    m_selected = 0;
    select(selected);
    frame();
}

void ResourceGraph::frame()
{
    if (!m_isFramed || m_layout.cards.empty())
        return;
    const QSizeF scene = sceneSize() / m_zoom;
    m_zoom = std::clamp(std::min(viewport()->width() / scene.width(), viewport()->height() / scene.height()),
                        kSmallestFrame, 1.0);
    updateScrollBars();
    horizontalScrollBar()->setValue(0);
    verticalScrollBar()->setValue(
        static_cast<int>(cardRect(m_layout.cards.front()).center().y() - viewport()->height() / 2.0));
    viewport()->update();
}

void ResourceGraph::select(const std::optional<object::ObjectKey> &key)
{
    m_selected = key ? -1 : 0;
    for (std::size_t i = 0; key && i < m_nodes.size(); ++i) {
        if (m_nodes[i].key == *key)
            m_selected = cardOfNode(static_cast<int>(i));
    }
    tellSelection();
    viewport()->update();
}

QString ResourceGraph::spokenCard(int card) const
{
    const int found = card >= 0 && card < cardCount() ? matchesIn(m_layout.cards[static_cast<std::size_t>(card)]) : 0;
    const QString words = cardWords(m_layout, card, found, m_row, m_nodes);
    return isDimmed(card) ? tr("%1, does not match the filter", "a resource in words").arg(words) : words;
}

int ResourceGraph::matchesIn(const GraphCard &card) const
{
    return m_isDimmed.empty() ? 0 : static_cast<int>(std::ranges::count_if(card.folded, [this](int node) {
        return !m_isDimmed[static_cast<std::size_t>(node)];
    }));
}

bool ResourceGraph::isDimmed(int card) const
{
    if (m_isDimmed.empty() || card < 0 || static_cast<std::size_t>(card) >= m_layout.cards.size())
        return false;
    const GraphCard &shown = m_layout.cards[static_cast<std::size_t>(card)];
    if (shown.isFold())
        return matchesIn(shown) == 0;
    return shown.node >= 0 && m_isDimmed[static_cast<std::size_t>(shown.node)];
}

void ResourceGraph::showMatch()
{
    if (m_isDimmed.empty())
        return;
    const QRectF visible = QRectF(viewport()->rect()).translated(-origin());
    int first = -1;
    for (int i = 0; i < cardCount(); ++i) {
        const GraphCard &card = m_layout.cards[static_cast<std::size_t>(i)];
        if (card.isApplication() || isDimmed(i))
            continue;
        if (visible.contains(cardRect(card)))
            return;
        first = first < 0 ? i : first;
    }
    if (first >= 0)
        showCard(first);
}

QRect ResourceGraph::cardPlace(int card) const
{
    return cardRect(m_layout.cards[static_cast<std::size_t>(card)]).translated(origin()).toAlignedRect();
}

void ResourceGraph::tellSelection()
{
    const QString told = spokenCard(m_selected);
    if (told == std::exchange(m_told, told))
        return;
    setAccessibleDescription(told);
    if (!hasFocus() || !QAccessible::isActive())
        return;
    QAccessibleEvent event(this, QAccessible::Focus);
    event.setChild(m_selected);
    QAccessible::updateAccessibility(&event);
}

void ResourceGraph::reveal(const object::ObjectKey &key)
{
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const int card = m_nodes[i].key == key ? cardOfNode(static_cast<int>(i)) : -1;
        if (card >= 0 && m_layout.cards[static_cast<std::size_t>(card)].isFold())
            toggleFold(card);
    }
    select(key);
    if (m_selected >= 0)
        showCard(m_selected);
}

int ResourceGraph::cardOfNode(int node) const
{
    int fold = -1;
    for (std::size_t i = 0; i < m_layout.cards.size(); ++i) {
        const GraphCard &card = m_layout.cards[i];
        if (card.node == node && !card.isApplication())
            return static_cast<int>(i);
        if (card.isFold() && std::ranges::find(card.folded, node) != card.folded.end())
            fold = static_cast<int>(i);
    }
    return fold;
}

void ResourceGraph::relayout()
{
    m_layout = models::layoutOf(m_nodes, m_openFolds);
    updateScrollBars();
    viewport()->update();
}

QRectF ResourceGraph::cardRect(const GraphCard &card) const
{
    const double u = unit(this) * m_zoom;
    return {(kMargin + card.column * (kCardWidth + kColumnGap)) * u, (kMargin + card.row * (kCardHeight + kRowGap)) * u,
            kCardWidth * u, kCardHeight * u};
}

QSizeF ResourceGraph::sceneSize() const
{
    const double u = unit(this) * m_zoom;
    return {(2 * kMargin + m_layout.columns * (kCardWidth + kColumnGap) - kColumnGap) * u,
            (2 * kMargin + m_layout.rows * (kCardHeight + kRowGap) - kRowGap) * u};
}

QPointF ResourceGraph::origin() const
{
    return {static_cast<double>(-horizontalScrollBar()->value()), static_cast<double>(-verticalScrollBar()->value())};
}

void ResourceGraph::updateScrollBars()
{
    const QSizeF scene = sceneSize();
    horizontalScrollBar()->setRange(0, std::max(0, static_cast<int>(scene.width()) - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(10 * unit(this));
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(scene.height()) - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(10 * unit(this));
}

void ResourceGraph::setZoom(double zoom)
{
    zoomAround(zoom, QPointF(viewport()->width() / 2.0, viewport()->height() / 2.0));
}

void ResourceGraph::zoomAround(double zoom, const QPointF &point)
{
    m_isFramed = false;
    zoom = std::clamp(zoom, 0.1, 2.0);
    const QPointF scene = (point - origin()) / m_zoom;
    m_zoom = zoom;
    updateScrollBars();
    const QPointF wanted = scene * zoom - point;
    horizontalScrollBar()->setValue(static_cast<int>(wanted.x()));
    verticalScrollBar()->setValue(static_cast<int>(wanted.y()));
    viewport()->update();
}

void ResourceGraph::zoomToFit()
{
    const QSizeF scene = sceneSize() / m_zoom;
    setZoom(std::min(1.0, std::min(viewport()->width() / scene.width(), viewport()->height() / scene.height())));
}

void ResourceGraph::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Window));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(origin());
    const QRectF visible = QRectF(viewport()->rect()).translated(-origin());
    paintEdges(painter, visible);
    for (std::size_t i = 0; i < m_layout.cards.size(); ++i) {
        if (!cardRect(m_layout.cards[i]).intersects(visible))
            continue;
        painter.setOpacity(isDimmed(static_cast<int>(i)) ? kDimmedOpacity : 1);
        paintCard(painter, static_cast<int>(i));
    }
}

void ResourceGraph::paintEdges(QPainter &painter, const QRectF &visible)
{
    QPainterPath path;
    const double u = unit(this) * m_zoom;
    for (const GraphCard &card : m_layout.cards) {
        if (card.isApplication())
            continue;
        const QRectF from = cardRect(m_layout.cards[static_cast<std::size_t>(card.parent)]);
        const QRectF to = cardRect(card);
        if (!from.united(to).intersects(visible))
            continue;
        const QPointF a(from.right(), from.center().y());
        const QPointF b(to.left(), to.center().y());
        const double middle = (a.x() + b.x()) / 2;
        const double radius = std::min(2 * u, std::abs(b.y() - a.y()) / 2);
        const double turn = b.y() > a.y() ? 1 : -1;
        path.moveTo(a);
        path.lineTo(middle - radius, a.y());
        path.quadTo(QPointF(middle, a.y()), QPointF(middle, a.y() + turn * radius));
        path.lineTo(middle, b.y() - turn * radius);
        path.quadTo(QPointF(middle, b.y()), QPointF(middle + radius, b.y()));
        path.lineTo(b);
    }
    painter.setPen(QPen(blended(palette().color(QPalette::WindowText), palette().color(QPalette::Window), 0.3),
                        std::max(1.0, m_zoom)));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
}

HealthStatus ResourceGraph::healthOf(const GraphCard &card) const
{
    if (card.isApplication())
        return m_row.health;
    if (card.isFold())
        return m_nodes[static_cast<std::size_t>(card.folded.front())].health;
    return m_nodes[static_cast<std::size_t>(card.node)].health;
}

void ResourceGraph::paintCard(QPainter &painter, int index)
{
    const GraphCard &card = m_layout.cards[static_cast<std::size_t>(index)];
    const QRectF rect = cardRect(card);
    const double u = unit(this) * m_zoom;
    const HealthStatus health = healthOf(card);
    const QColor status =
        health == HealthStatus::None ? secondaryColor(palette()) : statusColor(markOf(health).color, palette());
    if (m_zoom < kBlocksBelow) {
        painter.fillRect(rect, status);
        return;
    }
    const bool isSelected = index == m_selected;
    QPen border(isSelected ? palette().color(QPalette::Highlight) : lineColor(palette()), isSelected ? 2 : 1);
    const TreeNode *node = card.node >= 0 ? &m_nodes[static_cast<std::size_t>(card.node)] : nullptr;
    if (node && (node->isOrphaned || node->isStored || !node->isLive))
        border.setStyle(Qt::DashLine);
    if (card.isFold()) {
        painter.setPen(QPen(lineColor(palette()), 1));
        painter.setBrush(palette().color(QPalette::Base));
        painter.drawRoundedRect(rect.translated(u * 0.8, u * 0.8), 1.5 * u, 1.5 * u);
    }
    painter.setPen(border);
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(rect, 1.5 * u, 1.5 * u);
    if (health == HealthStatus::Degraded || health == HealthStatus::Missing) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(status);
        painter.drawRoundedRect(QRectF(rect.left(), rect.top() + 2 * u, u * 0.75, rect.height() - 4 * u), u * 0.3,
                                u * 0.3);
    }
    if (m_zoom < kMarksBelow) {
        const double size = rect.height() * 0.6;
        if (health != HealthStatus::None)
            paintMark(painter, QRectF(rect.left() + size / 2, rect.center().y() - size / 2, size, size),
                      markOf(health).mark, status);
        return;
    }
    paintContents(painter, rect, card);
}

void ResourceGraph::paintContents(QPainter &painter, const QRectF &rect, const GraphCard &card)
{
    const double u = unit(this) * m_zoom;
    const QFont body = scaled(font(), m_zoom);
    const QFont small = scaled(font(), m_zoom * kSecondaryFactor);
    const QFontMetricsF bodyMetrics(body);
    const QFontMetricsF smallMetrics(small);
    const TreeNode *node = card.node >= 0 ? &m_nodes[static_cast<std::size_t>(card.node)] : nullptr;
    const std::string kind =
        card.isApplication()
            ? "Application"
            : (card.isFold() ? m_nodes[static_cast<std::size_t>(card.folded.front())].key.kind : node->key.kind);
    paintKind(painter, QRectF(rect.left() + 2 * u, rect.center().y() - 4 * u, 8 * u, 8 * u), models::text(kind),
              palette());
    QString name;
    QString under;
    if (card.isApplication()) {
        name = models::text(m_row.id.name);
        under = u"Application"_s;
    } else if (card.isFold()) {
        const int bad = unhealthyIn(card, m_nodes);
        const int found = matchesIn(card);
        name = tr("%1 × %2", "number and kind").arg(card.folded.size()).arg(models::text(kind));
        under = found > 0 ? tr("%1 found", "number of resources").arg(found)
                : bad > 0 ? tr("%n not healthy · open", nullptr, bad)
                          : (card.isFoldOpen ? tr("fold") : tr("open"));
    } else {
        name = models::text(node->key.name);
        under = models::healthCause(*node); // has the room for itself: the picture shows the kind
        if (under.isEmpty()) {
            QStringList parts{models::text(node->key.kind)};
            if (!node->info.empty())
                parts << models::text(node->info);
            if (const QString note = models::nodeNote(*node); !note.isEmpty())
                parts << note;
            else if (node->created != 0)
                parts << models::ageText(node->created, m_now);
            under = parts.join(u" · "_s);
        }
    }
    const HealthStatus health = healthOf(card);
    double right = rect.right() - 2 * u;
    const auto mark = [&](MarkStyle style) {
        if (style.mark == Mark::None)
            return;
        right -= 4 * u;
        paintMark(painter, QRectF(right, rect.center().y() - 2 * u, 4 * u, 4 * u), style.mark,
                  statusColor(style.color, palette()));
        right -= u;
    };
    if (card.isApplication())
        mark(markOf(m_row.sync));
    else if (node && node->hasSync && node->sync != service::SyncStatus::Synced)
        mark(markOf(node->sync));
    mark(markOf(health));
    if (node && node->isHook)
        mark({Mark::Hook, StatusColor::Suspended});
    const double left = rect.left() + 12 * u;
    const double width = std::max(0.0, right - left - u);
    const double top = rect.center().y() - (bodyMetrics.height() + smallMetrics.height()) / 2;
    QFont title = card.isApplication() ? semiBold(body) : body;
    title.setStrikeOut(node && node->requiresPruning);
    painter.setFont(title);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRectF(left, top, width, bodyMetrics.height()), Qt::AlignVCenter,
                     bodyMetrics.elidedText(name, Qt::ElideMiddle, width));
    painter.setFont(small);
    painter.setPen(secondaryColor(palette()));
    painter.drawText(QRectF(left, top + bodyMetrics.height(), width, smallMetrics.height()), Qt::AlignVCenter,
                     smallMetrics.elidedText(under, Qt::ElideRight, width));
}

int ResourceGraph::cardAt(const QPoint &point) const
{
    const QPointF scene = QPointF(point) - origin();
    for (std::size_t i = 0; i < m_layout.cards.size(); ++i) {
        if (cardRect(m_layout.cards[i]).contains(scene))
            return static_cast<int>(i);
    }
    return -1;
}

void ResourceGraph::choose(int card)
{
    if (card < 0)
        return;
    m_selected = card;
    tellSelection();
    viewport()->update();
    const GraphCard &chosen = m_layout.cards[static_cast<std::size_t>(card)];
    Q_EMIT nodeSelected(chosen.isFold() ? chosen.folded.front() : chosen.node);
}

void ResourceGraph::toggleFold(int card)
{
    const QString key = m_layout.cards[static_cast<std::size_t>(card)].foldKey;
    if (!m_openFolds.erase(key))
        m_openFolds.insert(key);
    relayout();
    for (std::size_t i = 0; i < m_layout.cards.size(); ++i) {
        if (m_layout.cards[i].foldKey == key)
            m_selected = static_cast<int>(i);
    }
}

void ResourceGraph::showCard(int card)
{
    const QRectF rect = cardRect(m_layout.cards[static_cast<std::size_t>(card)]);
    const QRectF visible = QRectF(viewport()->rect()).translated(-origin());
    if (visible.contains(rect))
        return;
    m_isFramed = false;
    horizontalScrollBar()->setValue(static_cast<int>(rect.center().x() - viewport()->width() / 2.0));
    verticalScrollBar()->setValue(static_cast<int>(rect.center().y() - viewport()->height() / 2.0));
}

/// Card that an arrow key leads to from the selected one, -1 for none; without one they lead to the application.
int ResourceGraph::neighbour(int key) const
{
    if (m_selected < 0)
        return 0;
    const GraphCard &from = m_layout.cards[static_cast<std::size_t>(m_selected)];
    if (key == Qt::Key_Left)
        return from.parent;
    int best = -1;
    double bestDistance = 0;
    for (std::size_t i = 0; i < m_layout.cards.size(); ++i) {
        const GraphCard &card = m_layout.cards[i];
        double distance = -1;
        if (key == Qt::Key_Right && card.parent == m_selected)
            distance = std::abs(card.row - from.row) + 1;
        else if (key == Qt::Key_Down && card.column == from.column && card.row > from.row)
            distance = card.row - from.row;
        else if (key == Qt::Key_Up && card.column == from.column && card.row < from.row)
            distance = from.row - card.row;
        if (distance > 0 && (best < 0 || distance < bestDistance)) {
            best = static_cast<int>(i);
            bestDistance = distance;
        }
    }
    return best;
}

void ResourceGraph::resizeEvent(QResizeEvent *)
{
    updateScrollBars();
    frame();
}

void ResourceGraph::wheelEvent(QWheelEvent *event)
{
    m_isFramed = false;
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    zoomAround(m_zoom * std::pow(1.2, event->angleDelta().y() / 120.0), event->position());
    event->accept();
}

void ResourceGraph::mousePressEvent(QMouseEvent *event)
{
    m_isFramed = false;
    const int card = cardAt(event->position().toPoint());
    if (card >= 0 && event->button() == Qt::LeftButton) {
        if (m_layout.cards[static_cast<std::size_t>(card)].isFold())
            toggleFold(card);
        else
            choose(card);
        return;
    }
    m_isDragging = true;
    m_dragFrom = event->position().toPoint();
    viewport()->setCursor(Qt::ClosedHandCursor);
}

void ResourceGraph::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint point = event->position().toPoint();
    if (m_isDragging) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - (point.x() - m_dragFrom.x()));
        verticalScrollBar()->setValue(verticalScrollBar()->value() - (point.y() - m_dragFrom.y()));
        m_dragFrom = point;
        return;
    }
    viewport()->setCursor(cardAt(point) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ResourceGraph::mouseReleaseEvent(QMouseEvent *)
{
    m_isDragging = false;
    viewport()->setCursor(Qt::ArrowCursor);
}

void ResourceGraph::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int card = cardAt(event->position().toPoint());
    if (card < 0)
        return;
    const QRectF rect = cardRect(m_layout.cards[static_cast<std::size_t>(card)]);
    horizontalScrollBar()->setValue(static_cast<int>(rect.center().x() - viewport()->width() / 2.0));
    verticalScrollBar()->setValue(static_cast<int>(rect.center().y() - viewport()->height() / 2.0));
}

void ResourceGraph::keyPressEvent(QKeyEvent *event)
{
    m_isFramed = false;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (const int card = neighbour(event->key()); card >= 0) {
            choose(card);
            showCard(card);
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_selected >= 0 && m_layout.cards[static_cast<std::size_t>(m_selected)].isFold())
            toggleFold(m_selected);
        break;
    case Qt::Key_Plus: setZoom(m_zoom * 1.2); break;
    case Qt::Key_Minus: setZoom(m_zoom / 1.2); break;
    case Qt::Key_0: zoomToFit(); break;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void ResourceGraph::contextMenuEvent(QContextMenuEvent *event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const int card = isByKey ? m_selected : cardAt(event->pos());
    if (card < 0 || static_cast<std::size_t>(card) >= m_layout.cards.size()
        || m_layout.cards[static_cast<std::size_t>(card)].isFold())
        return;
    if (!isByKey)
        choose(card);
    const QPoint middle = (cardRect(m_layout.cards[static_cast<std::size_t>(card)]).center() + origin()).toPoint();
    Q_EMIT menuRequested(m_layout.cards[static_cast<std::size_t>(card)].node,
                         isByKey ? viewport()->mapToGlobal(middle) : event->globalPos());
}

bool ResourceGraph::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    auto *help = static_cast<QHelpEvent *>(event);
    const int card = cardAt(help->pos());
    const int node = card < 0 ? -1 : m_layout.cards[static_cast<std::size_t>(card)].node;
    if (node < 0) {
        QToolTip::hideText();
        return true;
    }
    const TreeNode &shown = m_nodes[static_cast<std::size_t>(node)];
    QStringList lines{models::text(shown.key.text())};
    if (shown.health != HealthStatus::None)
        lines << models::statusWord(shown.health) + u": "_s
                     + (shown.healthMessage.empty() ? models::explanation(shown.health)
                                                    : models::sentence(shown.healthMessage));
    if (!shown.podTrouble.empty())
        lines << models::text(shown.podTrouble);
    if (shown.hasSync)
        lines << models::statusWord(shown.sync) + u": "_s + models::explanation(shown.sync);
    QToolTip::showText(help->globalPos(), lines.join(u'\n'), this);
    return true;
}

} // namespace tiphys::ui
