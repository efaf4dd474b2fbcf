// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rollout_page.h"

#include "models/rollout_lists.h"
#include "models/rollout_text.h"
#include "models/text.h"
#include "ui/delegates/detail_delegate.h"
#include "ui/delegates/rollout_delegate.h"
#include "ui/dialogs/rollout_sheet.h"
#include "ui/pages/rollout_forecast.h"
#include "ui/pages/rollout_revisions.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/metric_chart.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/rollout_acts.h"
#include "ui/widgets/table_columns.h"
#include "ui/widgets/traffic_picture.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTreeView>

#include <array>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::RolloutAct;

namespace {

constexpr std::array kMetricWidths{widthOf(0, 32, 0, 2), widthOf(1, 20, 3), widthOf(2, 26, 0), widthOf(3, 40, 1, 1),
                                   widthOf(4, 20, 2)};

constexpr std::array kTabNames{std::pair{RolloutPage::Tab::Overview, QLatin1String("overview")},
                               std::pair{RolloutPage::Tab::Revisions, QLatin1String("revisions")},
                               std::pair{RolloutPage::Tab::Analysis, QLatin1String("analysis")},
                               std::pair{RolloutPage::Tab::Conditions, QLatin1String("conditions")},
                               std::pair{RolloutPage::Tab::Simulate, QLatin1String("simulate")}};

constexpr std::array kActNames{std::pair{RolloutAct::Promote, QLatin1String("promote")},
                               std::pair{RolloutAct::Abort, QLatin1String("abort")},
                               std::pair{RolloutAct::Undo, QLatin1String("undo")}};

/// Room that a name has at least, if it is that long.
constexpr int kNameUnits = 60;

} // namespace

RolloutPage::RolloutPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_name(new ElidedLabel(Qt::ElideMiddle, this)), m_phase(new StatusLabel(this)),
      m_acts(new RolloutActs(this)), m_wait(new StatusLabel(this)), m_message(new ElidedLabel(Qt::ElideRight, this)),
      m_facts(new ElidedLabel(Qt::ElideRight, this)), m_banner(new Banner(this)), m_tabs(new QTabBar(this)),
      m_stack(new QStackedWidget(this)), m_ladder(new models::LadderList(this)), m_ladderView(new QListView(this)),
      m_ladderTitle(new TextLabel(TextLabel::Rank::Section, {}, this)), m_picture(new TrafficPicture(this)),
      m_revisions(new RolloutRevisions(service::rolloutsOf(m_context.service), m_context.settings, this)),
      m_metrics(new models::MetricList(this)), m_metricView(new QTreeView(this)), m_chart(new MetricChart(this)),
      m_metricText(readOnlyText(tr("Facts of the metric"), this)), m_conditions(readOnlyText(tr("Conditions"), this)),
      m_forecast(new RolloutForecast(service::rolloutsOf(m_context.service), this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHeader());
    column->addWidget(new Line(Qt::Horizontal, this));
    m_stack->addWidget(buildOverview());
    m_stack->addWidget(m_revisions);
    m_stack->addWidget(buildAnalysis());
    const int u = unit(this);
    m_conditions->document()->setDocumentMargin(4 * u);
    m_stack->addWidget(m_conditions);
    m_stack->addWidget(m_forecast);
    connect(m_forecast, &RolloutForecast::settled, this, &RolloutPage::settled);
    connect(m_revisions, &RolloutRevisions::noticed, this, &Page::noticed);
    column->addWidget(m_stack, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_stack->setCurrentIndex(tab);
        m_location.options.insert(u"tab"_s, kTabNames[static_cast<std::size_t>(tab)].second);
        if (static_cast<Tab>(tab) == Tab::Simulate)
            simulate();
        Q_EMIT locationChanged();
    });
    connect(&service::rolloutsOf(m_context.service), &service::Rollouts::rolloutChanged, this,
            [this](const service::RolloutId &id) {
                if (!m_isOpen || id != m_id)
                    return;
                update();
                if (static_cast<Tab>(m_tabs->currentIndex()) == Tab::Simulate)
                    simulate();
            });
}

QWidget *RolloutPage::buildHeader()
{
    const int u = unit(this);
    auto *header = new QWidget(this);
    auto *column = new QVBoxLayout(header);
    column->setContentsMargins(6 * u, 4 * u, 6 * u, 0);
    column->setSpacing(2 * u);
    auto *first = new QHBoxLayout;
    first->setSpacing(4 * u);
    m_name->setFont(semiBold(scaled(font(), kTitleFactor)));
    first->addWidget(m_name);
    first->addWidget(m_phase);
    first->addStretch(1);
    first->addWidget(m_acts);
    connect(m_acts, &RolloutActs::chosen, this, &RolloutPage::openSheet);
    QMenu *menu = m_acts->menu();
    menu->addSeparator();
    menu->addAction(icon(u"copy"_s), tr("Copy as kubectl command"), this, [this] {
        QApplication::clipboard()->setText(models::text("kubectl argo rollouts --context '" + m_id.context + "' -n '"
                                                        + m_id.ns + "' get rollout '" + m_id.name + "'"));
    });
    menu->addAction(icon(u"copy"_s), tr("Copy address"), this,
                    [this] { QApplication::clipboard()->setText(addressOf(m_location)); });
    column->addLayout(first);
    m_facts->setSecondary(true);
    // Below the name: beside it a narrow window would have no room for the name.
    auto *second = new QHBoxLayout;
    second->setSpacing(4 * u);
    second->addWidget(m_message);
    second->addWidget(m_wait);
    second->addStretch(1);
    column->addLayout(second);
    column->addWidget(m_facts);
    column->addWidget(m_banner);
    for (const QString &title : {tr("Overview"), tr("Revisions"), tr("Analysis"), tr("Conditions"), tr("Simulate")})
        m_tabs->addTab(title);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Parts of the Rollout"));
    column->addWidget(m_tabs);
    connect(m_banner, &Banner::actionTriggered, this, [this] {
        if (m_detail && !m_detail->row.app.name.empty())
            Q_EMIT openRequested(applicationLocation(m_detail->row.app));
    });
    return header;
}

QWidget *RolloutPage::buildOverview()
{
    const int u = unit(this);
    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 3 * u, 0, 0);
    column->setSpacing(2 * u);
    m_ladderTitle->setContentsMargins(4 * u, 0, 4 * u, 0);
    column->addWidget(m_ladderTitle);
    m_ladderView->setModel(m_ladder);
    m_ladderView->setItemDelegate(new LadderDelegate(m_ladderView));
    m_ladderView->setFrameShape(QFrame::NoFrame);
    m_ladderView->setSelectionMode(QAbstractItemView::NoSelection);
    m_ladderView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_ladderView->setAccessibleName(tr("Steps"));
    m_ladderView->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_ladderView, 1);
    left->setAutoFillBackground(true);
    left->setBackgroundRole(QPalette::Base);
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    split->addWidget(left);
    split->addWidget(m_picture);
    split->setStretchFactor(1, 1);
    split->setSizes({72 * u, 180 * u});
    return split;
}

QWidget *RolloutPage::buildAnalysis()
{
    const int u = unit(this);
    setUpListView(m_metricView);
    m_metricView->setModel(m_metrics);
    m_metricView->setItemDelegate(new DetailDelegate(m_metricView));
    m_metricView->setAccessibleName(tr("Metrics of analysis runs"));
    new TableColumns(*m_metricView, kMetricWidths, m_context.settings, u"metrics"_s);
    auto *right = new QWidget(this);
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_chart->setMinimumHeight(36 * u);
    m_chart->setMaximumHeight(60 * u);
    m_metricText->document()->setDocumentMargin(3 * u);
    column->addWidget(m_chart);
    column->addWidget(new Line(Qt::Horizontal, right));
    column->addWidget(m_metricText, 1);
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    split->addWidget(m_metricView);
    split->addWidget(right);
    split->setStretchFactor(0, 1);
    split->setSizes({150 * u, 110 * u});
    connect(m_metricView->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RolloutPage::showMetric);
    return split;
}

void RolloutPage::show(const Location &location)
{
    if (!m_isOpen || location.rollout != m_id) {
        leave();
        m_id = location.rollout;
        m_detail.reset();
        m_forecast->forget();
        m_isOpen = true;
        service::rolloutsOf(m_context.service).open(m_id);
        m_detail = service::rolloutsOf(m_context.service).rollout(m_id);
    }
    Page::show(location);
    m_opensAct = m_location.options.take(u"act"_s);
    const QString tab = location.options.value(u"tab"_s, u"overview"_s);
    for (const auto &[value, name] : kTabNames) {
        if (tab == name)
            setTab(value);
    }
    update();
    // Coming back to this place does not ask for the act again.
    if (location.options.contains(u"act"_s))
        Q_EMIT locationChanged();
    Q_EMIT titleChanged();
}

void RolloutPage::leave()
{
    if (m_isOpen)
        service::rolloutsOf(m_context.service).close(m_id);
    m_isOpen = false;
}

QString RolloutPage::title() const
{
    return models::text(m_id.name);
}

QList<QWidget *> RolloutPage::panes()
{
    switch (static_cast<Tab>(m_tabs->currentIndex())) {
    case Tab::Overview: return {m_ladderView, m_picture};
    case Tab::Revisions: return m_revisions->panes();
    case Tab::Analysis: return {m_metricView, m_metricText};
    case Tab::Conditions: return {m_conditions};
    case Tab::Simulate: return m_forecast->panes();
    }
    return {};
}

void RolloutPage::setTab(Tab tab)
{
    m_tabs->setCurrentIndex(static_cast<int>(tab));
    m_stack->setCurrentIndex(static_cast<int>(tab));
    if (tab == Tab::Simulate)
        simulate();
}

std::vector<PageCommand> RolloutPage::commands()
{
    std::vector<PageCommand> commands;
    if (!m_detail)
        return commands;
    using service::RolloutAct;
    for (const RolloutAct act : {RolloutAct::Promote, RolloutAct::SkipStep, RolloutAct::SkipAllSteps,
                                 RolloutAct::PromoteFull, RolloutAct::Pause, RolloutAct::Resume, RolloutAct::Abort,
                                 RolloutAct::Retry, RolloutAct::Restart, RolloutAct::SetImage, RolloutAct::Undo}) {
        const service::Permission may = m_detail->may(act);
        commands.push_back(
            {PageCommand::Kind::Act,
             tr("%1: %2", "act and Rollout").arg(models::actText(act, m_detail->row.isBlueGreen), title()),
             may.isAllowed ? QString() : models::sentence(may.reason), models::actIcon(act), may.isAllowed,
             [this, act] { openSheet(act); }});
    }
    return commands;
}

bool RolloutPage::isSettled() const
{
    if (!m_opensAct.isEmpty() || (m_sheet && !m_sheet->isSettled()))
        return false;
    const bool isSimulating = static_cast<Tab>(m_tabs->currentIndex()) == Tab::Simulate && !m_forecast->isSettled();
    return m_detail != nullptr && !isSimulating;
}

void RolloutPage::tick()
{
    if (m_detail)
        update();
}

QAbstractButton *RolloutPage::button(RolloutAct act) const
{
    return m_acts->button(act);
}

QAction *RolloutPage::action(RolloutAct act) const
{
    return m_acts->action(act);
}

models::RevisionList *RolloutPage::revisions() const
{
    return m_revisions->list();
}

RolloutSheet *RolloutPage::sheet() const
{
    return m_sheet;
}

QString RolloutPage::simulation() const
{
    return m_forecast->text();
}

void RolloutPage::update()
{
    m_detail = service::rolloutsOf(m_context.service).rollout(m_id);
    m_name->setText(models::text(m_id.name));
    // What can be done makes room for the name, not the other way round.
    m_name->setMinimumWidth(std::min(m_name->sizeHint().width(), kNameUnits * unit(this)));
    m_acts->setRollout(m_id, m_detail.get());
    if (!m_detail) {
        showNothing();
        return;
    }
    const service::WallTime now = m_context.now();
    showHeader();
    m_ladder->apply(m_detail->row, m_detail->analyses, m_detail->stepTimes, now);
    const bool hasSteps = m_ladder->rowCount() > 0;
    const QString step = models::stepText(m_detail->row);
    m_ladderTitle->setText(!hasSteps        ? tr("No steps: pods are replaced little by little")
                           : step.isEmpty() ? tr("The way of an update")
                                            : tr("Steps, %1 done").arg(step));
    m_picture->show(*m_detail);
    m_revisions->setRollout(m_detail, now);
    m_metrics->apply(m_detail->analyses, now);
    if (m_metrics->rowCount() > 0 && !m_metricView->currentIndex().isValid())
        m_metricView->setCurrentIndex(m_metrics->index(0, 0));
    m_tabs->setTabText(static_cast<int>(Tab::Analysis),
                       m_metrics->rowCount() > 0 ? tr("Analysis (%1)").arg(m_detail->analyses.size()) : tr("Analysis"));
    m_tabs->setTabText(static_cast<int>(Tab::Revisions), tr("Revisions (%1)").arg(m_detail->revisions.size()));
    showMetric();
    showConditions();
    for (const auto &[act, name] : kActNames) {
        if (m_opensAct == name) {
            m_opensAct.clear();
            openSheet(act);
        }
    }
    m_opensAct.clear();
    Q_EMIT settled();
}

void RolloutPage::showNothing()
{
    const service::WallTime now = m_context.now();
    m_phase->setStatus({}, {}, {});
    m_wait->setStatus({}, {}, {});
    m_message->setText(tr("Asking %1…").arg(models::text(m_id.context)));
    m_facts->setText({});
    m_banner->clear();
    m_ladder->apply({}, {}, {}, now);
    m_ladderTitle->setText({});
    m_picture->show({});
    m_revisions->setRollout({}, now);
    m_metrics->apply({}, now);
    m_tabs->setTabText(static_cast<int>(Tab::Analysis), tr("Analysis"));
    m_tabs->setTabText(static_cast<int>(Tab::Revisions), tr("Revisions"));
    showMetric();
    replaceText(*m_conditions, {});
}

void RolloutPage::showHeader()
{
    const service::RolloutRow &row = m_detail->row;
    const service::WallTime now = m_context.now();
    m_phase->setStatus(markOf(row.phase), models::statusWord(row.phase), models::explanation(row.phase));
    const bool isForPerson = service::waitsForPerson(row.wait);
    // The sentence beside it says for whom.
    const QString age = isForPerson ? models::ageText(row.waitSince, now) : QString();
    const QString wait = !isForPerson    ? models::waitText(row, now)
                         : age.isEmpty() ? QString()
                                         : tr("for %1", "how long something waits").arg(age);
    m_wait->setStatus(wait.isEmpty()
                          ? MarkStyle{}
                          : MarkStyle{Mark::Waiting, isForPerson ? StatusColor::OutOfSync : StatusColor::Suspended},
                      wait, models::exactTimeText(row.waitSince));
    m_message->setText(models::messageText(row));
    QStringList facts{models::text(row.id.context + " / " + row.id.ns), models::imagesText(row),
                      row.available > row.desired
                          ? tr("%1 pods available, %2 wanted").arg(row.available).arg(row.desired)
                          : tr("%1 of %2 pods available").arg(row.available).arg(row.desired)};
    if (!row.app.name.empty())
        facts << tr("part of application %1").arg(models::text(row.app.name));
    m_facts->setText(facts.join(u" · "_s));
    const QString fate = models::fateText(row);
    if (!fate.isEmpty())
        m_banner->show({row.fate == service::ActFate::Done ? Mark::Synced : Mark::Unknown,
                        row.fate == service::ActFate::Done ? StatusColor::Healthy : StatusColor::OutOfSync},
                       fate);
    else if (!m_detail->problem.empty())
        m_banner->show({Mark::Warning, StatusColor::OutOfSync}, models::sentence(m_detail->problem));
    else if (m_detail->isStale)
        m_banner->show({Mark::Offline, StatusColor::Degraded},
                       tr("%1 does not answer. This page is as last seen %2.")
                           .arg(models::text(m_id.context), models::agoText(m_detail->observedAt, now)));
    else if (row.isAborted && row.isUpdating)
        m_banner->show({Mark::Degraded, StatusColor::Degraded},
                       row.app.name.empty()
                           ? tr("Aborted. Retry starts the same update again; undo puts the former version back.")
                           : models::gitConsequence(RolloutAct::Abort, row),
                       row.app.name.empty() ? QString() : tr("Open %1").arg(models::text(row.app.name)));
    else
        m_banner->clear();
}

void RolloutPage::showMetric()
{
    const QModelIndex index = m_metricView->currentIndex();
    if (!index.isValid()) {
        m_chart->clear();
        replaceText(*m_metricText,
                    m_detail && m_detail->analyses.empty() ? tr("No analysis has run for this Rollout.") : QString());
        return;
    }
    const models::MetricItem &item = m_metrics->rowAt(index.row());
    m_chart->show(item.metric);
    replaceText(*m_metricText, models::metricDetails(item, m_context.now()));
}

void RolloutPage::showConditions()
{
    QStringList lines;
    const service::WallTime now = m_context.now();
    for (const service::ConditionRow &condition : m_detail->conditions) {
        lines << u"%1: %2  %3"_s.arg(models::text(condition.type), models::text(condition.status),
                                     models::text(condition.reason));
        lines << u"    "_s + models::text(condition.message) + u"  ("_s + models::agoText(condition.since, now) + u')';
    }
    if (const QString check = models::weightCheckText(m_detail->weightCheck); !check.isEmpty())
        lines << QString() << check;
    for (const service::RouterRow &router : m_detail->routers) {
        lines << QString() << models::text(router.kind + " " + router.name);
        for (const std::string &fact : router.facts)
            lines << u"    "_s + models::text(fact);
    }
    for (const service::RolloutService &service : m_detail->services)
        lines << QString()
              << tr("Service %1 selects %2")
                     .arg(models::text(service.name), service.isMissing      ? tr("nothing: it does not exist")
                                                      : service.hash.empty() ? tr("every version")
                                                                             : models::text(service.hash));
    for (const service::ExperimentRow &experiment : m_detail->experiments)
        lines << QString()
              << tr("Experiment %1: %2 %3")
                     .arg(models::text(experiment.name), models::text(experiment.phase),
                          models::text(experiment.message));
    replaceText(*m_conditions, lines.join(u'\n'));
}

void RolloutPage::simulate()
{
    if (m_detail)
        m_forecast->ask(*m_detail);
}

void RolloutPage::openSheet(RolloutAct act)
{
    if (m_sheet)
        m_sheet->close();
    m_sheet = new RolloutSheet(m_context.service, m_id, act, m_context.now, this);
    m_sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_sheet, &RolloutSheet::acted, this, &RolloutPage::noticed);
    connect(m_sheet, &RolloutSheet::failedUnseen, this, &RolloutPage::failed);
    connect(m_sheet, &RolloutSheet::settled, this, &RolloutPage::settled);
    m_sheet->open();
}

} // namespace tiphys::ui
