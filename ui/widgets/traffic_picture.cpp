// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/traffic_picture.h"

#include "models/rollout_text.h"
#include "models/text.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using models::TrafficLane;
using Kind = models::TrafficLane::Kind;

namespace {

/// More pods than this are told by their number alone.
constexpr int kMostDots = 40;
constexpr int kMostFacts = 4;
constexpr double kDot = 2.6; ///< of a pod, in units
constexpr int kMotionMilliseconds = 120;

QColor colorOf(const TrafficLane &lane, const QPalette &palette)
{
    if (lane.kind == Kind::Experiment)
        return statusColor(StatusColor::Suspended, palette);
    return statusColor(lane.kind == Kind::New ? StatusColor::Progressing : StatusColor::Healthy, palette);
}

void paintCard(QPainter &painter, const QRectF &box, const QColor &edge, const QColor &ground, int u)
{
    painter.setPen(QPen(edge, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(box, 1.5 * u, 1.5 * u);
}

} // namespace

TrafficPicture::TrafficPicture(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Where the traffic goes"));
    setFocusPolicy(Qt::TabFocus);
    m_motion.setDuration(kMotionMilliseconds);
    connect(&m_motion, &QVariantAnimation::valueChanged, this, [this](const QVariant &value) {
        m_shownShare = value.toDouble();
        update();
    });
}

QSize TrafficPicture::minimumSizeHint() const
{
    const int u = unit(this);
    // A lane needs its two lines of text.
    const int lanes = static_cast<int>(m_lanes.lanes.size()) * (2 * fontMetrics().height() + 6 * u);
    return {70 * u, std::max(50 * u, lanes + 8 * u)};
}

void TrafficPicture::show(const service::RolloutDetail &detail)
{
    const std::size_t before = m_lanes.lanes.size();
    m_lanes = models::trafficLanesOf(detail);
    if (m_lanes.lanes.size() != before)
        updateGeometry();
    m_router.clear();
    m_facts.clear();
    if (const QString check = models::weightCheckText(detail.weightCheck); !check.isEmpty())
        m_facts << check;
    for (const service::RouterRow &router : detail.routers) {
        if (m_router.isEmpty())
            m_router = models::text(router.kind + " " + router.name);
        for (const std::string &fact : router.facts)
            m_facts << models::text(fact);
    }
    const auto lane = std::ranges::find(m_lanes.lanes, Kind::New, &TrafficLane::kind);
    const double share = lane == m_lanes.lanes.end() ? 0 : std::max(0, lane->weight) / 100.0;
    // Only what moves while one looks at it is seen to move: the first picture is where it stands.
    const bool isSame = std::exchange(m_rollout, detail.row.id) == detail.row.id;
    if (share != m_share || !isSame) {
        m_share = share;
        const bool isMoving =
            isSame && isVisible() && style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
        m_motion.stop();
        if (isMoving) {
            m_motion.setStartValue(m_shownShare);
            m_motion.setEndValue(share);
            m_motion.start();
        } else {
            m_shownShare = share;
        }
    }
    const QString described = models::describedLanes(m_lanes);
    setAccessibleDescription(m_facts.isEmpty() ? described : described + u"; "_s + m_facts.join(u"; "_s));
    setToolTip(m_facts.join(u'\n'));
    update();
}

double TrafficPicture::shownShareOf(const TrafficLane &lane) const
{
    const double share = std::max(0, lane.weight) / 100.0;
    if (lane.kind == Kind::New)
        return m_shownShare;
    const bool isMoving = m_shownShare != m_share;
    // What the new version gains on its way is the stable one's loss.
    return isMoving && lane.kind == Kind::Stable && lane.weight < 100 ? std::max(0.0, share + m_share - m_shownShare)
                                                                      : share;
}

TrafficPicture::Layout TrafficPicture::layoutOfNow() const
{
    const int u = unit(this);
    const int factLines =
        static_cast<int>(std::min<qsizetype>(m_facts.size(), kMostFacts)) + (m_lanes.leftOut > 0 ? 1 : 0);
    const int factsHeight =
        factLines == 0 ? 0 : factLines * QFontMetrics(scaled(font(), kSecondaryFactor)).height() + 4 * u;
    const QRectF area = QRectF(rect()).adjusted(4 * u, 4 * u, -4 * u, -4 * u - factsHeight);
    const QFontMetrics small(scaled(font(), kSecondaryFactor));
    const double routerWidth = small.horizontalAdvance(routerText()) + 4.0 * u;
    const double sourceWidth = std::min(std::max(34.0 * u, routerWidth), area.width() * 0.24);
    const double sourceHeight = QFontMetrics(semiBold(font())).height() + small.height() + 3.0 * u;
    const auto count = static_cast<double>(m_lanes.lanes.size());
    Layout layout;
    layout.gap = count > 4 ? 2.0 * u : 3.0 * u;
    layout.laneWidth = std::min(82.0 * u, area.width() * 0.56);
    layout.laneLeft = area.right() - layout.laneWidth;
    layout.laneHeight = std::min(wantedLaneHeight(layout.laneWidth), area.height() / count - layout.gap);
    const double total = count * (layout.laneHeight + layout.gap) - layout.gap;
    layout.top = area.top() + std::max(0.0, (std::min(area.height(), std::max(total, 120.0 * u)) - total) / 2);
    layout.source = QRectF(area.left(), layout.top + (total - sourceHeight) / 2, sourceWidth, sourceHeight);
    layout.factsTop = rect().bottom() - factsHeight;
    return layout;
}

double TrafficPicture::wantedLaneHeight(double width) const
{
    const int u = unit(this);
    const double dot = kDot * u + u;
    const int perRow = std::max(1, static_cast<int>((width - 5.0 * u + u) / dot));
    int rows = 1;
    for (const TrafficLane &lane : m_lanes.lanes)
        rows = std::max(rows, (std::min(static_cast<int>(lane.pods.size()), kMostDots) + perRow - 1) / perRow);
    const int words = QFontMetrics(semiBold(font())).height() + QFontMetrics(scaled(font(), kSecondaryFactor)).height();
    return std::min(32.0 * u, words + 4.0 * u + rows * dot);
}

QString TrafficPicture::routerText() const
{
    return m_router.isEmpty() ? tr("by pods") : m_router;
}

void TrafficPicture::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
    if (m_lanes.lanes.empty()) {
        painter.setPen(secondaryColor(palette()));
        painter.drawText(rect(), Qt::AlignCenter, tr("No pods yet."));
        return;
    }
    const Layout layout = layoutOfNow();
    for (std::size_t i = 0; i < m_lanes.lanes.size(); ++i)
        paintWay(painter, m_lanes.lanes[i], layout.source, layout.lane(i));
    for (std::size_t i = 0; i < m_lanes.lanes.size(); ++i)
        paintLane(painter, m_lanes.lanes[i], layout.lane(i));
    paintSource(painter, layout.source);
    paintFacts(painter, layout.factsTop);
}

void TrafficPicture::paintWay(QPainter &painter, const TrafficLane &lane, const QRectF &source, const QRectF &box) const
{
    if (lane.weight < 0)
        return;
    const int u = unit(this);
    const double share = shownShareOf(lane);
    const QColor color = lane.weight > 0 ? colorOf(lane, palette()) : lineColor(palette());
    const QPointF from(source.right(), source.center().y());
    const QPointF to(box.left(), box.center().y());
    QPainterPath path(from);
    path.cubicTo(QPointF((from.x() + to.x()) / 2, from.y()), QPointF((from.x() + to.x()) / 2, to.y()), to);
    QPen pen(color, std::max(1.2, share * 5.0 * u));
    pen.setCapStyle(Qt::FlatCap);
    if (lane.weight == 0)
        pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);

    const QString number = tr("%1 %").arg(qRound(share * 100));
    const QFont strong = semiBold(font());
    const double width = QFontMetrics(strong).horizontalAdvance(number) + 3.0 * u;
    // Many lines run close together near their source.
    const QPointF at = path.pointAtPercent(m_lanes.lanes.size() > 3 ? 0.78 : 0.6);
    const QRectF label(at.x() - width / 2, at.y() - 3 * u, width, 6 * u);
    painter.setPen(QPen(color, 1));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(label, 3 * u, 3 * u);
    painter.setFont(strong);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(label, Qt::AlignCenter, number);
}

void TrafficPicture::paintLane(QPainter &painter, const TrafficLane &lane, const QRectF &box) const
{
    const int u = unit(this);
    paintCard(painter, box, lane.weight > 0 ? colorOf(lane, palette()) : lineColor(palette()),
              palette().color(QPalette::Base), u);
    const QRectF inner = box.adjusted(2.5 * u, 1.0 * u, -2.5 * u, -1.0 * u);
    const QFont bold = semiBold(font());
    const QFontMetrics strong(bold);
    const QFont small = scaled(font(), kSecondaryFactor);
    const QFontMetrics smallMetrics(small);
    const double countWidth = fontMetrics().horizontalAdvance(lane.count) + u;
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRectF(inner.left(), inner.top(), inner.width() - countWidth, strong.height()),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     strong.elidedText(lane.title, Qt::ElideMiddle, static_cast<int>(inner.width() - countWidth)));
    painter.setFont(font());
    painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), strong.height()),
                     Qt::AlignRight | Qt::AlignVCenter, lane.count);
    double y = inner.top() + strong.height();
    if (y + smallMetrics.height() > box.bottom())
        return;
    painter.setFont(small);
    painter.setPen(secondaryColor(palette()));
    const QString under = lane.service.isEmpty() ? lane.role : lane.service;
    painter.drawText(QRectF(inner.left(), y, inner.width(), smallMetrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     smallMetrics.elidedText(under, Qt::ElideMiddle, static_cast<int>(inner.width())));
    y += smallMetrics.height() + u;
    paintPods(painter, lane, QRectF(inner.left(), y, inner.width(), box.bottom() - y));
}

void TrafficPicture::paintPods(QPainter &painter, const TrafficLane &lane, const QRectF &place) const
{
    const int u = unit(this);
    const double dot = kDot * u;
    const QColor color = colorOf(lane, palette());
    double x = place.left();
    double y = place.top();
    const int count = static_cast<int>(lane.pods.size());
    const int shown = std::min(count, kMostDots);
    // Filled where ready, hollow where not.
    for (int pod = 0; pod < shown && y + dot <= place.bottom(); ++pod) {
        painter.setPen(QPen(color, 1.3));
        painter.setBrush(lane.pods[static_cast<std::size_t>(pod)].isReady() ? QBrush(color) : QBrush(Qt::NoBrush));
        painter.drawEllipse(QRectF(x, y, dot, dot));
        x += dot + u;
        if (x + dot > place.right()) {
            x = place.left();
            y += dot + u;
        }
    }
    if (count > shown && y + dot <= place.bottom()) {
        painter.setPen(secondaryColor(palette()));
        painter.drawText(QPointF(x + u, y + dot), u"+%1"_s.arg(count - shown));
    }
}

void TrafficPicture::paintSource(QPainter &painter, const QRectF &source) const
{
    const int u = unit(this);
    paintCard(painter, source, lineColor(palette()), palette().color(QPalette::Base), u);
    const QFont bold = semiBold(font());
    const QFontMetrics strong(bold);
    const QFont small = scaled(font(), kSecondaryFactor);
    const QFontMetrics smallMetrics(small);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRectF(source.left(), source.top() + 1.5 * u, source.width(), strong.height()), Qt::AlignCenter,
                     strong.elidedText(tr("Traffic"), Qt::ElideRight, static_cast<int>(source.width())));
    painter.setFont(small);
    painter.setPen(secondaryColor(palette()));
    const QString router = routerText();
    painter.drawText(QRectF(source.left() + u, source.top() + 1.5 * u + strong.height(), source.width() - 2 * u,
                            smallMetrics.height()),
                     Qt::AlignCenter,
                     smallMetrics.elidedText(router, Qt::ElideMiddle, static_cast<int>(source.width() - 2 * u)));
}

void TrafficPicture::paintFacts(QPainter &painter, double top) const
{
    const int u = unit(this);
    const QFont small = scaled(font(), kSecondaryFactor);
    const QFontMetrics metrics(small);
    QStringList lines = m_facts.first(std::min<qsizetype>(m_facts.size(), kMostFacts));
    if (m_lanes.leftOut > 0)
        lines << tr("%n more version(s)", nullptr, m_lanes.leftOut);
    painter.setFont(small);
    painter.setPen(secondaryColor(palette()));
    for (const QString &line : lines) {
        painter.drawText(QRectF(4 * u, top, width() - 8 * u, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(line, Qt::ElideMiddle, width() - 8 * u));
        top += metrics.height();
    }
}

} // namespace tiphys::ui
