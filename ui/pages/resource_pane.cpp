// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/resource_pane.h"

#include "models/log_text.h"
#include "models/resource_tree.h"
#include "models/rollout_text.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/delegates/detail_delegate.h"
#include "ui/delegates/diff_delegate.h"
#include "ui/pages/empty_words.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/action_menu.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/resource_filter_bar.h"
#include "ui/widgets/resource_graph.h"
#include "ui/widgets/rollout_bar.h"
#include "ui/widgets/table_columns.h"

#include <QBoxLayout>
#include <QCursor>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// Above this many nodes an application opens as a list.
constexpr std::size_t kMaxGraphNodes = 300;

using Column = models::ResourceTree::Column;

constexpr std::array kListWidths{widthOf(Column::Name, 64, 0, 3), widthOf(Column::Health, 28, 1),
                                 widthOf(Column::Sync, 28, 2), widthOf(Column::Information, 36, 4, 2),
                                 widthOf(Column::Age, 14, 3)};

} // namespace

ResourcePane::ResourcePane(UiContext context, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent), m_context(std::move(context)), m_graph(new ResourceGraph(this)),
      m_list(new BranchView(this)), m_stack(new QStackedWidget(this)), m_empty(new EmptyPane(this)),
      m_banner(new Banner(this)), m_contexts(new QMenu(this)), m_tree(new models::ResourceTree(this)),
      m_inspector(new Inspector(m_context.service, this)), m_actionMenu(new ActionMenu(m_context.service, this)),
      m_filter(new ResourceFilterBar([this] { return m_detail ? &m_detail->tree : nullptr; }, this))
{
    const int u = unit(this);
    buildList();
    setHandleWidth(1);
    setChildrenCollapsible(false);
    addWidget(buildLeft());
    addWidget(m_inspector);
    setStretchFactor(0, 1);
    setSizes({200 * u, 84 * u});
    m_inspector->hide();
    connectParts();
    connect(&m_context.service, &service::Service::clustersChanged, this, [this] {
        if (!m_detail && m_absence.isEmpty())
            showAgain();
    });
}

void ResourcePane::buildList()
{
    setUpListView(m_list);
    m_list->setModel(m_tree);
    m_list->setItemDelegate(new TreeDelegate(m_list));
    m_list->setRootIsDecorated(true);
    m_list->setItemsExpandable(true);
    m_list->setAccessibleName(tr("Resources"));
    new TableColumns(*m_list, kListWidths, m_context.settings, u"resources"_s);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
}

QWidget *ResourcePane::buildLeft()
{
    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(new Line(Qt::Horizontal, left));
    column->addWidget(m_banner);
    m_stack->addWidget(m_graph);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    return left;
}

QWidget *ResourcePane::buildBar()
{
    const int u = unit(this);
    auto *bar = new QWidget(this);
    m_bar = bar;
    m_bar->installEventFilter(this);
    m_zoomTools = new QWidget(bar);
    m_zoomTools->setMinimumWidth(1);
    m_zoomTools->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    auto *line = new QHBoxLayout(bar);
    line->setContentsMargins(3 * u, u, 3 * u, u);
    line->setSpacing(u / 2);
    auto *zoomLine = new QHBoxLayout(m_zoomTools);
    zoomLine->setContentsMargins(0, 0, 0, 0);
    zoomLine->setSpacing(u / 2);
    const auto button = [bar](QHBoxLayout *row, const QString &name, const QString &text) {
        auto *tool = new QToolButton(bar);
        tool->setIcon(icon(name));
        tool->setText(text);
        tool->setFocusPolicy(Qt::StrongFocus);
        tool->setToolButtonStyle(Qt::ToolButtonIconOnly);
        tool->setAutoRaise(true);
        tool->setToolTip(text);
        tool->setAccessibleName(text);
        row->addWidget(tool);
        return tool;
    };
    m_asGraph = button(line, u"graph"_s, tr("Show as graph"));
    m_asList = button(line, u"list"_s, tr("Show as list"));
    m_asGraph->setCheckable(true);
    m_asList->setCheckable(true);
    line->addSpacing(u);
    line->addWidget(m_filter, 1);
    line->addSpacing(u);
    line->addWidget(m_zoomTools);
    connect(button(zoomLine, u"zoom_out"_s, tr("Smaller (−)")), &QToolButton::clicked, this,
            [this] { zoom(1 / 1.25); });
    connect(button(zoomLine, u"zoom_in"_s, tr("Larger (+)")), &QToolButton::clicked, this, [this] { zoom(1.25); });
    connect(button(zoomLine, u"fit"_s, tr("Show all (0)")), &QToolButton::clicked, m_graph, &ResourceGraph::zoomToFit);
    connect(button(line, u"inspector"_s, tr("Inspector")), &QToolButton::clicked, this,
            [this] { showInspector(m_inspector->isHidden()); });
    connect(m_asGraph, &QToolButton::clicked, this,
            [this](bool isOther) { isOther ? setGraph(true) : m_asGraph->setChecked(true); });
    connect(m_asList, &QToolButton::clicked, this,
            [this](bool isOther) { isOther ? setGraph(false) : m_asList->setChecked(true); });
    return bar;
}

bool ResourcePane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_bar && event->type() == QEvent::Resize)
        m_zoomTools->setVisible(m_bar->width() >= 100 * unit(this));
    return QSplitter::eventFilter(watched, event);
}

void ResourcePane::connectParts()
{
    connect(m_banner, &Banner::actionTriggered, this, &ResourcePane::chooseContext);
    connect(m_empty, &EmptyPane::actionTriggered, this, [this] {
        if (m_detail && !m_detail->tree.empty() && !m_filter->filter().isEmpty())
            clearFilter();
        else
            chooseContext();
    });
    connect(m_filter, &ResourceFilterBar::filterChanged, this, &ResourcePane::filter);
    connect(m_filter, &ResourceFilterBar::left, this, [this] {
        if (m_stack->currentWidget() != m_empty)
            m_stack->currentWidget()->setFocus();
    });
    connect(m_inspector, &Inspector::closed, this, [this] { showInspector(false); });
    connect(m_inspector->rolloutBar(), &RolloutBar::openRequested, this,
            [this](const service::RolloutId &rollout) { Q_EMIT openRequested(rolloutLocation(rollout)); });
    connect(m_inspector->rolloutBar(), &RolloutBar::acted, this, &ResourcePane::noticed);
    connect(m_inspector->rolloutBar(), &RolloutBar::failed, this, &ResourcePane::failed);
    connect(m_graph, &ResourceGraph::nodeSelected, this,
            [this](int node) { select(node < 0 ? std::nullopt : std::optional(graphKey(node))); });
    connect(m_graph, &ResourceGraph::menuRequested, this,
            [this](int node, const QPoint &place) { openMenuOf(graphKey(node), place); });
    connect(m_list, &QTreeView::customContextMenuRequested, this, &ResourcePane::openListMenu);
    for (ActionMenu *menu : {m_actionMenu, m_inspector->actionMenu()}) {
        connect(menu, &ActionMenu::chosen, this, &ResourcePane::actionChosen);
        connect(menu, &ActionMenu::noticed, this, &ResourcePane::noticed);
    }
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &index) {
        if (index.isValid() && m_list->isVisible() && !m_isFollowing)
            select(m_tree->nodeAt(index)->key);
    });
}

void ResourcePane::setApplication(const service::AppId &app)
{
    const bool isOther = std::exchange(m_app, app) != app;
    m_detail.reset();
    m_absence.clear();
    m_selected.reset();
    m_inspector->hide();
    m_banner->clear();
    if (!isOther)
        return;
    m_isSmallGraph = false;
    m_filter->setFilter({});
    m_tree->apply({}, {});
}

void ResourcePane::show(service::AppDetailPtr detail, const QString &absence)
{
    m_detail = std::move(detail);
    m_absence = absence;
    showAgain();
}

void ResourcePane::showAgain()
{
    if (!m_detail) {
        m_tree->apply({}, {});
        m_filter->setEnabled(false);
        m_filter->setCount(0, 0, false);
        if (m_absence.isEmpty()) {
            const EmptyWords words =
                wordsOfAsking(*m_context.service.clusters(), m_app.context,
                              tr("The resources of this application appear here."), m_context.now());
            m_empty->set(words.title, words.text);
        } else {
            m_empty->set(tr("The application cannot be shown"), m_absence);
            m_selected.reset();
            m_inspector->hide();
            m_banner->clear();
        }
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_tree->setNow(m_context.now());
    const bool wasEmpty = m_tree->nodes().empty();
    std::vector<service::TreeNode> all =
        models::withRollouts(m_detail->tree, *service::rolloutsOf(m_context.service).rollouts(), m_app.context);
    const models::ResourceFilter &filter = m_filter->filter();
    // Of a tree that is too large for a graph, what is left can be one.
    const bool isSmall = all.size() <= kMaxGraphNodes;
    const bool isDimmingAll = isSmall && !filter.isEmpty();
    if (isDimmingAll)
        fillGraph(all);
    models::FilteredResources left = models::filtered(std::move(all), filter);
    m_matches = left.matches;
    const Branches known = filter.isEmpty() ? Branches() : branchesOf(*m_tree);
    m_tree->apply(std::move(left.nodes), m_detail->row.destinationNamespace);
    // The graph of a tree that is too large for one is laid out when it is shown of what is left.
    const bool hasGraph = isSmall || showsGraph();
    if (hasGraph && !isDimmingAll)
        fillGraph(m_tree->nodes());
    m_filter->setEnabled(true);
    if (!filter.isEmpty())
        openOthers(*m_list, *m_tree, known); // what is found below a new branch is in sight
    else if (wasEmpty && !m_branchesBefore)
        openBranches();
    showStack();
    selectAgain();
    const service::TreeNode *node = m_selected ? nodeOf(*m_selected) : nullptr;
    if (hasGraph)
        m_graph->select(node ? m_selected : std::nullopt);
    else if (m_graph->app() != m_app)
        m_graph->apply({}, {}, m_context.now());
    m_filter->setCount(m_matches, static_cast<int>(m_detail->tree.size()),
                       node && !m_inspector->isHidden() && !isShown(*m_selected));
    if (!m_inspector->isHidden())
        m_inspector->show(*m_detail, node, m_context.now());
}

void ResourcePane::fillGraph(const std::vector<service::TreeNode> &nodes)
{
    const models::ResourceFilter &filter = m_filter->filter();
    std::vector<bool> isDimmed;
    isDimmed.reserve(nodes.size());
    for (const service::TreeNode &node : nodes) {
        if (!filter.isEmpty())
            isDimmed.push_back(!models::isMatch(node, filter));
    }
    m_graph->apply(m_detail->row, nodes, m_context.now(), std::move(isDimmed));
}

bool ResourcePane::isShown(const object::ObjectKey &key) const
{
    if (m_stack->currentWidget() == m_graph)
        return std::ranges::contains(m_graph->nodes(), key, &service::TreeNode::key);
    return m_tree->indexOf(key).isValid();
}

const service::TreeNode *ResourcePane::nodeOf(const object::ObjectKey &key) const
{
    const auto found = std::ranges::find(m_detail->tree, key, &service::TreeNode::key);
    return found == m_detail->tree.end() ? nullptr : &*found;
}

void ResourcePane::filter()
{
    const bool isFiltered = !m_filter->filter().isEmpty();
    if (!m_detail) {
        m_branchesBefore.reset();
        return;
    }
    if (isFiltered && !m_branchesBefore && !m_tree->nodes().empty())
        m_branchesBefore = openBranchesOf(*m_list, *m_tree);
    showAgain();
    // What was found is in sight; afterwards the list looks as before.
    if (isFiltered)
        m_list->expandAll();
    else if (m_branchesBefore)
        openOnly(*m_list, *m_tree, *m_branchesBefore);
    else
        openBranches();
    if (!isFiltered)
        m_branchesBefore.reset();
    selectInList();
    m_graph->showMatch();
}

void ResourcePane::clearFilter()
{
    m_filter->setFilter({});
    m_stack->currentWidget()->setFocus();
}

void ResourcePane::selectInList()
{
    const QModelIndex index = m_selected ? m_tree->indexOf(*m_selected) : QModelIndex();
    m_isFollowing = true;
    if (index.isValid())
        m_list->setCurrentIndex(index);
    else
        m_list->selectionModel()->clear();
    m_isFollowing = false;
    if (index.isValid())
        m_list->scrollTo(index);
}

void ResourcePane::selectAgain()
{
    const bool isMissed = m_selected && m_stack->currentWidget() == m_list && !m_list->currentIndex().isValid();
    const QModelIndex index = isMissed ? m_tree->indexOf(*m_selected) : QModelIndex();
    if (!index.isValid())
        return;
    m_isFollowing = true;
    m_list->setAutoScroll(false); // nothing jumps
    m_list->setCurrentIndex(index);
    m_list->setAutoScroll(true);
    m_isFollowing = false;
}

void ResourcePane::openBranches()
{
    if (m_detail->tree.size() <= kMaxGraphNodes)
        m_list->expandAll();
    else
        m_list->expandToDepth(0);
}

void ResourcePane::showNothing()
{
    m_empty->set(tr("Nothing matches"),
                 tr("None of %n resource(s) matches the filter.", nullptr, static_cast<int>(m_detail->tree.size())),
                 tr("Clear the filter"));
    m_stack->setCurrentWidget(m_empty);
}

void ResourcePane::showProblem()
{
    const QString choose = m_detail->unreachedServer.empty() ? QString() : tr("Choose a context…");
    QStringList problems;
    for (const QString &part : {models::sentence(m_detail->treeProblem), models::arrivalText(*m_detail)}) {
        if (!part.isEmpty())
            problems << part;
    }
    const QString problem = problems.join(u' ');
    if (m_detail->tree.empty() && m_detail->isTreeStored && problem.isEmpty())
        m_empty->set(tr("Asking %1…").arg(models::text(m_app.context)),
                     tr("The resources of this application appear here."));
    else if (m_detail->tree.empty())
        m_empty->set(problem.isEmpty() ? tr("No resources") : tr("The resources cannot be shown"),
                     problem.isEmpty() ? tr("This application has nothing in the cluster, and Git asks for nothing.")
                                       : problem,
                     choose);
    if (m_detail->tree.empty() || problem.isEmpty())
        m_banner->clear();
    else
        m_banner->show({Mark::Warning, StatusColor::OutOfSync}, problem, choose);
}

QMenu *ResourcePane::contextMenu()
{
    m_contexts->clear();
    if (!m_detail || m_detail->unreachedServer.empty())
        return m_contexts;
    m_contexts->addSection(tr("Reach %1 by").arg(models::text(m_detail->unreachedServer)));
    for (const service::ClusterState &cluster : m_context.service.clusters()->clusters) {
        const std::string context = cluster.context;
        QAction *action = m_contexts->addAction(tr("%1 (%2)").arg(models::text(context), models::text(cluster.server)));
        connect(action, &QAction::triggered, this, [this, context, server = m_detail->unreachedServer] {
            m_context.settings.setTicked(models::text(context), true);
            service::whenDone(m_context.service.chooseContext(server, context), this,
                              [this](const Expected<service::Done> &done) {
                                  if (!done)
                                      Q_EMIT noticed(models::sentence(done.error().text()));
                              });
        });
    }
    return m_contexts;
}

void ResourcePane::chooseContext()
{
    contextMenu()->popup(QCursor::pos());
}

void ResourcePane::showStack()
{
    showProblem();
    if (m_detail->tree.empty()) {
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    const bool mayBeGraph = m_tree->nodes().size() <= kMaxGraphNodes;
    m_isSmallGraph = m_isSmallGraph && mayBeGraph;
    m_asGraph->setEnabled(mayBeGraph);
    if (m_tree->nodes().empty()) {
        showNothing();
        return;
    }
    const bool isGraph = showsGraph();
    m_stack->setCurrentWidget(isGraph ? static_cast<QWidget *>(m_graph) : m_list);
    m_asGraph->setChecked(isGraph);
    m_asList->setChecked(!isGraph);
}

bool ResourcePane::showsGraph() const
{
    // A large tree opens as a list; what a filter leaves of it is a graph for who asks for that.
    return m_context.settings.isTreeGraph() && m_tree->nodes().size() <= kMaxGraphNodes
           && (m_isSmallGraph || m_detail->tree.size() <= kMaxGraphNodes);
}

void ResourcePane::tick()
{
    m_tree->setNow(m_context.now());
}

bool ResourcePane::closeInspector()
{
    if (m_inspector->isHidden())
        return false;
    showInspector(false);
    return true;
}

void ResourcePane::startFilter()
{
    m_filter->start();
}

bool ResourcePane::stepBack()
{
    const bool isFiltered = !m_filter->filter().isEmpty();
    const bool isInFilter = m_filter->textField()->hasFocus();
    if (isInFilter || (isFiltered && m_inspector->isHidden())) {
        clearFilter();
        return true;
    }
    return closeInspector();
}

QList<QWidget *> ResourcePane::panes() const
{
    QList<QWidget *> panes{m_stack->currentWidget() == m_graph ? static_cast<QWidget *>(m_graph) : m_list,
                           m_filter->textField()};
    if (!m_inspector->isHidden())
        panes << m_inspector->tabs();
    return panes;
}

std::optional<object::ObjectKey> ResourcePane::inspected() const
{
    return m_inspector->isHidden() ? std::nullopt : m_selected;
}

void ResourcePane::setGraph(bool isGraph)
{
    m_context.settings.setTreeGraph(isGraph);
    m_isSmallGraph = isGraph;
    m_asGraph->setChecked(isGraph);
    m_asList->setChecked(!isGraph);
    if (!m_detail)
        return;
    showAgain();
    if (m_selected)
        selectInList();
}

void ResourcePane::zoom(double factor)
{
    m_graph->setZoom(m_graph->zoom() * factor);
}

void ResourcePane::select(const std::optional<object::ObjectKey> &key)
{
    if (!m_detail)
        return;
    const service::TreeNode *chosen = key ? nodeOf(*key) : nullptr;
    m_selected = chosen ? std::optional(chosen->key) : std::nullopt;
    if (chosen)
        Q_EMIT selected(chosen->key);
    m_inspector->show(*m_detail, chosen, m_context.now());
    showInspector(true);
    m_filter->setCount(m_matches, static_cast<int>(m_detail->tree.size()), false);
}

void ResourcePane::reveal(const object::ObjectKey &key)
{
    if (!m_tree->indexOf(key).isValid())
        m_filter->setFilter({});
    const QModelIndex index = m_tree->indexOf(key);
    if (!index.isValid())
        return;
    m_graph->reveal(key);
    m_list->setCurrentIndex(index);
    m_list->scrollTo(index);
    select(key);
    m_stack->currentWidget()->setFocus();
}

std::vector<PageCommand> ResourcePane::commands(const std::function<void()> &comeForward)
{
    std::vector<PageCommand> commands;
    if (!m_detail)
        return commands;
    const std::string &ns = m_detail->row.destinationNamespace;
    if (const std::optional<object::ObjectKey> shown = inspected())
        commands.push_back({PageCommand::Kind::Act,
                            tr("Actions of %1…").arg(models::resourceText(*shown, ns)),
                            {},
                            u"more"_s,
                            true,
                            [this, shown] { openMenuOf(*shown, m_inspector->mapToGlobal(QPoint(0, 0))); }});
    const bool isTroubleOnly = m_filter->filter().isTroubleOnly;
    commands.push_back(
        {PageCommand::Kind::Act,
         isTroubleOnly ? tr("Show all resources") : tr("Show only resources that are out of sync or not healthy"),
         {},
         u"search"_s,
         true,
         [this, comeForward, isTroubleOnly] {
             comeForward();
             models::ResourceFilter wanted;
             wanted.isTroubleOnly = !isTroubleOnly;
             m_filter->setFilter(wanted);
         }});
    if (const std::optional<object::ObjectKey> shown = inspected(); shown && models::hasPodLogs(*shown))
        commands.push_back({PageCommand::Kind::Act,
                            tr("Logs of %1").arg(models::resourceText(*shown, ns)),
                            {},
                            u"list"_s,
                            true,
                            [this, comeForward] {
                                comeForward();
                                m_inspector->showLogs();
                            }});
    for (const service::TreeNode &node : m_detail->tree) {
        QStringList state;
        for (const QString &part :
             {node.health == service::HealthStatus::None ? QString() : models::statusWord(node.health),
              node.hasSync ? models::statusWord(node.sync) : QString(), QString(models::text(node.info))}) {
            if (!part.isEmpty())
                state << part;
        }
        commands.push_back({PageCommand::Kind::Thing, models::resourceText(node.key, ns), state.join(u" · "_s),
                            u"list"_s, true, [this, key = node.key, comeForward] {
                                comeForward();
                                reveal(key);
                            }});
    }
    return commands;
}

void ResourcePane::showInspector(bool isShown)
{
    if (isShown && m_detail && m_inspector->isHidden() && !m_selected)
        m_inspector->show(*m_detail, nullptr, m_context.now());
    m_inspector->setVisible(isShown);
    if (m_detail)
        m_filter->setCount(m_matches, static_cast<int>(m_detail->tree.size()),
                           isShown && m_selected && nodeOf(*m_selected) && !this->isShown(*m_selected));
    if (!isShown)
        m_stack->currentWidget()->setFocus();
}

object::ObjectKey ResourcePane::graphKey(int node) const
{
    if (node < 0 || static_cast<std::size_t>(node) >= m_graph->nodes().size())
        return {"argoproj.io", "Application", m_app.ns, m_app.name};
    return m_graph->nodes()[static_cast<std::size_t>(node)].key;
}

void ResourcePane::openMenuOf(const object::ObjectKey &key, const QPoint &place)
{
    m_actionMenu->setResource(m_app, key);
    m_actionMenu->popup(place);
}

void ResourcePane::openListMenu(const QPoint &place)
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid())
        return;
    // By keyboard the place may be anywhere in the list: the menu opens at the row.
    const QRect row = m_list->visualRect(index);
    openMenuOf(
        m_tree->nodeAt(index)->key,
        m_list->viewport()->mapToGlobal(row.contains(place) ? place : row.bottomLeft() + QPoint(row.height(), 0)));
}

} // namespace tiphys::ui
