// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/traffic_picture.h"

#include "models/rollout_lists.h"
#include "models/text.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>

#include <algorithm>
#include <utility>
#include <chrono>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// More pods than this are told by their number alone.
constexpr int kMostDots = 40;
/// Old versions without pods are left out, and more than this many lanes too.
constexpr std::size_t kMostLanes = 4;
constexpr int kMotionMilliseconds = 120;

QString serviceRole(service::RolloutService::Role role)
{
    using Role = service::RolloutService::Role;
    switch (role) {
    case Role::Stable: return TrafficPicture::tr("stable");
    case Role::Canary: return TrafficPicture::tr("canary");
    case Role::Active: return TrafficPicture::tr("active");
    case Role::Preview: return TrafficPicture::tr("preview");
    }
    return {};
}

QString tagOf(const std::vector<std::string> &images)
{
    const QString image = images.empty() ? QString() : models::text(images.front()).section(u'/', -1);
    return image.contains(u':') ? image.section(u':', 1) : image;
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
    return {70 * u, 50 * u};
}

std::vector<TrafficPicture::Lane> TrafficPicture::lanesOf(const service::RolloutDetail &detail) const
{
    using Role = service::RolloutService::Role;
    const service::RolloutRow &row = detail.row;
    const int whole = std::max(1, row.maxWeight);
    std::vector<Lane> lanes;
    for (const service::RolloutRevision &revision : detail.revisions) {
        const bool isNew = row.isUpdating && revision.hash == row.podHash;
        const bool isStable = revision.hash == row.stableHash;
        if ((revision.replicas == 0 && !isNew && !isStable) || lanes.size() >= kMostLanes)
            continue;
        Lane lane;
        lane.isNew = isNew;
        lane.title = tr("Revision %1 · %2").arg(QString::number(revision.revision), tagOf(revision.images));
        lane.count = u"%1/%2"_s.arg(revision.available).arg(revision.replicas);
        lane.role = models::rolesOf(revision);
        lane.pods = revision.pods;
        for (const service::RolloutService &service : detail.services) {
            const bool isHere = service.hash.empty() ? isStable : service.hash == revision.hash;
            if (!isHere)
                continue;
            const bool isNamed = lane.service.isEmpty();
            // A version may have both: after an abort the canary service selects the stable one.
            const bool isFirst = service.role == Role::Stable || service.role == Role::Active || isNamed;
            if (isFirst)
                lane.service = models::text(service.name) + u" ("_s + serviceRole(service.role) + u')';
            if (service.role == Role::Active)
                lane.weight = 100;
            else if (service.role == Role::Preview && lane.weight < 0)
                lane.weight = 0;
        }
        if (!row.isBlueGreen && (isNew || isStable))
            lane.weight = isNew ? row.weight * 100 / whole : 100 - (row.isUpdating ? row.weight * 100 / whole : 0);
        lanes.push_back(std::move(lane));
    }
    return lanes;
}

QString TrafficPicture::described() const
{
    QStringList parts;
    for (const Lane &lane : m_lanes) {
        QString part = lane.title + u" ("_s + lane.role + u"), "_s + tr("%1 pods ready").arg(lane.count);
        if (lane.weight >= 0)
            part += u", "_s + tr("%1 % of the traffic").arg(lane.weight);
        if (!lane.service.isEmpty())
            part += u", "_s + lane.service;
        parts << part;
    }
    return (parts + m_facts).join(u"; "_s);
}

void TrafficPicture::show(const service::RolloutDetail &detail)
{
    m_lanes = lanesOf(detail);
    m_router.clear();
    m_facts.clear();
    for (const service::RouterRow &router : detail.routers) {
        if (m_router.isEmpty())
            m_router = models::text(router.kind + " " + router.name);
        for (const std::string &fact : router.facts)
            m_facts << models::text(fact);
    }
    const auto lane = std::ranges::find_if(m_lanes, &Lane::isNew);
    const double share = lane == m_lanes.end() ? 0 : std::max(0, lane->weight) / 100.0;
    // Only what moves while one looks at it is seen to move: the first picture is where it stands.
    const bool isSame = std::exchange(m_rollout, detail.row.id) == detail.row.id;
    if (share != m_share || !isSame) {
        m_share = share;
        const bool isMoving = isSame && isVisible() && style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
        m_motion.stop();
        if (isMoving) {
            m_motion.setStartValue(m_shownShare);
            m_motion.setEndValue(share);
            m_motion.start();
        } else {
            m_shownShare = share;
        }
    }
    setAccessibleDescription(described());
    setToolTip(m_facts.join(u'\n'));
    update();
}

void TrafficPicture::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int u = unit(this);
    const QPalette &colors = palette();
    painter.fillRect(rect(), colors.color(QPalette::Base));
    if (hasFocus()) {
        painter.setPen(colors.color(QPalette::Highlight));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
    const QFont small = scaled(font(), kSecondaryFactor);
    const QFontMetrics smallMetrics(small);
    if (m_lanes.empty()) {
        painter.setPen(secondaryColor(colors));
        painter.drawText(rect(), Qt::AlignCenter, tr("No pods yet."));
        return;
    }
    const int factsHeight = m_facts.isEmpty() ? 0 : static_cast<int>(std::min<qsizetype>(m_facts.size(), 4)) * smallMetrics.height() + 4 * u;
    const QRectF area = QRectF(rect()).adjusted(4 * u, 4 * u, -4 * u, -4 * u - factsHeight);
    const double sourceWidth = std::min(34.0 * u, area.width() * 0.24);
    const double laneWidth = std::min(82.0 * u, area.width() * 0.56);
    const double laneLeft = area.right() - laneWidth;
    const double laneHeight = std::min(32.0 * u, area.height() / static_cast<double>(m_lanes.size()) - 3 * u);
    const double total = static_cast<double>(m_lanes.size()) * (laneHeight + 3 * u) - 3 * u;
    const double top = area.top() + std::max(0.0, (std::min(area.height(), 120.0 * u) - total) / 2);
    const double middle = top + total / 2;
    const QColor newColor = statusColor(StatusColor::Progressing, colors);
    const QColor stableColor = statusColor(StatusColor::Healthy, colors);

    const QRectF source(area.left(), middle - 7 * u, sourceWidth, 14 * u);
    const auto card = [&](const QRectF &box, const QColor &edge) {
        painter.setPen(QPen(edge, 1));
        painter.setBrush(colors.color(QPalette::Base));
        painter.drawRoundedRect(box, 1.5 * u, 1.5 * u);
    };
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        const Lane &lane = m_lanes[i];
        const QRectF box(laneLeft, top + static_cast<double>(i) * (laneHeight + 3 * u), laneWidth, laneHeight);
        const QColor color = lane.isNew ? newColor : stableColor;
        const bool hasTraffic = lane.weight > 0;
        double share = std::max(0, lane.weight) / 100.0;
        if (lane.isNew)
            share = m_shownShare;
        else if (lane.weight >= 0 && std::ranges::any_of(m_lanes, &Lane::isNew) && lane.weight < 100)
            share = 1 - m_shownShare;
        if (lane.weight >= 0) {
            const QPointF from(source.right(), middle);
            const QPointF to(box.left(), box.center().y());
            QPainterPath path(from);
            path.cubicTo(QPointF((from.x() + to.x()) / 2, from.y()), QPointF((from.x() + to.x()) / 2, to.y()), to);
            QPen pen(hasTraffic ? color : lineColor(colors), std::max(1.2, share * 5.0 * u));
            pen.setCapStyle(Qt::FlatCap);
            if (!hasTraffic)
                pen.setStyle(Qt::DashLine);
            painter.setPen(pen);
            painter.setBrush(Qt::NoBrush);
            painter.drawPath(path);
            const QString number = tr("%1 %").arg(qRound(share * 100));
            const QFontMetrics strong(semiBold(font()));
            const double width = strong.horizontalAdvance(number) + 3.0 * u;
            const QPointF at = path.pointAtPercent(0.6);
            const QRectF label(at.x() - width / 2, at.y() - 3 * u, width, 6 * u);
            painter.setPen(QPen(hasTraffic ? color : lineColor(colors), 1));
            painter.setBrush(colors.color(QPalette::Base));
            painter.drawRoundedRect(label, 3 * u, 3 * u);
            painter.setFont(semiBold(font()));
            painter.setPen(colors.color(QPalette::Text));
            painter.drawText(label, Qt::AlignCenter, number);
        }
        card(box, hasTraffic ? color : lineColor(colors));
        const QRectF inner = box.adjusted(2.5 * u, 1.5 * u, -2.5 * u, -1.5 * u);
        painter.setFont(semiBold(font()));
        painter.setPen(colors.color(QPalette::Text));
        const double countWidth = fontMetrics().horizontalAdvance(lane.count) + u;
        const QFontMetrics strong(semiBold(font()));
        painter.drawText(QRectF(inner.left(), inner.top(), inner.width() - countWidth, strong.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         strong.elidedText(lane.title, Qt::ElideMiddle, static_cast<int>(inner.width() - countWidth)));
        painter.setFont(font());
        painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), strong.height()), Qt::AlignRight | Qt::AlignVCenter, lane.count);
        painter.setFont(small);
        painter.setPen(secondaryColor(colors));
        const QString under = lane.service.isEmpty() ? lane.role : lane.service;
        painter.drawText(QRectF(inner.left(), inner.top() + strong.height(), inner.width(), smallMetrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         smallMetrics.elidedText(under, Qt::ElideMiddle, static_cast<int>(inner.width())));
        // Pods: filled where ready, hollow where not.
        const double dot = 2.6 * u;
        double x = inner.left();
        double y = inner.top() + strong.height() + smallMetrics.height() + 1.5 * u;
        const int shown = std::min<int>(static_cast<int>(lane.pods.size()), kMostDots);
        for (int pod = 0; pod < shown && y + dot <= box.bottom(); ++pod) {
            const bool isReady = lane.pods[static_cast<std::size_t>(pod)].isReady();
            painter.setPen(QPen(color, 1.3));
            painter.setBrush(isReady ? QBrush(color) : QBrush(Qt::NoBrush));
            painter.drawEllipse(QRectF(x, y, dot, dot));
            x += dot + u;
            if (x + dot > inner.right()) {
                x = inner.left();
                y += dot + u;
            }
        }
        if (static_cast<int>(lane.pods.size()) > shown) {
            painter.setPen(secondaryColor(colors));
            painter.drawText(QPointF(x + u, y + dot), u"+%1"_s.arg(static_cast<int>(lane.pods.size()) - shown));
        }
    }
    card(source, lineColor(colors));
    painter.setFont(semiBold(font()));
    painter.setPen(colors.color(QPalette::Text));
    const QFontMetrics strong(semiBold(font()));
    painter.drawText(QRectF(source.left(), source.top() + 1.5 * u, source.width(), strong.height()), Qt::AlignCenter,
                     strong.elidedText(tr("Traffic"), Qt::ElideRight, static_cast<int>(source.width())));
    painter.setFont(small);
    painter.setPen(secondaryColor(colors));
    const QString router = m_router.isEmpty() ? tr("by pods") : m_router;
    painter.drawText(QRectF(source.left() + u, source.top() + 1.5 * u + strong.height(), source.width() - 2 * u, smallMetrics.height()),
                     Qt::AlignCenter, smallMetrics.elidedText(router, Qt::ElideMiddle, static_cast<int>(source.width() - 2 * u)));
    double y = rect().bottom() - factsHeight;
    for (qsizetype i = 0; i < std::min<qsizetype>(m_facts.size(), 4); ++i) {
        painter.drawText(QRectF(4 * u, y, width() - 8 * u, smallMetrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         smallMetrics.elidedText(m_facts[i], Qt::ElideMiddle, width() - 8 * u));
        y += smallMetrics.height();
    }
}

} // namespace tiphys::ui
