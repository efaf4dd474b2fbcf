// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/applications_page.h"

#include "models/application_table.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/delegates/row_delegate.h"
#include "ui/dialogs/acts_dialog.h"
#include "ui/pages/empty_words.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/health_bar.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/selection_bar.h"
#include "ui/widgets/table_columns.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QStackedWidget>
#include <QTreeView>

#include <algorithm>
#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

using Column = models::ApplicationTable::Column;

constexpr std::array kWidths{
    widthOf(Column::Status, 56, 0),      widthOf(Column::Name, 56, 0, 6),        widthOf(Column::Cluster, 32, 3),
    widthOf(Column::Project, 24, 8),     widthOf(Column::Destination, 36, 5, 1), widthOf(Column::Source, 44, 4, 1),
    widthOf(Column::Revision, 36, 2, 1), widthOf(Column::Since, 18, 1),          widthOf(Column::LastSync, 20, 7)};

} // namespace

ApplicationsPage::ApplicationsPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_model(new models::ApplicationTable(this)), m_view(new QTreeView(this)),
      m_stack(new QStackedWidget(this)),
      m_filter(new FilterBar([this](models::Facet facet) { return m_model->facet(facet); }, this)),
      m_health(new HealthBar(this)), m_banner(new Banner(this)), m_empty(new EmptyPane(this)),
      m_count(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_selected(new SelectionBar(this)),
      m_menu(new QMenu(this))
{
    build();
    connect(m_filter, &FilterBar::filterChanged, this, [this] {
        m_model->setFilter(m_filter->filter());
        showCounts();
        showSelection();
        keepFilterInLocation();
    });
    connect(m_filter, &FilterBar::saveRequested, this, &ApplicationsPage::askForViewName);
    connect(m_health, &HealthBar::healthClicked, this, [this](service::HealthStatus health) {
        models::ApplicationFilter filter = m_filter->filter();
        const std::set<QString> only{models::statusWord(health)};
        if (filter.chosen[models::Facet::Health] == only)
            filter.chosen.erase(models::Facet::Health);
        else
            filter.chosen[models::Facet::Health] = only;
        m_filter->setFilter(filter);
    });
    connectSelection();
    connect(m_view, &QTreeView::activated, this, &ApplicationsPage::open);
    connect(m_view->header(), &QHeaderView::sortIndicatorChanged, m_model, &models::ApplicationTable::sort);
    connect(m_banner, &Banner::actionTriggered, this, [this] { Q_EMIT openRequested({PageKind::Clusters, {}, {}}); });
    connect(m_empty, &EmptyPane::actionTriggered, this, [this] {
        const std::optional<EmptyWords> words = wordsWithoutClusters(*m_context.service.clusters(), m_context.now());
        if (m_model->totalCount() > 0)
            m_filter->setFilter({});
        else
            Q_EMIT openRequested({words ? words->leadsTo : PageKind::Clusters, {}, {}});
    });
    connect(&m_context.service, &service::Service::applicationsChanged, this, &ApplicationsPage::update);
    connect(&m_context.service, &service::Service::clustersChanged, this, &ApplicationsPage::update);
    update();
}

void ApplicationsPage::build()
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4 * u, 0, 0);
    column->setSpacing(2 * u);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(6 * u, 0, 6 * u, 0);
    head->setSpacing(2 * u);
    auto *titleRow = new QHBoxLayout;
    titleRow->setSpacing(3 * u);
    titleRow->addWidget(new TextLabel(TextLabel::Rank::Title, title(), this));
    m_count->setWordWrap(false);
    titleRow->addWidget(m_count, 0, Qt::AlignBottom);
    titleRow->addStretch();
    head->addLayout(titleRow);
    head->addWidget(m_health);
    head->addWidget(m_filter);
    head->addWidget(m_banner);
    column->addLayout(head);
    setUpListView(m_view);
    m_view->setModel(m_model);
    m_view->setAccessibleName(title());
    m_view->setItemDelegate(new CellDelegate(m_view));
    m_view->setItemDelegateForColumn(static_cast<int>(Column::Status), new AppStatusDelegate(m_view));
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->header()->setSortIndicatorShown(true);
    m_view->header()->setSortIndicator(-1, Qt::AscendingOrder);
    m_view->header()->setSortIndicatorClearable(true);
    m_view->header()->setSectionsMovable(true);
    m_columns = new TableColumns(*m_view, kWidths, m_context.settings, u"applications"_s);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    column->addWidget(m_selected);
}

void ApplicationsPage::connectSelection()
{
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QTreeView::customContextMenuRequested, this, [this](const QPoint &place) {
        // By keyboard the place may be anywhere in the list: the menu opens at the row.
        const QRect row = m_view->visualRect(m_view->currentIndex());
        if (selectedCount() > 0)
            selectionMenu()->popup(m_view->viewport()->mapToGlobal(
                row.contains(place) ? place : row.bottomLeft() + QPoint(row.height(), 0)));
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ApplicationsPage::showSelection);
    connect(m_selected, &SelectionBar::chosen, this, &ApplicationsPage::openActs);
}

int ApplicationsPage::selectedCount() const
{
    int count = 0;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection())
        count += range.height();
    return count;
}

void ApplicationsPage::showSelection()
{
    m_selected->setCount(selectedCount());
}

QMenu *ApplicationsPage::selectionMenu()
{
    m_menu->clear();
    const QModelIndexList selected = m_view->selectionModel()->selectedRows();
    if (selected.size() == 1)
        m_menu->addAction(tr("Open"), this, [this] { open(m_view->selectionModel()->selectedRows().value(0)); });
    for (const models::ManyAct act : SelectionBar::kActs) {
        QAction *action = m_menu->addAction(SelectionBar::titleOf(act));
        action->setEnabled(!selected.isEmpty());
        connect(action, &QAction::triggered, this, [this, act] { openActs(act); });
    }
    return m_menu;
}

void ApplicationsPage::openActs(models::ManyAct act)
{
    std::vector<service::AppRowPtr> applications;
    QModelIndexList selected = m_view->selectionModel()->selectedRows();
    std::ranges::sort(selected, {}, &QModelIndex::row);
    for (const QModelIndex &index : selected)
        applications.push_back(m_model->rowAt(index.row()));
    if (applications.empty()) {
        Q_EMIT noticed(tr("Select applications first."));
        return;
    }
    auto *dialog = new ActsDialog(m_context.service, act, std::move(applications), this);
    m_acts = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ActsDialog::done, this, &Page::noticed);
    connect(dialog, &ActsDialog::failedUnseen, this, &Page::failed);
    connect(dialog, &ActsDialog::settled, this, &Page::settled);
    dialog->open();
}

ActsDialog *ApplicationsPage::actsDialog() const
{
    return m_acts;
}

QString ApplicationsPage::title() const
{
    return tr("Applications");
}

void ApplicationsPage::show(const Location &location)
{
    Page::show(location);
    if (models::hasFilter(location.options))
        m_filter->setFilter(models::filterOf(location.options));
    // Without options the filter is the one of last time.
    keepFilterInLocation();
}

void ApplicationsPage::showAgain(const Location &location)
{
    Page::show(location);
    m_filter->setFilter(models::filterOf(location.options));
    keepFilterInLocation();
}

void ApplicationsPage::keepFilterInLocation()
{
    const QMap<QString, QString> options = models::optionsOf(m_filter->filter());
    if (options == m_location.options)
        return;
    m_location.page = PageKind::Applications;
    m_location.options = options;
    Q_EMIT locationChanged();
}

void ApplicationsPage::askForViewName()
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save view"));
    dialog->setLabelText(tr("Name of this filter in the side bar:"));
    dialog->setTextValue(models::filterText(m_filter->filter()));
    dialog->setOkButtonText(tr("Save"));
    connect(dialog, &QInputDialog::textValueSelected, this, &ApplicationsPage::saveView);
    dialog->open();
}

void ApplicationsPage::saveView(const QString &name)
{
    if (name.trimmed().isEmpty() || m_filter->filter().isEmpty())
        return;
    m_context.settings.saveView({name.trimmed(), addressOf(m_location)});
    Q_EMIT savedViewsChanged();
    Q_EMIT noticed(tr("The view %1 is in the side bar.").arg(name.trimmed()));
}

std::vector<PageCommand> ApplicationsPage::commands()
{
    const bool isFiltered = !m_filter->filter().isEmpty();
    const int selected = selectedCount();
    std::vector<PageCommand> commands;
    for (const models::ManyAct act : SelectionBar::kActs)
        commands.push_back({PageCommand::Kind::Act,
                            tr("%1 (%n selected)", "act on applications", selected).arg(SelectionBar::titleOf(act)),
                            selected > 0 ? QString() : tr("no application is selected"), u"applications"_s,
                            selected > 0, [this, act] { openActs(act); }});
    commands.insert(
        commands.end(),
        {{PageCommand::Kind::Act, tr("Save this filter as a view…"), isFiltered ? QString() : tr("nothing is filtered"),
          u"star"_s, isFiltered, [this] { askForViewName(); }},
         {PageCommand::Kind::Act, tr("Choose columns…"), {}, u"list"_s, true, [this] { m_columns->openMenu(); }}});
    return commands;
}

QList<QWidget *> ApplicationsPage::panes()
{
    return {m_view, m_filter->textField()};
}

std::vector<KeyHelp> ApplicationsPage::keys() const
{
    return {{tr("Enter"), tr("Open the application")},
            {tr("Shift+Up, Shift+Down"), tr("Select several, for refreshing, syncing or stopping")},
            {tr("Shift+F10"), tr("Acts on the selected applications")}};
}

void ApplicationsPage::startFilter()
{
    m_filter->textField()->setFocus(Qt::ShortcutFocusReason);
    m_filter->textField()->selectAll();
}

bool ApplicationsPage::stepBack()
{
    if (m_filter->filter().isEmpty())
        return false;
    m_filter->setFilter({});
    m_view->setFocus();
    return true;
}

void ApplicationsPage::refresh(bool isHard)
{
    const QModelIndexList selected = m_view->selectionModel()->selectedRows();
    Q_EMIT noticed(selected.isEmpty()
                       ? tr("Select applications to refresh them.")
                       : tr("Refresh of %n application(s) asked for.", nullptr, static_cast<int>(selected.size())));
    /// How those of one key press went.
    struct Answers
    {
        qsizetype awaited = 0;
        QStringList problems;
    };
    const auto answers = std::make_shared<Answers>(selected.size());
    for (const QModelIndex &index : selected) {
        const service::AppId app = m_model->rowAt(index.row())->id;
        service::whenDone(
            m_context.service.refresh(app, isHard), this, [this, answers, app](const Expected<service::Done> &result) {
                if (!result)
                    answers->problems << tr("%1: %2", "application, why it was not refreshed")
                                             .arg(models::text(app.name), models::sentence(result.error().text()));
                if (--answers->awaited > 0 || answers->problems.isEmpty())
                    return;
                constexpr qsizetype kMostProblems = 3;
                const qsizetype more = answers->problems.size() - kMostProblems;
                QStringList shown = answers->problems.mid(0, kMostProblems);
                if (more > 0)
                    shown << tr("and %1 more", "applications").arg(QLocale().toString(more));
                Q_EMIT failed(shown.join(u' '));
            });
    }
}

bool ApplicationsPage::isSettled() const
{
    return m_model->isComplete();
}

void ApplicationsPage::tick()
{
    m_model->setNow(m_context.now());
    showOffline();
}

void ApplicationsPage::update()
{
    m_model->setNow(m_context.now());
    m_model->apply(m_context.service.applications());
    m_model->applyClusters(*m_context.service.clusters());
    m_health->setShares(m_model->healthShares());
    showCounts();
    showSelection();
    showOffline();
    Q_EMIT settled();
}

void ApplicationsPage::showCounts()
{
    const int total = m_model->totalCount();
    const int shown = m_model->rowCount();
    m_count->setText(total == 0       ? QString()
                     : shown == total ? tr("%n in all ticked clusters", nullptr, total)
                                      : tr("%1 of %2").arg(QLocale().toString(shown), QLocale().toString(total)));
    m_health->setVisible(total > 0);
    m_filter->setVisible(total > 0);
    if (shown == 0 && total > 0)
        m_empty->set(tr("Nothing matches"), tr("None of %n application(s) matches the filter.", nullptr, total),
                     tr("Clear the filter"));
    else if (const auto words = wordsWithoutClusters(*m_context.service.clusters(), m_context.now()))
        m_empty->set(words->title, words->text, words->action);
    else if (!m_model->isComplete())
        m_empty->set(tr("Asking the clusters…"), tr("Applications appear here as their clusters answer."));
    else
        m_empty->set(tr("No applications"),
                     tr("None of the ticked clusters has an Application. Tick another cluster, or create an "
                        "Application in this one."),
                     tr("Choose clusters"));
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    if (shown > 0 && !m_view->currentIndex().isValid())
        m_view->selectionModel()->setCurrentIndex(m_model->index(0, 0), QItemSelectionModel::NoUpdate);
}

void ApplicationsPage::showOffline()
{
    QStringList offline;
    QStringList awaited;
    service::WallTime seen = 0;
    const std::set<std::string> old = models::contextsOutOfReach(*m_context.service.clusters());
    for (const service::ClusterState &cluster : m_context.service.clusters()->clusters) {
        if (!old.contains(cluster.context))
            continue;
        (models::isOutOfReach(cluster.reachability) ? offline : awaited) << models::text(cluster.context);
        seen = seen == 0 ? cluster.lastSeen : std::min(seen, cluster.lastSeen);
    }
    const QString waits = models::awaitedText(*m_context.service.clusters());
    if (offline.isEmpty() && awaited.isEmpty()) {
        if (waits.isEmpty())
            m_banner->clear();
        else
            m_banner->show({Mark::Progressing, StatusColor::Progressing}, waits, tr("Details"));
        return;
    }
    const auto withWaits = [&waits](const QString &text) {
        return waits.isEmpty() ? text : QString(text + u'\n' + waits);
    };
    const QString age = models::agoText(seen, m_context.now());
    const auto names = [](const QStringList &of) {
        return of.size() > 3 ? tr("%n cluster(s)", nullptr, static_cast<int>(of.size())) : of.join(u", "_s);
    };
    if (offline.isEmpty())
        m_banner->show(
            {Mark::Progressing, StatusColor::Progressing},
            withWaits(tr("Last seen %1 · connecting to %2… Greyed rows may have changed.").arg(age, names(awaited))),
            tr("Details"));
    else
        m_banner->show(
            {Mark::Offline, StatusColor::Degraded},
            withWaits(age.isEmpty()
                          ? tr("No answer from %1.").arg(names(offline))
                          : tr("No answer from %1. Greyed rows are as last seen %2.").arg(names(offline), age)),
            tr("Details"));
}

void ApplicationsPage::open(const QModelIndex &index)
{
    if (index.isValid())
        Q_EMIT openRequested(applicationLocation(m_model->rowAt(index.row())->id));
}

} // namespace tiphys::ui
