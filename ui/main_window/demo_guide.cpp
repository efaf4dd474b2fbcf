// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/demo_guide.h"

#include "models/text.h"
#include "service/rollouts.h"
#include "ui/theme/colors.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"

#include <QApplication>
#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

using Step = DemoGuide::Step;

constexpr std::array kAll{Step::SeeDrift, Step::ReadWhy, Step::Sync, Step::Promote, Step::Compare};

QString textOf(Step step)
{
    switch (step) {
    case Step::SeeDrift: return DemoGuide::tr("See what drifted");
    case Step::ReadWhy: return DemoGuide::tr("Read why it differs");
    case Step::Sync: return DemoGuide::tr("Sync it");
    case Step::Promote: return DemoGuide::tr("Promote a Rollout");
    case Step::Compare: return DemoGuide::tr("Compare two commits");
    }
    return {};
}

/// The context of the demo's kubeconfig; others are somebody's own.
constexpr std::string_view kContext = "demo";
constexpr std::string_view kAddress = "http://127.0.0.1:";

bool isOfDemo(const service::ClusterState &cluster)
{
    return cluster.context == kContext && cluster.server.starts_with(kAddress);
}

/// Out of sync and otherwise well: what a sync mends.
bool isPlainDrift(const service::AppRow &row)
{
    return row.sync == service::SyncStatus::OutOfSync && row.health == service::HealthStatus::Healthy
           && row.operation != service::OperationPhase::Failed && row.operation != service::OperationPhase::Running;
}

} // namespace

DemoGuide::DemoGuide(service::Service &service, QWidget *parent)
    : QFrame(parent), m_service(service), m_text(new QLabel(this)), m_next(new QPushButton(this)),
      m_all(new QToolButton(this)), m_menu(new QMenu(this))
{
    build();
    connect(&m_service, &service::Service::applicationsChanged, this, &DemoGuide::watchActs);
    connect(&service::rolloutsOf(m_service), &service::Rollouts::rolloutsChanged, this, &DemoGuide::watchActs);
    connect(&m_service, &service::Service::clustersChanged, this, &DemoGuide::watchContext);
    watchContext();
    showSteps();
}

void DemoGuide::build()
{
    const int u = unit(this);
    setAccessibleName(tr("Demo, nothing real"));
    setAutoFillBackground(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(6 * u, u, 3 * u, u);
    row->setSpacing(3 * u);
    auto *title = new QLabel(tr("Demo, nothing real"), this);
    title->setFont(semiBold(font()));
    row->addWidget(title);
    row->addWidget(m_text);
    row->addStretch(1);
    row->addWidget(m_next);
    m_all->setText(tr("All steps"));
    m_all->setAutoRaise(true);
    m_all->setFocusPolicy(Qt::StrongFocus);
    m_all->setPopupMode(QToolButton::InstantPopup);
    m_all->setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, &DemoGuide::fillMenu);
    row->addWidget(m_all);
    auto *close = new QToolButton(this);
    close->setIcon(icon(u"close"_s));
    close->setAutoRaise(true);
    close->setFocusPolicy(Qt::StrongFocus);
    close->setToolTip(tr("Hide these steps"));
    close->setAccessibleName(close->toolTip());
    row->addWidget(close);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_next, &QPushButton::clicked, this, [this] {
        if (const std::optional<Step> step = nextStep())
            openStep(*step);
        else
            Q_EMIT openRequested({PageKind::Start, {}, {}});
    });
    colour();
}

void DemoGuide::colour()
{
    QPalette colors = QApplication::palette();
    colors.setColor(QPalette::Window, blended(colors.color(QPalette::Accent), colors.color(QPalette::Base), 0.14));
    setPalette(colors);
}

std::optional<Step> DemoGuide::nextStep() const
{
    const auto next = std::ranges::find_if(kAll, [this](Step step) { return !isDone(step); });
    return next == kAll.end() ? std::nullopt : std::optional(*next);
}

QString DemoGuide::progress() const
{
    return m_text->text();
}

void DemoGuide::watchContext()
{
    const bool isThere = std::ranges::any_of(m_service.clusters()->clusters, isOfDemo);
    if (m_hasContext && !isThere)
        hide();
    m_hasContext = isThere;
    watchActs();
}

void DemoGuide::watchActs()
{
    if (!m_hasContext)
        return;
    const service::ApplicationsPtr applications = m_service.applications();
    for (const service::AppRowPtr &row : applications->rows) {
        if (row->id.context != kContext)
            continue;
        if (!m_drifted && isPlainDrift(*row)) {
            m_drifted = row->id;
            m_repository = row->sources.empty() ? std::string() : row->sources.front().repoUrl;
        } else if (m_drifted == row->id && row->sync == service::SyncStatus::Synced) {
            finish(Step::Sync);
        }
    }
    const service::RolloutsPtr rollouts = service::rolloutsOf(m_service).rollouts();
    for (const service::RolloutRowPtr &row : rollouts->rows) {
        if (row->id.context != kContext)
            continue;
        const bool waits = row->wait == service::RolloutWait::Promotion;
        if (!m_waiting && waits)
            m_waiting = row->id;
        else if (m_waiting == row->id && !waits && !row->isAborted && !row->isPausedBySpec)
            finish(Step::Promote);
    }
}

void DemoGuide::placeShown(const Location &place)
{
    if (place.page == PageKind::Application && m_drifted == place.app) {
        finish(Step::SeeDrift);
        if (place.options.value(u"tab"_s) == u"diff"_s)
            finish(Step::ReadWhy);
    }
    if (place.page == PageKind::Compare && !place.options.value(u"repo"_s).isEmpty()
        && !place.options.value(u"a"_s).isEmpty())
        finish(Step::Compare);
}

void DemoGuide::finish(Step step)
{
    if (std::exchange(m_done[static_cast<std::size_t>(step)], true))
        return;
    showSteps();
}

void DemoGuide::showSteps()
{
    const std::optional<Step> next = nextStep();
    m_text->setText(next ? tr("%1 of %2 steps done").arg(std::ranges::count(m_done, true)).arg(kSteps)
                         : tr("That was all: now with your own."));
    m_next->setText(next ? textOf(*next) : tr("Use my own clusters or repository…"));
}

void DemoGuide::fillMenu()
{
    m_menu->clear();
    for (const Step step : kAll) {
        QAction *action = m_menu->addAction(textOf(step), this, [this, step] { openStep(step); });
        action->setCheckable(true);
        action->setChecked(isDone(step));
    }
    m_menu->addSeparator();
    m_menu->addAction(tr("Use my own clusters or repository…"), this,
                      [this] { Q_EMIT openRequested({PageKind::Start, {}, {}}); });
}

void DemoGuide::openStep(Step step)
{
    Q_EMIT openRequested(placeOf(step));
}

Location DemoGuide::placeOf(Step step) const
{
    if (step == Step::Promote)
        return m_waiting ? rolloutLocation(*m_waiting, u"promote"_s) : Location{PageKind::Rollouts, {}, {}};
    if (step == Step::Compare)
        return {PageKind::Compare,
                {},
                m_repository.empty() ? QMap<QString, QString>()
                                     : QMap<QString, QString>{{u"repo"_s, models::text(m_repository)},
                                                              {u"a"_s, u"main~1"_s},
                                                              {u"b"_s, u"main"_s}}};
    if (!m_drifted)
        return {PageKind::Applications, {}, {}};
    Location place = applicationLocation(*m_drifted, step == Step::ReadWhy ? u"diff"_s : u"tree"_s);
    if (step == Step::Sync)
        place.options.insert(u"act"_s, u"sync"_s);
    return place;
}

void DemoGuide::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange)
        colour();
}

} // namespace tiphys::ui
