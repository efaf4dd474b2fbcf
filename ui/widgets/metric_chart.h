// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QWidget>

#include <optional>

namespace tiphys::ui {

/// Measurements of one metric as points over time; failed and inconclusive ones have another shape. A threshold that
/// the conditions compare with is a line.
class MetricChart final : public QWidget
{
    Q_OBJECT

public:
    explicit MetricChart(QWidget *parent = nullptr);

    void show(const service::MetricRow &metric);
    void clear();
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    service::MetricRow m_metric;
    std::optional<double> m_threshold;
};

/// The number that \p condition compares with: 0.95 of "result[0] >= 0.95"; nothing if it has none or several.
std::optional<double> thresholdOf(const std::string &condition);

} // namespace tiphys::ui
