// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/metric_chart.h"

#include "models/text.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"

#include <QLocale>
#include <QPainter>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// A value as a number: "0.97" or the first item of "[0.97]".
std::optional<double> numberOf(const std::string &value)
{
    QString shown = models::text(value).trimmed();
    if (shown.startsWith(u'['))
        shown = shown.mid(1).section(QRegularExpression(u"[,\\]]"_s), 0, 0).trimmed();
    bool isNumber = false;
    const double number = shown.toDouble(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

} // namespace

std::optional<double> thresholdOf(const std::string &condition)
{
    static const QRegularExpression kComparison(u"(?:<=|>=|<|>)\\s*(-?[0-9.]+)"_s);
    auto found = kComparison.globalMatch(models::text(condition));
    std::optional<double> threshold;
    while (found.hasNext()) {
        if (threshold)
            return std::nullopt;
        threshold = found.next().captured(1).toDouble();
    }
    return threshold;
}

MetricChart::MetricChart(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Measurements"));
}

QSize MetricChart::sizeHint() const
{
    const int u = unit(this);
    return {60 * u, 36 * u};
}

void MetricChart::show(const service::MetricRow &metric)
{
    m_metric = metric;
    m_threshold = thresholdOf(metric.successCondition.empty() ? metric.failureCondition : metric.successCondition);
    QStringList words;
    for (const service::MeasurementRow &each : metric.measurements)
        words << models::text(each.phase + " " + each.value);
    setAccessibleDescription(words.join(u", "_s));
    update();
}

void MetricChart::clear()
{
    m_metric = {};
    m_threshold.reset();
    update();
}

void MetricChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colors = palette();
    painter.fillRect(rect(), colors.color(QPalette::Base));
    const int u = unit(this);
    const QRectF area = QRectF(rect()).adjusted(12 * u, 3 * u, -3 * u, -4 * u);
    painter.setPen(lineColor(colors));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const std::vector<service::MeasurementRow> &measurements = m_metric.measurements;
    if (measurements.empty()) {
        painter.setPen(secondaryColor(colors));
        painter.drawText(rect(), Qt::AlignCenter, tr("No measurement yet."));
        return;
    }
    double low = m_threshold.value_or(0);
    double high = m_threshold.value_or(1);
    bool hasNumbers = m_threshold.has_value();
    for (const service::MeasurementRow &each : measurements) {
        if (const std::optional<double> number = numberOf(each.value)) {
            low = hasNumbers ? std::min(low, *number) : *number;
            high = hasNumbers ? std::max(high, *number) : *number;
            hasNumbers = true;
        }
    }
    const double margin = std::max((high - low) * 0.15, std::abs(high) * 0.02 + 1e-9);
    low -= margin;
    high += margin;
    const auto yOf = [&](double value) { return area.bottom() - (value - low) / (high - low) * area.height(); };
    const QFont small = scaled(font(), kSecondaryFactor);
    painter.setFont(small);
    if (m_threshold) {
        painter.setPen(QPen(statusColor(StatusColor::OutOfSync, colors), 1.2, Qt::DashLine));
        painter.drawLine(QPointF(area.left(), yOf(*m_threshold)), QPointF(area.right(), yOf(*m_threshold)));
        painter.setPen(secondaryColor(colors));
        painter.drawText(QRectF(0, yOf(*m_threshold) - 3 * u, area.left() - u, 6 * u),
                         Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(*m_threshold));
    }
    const auto first = measurements.front().startedAt;
    const auto last = std::max(first + 1, measurements.back().startedAt);
    QPointF before;
    for (std::size_t i = 0; i < measurements.size(); ++i) {
        const service::MeasurementRow &each = measurements[i];
        const double x = measurements.size() == 1
                             ? area.center().x()
                             : area.left() + u
                                   + static_cast<double>(each.startedAt - first) / static_cast<double>(last - first)
                                         * (area.width() - 2 * u);
        const std::optional<double> number = numberOf(each.value);
        // A measurement without a number (a Job) stands in the middle: its shape tells.
        const QPointF point(x, number ? yOf(*number) : area.center().y());
        if (i > 0) {
            painter.setPen(QPen(lineColor(colors), 1.2));
            painter.drawLine(before, point);
        }
        before = point;
    }
    for (std::size_t i = 0; i < measurements.size(); ++i) {
        const service::MeasurementRow &each = measurements[i];
        const double x = measurements.size() == 1
                             ? area.center().x()
                             : area.left() + u
                                   + static_cast<double>(each.startedAt - first) / static_cast<double>(last - first)
                                         * (area.width() - 2 * u);
        const std::optional<double> number = numberOf(each.value);
        const QPointF point(x, number ? yOf(*number) : area.center().y());
        const double size = 1.3 * u;
        if (each.phase == "Failed" || each.phase == "Error") {
            painter.setPen(QPen(statusColor(StatusColor::Degraded, colors), 2));
            painter.drawLine(point + QPointF(-size, -size), point + QPointF(size, size));
            painter.drawLine(point + QPointF(-size, size), point + QPointF(size, -size));
        } else if (each.phase == "Inconclusive") {
            painter.setPen(QPen(statusColor(StatusColor::OutOfSync, colors), 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(QRectF(point.x() - size, point.y() - size, 2 * size, 2 * size));
        } else {
            const bool isDone = each.phase == "Successful";
            const QColor color = statusColor(isDone ? StatusColor::Healthy : StatusColor::Progressing, colors);
            painter.setPen(QPen(color, 1.5));
            painter.setBrush(isDone ? QBrush(color) : QBrush(colors.color(QPalette::Base)));
            painter.drawEllipse(point, size, size);
        }
    }
}

} // namespace tiphys::ui
