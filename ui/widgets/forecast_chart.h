// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QWidget>

#include <vector>

namespace tiphys::ui {

/// The way of an update over time: the new version's traffic as a line of steps above, the available pods of both
/// versions below. Long waits are drawn shorter than they are; the times are written under them.
class ForecastChart final : public QWidget
{
    Q_OBJECT

public:
    explicit ForecastChart(QWidget *parent = nullptr);

    void show(std::vector<service::ForecastMoment> moments);
    void clear() { show({}); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    bool isRouted() const;
    QRectF area() const;
    QRectF weightArea() const;
    QRectF podArea() const;
    double xOf(std::size_t moment) const;
    void paintWeights(QPainter &painter) const;
    void paintPods(QPainter &painter) const;
    void paintTimes(QPainter &painter) const;

    std::vector<service::ForecastMoment> m_moments;
    std::vector<double> m_places; ///< of the moments, from 0 to 1
};

} // namespace tiphys::ui
