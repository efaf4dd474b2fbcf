// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

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
    /// A version with the service in front of it.
    struct Lane
    {
        QString service;      ///< "" where no Service selects it
        QString role;
        QString title;        ///< "Revision 2 · yellow"
        QString count;        ///< "1/1"
        int weight = -1;      ///< per cent of the traffic, -1 if it gets none by a weight
        bool isNew = false;
        std::vector<service::RolloutPod> pods;
    };
    std::vector<Lane> lanesOf(const service::RolloutDetail &detail) const;
    QString described() const;

    QString m_router;
    QStringList m_facts;
    std::vector<Lane> m_lanes;
    double m_shownShare = 0; ///< of the new version, on its way to the true one
    service::RolloutId m_rollout; ///< that is shown
    double m_share = 0;
    QVariantAnimation m_motion;
};

} // namespace tiphys::ui
