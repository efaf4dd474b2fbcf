// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_page.h"

#include "models/detail_lists.h"
#include "models/diff_list.h"
#include "models/resource_tree.h"
#include "models/rollout_text.h"
#include "models/status_text.h"
#include "models/sync_text.h"
#include "models/text.h"
#include "ui/delegates/detail_delegate.h"
#include "ui/delegates/diff_delegate.h"
#include "ui/dialogs/action_dialog.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/dialogs/sync_dialog.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/action_menu.h"
#include "ui/widgets/cluster_watch.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/parameter_form.h"
#include "ui/widgets/parameters_pane.h"
#include "ui/widgets/resource_graph.h"
#include "ui/widgets/rollout_bar.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// Above this many nodes an application opens as a list.
constexpr std::size_t kMaxGraphNodes = 300;

constexpr std::array kTabNames{std::pair{ApplicationPage::Tab::Tree, QLatin1String("tree")},
                               std::pair{ApplicationPage::Tab::Diff, QLatin1String("diff")},
                               std::pair{ApplicationPage::Tab::Operation, QLatin1String("operation")},
                               std::pair{ApplicationPage::Tab::History, QLatin1String("history")},
                               std::pair{ApplicationPage::Tab::Events, QLatin1String("events")},
                               std::pair{ApplicationPage::Tab::Parameters, QLatin1String("parameters")}};

QToolButton *flatButton(const QString &iconName, const QString &text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

void applyState(QWidget *widget, const models::ActionState &state)
{
    widget->setEnabled(state.isEnabled);
    widget->setToolTip(state.reason);
    widget->setAccessibleDescription(state.reason);
}

void applyState(QAction *action, const models::ActionState &state)
{
    action->setEnabled(state.isEnabled);
    action->setToolTip(state.reason);
}

} // namespace

ApplicationPage::ApplicationPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_name(new ElidedLabel(Qt::ElideMiddle, this)), m_health(new StatusLabel(this)),
      m_syncStatus(new StatusLabel(this)), m_operation(new StatusLabel(this)), m_reconciler(new StatusLabel(this)),
      m_target(new ElidedLabel(Qt::ElideRight, this)), m_lastSynced(new ElidedLabel(Qt::ElideRight, this)),
      m_differences(new ElidedLabel(Qt::ElideRight, this)), m_sync(new QPushButton(icon(u"sync"_s), tr("Sync…", "verb"), this)),
      m_refresh(flatButton(u"refresh"_s, tr("Refresh"), this)), m_terminate(flatButton(u"stop"_s, tr("Terminate"), this)),
      m_more(flatButton(u"more"_s, {}, this)), m_banner(new Banner(this)), m_tabs(new QTabBar(this)), m_stack(new QStackedWidget(this)),
      m_split(new QSplitter(Qt::Horizontal, this)), m_graph(new ResourceGraph(this)), m_treeList(new BranchView(this)),
      m_treeStack(new QStackedWidget(this)), m_treeEmpty(new EmptyPane(this)), m_tree(new models::ResourceTree(this)),
      m_inspector(new Inspector(m_context.service, this)), m_actionMenu(new ActionMenu(m_context.service, this)), m_diff(new DiffPane(m_context.settings, this)),
      m_operationText(new TextLabel(TextLabel::Rank::Body, {}, this)), m_results(new QTreeView(this)),
      m_resultModel(new models::ResultList(this)), m_historyText(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_history(new QTreeView(this)), m_historyModel(new models::HistoryList(this)),
      m_eventsText(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_events(new QTreeView(this)),
      m_eventModel(new models::EventList(this)), m_parameters(new ParametersPane(m_context.service, m_context.settings, this)),
      m_watch(new ClusterWatch(m_context.service, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHeader());
    column->addWidget(new Line(Qt::Horizontal, this));
    m_stack->addWidget(buildTree());
    m_stack->addWidget(m_diff);
    m_stack->addWidget(buildList(m_results, m_resultModel, tr("Result of the operation"), m_operationText));
    m_stack->addWidget(buildList(m_history, m_historyModel, tr("History"), m_historyText));
    m_stack->addWidget(buildList(m_events, m_eventModel, tr("Events"), m_eventsText));
    m_stack->addWidget(m_parameters);
    connect(m_parameters, &ParametersPane::settled, this, &Page::settled);
    connect(m_parameters, &ParametersPane::noticed, this, &Page::noticed);
    column->addWidget(m_stack, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_stack->setCurrentIndex(tab);
        m_location.options.insert(u"tab"_s, kTabNames[static_cast<std::size_t>(tab)].second);
        Q_EMIT locationChanged();
    });
    connect(&service::rolloutsOf(m_context.service), &service::Rollouts::rolloutsChanged, this, [this] {
        const auto isRollout = [](const service::TreeNode &node) { return node.key.kind == "Rollout"; };
        if (m_isOpen && m_detail && std::ranges::any_of(m_detail->tree, isRollout))
            showTree();
    });
    connect(m_watch, &ClusterWatch::changed, this, [this] {
        if (m_isOpen)
            askPermissions();
    });
    connect(&m_context.service, &service::Service::applicationChanged, this, [this](const service::AppId &app) {
        if (m_isOpen && app == m_app)
            update();
    });
}

QWidget *ApplicationPage::buildHeader()
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
    for (StatusLabel *status : {m_health, m_syncStatus, m_operation, m_reconciler})
        first->addWidget(status);
    first->addStretch(1);
    makePrimary(m_sync);
    first->addWidget(m_sync);
    auto *refreshMenu = new QMenu(m_refresh);
    refreshMenu->setToolTipsVisible(true);
    m_hardRefresh = refreshMenu->addAction(tr("Hard refresh: render again without caches"), this, [this] { refresh(true); });
    m_refresh->setMenu(refreshMenu);
    m_refresh->setPopupMode(QToolButton::MenuButtonPopup);
    first->addWidget(m_refresh);
    first->addWidget(m_terminate);
    auto *more = new QMenu(m_more);
    more->setToolTipsVisible(true);
    m_rollback = more->addAction(icon(u"history"_s), tr("Roll back…"), this, &ApplicationPage::openRollback);
    m_delete = more->addAction(icon(u"close"_s), tr("Delete…"), this, &ApplicationPage::openDelete);
    more->addSeparator();
    more->addAction(icon(u"copy"_s), tr("Copy as kubectl command"), this, [this] {
        QApplication::clipboard()->setText(models::text("kubectl --context '" + m_app.context + "' -n '" + m_app.ns + "' get applications.argoproj.io '" + m_app.name + "' -o yaml"));
    });
    more->addAction(icon(u"copy"_s), tr("Copy address"), this, [this] { QApplication::clipboard()->setText(addressOf(m_location)); });
    m_more->setMenu(more);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_more->setToolTip(tr("More"));
    m_more->setAccessibleName(tr("More acts"));
    first->addWidget(m_more);
    column->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(3 * u);
    for (ElidedLabel *label : {m_target, m_differences, m_lastSynced})
        label->setSecondary(true);
    second->addWidget(m_target);
    second->addWidget(m_lastSynced);
    second->addWidget(m_differences);
    second->addStretch(1);
    column->addLayout(second);
    column->addWidget(m_banner);
    for (const QString &title : {tr("Tree"), tr("Diff"), tr("Operation"), tr("History"), tr("Events"), tr("Parameters")})
        m_tabs->addTab(title);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Parts of the application"));
    column->addWidget(m_tabs);
    connect(m_sync, &QPushButton::clicked, this, &ApplicationPage::openSync);
    connect(m_refresh, &QToolButton::clicked, this, [this] { refresh(false); });
    connect(m_terminate, &QToolButton::clicked, this, [this] { report(m_context.service.terminate(m_app), tr("Asked the operation to stop.")); });
    return header;
}

QWidget *ApplicationPage::buildTree()
{
    const int u = unit(this);
    setUpListView(m_treeList);
    m_treeList->setModel(m_tree);
    m_treeList->setItemDelegate(new TreeDelegate(m_treeList));
    m_treeList->setRootIsDecorated(true);
    m_treeList->setItemsExpandable(true);
    m_treeList->setAccessibleName(tr("Resources"));
    m_treeList->setColumnWidth(0, 84 * u);
    m_treeList->setColumnWidth(1, 30 * u);
    m_treeList->setColumnWidth(2, 30 * u);
    m_treeList->setColumnWidth(3, 44 * u);
    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(3 * u, u, 3 * u, u);
    bar->setSpacing(u / 2);
    const auto button = [this, bar](const QString &name, const QString &text) {
        auto *tool = flatButton(name, text, this);
        tool->setToolButtonStyle(Qt::ToolButtonIconOnly);
        tool->setAutoRaise(true);
        tool->setToolTip(text);
        tool->setAccessibleName(text);
        bar->addWidget(tool);
        return tool;
    };
    m_asGraph = button(u"graph"_s, tr("Show as graph"));
    m_asList = button(u"list"_s, tr("Show as list"));
    m_asGraph->setCheckable(true);
    m_asList->setCheckable(true);
    bar->addStretch();
    connect(button(u"zoom_out"_s, tr("Smaller (−)")), &QToolButton::clicked, this, [this] { zoom(1 / 1.25); });
    connect(button(u"zoom_in"_s, tr("Larger (+)")), &QToolButton::clicked, this, [this] { zoom(1.25); });
    connect(button(u"fit"_s, tr("Show all (0)")), &QToolButton::clicked, m_graph, &ResourceGraph::zoomToFit);
    connect(button(u"inspector"_s, tr("Inspector")), &QToolButton::clicked, this, [this] { showInspector(m_inspector->isHidden()); });
    connect(m_asGraph, &QToolButton::clicked, this, [this] { setGraph(true); });
    connect(m_asList, &QToolButton::clicked, this, [this] { setGraph(false); });
    column->addLayout(bar);
    column->addWidget(new Line(Qt::Horizontal, left));
    m_treeStack->addWidget(m_graph);
    m_treeStack->addWidget(m_treeList);
    m_treeStack->addWidget(m_treeEmpty);
    column->addWidget(m_treeStack, 1);
    m_split->setHandleWidth(1);
    m_split->setChildrenCollapsible(false);
    m_split->addWidget(left);
    m_split->addWidget(m_inspector);
    m_split->setStretchFactor(0, 1);
    m_split->setSizes({200 * u, 84 * u});
    m_inspector->hide();
    connect(m_inspector, &Inspector::closed, this, [this] { showInspector(false); });
    connect(m_inspector->rolloutBar(), &RolloutBar::openRequested, this,
            [this](const service::RolloutId &rollout) { Q_EMIT openRequested(rolloutLocation(rollout)); });
    connect(m_inspector->rolloutBar(), &RolloutBar::acted, this, &ApplicationPage::noticed);
    connect(m_graph, &ResourceGraph::nodeSelected, this, &ApplicationPage::selectNode);
    connect(m_graph, &ResourceGraph::menuRequested, this, &ApplicationPage::openActionMenu);
    m_treeList->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_treeList, &QTreeView::customContextMenuRequested, this, [this](const QPoint &place) {
        const QModelIndex index = m_treeList->currentIndex();
        if (!index.isValid())
            return;
        // By keyboard the place may be anywhere in the list: the menu opens at the row.
        const QRect row = m_treeList->visualRect(index);
        openActionMenu(index.data(static_cast<int>(models::TreeRole::Node)).toInt(),
                       m_treeList->viewport()->mapToGlobal(row.contains(place) ? place : row.bottomLeft() + QPoint(row.height(), 0)));
    });
    for (ActionMenu *menu : {m_actionMenu, m_inspector->actionMenu()})
        connect(menu, &ActionMenu::chosen, this, &ApplicationPage::openAction);
    connect(m_treeList->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &index) {
        if (index.isValid() && m_treeList->isVisible())
            selectNode(index.data(static_cast<int>(models::TreeRole::Node)).toInt());
    });
    return m_split;
}

QWidget *ApplicationPage::buildList(QTreeView *view, QAbstractItemModel *model, const QString &name, TextLabel *heading)
{
    const int u = unit(this);
    auto *pane = new QWidget(this);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    heading->setContentsMargins(6 * u, 3 * u, 6 * u, 3 * u);
    column->addWidget(heading);
    setUpListView(view);
    view->setModel(model);
    view->setItemDelegate(new DetailDelegate(view));
    view->setAccessibleName(name);
    view->setColumnWidth(0, 40 * u);
    view->setColumnWidth(1, 70 * u);
    view->setColumnWidth(2, model->columnCount() == 5 ? 110 * u : 34 * u);
    view->setColumnWidth(3, 14 * u);
    column->addWidget(view, 1);
    return pane;
}

void ApplicationPage::show(const Location &location)
{
    if (!m_isOpen || location.app != m_app) {
        leave();
        m_app = location.app;
        m_detail.reset();
        m_may.reset();
        m_selected.reset();
        m_inspector->hide();
        m_parameters->setApplication(m_app);
        m_watch->watch(m_app.context);
        m_isOpen = true;
        m_context.service.openApplication(m_app);
        askPermissions();
    }
    Page::show(location);
    const QString tab = location.options.value(u"tab"_s, u"tree"_s);
    for (const auto &[value, name] : kTabNames) {
        if (tab == name)
            setTab(value);
    }
    const QString act = m_location.options.take(u"act"_s);
    m_opensSync = act == u"sync"_s;
    m_opensAction = m_opensSync ? QString() : act;
    update();
    Q_EMIT titleChanged();
}

void ApplicationPage::leave()
{
    if (m_isOpen)
        m_context.service.closeApplication(m_app);
    m_isOpen = false;
}

QString ApplicationPage::title() const
{
    return models::text(m_app.name);
}

bool ApplicationPage::stepBack()
{
    if (m_inspector->isHidden())
        return false;
    showInspector(false);
    return true;
}

QList<QWidget *> ApplicationPage::panes()
{
    switch (static_cast<Tab>(m_tabs->currentIndex())) {
    case Tab::Tree: {
        QList<QWidget *> panes{m_treeStack->currentWidget() == m_graph ? static_cast<QWidget *>(m_graph) : m_treeList};
        if (!m_inspector->isHidden())
            panes << m_inspector->tabs();
        return panes;
    }
    case Tab::Diff: return {m_diff->list()};
    case Tab::Operation: return {m_results};
    case Tab::History: return {m_history};
    case Tab::Events: return {m_events};
    case Tab::Parameters: {
        QWidget *first = m_parameters->form()->firstEditor();
        return {first ? first : static_cast<QWidget *>(m_tabs)};
    }
    }
    return {};
}

void ApplicationPage::setTab(Tab tab)
{
    m_tabs->setCurrentIndex(static_cast<int>(tab));
    m_stack->setCurrentIndex(static_cast<int>(tab));
}

bool ApplicationPage::isSettled() const
{
    if (m_opensSync || (m_dialog && !m_dialog->hasPlan()) || !m_opensAction.isEmpty() || (m_actionDialog && !m_actionDialog->hasPreview()))
        return false;
    if (m_tabs->currentIndex() == static_cast<int>(Tab::Parameters) && !m_parameters->isSettled())
        return false;
    return m_detail && m_may && (m_detail->isDiffReady || !m_detail->diffProblem.empty());
}

void ApplicationPage::tick()
{
    if (!m_detail)
        return;
    m_tree->setNow(m_context.now());
    showHeader();
    showBanner();
}

void ApplicationPage::refresh(bool isHard)
{
    report(m_context.service.refresh(m_app, isHard), isHard ? tr("Hard refresh asked for.") : tr("Refresh asked for."));
}

void ApplicationPage::report(const service::Ticket<service::Done> &ticket, const QString &done)
{
    service::whenDone(ticket, this, [this, done](const Expected<service::Done> &result) {
        Q_EMIT noticed(result ? done : models::sentence(result.error().text()));
    });
}

void ApplicationPage::askPermissions()
{
    service::whenDone(m_context.service.permissions(m_app), this, [this, asked = ++m_asked](const Expected<service::Permissions> &may) {
        if (asked != m_asked)
            return;
        if (may) {
            m_may = *may;
        } else {
            const service::Permission denied{false, may.error().text()};
            m_may = service::Permissions{denied, denied, denied, denied, denied};
        }
        showActions();
        Q_EMIT settled();
    });
}

void ApplicationPage::update()
{
    m_detail = m_context.service.application(m_app);
    m_name->setText(models::text(m_app.name));
    showActions();
    if (!m_detail) {
        m_tree->apply({}, {});
        m_treeEmpty->set(tr("Asking %1…").arg(models::text(m_app.context)), tr("The resources of this application appear here."));
        m_treeStack->setCurrentWidget(m_treeEmpty);
        m_diff->showMessage(tr("Asking %1…").arg(models::text(m_app.context)), tr("Differences appear here once both sides are known."));
        m_resultModel->apply({});
        m_historyModel->apply({}, 0);
        m_eventModel->apply({}, 0);
        return;
    }
    showHeader();
    showBanner();
    showTree();
    showDiff();
    showOperation();
    showLists();
    m_parameters->setManifest(m_detail->manifest);
    showAddressedAction();
    Q_EMIT settled();
}

void ApplicationPage::showHeader()
{
    const service::AppRow &row = m_detail->row;
    m_name->setText(models::text(row.id.name));
    m_name->setExplanation(models::text(row.id.address()));
    m_health->setStatus(markOf(row.health), models::statusWord(row.health), models::explanation(row.health));
    m_syncStatus->setStatus(markOf(row.sync), models::statusWord(row.sync), models::explanation(row.sync));
    const bool isOperating = models::isOperating(row);
    m_operation->setStatus(isOperating ? markOf(service::OperationPhase::Running) : MarkStyle{}, isOperating ? tr("Syncing") : QString(),
                           models::text(row.operationMessage));
    QString reconciler = models::explanation(row.reconciler);
    if (row.isComputedHere)
        reconciler += u'\n' + tr("The status words are this program's, because nobody else writes them.");
    m_reconciler->setStatus({Mark::Information, StatusColor::Unknown}, models::reconcilerText(row.reconciler), reconciler);
    const std::string branch = row.sources.empty() ? std::string() : row.sources.front().targetRevision;
    m_target->setText(tr("Target %1 → %2").arg(models::text(branch), models::commitText(m_detail->target)));
    m_target->setExplanation(models::commitTooltip(m_detail->target));
    m_lastSynced->setText(m_detail->lastSynced.revision.empty() ? tr("never synced")
                                                                : tr("Last synced %1, %2").arg(models::commitText(m_detail->lastSynced), models::agoText(row.lastSync, m_context.now())));
    m_lastSynced->setExplanation(models::commitTooltip(m_detail->lastSynced));
    m_differences->setText(m_detail->isDiffReady ? models::differencesText(m_detail->diffs) : QString());
}

void ApplicationPage::showBanner()
{
    const service::AppRow &row = m_detail->row;
    const QString age = models::agoText(m_detail->observedAt, m_context.now());
    if (m_detail->isStale)
        m_banner->show({Mark::Offline, StatusColor::Degraded}, tr("%1 does not answer. This page is as last seen %2.").arg(models::text(m_app.context), age));
    else if (!row.conditions.empty())
        m_banner->show({Mark::Failed, StatusColor::Degraded}, models::sentence(row.conditions.front()));
    else if (row.isDisputed)
        m_banner->show({Mark::Warning, StatusColor::OutOfSync}, tr("The stored status says %1, but the comparison made here disagrees. The differences below are from here.").arg(models::statusWord(row.sync)));
    else if (!row.cause.empty())
        m_banner->show(markOf(row.urgency), models::sentence(row.cause));
    else
        m_banner->clear();
}

void ApplicationPage::showActions()
{
    service::AppRow row;
    row.id = m_app;
    if (m_detail)
        row = m_detail->row;
    if (!m_may) {
        const models::ActionState asking{false, tr("Asking the cluster what you may do…")};
        for (QWidget *button : {static_cast<QWidget *>(m_sync), static_cast<QWidget *>(m_refresh), static_cast<QWidget *>(m_terminate)})
            applyState(button, asking);
        applyState(m_rollback, asking);
        applyState(m_delete, asking);
        return;
    }
    applyState(m_sync, m_detail ? models::syncState(row, *m_may) : models::ActionState{false, tr("The application is not loaded yet.")});
    applyState(m_refresh, models::refreshState(row, *m_may));
    applyState(m_hardRefresh, models::refreshState(row, *m_may));
    applyState(m_terminate, models::terminateState(row, *m_may));
    m_terminate->setVisible(models::isOperating(row));
    applyState(m_rollback, models::rollbackState(row, *m_may));
    applyState(m_delete, models::removeState(row, *m_may));
    if (m_opensSync && m_sync->isEnabled()) {
        m_opensSync = false;
        openSync();
    }
}

void ApplicationPage::showTree()
{
    m_tree->setNow(m_context.now());
    const bool wasEmpty = m_tree->nodes().empty();
    const std::vector<service::TreeNode> tree =
        models::withRollouts(m_detail->tree, *service::rolloutsOf(m_context.service).rollouts(), m_app.context);
    m_tree->apply(tree, m_detail->row.destinationNamespace);
    m_graph->apply(m_detail->row, tree, m_context.now());
    if (wasEmpty) {
        if (m_detail->tree.size() <= kMaxGraphNodes)
            m_treeList->expandAll();
        else
            m_treeList->expandToDepth(0);
    }
    if (m_detail->tree.empty()) {
        m_treeEmpty->set(m_detail->treeProblem.empty() ? tr("No resources") : tr("The resources cannot be shown"),
                         m_detail->treeProblem.empty() ? tr("This application has nothing in the cluster, and Git asks for nothing.") : models::sentence(m_detail->treeProblem));
        m_treeStack->setCurrentWidget(m_treeEmpty);
    } else {
        const bool isGraph = m_context.settings.isTreeGraph() && m_detail->tree.size() <= kMaxGraphNodes;
        m_treeStack->setCurrentWidget(isGraph ? static_cast<QWidget *>(m_graph) : m_treeList);
        m_asGraph->setChecked(isGraph);
        m_asList->setChecked(!isGraph);
        m_asGraph->setEnabled(m_detail->tree.size() <= kMaxGraphNodes);
    }
    m_graph->select(m_selected);
    if (!m_inspector->isHidden()) {
        const service::TreeNode *node = nullptr;
        for (const service::TreeNode &candidate : m_detail->tree) {
            if (m_selected && candidate.key == *m_selected)
                node = &candidate;
        }
        m_inspector->show(*m_detail, node, m_context.now());
    }
}

void ApplicationPage::setGraph(bool isGraph)
{
    m_context.settings.setTreeGraph(isGraph);
    if (m_detail)
        showTree();
    if (m_selected) {
        const QModelIndex index = m_tree->indexOf(*m_selected);
        m_treeList->setCurrentIndex(index);
        m_treeList->scrollTo(index);
    }
}

void ApplicationPage::zoom(double factor)
{
    m_graph->setZoom(m_graph->zoom() * factor);
}

void ApplicationPage::selectNode(int node)
{
    if (!m_detail || node >= static_cast<int>(m_detail->tree.size()))
        return;
    const service::TreeNode *chosen = node < 0 ? nullptr : &m_detail->tree[static_cast<std::size_t>(node)];
    m_selected = chosen ? std::optional(chosen->key) : std::nullopt;
    if (chosen)
        m_diff->select(chosen->key);
    m_inspector->show(*m_detail, chosen, m_context.now());
    showInspector(true);
}

void ApplicationPage::showInspector(bool isShown)
{
    if (isShown && m_detail && m_inspector->isHidden() && !m_selected)
        m_inspector->show(*m_detail, nullptr, m_context.now());
    m_inspector->setVisible(isShown);
    if (!isShown)
        m_treeStack->currentWidget()->setFocus();
}

void ApplicationPage::showDiff()
{
    const int count = static_cast<int>(m_detail->diffs.size());
    m_tabs->setTabText(static_cast<int>(Tab::Diff), count > 0 ? tr("Diff (%1)").arg(count) : tr("Diff"));
    if (!m_detail->diffProblem.empty())
        m_diff->showMessage(tr("The differences cannot be told"), models::sentence(m_detail->diffProblem));
    else if (!m_detail->isDiffReady)
        m_diff->showMessage(tr("Comparing…"), tr("Git is rendered and compared with the cluster."));
    else if (count == 0)
        m_diff->showMessage(tr("No differences"), tr("The cluster has what Git asks for."));
    else
        m_diff->show(m_detail->diffs, m_detail->row.destinationNamespace);
}

void ApplicationPage::showOperation()
{
    const service::OperationView &operation = m_detail->operation;
    m_resultModel->apply(operation.results);
    if (operation.phase == service::OperationPhase::None) {
        m_operationText->setText(m_detail->row.isOperationRequested ? tr("An operation is asked for; nobody has picked it up yet.") : tr("No operation has run yet."));
        return;
    }
    QStringList lines;
    const QString end = operation.finishedAt == 0 ? tr("started %1").arg(models::agoText(operation.startedAt, m_context.now()))
                                                  : tr("finished %1, took %2").arg(models::agoText(operation.finishedAt, m_context.now()), models::ageText(operation.startedAt, operation.finishedAt));
    lines << tr("%1 · %2 · revision %3", "phase, when, revision").arg(models::statusWord(operation.phase), end, models::shortRevision(operation.revision));
    if (!operation.initiatedBy.empty())
        lines.back() += u" · "_s + tr("by %1").arg(models::text(operation.initiatedBy));
    if (operation.isDryRun)
        lines.back() += u" · "_s + tr("dry run");
    if (operation.retryCount > 0)
        lines.back() += u" · "_s + tr("%n retry(s)", nullptr, operation.retryCount);
    if (!operation.message.empty())
        lines << models::sentence(operation.message);
    m_operationText->setText(lines.join(u'\n'));
}

void ApplicationPage::showLists()
{
    const service::WallTime now = m_context.now();
    m_historyModel->apply(m_detail->history, now);
    m_historyText->setText(m_detail->history.empty() ? tr("Nothing has been deployed yet.") : tr("What was deployed, newest first."));
    m_eventModel->apply(m_detail->events, now);
    m_eventsText->setText(!m_detail->eventsProblem.empty() ? models::sentence(m_detail->eventsProblem)
                          : m_detail->events.empty()        ? tr("The cluster keeps no events of this application at the moment.")
                                                            : tr("Of the application and its resources, newest first."));
}

object::ObjectKey ApplicationPage::keyOfNode(int node) const
{
    if (node < 0 || !m_detail || static_cast<std::size_t>(node) >= m_detail->tree.size())
        return {"argoproj.io", "Application", m_app.ns, m_app.name};
    return m_detail->tree[static_cast<std::size_t>(node)].key;
}

void ApplicationPage::openActionMenu(int node, const QPoint &place)
{
    m_actionMenu->setResource(m_app, keyOfNode(node));
    m_actionMenu->popup(place);
}

void ApplicationPage::openAction(const service::OfferedAction &offered, const object::ObjectKey &key)
{
    service::ResourceActions *actions = resourceActionsOf(m_context.service);
    if (!actions)
        return;
    auto *dialog = new ActionDialog(m_context.service, *actions, m_app, key, offered, this);
    m_actionDialog = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ActionDialog::previewShown, this, &Page::settled);
    connect(dialog, &ActionDialog::done, this, &Page::noticed);
    dialog->open();
}

/// "?act=ACTION&kind=KIND&name=NAME" opens the action of the first such resource.
void ApplicationPage::showAddressedAction()
{
    service::ResourceActions *actions = resourceActionsOf(m_context.service);
    if (m_opensAction.isEmpty() || !m_detail || !actions)
        return;
    for (const service::TreeNode &node : m_detail->tree) {
        if (models::text(node.key.kind) != m_location.options.value(u"kind"_s) || models::text(node.key.name) != m_location.options.value(u"name"_s))
            continue;
        service::whenDone(actions->offeredActions(m_app, node.key), this,
                          [this, key = node.key, wanted = std::exchange(m_opensAction, {})](const Expected<std::vector<service::OfferedAction>> &offers) {
                              for (const service::OfferedAction &offered : offers.value_or(std::vector<service::OfferedAction>())) {
                                  if (models::text(offered.name) == wanted)
                                      openAction(offered, key);
                              }
                          });
        return;
    }
}

void ApplicationPage::openSync()
{
    if (!m_detail)
        return;
    std::vector<object::ObjectKey> selected;
    if (m_tabs->currentIndex() == static_cast<int>(Tab::Tree) && m_selected && !m_inspector->isHidden()) {
        for (const service::TreeNode &node : m_detail->tree) {
            if (node.key == *m_selected && node.hasSync)
                selected.push_back(node.key);
        }
    }
    auto *dialog = new SyncDialog(m_context.service, *m_detail, selected, this);
    m_dialog = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SyncDialog::planShown, this, &Page::settled);
    connect(dialog, &SyncDialog::accepted, this, [this](const service::AppId &) {
        setTab(Tab::Operation);
        Q_EMIT noticed(tr("The sync was accepted."));
    });
    dialog->open();
}

void ApplicationPage::openDelete()
{
    const QString name = models::text(m_app.name);
    QStringList resources;
    for (const service::TreeNode &node : m_detail ? m_detail->tree : std::vector<service::TreeNode>{}) {
        if (node.hasSync && node.isLive)
            resources << models::resourceText(node.key);
    }
    const int count = static_cast<int>(resources.size());
    ConfirmDialog::Content content;
    content.title = tr("Delete %1 on %2").arg(name, models::text(m_app.context));
    content.text = m_detail && !m_detail->row.parent.empty()
        ? tr("%1 made this application and will create it again.").arg(models::text(m_detail->row.parent))
        : tr("The Application object is deleted. What happens to its resources is your choice:");
    content.list = resources.join(u'\n');
    content.choices = {{u"foreground"_s, tr("Delete the %n resource(s) first, then the application", nullptr, count), tr("The application stays visible until all of them are gone.")},
                       {u"background"_s, tr("Delete the application, and its %n resource(s) in the background", nullptr, count), tr("The application disappears at once.")},
                       {QString(), tr("Delete only the application; its %n resource(s) stay", nullptr, count), tr("They go on running, and nothing compares them with Git any more.")}};
    content.buttonText = tr("Delete application %1").arg(name);
    content.typing = name;
    content.isDestructive = true;
    auto *dialog = new ConfirmDialog(content, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { report(m_context.service.remove(m_app, models::utf8(dialog->chosen())), tr("Deletion asked for.")); });
    dialog->open();
}

void ApplicationPage::openRollback()
{
    if (!m_detail)
        return;
    ConfirmDialog::Content content;
    const QString name = models::text(m_app.name);
    content.title = tr("Roll back %1 on %2").arg(name, models::text(m_app.context));
    content.text = tr("Applies an earlier revision. Hooks do not run, and the application will be OutOfSync until Git follows.");
    for (const service::HistoryRow &entry : m_detail->history) {
        if (entry.commit.revision != m_detail->lastSynced.revision || m_detail->history.size() == 1)
            content.choices.push_back({QString::number(entry.id), models::commitText(entry.commit), tr("deployed %1").arg(models::agoText(entry.deployedAt, m_context.now()))});
    }
    if (content.choices.empty()) {
        Q_EMIT noticed(tr("The history has no earlier revision to go back to."));
        return;
    }
    content.buttonText = tr("Roll back %1 on %2").arg(name, models::text(m_app.context));
    auto *dialog = new ConfirmDialog(content, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        report(m_context.service.rollback(m_app, dialog->chosen().toLongLong()), tr("The roll-back was accepted."));
        setTab(Tab::Operation);
    });
    dialog->open();
}

ActionDialog *ApplicationPage::actionDialog() const
{
    return m_actionDialog;
}

} // namespace tiphys::ui
