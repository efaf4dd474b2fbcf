// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QWidget>

#include <optional>

class QPlainTextEdit;

namespace tiphys::ui {

class ForecastChart;

/// The whole way of a Rollout's update before anything is done: weights and pods over time, and below them what would be
/// written.
class RolloutForecast final : public QWidget
{
    Q_OBJECT

public:
    explicit RolloutForecast(service::Rollouts &rollouts, QWidget *parent = nullptr);

    /// Asks for the way of \p detail's update, unless that of its version with its steps is shown or asked for.
    void ask(const service::RolloutDetail &detail);
    /// Nothing is shown, and what was asked for is no longer waited for.
    void forget();
    /// False until the first answer.
    bool isSettled() const;
    QString text() const;
    /// Parts that take the keyboard.
    QList<QWidget *> panes() const;

Q_SIGNALS:
    void settled();

private:
    /// What a simulation depends on: the version and its steps.
    using Way = std::pair<std::string, std::vector<service::RolloutStep>>;
    void take(const Way &way, const Expected<service::RolloutForecast> &forecast);

    service::Rollouts &m_rollouts;
    std::optional<Way> m_shown;
    bool m_isAsking = false;
    int m_asked = 0;

    ForecastChart *m_chart;
    QPlainTextEdit *m_text;
};

} // namespace tiphys::ui
