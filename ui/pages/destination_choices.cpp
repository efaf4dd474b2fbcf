// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/destination_choices.h"

#include "models/machine_text.h"
#include "models/text.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QMenu>
#include <QPushButton>

#include <chrono>
#include <utility>

using namespace std::chrono_literals;

namespace tiphys::ui {

using service::DestinationContext;

namespace {

/// News of clusters and applications within this time are asked about once.
constexpr auto kPause = 300ms;

} // namespace

DestinationChoices::DestinationChoices(UiContext context, service::MachineChoices &choices, QWidget *parent)
    : QWidget(parent), m_context(std::move(context)), m_choices(choices), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_later.setSingleShot(true);
    m_later.setInterval(kPause);
    connect(&m_later, &QTimer::timeout, this, &DestinationChoices::ask);
    connect(&m_context.service, &service::Service::clustersChanged, this, &DestinationChoices::askLater);
    connect(&m_context.service, &service::Service::applicationsChanged, this, &DestinationChoices::askLater);
}

void DestinationChoices::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    askLater();
}

void DestinationChoices::askLater()
{
    if (isVisible() && !m_later.isActive())
        m_later.start();
}

void DestinationChoices::ask()
{
    service::whenDone(m_choices.destinationContexts(), this,
                      [this](const Expected<std::vector<DestinationContext>> &destinations) {
                          if (destinations)
                              show(*destinations);
                          else
                              Q_EMIT failed(models::sentence(destinations.error().text()));
                          m_hasAnswer = true;
                          Q_EMIT answered();
                      });
}

void DestinationChoices::show(const std::vector<DestinationContext> &destinations)
{
    // What did not change stays: a menu may be open, and a button have the focus.
    QStringList texts;
    QStringList shown;
    for (const Row &row : std::as_const(m_rows))
        shown << row.title << row.text;
    for (const DestinationContext &destination : destinations)
        texts << models::destinationTitle(destination)
              << models::destinationText(destination, *m_context.service.clusters());
    if (m_hasAnswer && destinations == m_destinations && texts == shown)
        return;
    m_destinations = destinations;
    rebuild();
}

void DestinationChoices::rebuild()
{
    // Whoever worked with the keyboard goes on with the same destination.
    QString focused;
    for (const Row &row : std::as_const(m_rows)) {
        if ((row.choose && row.choose->hasFocus()) || (row.takeBack && row.takeBack->hasFocus()))
            focused = row.title;
    }
    if (m_list) {
        m_list->hide();
        m_list->deleteLater(); // one of its buttons may be what called
    }
    m_rows.clear();
    m_list = new QWidget(this);
    auto *column = new QVBoxLayout(m_list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * unit(this));
    for (const DestinationContext &destination : m_destinations) {
        Row row;
        column->addWidget(makeRow(destination, row));
        m_rows << row;
    }
    if (m_destinations.empty())
        column->addWidget(new TextLabel(TextLabel::Rank::Body, tr("None."), m_list));
    m_column->addWidget(m_list);
    m_list->show();
    QWidget *before = m_previous;
    for (const Row &row : std::as_const(m_rows)) {
        for (QPushButton *button : {row.choose, row.takeBack}) {
            if (button && before)
                setTabOrder(before, button);
            before = button ? button : before;
        }
        if (!focused.isEmpty() && row.title == focused && row.choose)
            row.choose->setFocus();
    }
}

QWidget *DestinationChoices::makeRow(const DestinationContext &destination, Row &row)
{
    const int u = unit(this);
    row.title = models::destinationTitle(destination);
    row.text = models::destinationText(destination, *m_context.service.clusters());
    auto *widget = new QWidget(m_list);
    auto *column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(u);
    column->addWidget(new TextLabel(TextLabel::Rank::Body, row.title, widget));
    column->addWidget(new TextLabel(TextLabel::Rank::Secondary, row.text, widget));
    if (destination.server.empty())
        return widget;
    auto *acts = new QHBoxLayout;
    acts->setSpacing(2 * u);
    row.choose = new QPushButton(tr("Choose a context…"), widget);
    row.choose->setAccessibleName(tr("Choose a context for %1").arg(row.title));
    auto *menu = new QMenu(row.choose);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, destination] { fillMenu(*menu, destination); });
    row.choose->setMenu(menu);
    acts->addWidget(row.choose);
    if (!destination.chosen.empty()) {
        row.takeBack = new QPushButton(tr("Take back"), widget);
        row.takeBack->setAccessibleName(
            tr("Take back: %1 for %2", "context, destination").arg(models::text(destination.chosen), row.title));
        acts->addWidget(row.takeBack);
        connect(row.takeBack, &QPushButton::clicked, this, [this, server = destination.server] { choose(server, {}); });
    }
    acts->addStretch(1);
    column->addLayout(acts);
    return widget;
}

void DestinationChoices::fillMenu(QMenu &menu, const DestinationContext &destination)
{
    menu.clear();
    for (const service::ClusterState &cluster : m_context.service.clusters()->clusters) {
        QString title = tr("%1 (%2)").arg(models::text(cluster.context), models::text(cluster.server));
        QAction *action = menu.addAction(title.replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(cluster.context == destination.chosen);
        connect(action, &QAction::triggered, this,
                [this, server = destination.server, context = cluster.context] { choose(server, context); });
    }
    if (menu.isEmpty())
        menu.addAction(tr("The kubeconfig has no contexts"))->setEnabled(false);
}

void DestinationChoices::choose(const std::string &server, const std::string &context)
{
    if (!context.empty())
        m_context.settings.setTicked(models::text(context), true);
    service::whenDone(m_context.service.chooseContext(server, context), this,
                      [this](const Expected<service::Done> &done) {
                          if (!done)
                              Q_EMIT failed(models::sentence(done.error().text()));
                          ask();
                      });
}

} // namespace tiphys::ui
