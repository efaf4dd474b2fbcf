// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/health_bar.h"

#include "models/status_text.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace tiphys::ui {

namespace {

QString legendText(const models::HealthShare &share)
{
    return QLocale().toString(share.count) + QLatin1Char(' ') + models::statusWord(share.health);
}

} // namespace

HealthBar::HealthBar(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Health of all applications"));
}

void HealthBar::setShares(const std::vector<models::HealthShare> &shares)
{
    if (shares == m_shares)
        return;
    m_shares = shares;
    QStringList words;
    for (const models::HealthShare &share : m_shares)
        words << legendText(share);
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    update();
}

QSize HealthBar::sizeHint() const
{
    const int u = unit(this);
    return {80 * u, 9 * u};
}

void HealthBar::layoutLegend()
{
    const int u = unit(this);
    const auto place = [this, u](int gap) {
        m_legend.clear();
        int x = 0;
        for (const models::HealthShare &share : m_shares) {
            const int words = fontMetrics().horizontalAdvance(shownText(share));
            m_legend.push_back({QRect(x, 3 * u, 6 * u + words, height() - 3 * u), share.health});
            x = m_legend.back().rect.right() + 1 + gap;
        }
        return x - gap <= width();
    };
    m_hasWords = true;
    if (place(4 * u) || place(2 * u))
        return;
    // The mark and the colour say it too, and the tooltip.
    m_hasWords = false;
    place(4 * u);
}

void HealthBar::paintEvent(QPaintEvent *)
{
    layoutLegend();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int u = unit(this);
    int total = 0;
    for (const models::HealthShare &share : m_shares)
        total += share.count;
    const QRectF bar(0, 0.5, width(), 1.75 * u);
    QPainterPath clip;
    clip.addRoundedRect(bar, bar.height() / 2, bar.height() / 2);
    painter.setClipPath(clip);
    painter.fillRect(bar, lineColor(palette()));
    double x = 0;
    for (const models::HealthShare &share : m_shares) {
        const double width = std::max(3.0, bar.width() * share.count / std::max(1, total));
        painter.fillRect(QRectF(x, bar.top(), width - 1.5, bar.height()),
                         statusColor(markOf(share.health).color, palette()));
        x += width;
    }
    painter.setClipping(false);
    for (std::size_t i = 0; i < m_shares.size(); ++i) {
        const MarkStyle style = markOf(m_shares[i].health);
        const QRect &rect = m_legend[i].rect;
        paintMark(painter, QRectF(rect.left(), rect.center().y() - 2 * u + 0.5, 4 * u, 4 * u), style.mark,
                  statusColor(style.color, palette()));
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(rect.adjusted(5 * u, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, shownText(m_shares[i]));
    }
}

QString HealthBar::shownText(const models::HealthShare &share) const
{
    return m_hasWords ? legendText(share) : QLocale().toString(share.count);
}

const HealthBar::Area *HealthBar::areaAt(const QPoint &point) const
{
    for (const Area &area : m_legend) {
        if (area.rect.contains(point))
            return &area;
    }
    return nullptr;
}

void HealthBar::mousePressEvent(QMouseEvent *event)
{
    if (const Area *area = areaAt(event->position().toPoint()))
        Q_EMIT healthClicked(area->health);
}

void HealthBar::mouseMoveEvent(QMouseEvent *event)
{
    const Area *area = areaAt(event->position().toPoint());
    setCursor(area ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setToolTip(!area ? QString()
               : m_hasWords
                   ? models::explanation(area->health)
                   : QString(models::statusWord(area->health) + QLatin1Char('\n') + models::explanation(area->health)));
}

} // namespace tiphys::ui
