// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rollout_bar.h"

#include "models/rollout_text.h"
#include "models/text.h"
#include "service/service.h"
#include "ui/dialogs/rollout_sheet.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::RolloutAct;

RolloutBar::RolloutBar(service::Service &service, std::function<service::WallTime()> now, QWidget *parent)
    : QWidget(parent), m_service(service), m_now(std::move(now)), m_text(new TextLabel(TextLabel::Rank::Body, {}, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, u, 3 * u, u);
    column->setSpacing(2 * u);
    column->addWidget(m_text);
    auto *row = new QHBoxLayout;
    row->setSpacing(2 * u);
    for (const RolloutAct act :
         {RolloutAct::Promote, RolloutAct::Pause, RolloutAct::Resume, RolloutAct::Abort, RolloutAct::Retry}) {
        auto *button = new QPushButton(models::actText(act), this);
        connect(button, &QPushButton::clicked, this, [this, act] { openSheet(act); });
        m_buttons[act] = button;
        row->addWidget(button);
    }
    makePrimary(m_buttons[RolloutAct::Promote]);
    auto *open = new QPushButton(tr("Open Rollout"), this);
    connect(open, &QPushButton::clicked, this, [this] {
        if (m_id)
            Q_EMIT openRequested(*m_id);
    });
    row->addWidget(open);
    row->addStretch();
    column->addLayout(row);
    connect(&service::rolloutsOf(m_service), &service::Rollouts::rolloutChanged, this,
            [this](const service::RolloutId &id) {
                if (m_id == id)
                    update();
            });
    hide();
}

RolloutBar::~RolloutBar()
{
    clear();
}

void RolloutBar::show(const service::AppRow &app, const std::string &ns, const std::string &name)
{
    const service::ClustersPtr clusters = m_service.clusters();
    const auto isDestination = [&](const std::string &context) {
        return std::ranges::any_of(clusters->clusters, [&](const service::ClusterState &cluster) {
            return cluster.context == context
                   && (cluster.server == app.destination || cluster.context == app.destination);
        });
    };
    const auto nearnessOf = [&](const service::RolloutRow &row) {
        if (row.app == app.id)
            return 3;
        if (isDestination(row.id.context))
            return 2;
        return row.id.context == app.id.context ? 1 : 0;
    };
    const service::RolloutsPtr rollouts = service::rolloutsOf(m_service).rollouts();
    const service::RolloutRow *found = nullptr;
    for (const service::RolloutRowPtr &row : rollouts->rows) {
        if (row->id.ns == ns && row->id.name == name && nearnessOf(*row) > (found ? nearnessOf(*found) : 0))
            found = row.get();
    }
    if (!found) {
        clear();
        return;
    }
    if (m_id != found->id) {
        clear();
        m_id = found->id;
        service::rolloutsOf(m_service).open(*m_id);
    }
    update();
    setVisible(true);
}

void RolloutBar::clear()
{
    if (m_id)
        service::rolloutsOf(m_service).close(*m_id);
    m_id.reset();
    setVisible(false);
}

QPushButton *RolloutBar::button(RolloutAct act) const
{
    return m_buttons.at(act);
}

void RolloutBar::update()
{
    const service::RolloutDetailPtr detail = service::rolloutsOf(m_service).rollout(*m_id);
    const bool isPausedBySpec = detail && detail->row.isPausedBySpec;
    const bool isAborted = detail && detail->row.isAborted && detail->row.isUpdating;
    m_buttons[RolloutAct::Pause]->setVisible(!isPausedBySpec);
    m_buttons[RolloutAct::Resume]->setVisible(isPausedBySpec);
    m_buttons[RolloutAct::Abort]->setVisible(!isAborted);
    m_buttons[RolloutAct::Retry]->setVisible(isAborted);
    for (const auto &[act, button] : m_buttons) {
        const service::Permission may =
            detail ? detail->may(act) : service::Permission{false, "asking " + m_id->context};
        button->setEnabled(may.isAllowed);
        button->setToolTip(may.isAllowed ? models::actConsequence(act, detail->row) : models::sentence(may.reason));
        button->setAccessibleDescription(button->toolTip());
    }
    if (!detail) {
        m_text->setText({});
        return;
    }
    m_buttons[RolloutAct::Promote]->setText(models::actText(RolloutAct::Promote, detail->row.isBlueGreen));
    m_text->setText(models::messageText(detail->row) + u' ' + models::cardText(detail->row));
}

void RolloutBar::openSheet(RolloutAct act)
{
    if (!m_id)
        return;
    auto *sheet = new RolloutSheet(m_service, *m_id, act, m_now, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &RolloutSheet::acted, this, &RolloutBar::acted);
    connect(sheet, &RolloutSheet::failedUnseen, this, &RolloutBar::failed);
    sheet->open();
}

} // namespace tiphys::ui
