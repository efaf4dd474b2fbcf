// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/application_table.h"

#include <QWidget>

namespace tiphys::ui {

/// One bar of health shares with its legend; a click narrows the list to one health.
class HealthBar final : public QWidget
{
    Q_OBJECT

public:
    explicit HealthBar(QWidget *parent = nullptr);

    void setShares(const std::vector<models::HealthShare> &shares);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void healthClicked(tiphys::service::HealthStatus health);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    struct Area
    {
        QRect rect;
        service::HealthStatus health;
    };
    void layoutLegend();
    QString shownText(const models::HealthShare &share) const;
    const Area *areaAt(const QPoint &point) const;

    std::vector<models::HealthShare> m_shares;
    std::vector<Area> m_legend;
    bool m_hasWords = true; ///< the legend has room for the words
};

} // namespace tiphys::ui
