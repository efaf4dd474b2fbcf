// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/traffic_lanes.h"

#include <QVariantAnimation>
#include <QWidget>

namespace tiphys::ui {

/// Where the traffic of a Rollout goes: router, services, replica sets, pods as dots; a line is as wide as its share.
/// The same facts stand in its accessible description.
class TrafficPicture final : public QWidget
{
    Q_OBJECT

public:
    explicit TrafficPicture(QWidget *parent = nullptr);

    void show(const service::RolloutDetail &detail);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    /// Where the parts of the picture are.
    struct Layout
    {
        QRectF source;
        double laneLeft = 0;
        double laneWidth = 0;
        double laneHeight = 0;
        double top = 0;
        double gap = 0;
        double factsTop = 0;

        QRectF lane(std::size_t index) const
        {
            return {laneLeft, top + static_cast<double>(index) * (laneHeight + gap), laneWidth, laneHeight};
        }
    };
    Layout layoutOfNow() const;
    /// Of the lane with most pods, as high as what is in it.
    double wantedLaneHeight(double width) const;
    QString routerText() const;
    /// Share of the traffic as it is drawn now: 0 to 1.
    double shownShareOf(const models::TrafficLane &lane) const;
    void paintSource(QPainter &painter, const QRectF &source) const;
    void paintWay(QPainter &painter, const models::TrafficLane &lane, const QRectF &source, const QRectF &box) const;
    void paintLane(QPainter &painter, const models::TrafficLane &lane, const QRectF &box) const;
    void paintPods(QPainter &painter, const models::TrafficLane &lane, const QRectF &place) const;
    void paintFacts(QPainter &painter, double top) const;

    QString m_router;
    QStringList m_facts;
    models::TrafficLanes m_lanes;
    double m_shownShare = 0;      ///< of the new version, on its way to the true one
    service::RolloutId m_rollout; ///< that is shown
    double m_share = 0;
    QVariantAnimation m_motion;
};

} // namespace tiphys::ui
