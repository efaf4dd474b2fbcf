// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rollout_forecast.h"

#include "models/text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/forecast_chart.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plain_text.h"

#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace tiphys::ui {

RolloutForecast::RolloutForecast(service::Rollouts &rollouts, QWidget *parent)
    : QWidget(parent), m_rollouts(rollouts), m_chart(new ForecastChart(this)),
      m_text(readOnlyText(tr("Simulation"), this))
{
    const int u = unit(this);
    m_text->document()->setDocumentMargin(4 * u);
    m_text->setFont(monospace(font()));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_chart);
    column->addWidget(new Line(Qt::Horizontal, this));
    column->addWidget(m_text, 1);
    m_chart->hide();
}

void RolloutForecast::ask(const service::RolloutDetail &detail)
{
    if (m_isAsking)
        return;
    const Way way(detail.row.podHash, detail.row.steps);
    if (m_shown == way)
        return;
    m_isAsking = true;
    service::whenDone(m_rollouts.simulate(detail.row.id), this,
                      [this, way, asked = ++m_asked](const Expected<service::RolloutForecast> &forecast) {
                          if (asked == m_asked)
                              take(way, forecast);
                      });
}

void RolloutForecast::take(const Way &way, const Expected<service::RolloutForecast> &forecast)
{
    m_isAsking = false;
    if (forecast)
        m_shown = way;
    else
        m_shown.reset(); // asked again with the next news, or when one comes back
    m_chart->show(forecast ? forecast->moments : std::vector<service::ForecastMoment>());
    m_chart->setVisible(forecast && forecast->moments.size() > 1);
    replaceText(*m_text, forecast ? models::text(forecast->text) : models::sentence(forecast.error().text()));
    Q_EMIT settled();
}

void RolloutForecast::forget()
{
    m_shown.reset();
    m_isAsking = false;
    ++m_asked;
    m_text->clear();
    m_chart->clear();
    m_chart->hide();
}

bool RolloutForecast::isSettled() const
{
    return !text().isEmpty();
}

QString RolloutForecast::text() const
{
    return m_text->toPlainText();
}

QList<QWidget *> RolloutForecast::panes() const
{
    return {m_text};
}

} // namespace tiphys::ui
