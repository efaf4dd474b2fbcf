// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/forecast_chart.h"

#include "models/forecast_text.h"
#include "models/rollout_text.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// A line of steps: level from each place to the next.
QPainterPath stepsThrough(const std::vector<QPointF> &points, double right)
{
    QPainterPath path;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i == 0)
            path.moveTo(points[i]);
        else
            path.lineTo(points[i]);
        path.lineTo(i + 1 < points.size() ? points[i + 1].x() : right, points[i].y());
    }
    return path;
}

QPainterPath filledDownTo(QPainterPath path, double left, double right, double bottom)
{
    path.lineTo(right, bottom);
    path.lineTo(left, bottom);
    path.closeSubpath();
    return path;
}

} // namespace

ForecastChart::ForecastChart(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Weights and pods over time"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize ForecastChart::sizeHint() const
{
    const int u = unit(this);
    return {120 * u, (isRouted() ? 52 : 32) * u};
}

QSize ForecastChart::minimumSizeHint() const
{
    return {40 * unit(this), sizeHint().height()};
}

void ForecastChart::show(std::vector<service::ForecastMoment> moments)
{
    m_moments = std::move(moments);
    m_places = models::forecastPlaces(m_moments);
    QStringList sentences;
    for (const service::ForecastMoment &moment : m_moments)
        sentences << models::forecastSentence(moment);
    setAccessibleDescription(sentences.join(u"\n"_s));
    updateGeometry();
    update();
}

bool ForecastChart::isRouted() const
{
    return std::ranges::any_of(m_moments,
                               [](const service::ForecastMoment &moment) { return moment.weight.has_value(); });
}

QRectF ForecastChart::area() const
{
    const int u = unit(this);
    return QRectF(rect()).adjusted(14 * u, 6 * u, -4 * u, -7 * u);
}

QRectF ForecastChart::weightArea() const
{
    QRectF part = area();
    part.setHeight(part.height() * 0.45);
    return part;
}

QRectF ForecastChart::podArea() const
{
    QRectF part = area();
    if (isRouted())
        part.setTop(part.top() + part.height() * 0.62);
    return part;
}

double ForecastChart::xOf(std::size_t moment) const
{
    return area().left() + m_places[moment] * area().width();
}

bool ForecastChart::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || m_moments.empty())
        return QWidget::event(event);
    const auto *help = static_cast<const QHelpEvent *>(event);
    // Of the moments at one place the last one lasts.
    std::size_t at = 0;
    while (at + 1 < m_moments.size() && xOf(at + 1) <= help->pos().x())
        ++at;
    QToolTip::showText(help->globalPos(), models::forecastSentence(m_moments[at]), this);
    return true;
}

void ForecastChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    if (m_moments.empty())
        return;
    painter.setFont(scaled(font(), kSecondaryFactor));
    if (isRouted())
        paintWeights(painter);
    paintPods(painter);
    paintTimes(painter);
}

void ForecastChart::paintWeights(QPainter &painter) const
{
    const QPalette &colors = palette();
    const int u = unit(this);
    const QRectF part = weightArea();
    std::vector<QPointF> points;
    for (std::size_t i = 0; i < m_moments.size(); ++i)
        points.emplace_back(xOf(i), part.bottom() - part.height() * m_moments[i].weight.value_or(0) / 100);
    const QColor color = statusColor(StatusColor::Progressing, colors);
    const QPainterPath line = stepsThrough(points, part.right());
    painter.fillPath(filledDownTo(line, part.left(), part.right(), part.bottom()),
                     blended(color, colors.color(QPalette::Base), 0.18));
    painter.setPen(QPen(lineColor(colors), 1));
    painter.drawLine(part.bottomLeft(), part.bottomRight());
    painter.setPen(QPen(color, 1.6));
    painter.drawPath(line);
    painter.setPen(secondaryColor(colors));
    painter.drawText(QRectF(0, part.top(), part.left() - 1.5 * u, part.height()), Qt::AlignRight | Qt::AlignVCenter,
                     tr("Traffic"));
    painter.setPen(colors.color(QPalette::Text));
    double free = part.left();
    for (std::size_t i = 1; i < m_moments.size(); ++i) {
        if (m_moments[i].weight == m_moments[i - 1].weight)
            continue;
        const QString shown = models::percent(m_moments[i].weight.value_or(0), 100);
        const int width = painter.fontMetrics().horizontalAdvance(shown);
        const double left = std::min(points[i].x() + 0.5 * u, part.right() - width);
        if (left < free)
            continue;
        painter.drawText(QPointF(left, points[i].y() - u), shown);
        free = left + width + u;
    }
}

void ForecastChart::paintPods(QPainter &painter) const
{
    const QPalette &colors = palette();
    const int u = unit(this);
    const QRectF part = podArea();
    int most = 1;
    for (const service::ForecastMoment &moment : m_moments)
        most = std::max(most, moment.newAvailable + moment.stableAvailable);
    std::vector<QPointF> all;
    std::vector<QPointF> fresh;
    for (std::size_t i = 0; i < m_moments.size(); ++i) {
        const service::ForecastMoment &moment = m_moments[i];
        all.emplace_back(xOf(i), part.bottom() - part.height() * (moment.newAvailable + moment.stableAvailable) / most);
        fresh.emplace_back(xOf(i), part.bottom() - part.height() * moment.newAvailable / most);
    }
    const QColor base = colors.color(QPalette::Base);
    const QColor newColor = statusColor(StatusColor::Progressing, colors);
    const QPainterPath top = stepsThrough(all, part.right());
    const QPainterPath between = stepsThrough(fresh, part.right());
    painter.fillPath(filledDownTo(top, part.left(), part.right(), part.bottom()),
                     blended(statusColor(StatusColor::Healthy, colors), base, 0.22));
    painter.fillPath(filledDownTo(between, part.left(), part.right(), part.bottom()), base);
    painter.fillPath(filledDownTo(between, part.left(), part.right(), part.bottom()), blended(newColor, base, 0.35));
    painter.setPen(QPen(statusColor(StatusColor::Healthy, colors), 1.2));
    painter.drawPath(top);
    painter.setPen(QPen(newColor, 1.2));
    painter.drawPath(between);
    painter.setPen(QPen(lineColor(colors), 1));
    painter.drawLine(part.bottomLeft(), part.bottomRight());
    painter.setPen(secondaryColor(colors));
    painter.drawText(QRectF(0, part.top() - 2 * u, part.left() - 1.5 * u, part.height() + 4 * u),
                     Qt::AlignRight | Qt::AlignVCenter, tr("Pods, %1").arg(most));
    // Which area is which, where the first and the last pods are.
    painter.setPen(colors.color(QPalette::Text));
    const QRectF words = part.adjusted(u, u, -u, -u);
    if (m_moments.front().stableAvailable > 0)
        painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, tr("stable"));
    if (m_moments.back().newAvailable > 0)
        painter.drawText(words, Qt::AlignRight | Qt::AlignBottom, tr("new"));
}

void ForecastChart::paintTimes(QPainter &painter) const
{
    const QPalette &colors = palette();
    const int u = unit(this);
    const QRectF whole = area();
    double free = 0;
    for (std::size_t i = 0; i < m_moments.size(); ++i) {
        if (i > 0 && m_moments[i].milliseconds == m_moments[i - 1].milliseconds)
            continue;
        const double x = xOf(i);
        const QString shown = models::forecastTime(m_moments[i]);
        const double width = painter.fontMetrics().horizontalAdvance(shown);
        const double left = std::clamp(x - width / 2, 0.0, std::max(0.0, static_cast<double>(this->width()) - width));
        if (left < free)
            continue;
        painter.setPen(QPen(lineColor(colors), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, whole.top()), QPointF(x, whole.bottom() + u));
        painter.setPen(secondaryColor(colors));
        painter.drawText(QPointF(left, whole.bottom() + u + painter.fontMetrics().ascent()), shown);
        free = left + width + 2 * u;
    }
    for (std::size_t i = 0; i < m_moments.size(); ++i) {
        if (!m_moments[i].isPromotion)
            continue;
        // A person is needed here.
        painter.setPen(QPen(statusColor(StatusColor::Suspended, colors), 1.6));
        painter.drawLine(QPointF(xOf(i), whole.top() - 3 * u), QPointF(xOf(i), whole.bottom()));
        const QString shown = tr("you promote");
        const double width = painter.fontMetrics().horizontalAdvance(shown);
        painter.drawText(QPointF(std::min(xOf(i) + u, this->width() - width), whole.top() - u), shown);
    }
}

} // namespace tiphys::ui
