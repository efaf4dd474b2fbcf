// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_page.h"

#include "models/detail_lists.h"
#include "models/diff_list.h"
#include "models/resource_filter.h"
#include "models/resource_tree.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/delegates/detail_delegate.h"
#include "ui/dialogs/action_dialog.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/dialogs/sync_dialog.h"
#include "ui/pages/application_header.h"
#include "ui/pages/application_questions.h"
#include "ui/pages/application_rights.h"
#include "ui/pages/empty_words.h"
#include "ui/pages/resource_pane.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/action_menu.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/parameter_form.h"
#include "ui/widgets/parameters_pane.h"
#include "ui/widgets/resource_filter_bar.h"
#include "ui/widgets/resource_graph.h"
#include "ui/widgets/table_columns.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QTreeView>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

constexpr std::array kResultWidths{widthOf(0, 28, 2), widthOf(1, 46, 0, 1), widthOf(2, 26, 0), widthOf(3, 32, 0, 2)};
constexpr std::array kHistoryWidths{widthOf(0, 18, 2), widthOf(1, 56, 0, 3), widthOf(2, 28, 0, 1), widthOf(3, 24, 1)};
constexpr std::array kEventWidths{widthOf(0, 32, 0), widthOf(1, 40, 2, 1), widthOf(2, 44, 0, 4), widthOf(3, 14, 4),
                                  widthOf(4, 18, 3)};

constexpr std::array kTabNames{std::pair{ApplicationPage::Tab::Tree, QLatin1String("tree")},
                               std::pair{ApplicationPage::Tab::Diff, QLatin1String("diff")},
                               std::pair{ApplicationPage::Tab::Operation, QLatin1String("operation")},
                               std::pair{ApplicationPage::Tab::History, QLatin1String("history")},
                               std::pair{ApplicationPage::Tab::Events, QLatin1String("events")},
                               std::pair{ApplicationPage::Tab::Parameters, QLatin1String("parameters")}};

} // namespace

ApplicationPage::ApplicationPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_header(new ApplicationHeader(this)), m_stack(new QStackedWidget(this)),
      m_resources(new ResourcePane(m_context, this)), m_diff(new DiffPane(m_context.settings, this)),
      m_operationText(new TextLabel(TextLabel::Rank::Body, {}, this)), m_results(new QTreeView(this)),
      m_resultModel(new models::ResultList(this)), m_historyText(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_history(new QTreeView(this)), m_historyModel(new models::HistoryList(this)),
      m_eventsText(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_events(new QTreeView(this)),
      m_eventModel(new models::EventList(this)),
      m_parameters(new ParametersPane(m_context.service, m_context.settings, this)),
      m_rights(new ApplicationRights(m_context.service, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (const QString &title :
         {tr("Tree"), tr("Diff"), tr("Operation"), tr("History"), tr("Events"), tr("Parameters")})
        tabs()->addTab(title);
    column->addWidget(m_header);
    column->addWidget(new Line(Qt::Horizontal, this));
    m_stack->addWidget(m_resources);
    m_stack->addWidget(m_diff);
    m_stack->addWidget(buildList(m_results, m_resultModel, tr("Result of the operation"), m_operationText));
    m_stack->addWidget(buildList(m_history, m_historyModel, tr("History"), m_historyText));
    m_stack->addWidget(buildList(m_events, m_eventModel, tr("Events"), m_eventsText));
    new TableColumns(*m_results, kResultWidths, m_context.settings, u"operation"_s);
    new TableColumns(*m_history, kHistoryWidths, m_context.settings, u"history"_s);
    new TableColumns(*m_events, kEventWidths, m_context.settings, u"events"_s);
    m_stack->addWidget(m_parameters);
    column->addWidget(m_stack, 1);
    connectParts();
    connectService();
}

void ApplicationPage::connectParts()
{
    connect(m_header, &ApplicationHeader::syncRequested, this, &ApplicationPage::openSync);
    connect(m_header, &ApplicationHeader::refreshRequested, this, &ApplicationPage::refresh);
    connect(m_header, &ApplicationHeader::terminateRequested, this, &ApplicationPage::openTerminate);
    connect(m_header, &ApplicationHeader::confirmRequested, this, &ApplicationPage::openConfirm);
    connect(m_header, &ApplicationHeader::rollbackRequested, this, &ApplicationPage::openRollback);
    connect(m_header, &ApplicationHeader::deleteRequested, this, &ApplicationPage::openDelete);
    connect(m_header, &ApplicationHeader::operationRequested, this, [this] {
        tabs()->setCurrentIndex(static_cast<int>(Tab::Operation));
        m_results->setFocus();
    });
    connect(m_header, &ApplicationHeader::addressRequested, this,
            [this] { QApplication::clipboard()->setText(addressOf(m_location)); });
    connect(resourceFilter(), &ResourceFilterBar::filterChanged, this, &ApplicationPage::keepFilterInLocation);
    connect(m_resources, &ResourcePane::selected, m_diff, &DiffPane::select);
    connect(m_resources, &ResourcePane::actionChosen, this, &ApplicationPage::openAction);
    connect(m_resources, &ResourcePane::openRequested, this, &Page::openRequested);
    connect(m_resources, &ResourcePane::noticed, this, &Page::noticed);
    connect(m_resources, &ResourcePane::failed, this, &Page::failed);
    connect(m_diff, &DiffPane::noticed, this, &Page::noticed);
    connect(m_parameters, &ParametersPane::settled, this, &Page::settled);
    connect(m_parameters, &ParametersPane::noticed, this, &Page::noticed);
    connect(m_parameters, &ParametersPane::failed, this, &Page::failed);
    connect(tabs(), &QTabBar::currentChanged, this, [this](int tab) {
        m_stack->setCurrentIndex(tab);
        m_location.options.insert(u"tab"_s, kTabNames[static_cast<std::size_t>(tab)].second);
        m_header->setOperationShown(tab == static_cast<int>(Tab::Operation));
        if (m_detail)
            m_header->show(*m_detail, m_context.now());
        Q_EMIT locationChanged();
    });
}

void ApplicationPage::connectService()
{
    connect(&service::rolloutsOf(m_context.service), &service::Rollouts::rolloutsChanged, this, [this] {
        const auto isRollout = [](const service::TreeNode &node) { return node.key.kind == "Rollout"; };
        if (m_isOpen && m_detail && std::ranges::any_of(m_detail->tree, isRollout))
            m_resources->showAgain();
    });
    connect(m_rights, &ApplicationRights::answered, this, [this] {
        showActs();
        Q_EMIT settled();
    });
    connect(&m_context.service, &service::Service::applicationChanged, this, [this](const service::AppId &app) {
        if (m_isOpen && app == m_app)
            update();
    });
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
    column->addWidget(view, 1);
    return pane;
}

void ApplicationPage::showAgain(const Location &location)
{
    show(location);
    resourceFilter()->setFilter(models::resourceFilterOf(location.options));
}

void ApplicationPage::keepFilterInLocation()
{
    // What another application was filtered by is gone before this one opens.
    if (!m_isOpen)
        return;
    QMap<QString, QString> options = models::withoutResourceFilter(m_location.options);
    options.insert(models::optionsOf(resourceFilter()->filter()));
    if (options == m_location.options)
        return;
    m_location.options = std::move(options);
    Q_EMIT locationChanged();
}

void ApplicationPage::show(const Location &location)
{
    Page::show(location);
    if (!m_isOpen || location.app != m_app) {
        leave();
        m_app = location.app;
        m_detail.reset();
        m_header->setApplication(m_app);
        m_resources->setApplication(m_app);
        m_diff->clear(models::text(m_app.address()));
        m_parameters->setApplication(m_app);
        m_rights->setApplication(m_app);
        m_isOpen = true;
        m_context.service.openApplication(m_app);
        m_rights->ask();
    }
    const models::ResourceFilter filter = models::resourceFilterOf(location.options);
    if (!filter.isEmpty())
        resourceFilter()->setFilter(filter);
    keepFilterInLocation();
    const QString tab = location.options.value(u"tab"_s, u"tree"_s);
    for (const auto &[value, name] : kTabNames) {
        if (tab == name)
            setTab(value);
    }
    const QString act = m_location.options.take(u"act"_s);
    m_opensSync = act == u"sync"_s;
    m_opensAction = m_opensSync ? QString() : act;
    update();
    // Coming back to this place does not ask for the act again.
    if (location.options.contains(u"act"_s))
        Q_EMIT locationChanged();
    Q_EMIT titleChanged();
}

void ApplicationPage::leave()
{
    if (m_isOpen)
        m_context.service.closeApplication(m_app);
    m_isOpen = false;
    m_rights->leave();
    m_opensSync = false;
    m_opensAction.clear();
}

QString ApplicationPage::title() const
{
    return models::text(m_app.name);
}

bool ApplicationPage::stepBack()
{
    switch (static_cast<Tab>(tabs()->currentIndex())) {
    case Tab::Tree: return m_resources->stepBack();
    case Tab::Diff: return m_diff->stepBack();
    default: return false;
    }
}

void ApplicationPage::startFilter()
{
    if (tabs()->currentIndex() == static_cast<int>(Tab::Tree)) {
        Inspector *inspector = m_resources->inspector();
        const bool isInInspector = inspector->isAncestorOf(window()->focusWidget());
        if (!isInInspector || !inspector->startFind())
            m_resources->startFilter();
    } else if (tabs()->currentIndex() == static_cast<int>(Tab::Diff)) {
        m_diff->startFind();
    }
}

QList<QWidget *> ApplicationPage::panes()
{
    switch (static_cast<Tab>(tabs()->currentIndex())) {
    case Tab::Tree: return m_resources->panes();
    case Tab::Diff: return {m_diff->list()};
    case Tab::Operation: return {m_results};
    case Tab::History: return {m_history};
    case Tab::Events: return {m_events};
    case Tab::Parameters: {
        QWidget *first = m_parameters->form()->firstEditor();
        return {first ? first : static_cast<QWidget *>(tabs())};
    }
    }
    return {};
}

std::vector<KeyHelp> ApplicationPage::keys() const
{
    return {{tr("Ctrl+F"), tr("Filter the resources; Esc shows all again")},
            {tr("Left, Right, Up, Down"), tr("Walk the graph")},
            {tr("Enter, Space"), tr("Open or close a fold of the graph")},
            {tr("+, −"), tr("Make the graph larger or smaller")},
            {tr("0"), tr("Show the whole graph")},
            {tr("Shift+F10"), tr("Actions of the selected resource")},
            {tr("Ctrl+F"), tr("Find in the log, where the inspector has the focus")},
            {tr("F3, Shift+F3"), tr("The next and the one before of what is found in it")},
            {tr("F7, Shift+F7"), tr("Next and previous difference")},
            {tr("Space"), tr("Tick a difference as reviewed")},
            {tr("Ctrl+Enter"), tr("Tick it and go to the next one that is not")},
            {tr("N, P"), tr("The same in the text of a difference")},
            {tr("Ctrl+F, F3, Shift+F3"), tr("Find in the text of a difference, next and previous place")},
            {tr("Shift+Up, Shift+Down"), tr("Select lines of a difference; with Left and Right the side")},
            {tr("Ctrl+C"), tr("Copy the selected lines")}};
}

std::vector<PageCommand> ApplicationPage::commands()
{
    std::vector<PageCommand> commands = m_header->commands();
    for (PageCommand &resource : m_resources->commands([this] { setTab(Tab::Tree); }))
        commands.push_back(std::move(resource));
    return commands;
}

void ApplicationPage::setTab(Tab tab)
{
    tabs()->setCurrentIndex(static_cast<int>(tab));
    m_stack->setCurrentIndex(static_cast<int>(tab));
}

bool ApplicationPage::isSettled() const
{
    if (!m_absence.isEmpty())
        return true;
    if (m_opensSync || (m_dialog && !m_dialog->hasPlan()) || !m_opensAction.isEmpty()
        || (m_actionDialog && !m_actionDialog->hasPreview()))
        return false;
    if (tabs()->currentIndex() == static_cast<int>(Tab::Parameters) && !m_parameters->isSettled())
        return false;
    return m_detail && m_rights->may() && (m_detail->isDiffReady || !m_detail->diffProblem.empty())
           && m_detail->areEventsReady;
}

void ApplicationPage::tick()
{
    if (!m_detail)
        return;
    m_resources->tick();
    m_header->show(*m_detail, m_context.now());
    showOperation();
    showLists();
}

void ApplicationPage::refresh(bool isHard)
{
    report(m_context.service.refresh(m_app, isHard), isHard ? tr("Hard refresh asked for.") : tr("Refresh asked for."));
}

void ApplicationPage::report(const service::Ticket<service::Done> &ticket, const QString &done)
{
    service::whenDone(ticket, this, [this, done](const Expected<service::Done> &result) {
        if (result)
            Q_EMIT noticed(done);
        else
            Q_EMIT failed(models::sentence(result.error().text()));
    });
}

void ApplicationPage::update()
{
    m_detail = m_context.service.application(m_app);
    m_absence = m_detail ? models::absenceText(*m_detail) : QString();
    if (!m_absence.isEmpty()) {
        m_detail.reset();
        // One of that name that comes later is another one.
        m_opensSync = false;
        m_opensAction.clear();
    }
    m_rights->follow(m_detail.get());
    showActs();
    m_resources->show(m_detail, m_absence);
    if (!m_detail) {
        m_header->setApplication(m_app);
        const EmptyWords words =
            wordsOfAsking(*m_context.service.clusters(), m_app.context,
                          tr("Differences appear here once both sides are known."), m_context.now());
        if (m_absence.isEmpty())
            m_diff->showMessage(words.title, words.text);
        else
            m_diff->showMessage(tr("The application cannot be shown"), m_absence);
        m_resultModel->apply({}, service::OperationPhase::None);
        m_historyModel->apply({}, 0);
        m_eventModel->apply({}, 0);
        for (TextLabel *text : {m_operationText, m_historyText, m_eventsText})
            text->setText(m_absence);
        tabs()->setTabText(static_cast<int>(Tab::Diff), tr("Diff"));
        if (!m_absence.isEmpty())
            Q_EMIT settled();
        return;
    }
    m_header->show(*m_detail, m_context.now());
    showDiff();
    showOperation();
    showLists();
    m_parameters->setManifest(m_detail->manifest);
    showAddressedAction();
    Q_EMIT settled();
}

void ApplicationPage::showActs()
{
    m_header->showActs(m_detail.get(), m_rights->may());
    if (m_rights->may() && m_opensSync && syncButton()->isEnabled()) {
        m_opensSync = false;
        openSync();
    }
}

void ApplicationPage::showDiff()
{
    const int count = static_cast<int>(m_detail->diffs.size());
    tabs()->setTabText(static_cast<int>(Tab::Diff), count > 0 ? tr("Diff (%1)").arg(count) : tr("Diff"));
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
    m_resultModel->apply(operation.results, operation.phase);
    if (operation.phase == service::OperationPhase::None) {
        m_operationText->setText(m_detail->row.isOperationRequested
                                     ? tr("An operation is asked for; nobody has picked it up yet.")
                                     : tr("No operation has run yet."));
        return;
    }
    QStringList lines;
    const QString end = operation.finishedAt == 0
                            ? tr("started %1").arg(models::agoText(operation.startedAt, m_context.now()))
                            : tr("finished %1, took %2")
                                  .arg(models::agoText(operation.finishedAt, m_context.now()),
                                       models::ageText(operation.startedAt, operation.finishedAt));
    lines << tr("%1 · %2 · revision %3", "phase, when, revision")
                 .arg(models::statusWord(operation.phase), end, models::shortRevision(operation.revision));
    if (!operation.initiatedBy.empty())
        lines.back() += u" · "_s + tr("by %1").arg(models::text(operation.initiatedBy));
    if (operation.isDryRun)
        lines.back() += u" · "_s + tr("dry run");
    if (operation.retryCount > 0)
        lines.back() += u" · "_s + tr("%n retry(s)", nullptr, operation.retryCount);
    if (!operation.message.empty())
        lines << models::sentence(operation.message);
    for (const QString &line : {models::phasesText(operation), models::awaitedText(operation)}) {
        if (!line.isEmpty())
            lines << line;
    }
    m_operationText->setText(lines.join(u'\n'));
}

void ApplicationPage::showLists()
{
    const service::WallTime now = m_context.now();
    m_historyModel->apply(m_detail->history, now);
    m_historyText->setText(m_detail->history.empty() ? tr("Nothing has been deployed yet.")
                                                     : tr("What was deployed, newest first."));
    m_eventModel->apply(m_detail->events, now);
    m_eventsText->setText(!m_detail->areEventsReady          ? tr("Asking %1…").arg(models::text(m_app.context))
                          : !m_detail->eventsProblem.empty() ? models::sentence(m_detail->eventsProblem)
                          : m_detail->events.empty()
                              ? tr("The cluster keeps no events of this application at the moment.")
                              : tr("Of the application and its resources, newest first."));
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
    connect(dialog, &ActionDialog::failedUnseen, this, &Page::failed);
    dialog->open();
}

/// "?act=ACTION&kind=KIND&name=NAME" opens the action of the first such resource.
void ApplicationPage::showAddressedAction()
{
    service::ResourceActions *actions = resourceActionsOf(m_context.service);
    if (m_opensAction.isEmpty() || !m_detail || !actions)
        return;
    for (const service::TreeNode &node : m_detail->tree) {
        if (models::text(node.key.kind) != m_location.options.value(u"kind"_s)
            || models::text(node.key.name) != m_location.options.value(u"name"_s))
            continue;
        service::whenDone(
            actions->offeredActions(m_app, node.key), this,
            [this, app = m_app, key = node.key,
             wanted = std::exchange(m_opensAction, {})](const Expected<std::vector<service::OfferedAction>> &offers) {
                if (app != m_app)
                    return;
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
    const std::optional<object::ObjectKey> inspected = m_resources->inspected();
    for (const service::TreeNode &node : m_detail->tree) {
        if (tabs()->currentIndex() == static_cast<int>(Tab::Tree) && inspected && node.key == *inspected
            && node.hasSync)
            selected.push_back(node.key);
    }
    auto *dialog = new SyncDialog(m_context.service, *m_detail, selected, this);
    m_dialog = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SyncDialog::planShown, this, &Page::settled);
    connect(dialog, &SyncDialog::failedUnseen, this, &Page::failed);
    connect(dialog, &SyncDialog::accepted, this, [this](const service::AppId &app) {
        if (app == m_app)
            setTab(Tab::Operation);
        Q_EMIT noticed(tr("The sync was accepted."));
    });
    dialog->open();
}

void ApplicationPage::openDelete()
{
    // Which resources it has is part of the question.
    if (!m_detail)
        return;
    auto *dialog = new ConfirmDialog(deleteQuestion(m_app, m_detail.get()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    // Another application may be shown by the time of the answer: what was asked about is what is deleted.
    connect(dialog, &QDialog::accepted, this, [this, dialog, app = m_app] {
        report(m_context.service.remove(app, models::utf8(dialog->chosen())), tr("Deletion asked for."));
    });
    dialog->open();
}

void ApplicationPage::openRollback()
{
    if (!m_detail)
        return;
    const ConfirmDialog::Content question = rollbackQuestion(*m_detail, *m_context.service.clusters(), m_context.now());
    if (question.choices.empty()) {
        Q_EMIT noticed(tr("The history has no earlier revision to go back to."));
        return;
    }
    auto *dialog = new ConfirmDialog(question, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, app = m_app] {
        report(m_context.service.rollback(app, dialog->chosen().toLongLong()), tr("The roll-back was accepted."));
        if (app == m_app)
            setTab(Tab::Operation);
    });
    dialog->open();
}

void ApplicationPage::openTerminate()
{
    const auto terminate = [this, app = m_app] {
        report(m_context.service.terminate(app), tr("Asked the operation to stop."));
    };
    const ConfirmDialog::Content question = terminateQuestion(m_app, *m_context.service.clusters());
    if (question.typing.isEmpty()) {
        terminate();
        return;
    }
    auto *dialog = new ConfirmDialog(question, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, terminate);
    dialog->open();
}

void ApplicationPage::openConfirm()
{
    // What waits for it is part of the question.
    if (!m_detail)
        return;
    auto *dialog = new ConfirmDialog(confirmQuestion(m_detail->row, *m_context.service.clusters()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, app = m_app] { report(m_context.service.confirmDeletion(app), tr("Confirmed.")); });
    dialog->open();
}

QPushButton *ApplicationPage::syncButton() const
{
    return m_header->syncButton();
}

QTabBar *ApplicationPage::tabs() const
{
    return m_header->tabs();
}

Banner *ApplicationPage::banner() const
{
    return m_header->banner();
}

ResourceGraph *ApplicationPage::graph() const
{
    return m_resources->graph();
}

QTreeView *ApplicationPage::treeList() const
{
    return m_resources->list();
}

ResourceFilterBar *ApplicationPage::resourceFilter() const
{
    return m_resources->filterBar();
}

Inspector *ApplicationPage::inspector() const
{
    return m_resources->inspector();
}

ActionMenu *ApplicationPage::actionMenu() const
{
    return m_resources->actionMenu();
}

ActionDialog *ApplicationPage::actionDialog() const
{
    return m_actionDialog;
}

} // namespace tiphys::ui
