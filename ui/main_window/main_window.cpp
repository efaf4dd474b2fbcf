// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/main_window.h"

#include "models/palette_list.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/dialogs/shortcut_sheet.h"
#include "ui/main_window/app_notifier.h"
#include "ui/main_window/command_palette.h"
#include "ui/main_window/demo_guide.h"
#include "ui/main_window/desktop_notices.h"
#include "ui/main_window/rollout_notifier.h"
#include "ui/main_window/sidebar.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
#include "ui/pages/attention_page.h"
#include "ui/pages/clusters_page.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/rollout_page.h"
#include "ui/pages/rollouts_page.h"
#include "ui/pages/settings_page.h"
#include "ui/pages/start_page.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabBar>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The icons are in a static library, where nothing else would register them.
static void registerIcons()
{
    Q_INIT_RESOURCE(resources);
}

namespace tiphys::ui {

namespace {

/// Ages on screen are at most this old.
constexpr auto kTick = 5s;

/// True if both name the same application or Rollout, whatever part of it; \p isSamePage tells the same page of the window.
bool isSameThing(const Location &a, const Location &b, bool isSamePage)
{
    return isSamePage && a.app == b.app && a.rollout == b.rollout;
}

} // namespace

MainWindow::MainWindow(UiContext context, QWidget *parent)
    : QMainWindow(parent), m_context(std::move(context)), m_sidebar(new Sidebar(this)),
      m_stack(new QStackedWidget(this)), m_palette(new CommandPalette(this)),
      m_notices(new DesktopNotices(m_context.settings, this))
{
    registerIcons();
    setWindowTitle(tr("Tiphys"));
    buildToolBar();
    buildSidebar();
    buildMenus();
    auto *middle = new QWidget(this);
    auto *row = new QHBoxLayout(middle);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sidebar);
    row->addWidget(new Line(Qt::Vertical, middle));
    m_column = new QVBoxLayout;
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(m_stack, 1);
    row->addLayout(m_column, 1);
    setCentralWidget(middle);
    m_sidebar->setFixedWidth(m_sidebar->sizeHint().width());
    statusBar()->setSizeGripEnabled(false);
    connect(m_palette, &CommandPalette::chosen, this, &MainWindow::run);
    connect(&m_context.service, &service::Service::applicationsChanged, this, &MainWindow::update);
    connect(&m_context.service, &service::Service::clustersChanged, this, &MainWindow::update);
    connect(&service::rolloutsOf(m_context.service), &service::Rollouts::rolloutsChanged, this, &MainWindow::update);
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &MainWindow::tick);
    timer->start(kTick);
    const int u = unit(this);
    resize(300 * u, 200 * u);
    if (const QByteArray geometry = m_context.settings.windowGeometry(); !geometry.isEmpty())
        restoreGeometry(geometry);
    pageOf(PageKind::Attention);
    buildNotifiers();
    update();
}

void MainWindow::showDemoGuide()
{
    if (m_guide) {
        m_guide->show();
        return;
    }
    m_guide = new DemoGuide(m_context.service, this);
    m_column->insertWidget(0, m_guide);
    connect(m_guide, &DemoGuide::openRequested, this, &MainWindow::open);
    if (const Page *page = currentPage())
        m_guide->placeShown(page->location());
}

void MainWindow::buildNotifiers()
{
    const auto comeForward = [this](const Location &location) {
        raise();
        activateWindow();
        open(location);
    };
    auto *rollouts = new RolloutNotifier(service::rolloutsOf(m_context.service), *m_notices, this);
    connect(rollouts, &RolloutNotifier::opened, this,
            [comeForward](const service::RolloutId &rollout) { comeForward(rolloutLocation(rollout, u"promote"_s)); });
    auto *applications = new AppNotifier(m_context.service, *m_notices, this);
    connect(applications, &AppNotifier::opened, this,
            [comeForward](const service::AppId &app) { comeForward(applicationLocation(app)); });
    connect(applications, &AppNotifier::severalOpened, this,
            [comeForward] { comeForward({PageKind::Attention, {}, {}}); });
}

void MainWindow::buildToolBar()
{
    const int u = unit(this);
    auto *bar = addToolBar(tr("Navigation"));
    bar->setObjectName(u"navigation"_s);
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->toggleViewAction()->setEnabled(false);
    bar->setIconSize({4 * u, 4 * u});
    const auto button = [this, bar](const QString &name, const QString &text, const QKeySequence &keys) {
        auto *tool = new QToolButton(bar);
        tool->setIcon(icon(name));
        tool->setAccessibleName(text);
        tool->setToolTip(text + u" ("_s + keys.toString(QKeySequence::NativeText) + u')');
        tool->setAutoRaise(true);
        bar->addWidget(tool);
        return tool;
    };
    m_back = button(u"back"_s, tr("Back"), QKeySequence(Qt::ALT | Qt::Key_Left));
    m_forward = button(u"forward"_s, tr("Forward"), QKeySequence(Qt::ALT | Qt::Key_Right));
    connect(m_back, &QToolButton::clicked, this, &MainWindow::goBack);
    connect(m_forward, &QToolButton::clicked, this, &MainWindow::goForward);
    auto *left = new QWidget(bar);
    left->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(left);
    m_search = new QPushButton(
        icon(u"search"_s),
        tr("Search or run a command…   %1").arg(QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText)),
        bar);
    m_search->setMinimumWidth(110 * u);
    m_search->setFocusPolicy(Qt::TabFocus);
    connect(m_search, &QPushButton::clicked, this, &MainWindow::openPalette);
    bar->addWidget(m_search);
    auto *right = new QWidget(bar);
    right->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(right);
    m_live = new QToolButton(bar);
    m_live->setAutoRaise(true);
    m_live->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_live, &QToolButton::clicked, this, [this] { open({PageKind::Clusters, {}, {}}); });
    bar->addWidget(m_live);
}

void MainWindow::buildSidebar()
{
    m_sidebar->addPage(PageKind::Attention, u"attention"_s, tr("Needs attention"));
    m_sidebar->addPage(PageKind::Applications, u"applications"_s, tr("Applications"));
    m_sidebar->addPage(PageKind::Rollouts, u"forward"_s, tr("Rollouts"));
    m_sidebar->addPage(PageKind::Compare, u"compare"_s, tr("Compare"));
    m_sidebar->addPage(PageKind::Clusters, u"cluster"_s, tr("Clusters"));
    connect(m_sidebar, &Sidebar::pageChosen, this, [this](PageKind page) {
        // From a view to all applications; a filter without a name stays.
        const bool leavesView =
            page == PageKind::Applications && currentPage() && !m_sidebar->viewOf(pageOf(page)->location()).isEmpty();
        open({page, {}, leavesView ? QMap<QString, QString>{{u"filter"_s, QString()}} : QMap<QString, QString>()});
    });
    connect(m_sidebar, &Sidebar::viewChosen, this, &MainWindow::openAddress);
    connect(m_sidebar, &Sidebar::viewRemoved, this, [this](const QString &name) {
        m_context.settings.removeView(name);
        showViews();
        m_statusLine.tell(tr("The view %1 is removed; its filter stays until it is cleared.").arg(name));
    });
    connect(m_sidebar, &Sidebar::viewRenamed, this, [this](const QString &name, const QString &newName) {
        m_context.settings.renameView(name, newName);
        showViews();
    });
    showViews();
}

void MainWindow::showViews()
{
    m_sidebar->setViews(m_context.settings.savedViews());
    if (const Page *page = currentPage())
        m_sidebar->setCurrentPlace(page->location());
}

QAction *MainWindow::command(QMenu *menu, const QString &iconName, const QString &title, const QKeySequence &shortcut,
                             const std::function<void()> &run)
{
    auto *action = new QAction(title, this);
    action->setData(iconName);
    action->setShortcut(shortcut);
    connect(action, &QAction::triggered, this, run);
    menu->addAction(action);
    m_commands << action;
    return action;
}

void MainWindow::buildMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    command(file, u"connect"_s, tr("Choose clusters…"), {}, [this] { open({PageKind::Start, {}, {}}); });
    command(file, u"compare"_s, tr("Compare two commits…"), {}, [this] { open({PageKind::Compare, {}, {}}); });
    if (m_context.startDemo)
        command(file, u"look"_s, tr("Open the demo cluster"), {}, m_context.startDemo);
    command(file, u"list"_s, tr("Settings…"), QKeySequence::Preferences, [this] {
        open({PageKind::Settings, {}, {}});
    })->setMenuRole(QAction::PreferencesRole);
    file->addSeparator();
    QAction *quit = command(file, u"close"_s, tr("Quit"), QKeySequence::Quit, [this] { close(); });
    quit->setMenuRole(QAction::QuitRole);
    // There is one window: closing it ends the program.
    quit->setShortcuts(QKeySequence::keyBindings(QKeySequence::Quit) + QKeySequence::keyBindings(QKeySequence::Close));

    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    command(edit, u"search"_s, tr("Filter"), {}, [this] { currentPage()->startFilter(); })
        ->setShortcuts({QKeySequence(QKeySequence::Find),
                        QKeySequence(Qt::Key_Slash)}); // lists would take "/" for the start of a name
    command(edit, u"copy"_s, tr("Copy address of this page"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), [this] {
        QApplication::clipboard()->setText(addressOf(currentPage()->location()));
        m_statusLine.tell(tr("Copied %1").arg(addressOf(currentPage()->location())));
    });

    QMenu *go = menuBar()->addMenu(tr("&Go"));
    command(go, u"attention"_s, tr("Needs attention"), QKeySequence(Qt::CTRL | Qt::Key_1),
            [this] { open({PageKind::Attention, {}, {}}); });
    command(go, u"applications"_s, tr("Applications"), QKeySequence(Qt::CTRL | Qt::Key_2),
            [this] { open({PageKind::Applications, {}, {}}); });
    command(go, u"forward"_s, tr("Rollouts"), QKeySequence(Qt::CTRL | Qt::Key_3),
            [this] { open({PageKind::Rollouts, {}, {}}); });
    command(go, u"compare"_s, tr("Compare"), QKeySequence(Qt::CTRL | Qt::Key_4),
            [this] { open({PageKind::Compare, {}, {}}); });
    command(go, u"cluster"_s, tr("Clusters"), QKeySequence(Qt::CTRL | Qt::Key_5),
            [this] { open({PageKind::Clusters, {}, {}}); });
    go->addSeparator();
    command(go, u"back"_s, tr("Back"), QKeySequence(Qt::ALT | Qt::Key_Left), [this] { goBack(); });
    command(go, u"forward"_s, tr("Forward"), QKeySequence(Qt::ALT | Qt::Key_Right), [this] { goForward(); });
    QAction *search = command(go, u"search"_s, tr("Search or run a command…"), QKeySequence(Qt::CTRL | Qt::Key_K),
                              [this] { openPalette(); });
    search->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_K), QKeySequence(Qt::CTRL | Qt::Key_P)});
    command(go, u"arrow"_s, tr("Next pane"), QKeySequence(Qt::Key_F6), [this] { walkPanes(1); });
    command(go, u"arrow"_s, tr("Previous pane"), QKeySequence(Qt::SHIFT | Qt::Key_F6), [this] { walkPanes(-1); });
    command(go, u"arrow"_s, tr("Next tab"), QKeySequence(Qt::CTRL | Qt::Key_Tab), [this] { walkTabs(1); });
    command(go, u"arrow"_s, tr("Previous tab"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Tab),
            [this] { walkTabs(-1); });

    QMenu *view = menuBar()->addMenu(tr("&View"));
    command(view, u"refresh"_s, tr("Refresh"), QKeySequence::Refresh, [this] { currentPage()->refresh(false); });
    command(view, u"refresh"_s, tr("Hard refresh: render again without caches"), QKeySequence(Qt::SHIFT | Qt::Key_F5),
            [this] { currentPage()->refresh(true); });
    view->addSeparator();
    auto *schemes = new QActionGroup(this);
    const auto scheme = [this, view, schemes](const QString &title, Scheme value) {
        QAction *action = command(view, u"look"_s, title, {}, [this, value] { setScheme(value); });
        action->setCheckable(true);
        action->setChecked(m_context.settings.scheme() == value);
        schemes->addAction(action);
        m_schemes[value] = action;
    };
    scheme(tr("Colours of the system"), Scheme::System);
    scheme(tr("Light colours"), Scheme::Light);
    scheme(tr("Dark colours"), Scheme::Dark);
    view->addSeparator();
    m_noticesAction = new QAction(tr("Notifications of the desktop"), this);
    m_noticesAction->setCheckable(true);
    m_noticesAction->setChecked(m_notices->areOn());
    connect(m_noticesAction, &QAction::toggled, this, [this](bool isOn) {
        m_notices->setOn(isOn);
        renewSettings();
    });
    view->addAction(m_noticesAction);

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    command(help, u"list"_s, tr("Keyboard shortcuts"), {}, [this] {
        openShortcutSheet();
    })->setShortcuts({QKeySequence(Qt::Key_Question), QKeySequence(Qt::Key_F1)});
    command(help, u"look"_s, tr("About Tiphys"), {}, [this] {
        auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Tiphys"),
                                    tr("Tiphys %1\n\nGitOps on your desk. Free software under the GNU General Public "
                                       "License, version 3 or later.")
                                        .arg(QApplication::applicationVersion()),
                                    QMessageBox::Close, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    })->setMenuRole(QAction::AboutRole);
}

Page *MainWindow::makePage(PageKind kind)
{
    switch (kind) {
    case PageKind::Start: return new StartPage(m_context, m_stack);
    case PageKind::Attention: return new AttentionPage(m_context, m_stack);
    case PageKind::Applications: return new ApplicationsPage(m_context, m_stack);
    case PageKind::Application: return new ApplicationPage(m_context, m_stack);
    case PageKind::Compare: return new ComparePage(m_context, m_stack);
    case PageKind::Rollouts: return new RolloutsPage(m_context, m_stack);
    case PageKind::Rollout: return new RolloutPage(m_context, m_stack);
    case PageKind::Clusters: return new ClustersPage(m_context, m_stack);
    case PageKind::Settings: return makeSettingsPage();
    }
    return nullptr;
}

Page *MainWindow::makeSettingsPage()
{
    auto *page = new SettingsPage(m_context, m_stack);
    connect(page, &SettingsPage::schemeChosen, this, &MainWindow::setScheme);
    connect(page, &SettingsPage::noticesChosen, m_noticesAction, &QAction::setChecked);
    return page;
}

void MainWindow::renewSettings()
{
    m_schemes.at(m_context.settings.scheme())->setChecked(true);
    if (const auto page = m_pages.find(PageKind::Settings); page != m_pages.end())
        static_cast<SettingsPage *>(page->second)->renew();
}

Page *MainWindow::pageOf(PageKind kind)
{
    if (const auto found = m_pages.find(kind); found != m_pages.end())
        return found->second;
    Page *page = makePage(kind);
    m_pages[kind] = page;
    m_stack->addWidget(page);
    connect(page, &Page::openRequested, this, &MainWindow::open);
    connect(page, &Page::noticed, this, [this](const QString &text) { m_statusLine.tell(text); });
    connect(page, &Page::failed, this,
            [this, page](const QString &text) { m_statusLine.tellFailure(text, page == currentPage()); });
    connect(page, &Page::locationChanged, this, [this, page] {
        if (page != currentPage())
            return;
        m_history.replace(page->location());
        m_sidebar->setCurrentPlace(page->location());
        if (m_guide)
            m_guide->placeShown(page->location());
    });
    connect(page, &Page::savedViewsChanged, this, &MainWindow::showViews);
    connect(page, &Page::titleChanged, this, [this, page] {
        if (page == currentPage())
            setWindowTitle(tr("%1 · Tiphys").arg(page->title()));
    });
    connect(page, &Page::settled, this, [this, page] {
        if (page == currentPage() && page->isSettled())
            Q_EMIT settled();
    });
    return page;
}

Page *MainWindow::currentPage() const
{
    return static_cast<Page *>(m_stack->currentWidget());
}

Location MainWindow::startLocation() const
{
    // The service may not have got round to those that were just ticked.
    const QStringList ticked = m_context.settings.tickedContexts();
    for (const service::ClusterState &cluster : m_context.service.clusters()->clusters) {
        if (cluster.reachability != service::Reachability::NotContacted
            || ticked.contains(models::text(cluster.context)))
            return {PageKind::Attention, {}, {}};
    }
    return {PageKind::Start, {}, {}};
}

void MainWindow::open(const Location &location)
{
    m_history.visit(location);
    rememberPlace(location);
    display(location, Arrival::Anew);
}

bool MainWindow::openAddress(const QString &address)
{
    const std::optional<Location> location = locationOf(address);
    if (location)
        open(*location);
    else
        m_statusLine.tell(tr("\"%1\" is no address of Tiphys").arg(address));
    return location.has_value();
}

void MainWindow::display(const Location &location, Arrival arrival)
{
    Page *page = pageOf(location.page);
    if (currentPage() && !isSameThing(location, currentPage()->location(), page == currentPage()))
        m_statusLine.leave();
    if (currentPage() && currentPage() != page)
        currentPage()->leave();
    m_stack->setCurrentWidget(page);
    if (arrival == Arrival::Back)
        page->showAgain(location);
    else
        page->show(location);
    Location shown = page->location();
    shown.page = location.page;
    m_sidebar->setCurrentPlace(shown);
    if (m_guide)
        m_guide->placeShown(location);
    setWindowTitle(tr("%1 · Tiphys").arg(page->title()));
    if (const QList<QWidget *> panes = page->panes(); !panes.isEmpty() && !m_sidebar->hasFocus())
        panes.front()->setFocus();
    m_back->setEnabled(m_history.canGoBack());
    m_forward->setEnabled(m_history.canGoForward());
    if (page->isSettled())
        Q_EMIT settled();
}

void MainWindow::goBack()
{
    if (m_history.canGoBack())
        display(m_history.back(), Arrival::Back);
}

void MainWindow::goForward()
{
    if (m_history.canGoForward())
        display(m_history.forward(), Arrival::Back);
}

void MainWindow::update()
{
    const service::ClustersPtr clusters = m_context.service.clusters();
    int ticked = 0;
    int offline = 0;
    int denied = 0;
    int connecting = 0;
    for (const service::ClusterState &cluster : clusters->clusters) {
        ticked += cluster.reachability != service::Reachability::NotContacted ? 1 : 0;
        offline += models::isOutOfReach(cluster.reachability) ? 1 : 0;
        denied += cluster.reachability == service::Reachability::Denied ? 1 : 0;
        connecting += cluster.reachability == service::Reachability::Connecting ? 1 : 0;
    }
    const auto *attention = static_cast<AttentionPage *>(pageOf(PageKind::Attention));
    const int urgent = attention->attentionCount();
    m_sidebar->setCount(PageKind::Attention, urgent > 0 ? QLocale().toString(urgent) : QString(), true);
    const auto applications = static_cast<qlonglong>(m_context.service.applications()->rows.size());
    m_sidebar->setCount(PageKind::Applications, applications > 0 ? QLocale().toString(applications) : QString());
    const service::RolloutsPtr rollouts = service::rolloutsOf(m_context.service).rollouts();
    const auto waiting = std::ranges::count_if(
        rollouts->rows, [](const service::RolloutRowPtr &row) { return service::waitsForPerson(row->wait); });
    const auto all = static_cast<qlonglong>(rollouts->rows.size());
    m_sidebar->setCount(PageKind::Rollouts,
                        waiting > 0 ? QLocale().toString(static_cast<qlonglong>(waiting))
                        : all > 0   ? QLocale().toString(all)
                                    : QString(),
                        waiting > 0);
    m_sidebar->setCount(PageKind::Clusters, ticked > 0 ? QLocale().toString(ticked) : QString());
    MarkStyle mark{Mark::Live, StatusColor::Healthy};
    const int live = ticked - offline - denied - connecting;
    const QString liveText = tr("%n live", nullptr, live);
    const auto beside = [&](const QString &trouble) {
        return live > 0 ? tr("%1 · %2", "clusters that answer, and those that do not").arg(liveText, trouble) : trouble;
    };
    QString text = liveText;
    if (ticked == 0) {
        mark = {Mark::Live, StatusColor::Unknown};
        text = tr("not connected");
    } else if (offline > 0) {
        mark = {Mark::Offline, StatusColor::Degraded};
        text = beside(tr("%n out of reach", nullptr, offline));
    } else if (denied > 0) {
        mark = markOf(service::Reachability::Denied);
        text = beside(tr("%n without access", nullptr, denied));
    } else if (connecting > 0) {
        mark = {Mark::Progressing, StatusColor::Progressing};
        text = tr("connecting…");
    }
    m_live->setIcon(markIcon(mark));
    m_live->setText(text);
    m_live->setToolTip(tr("Shows the clusters"));
    m_live->setAccessibleName(text);
}

void MainWindow::tick()
{
    if (Page *page = currentPage())
        page->tick();
}

void MainWindow::stepBack()
{
    if (Page *page = currentPage(); page && page->stepBack())
        return;
    goBack();
}

void MainWindow::walkPanes(int direction)
{
    QList<QWidget *> panes{m_sidebar};
    panes += currentPage()->panes();
    qsizetype current = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (panes[i]->hasFocus() || panes[i]->isAncestorOf(QApplication::focusWidget()))
            current = i;
    }
    const qsizetype next = (current + direction + panes.size()) % panes.size();
    panes[next]->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::walkTabs(int direction)
{
    Page *page = currentPage();
    // Those of the page stand above those of its parts, which have the keyboard's tab bar keys of their own.
    QTabBar *tabs = nullptr;
    for (QTabBar *each : page->findChildren<QTabBar *>()) {
        if (each->isVisible() && (!tabs || each->mapTo(page, QPoint()).y() < tabs->mapTo(page, QPoint()).y()))
            tabs = each;
    }
    if (tabs && tabs->count() > 0)
        tabs->setCurrentIndex((tabs->currentIndex() + direction + tabs->count()) % tabs->count());
}

void MainWindow::openPalette()
{
    using Kind = models::PaletteEntry::Kind;
    models::PaletteContents contents;
    m_pageCommands = currentPage() ? currentPage()->commands() : std::vector<PageCommand>();
    const int own = static_cast<int>(m_commands.size());
    for (std::size_t i = 0; i < m_pageCommands.size(); ++i) {
        const PageCommand &offered = m_pageCommands[i];
        contents.entries.push_back({offered.kind == PageCommand::Kind::Thing ? Kind::Thing : Kind::Command,
                                    offered.title,
                                    offered.detail,
                                    offered.iconName,
                                    {},
                                    own + static_cast<int>(i),
                                    offered.isEnabled});
    }
    for (int i = 0; i < own; ++i) {
        const QAction *action = m_commands[i];
        QString title = action->text();
        contents.entries.push_back({Kind::Command,
                                    title.remove(u'&'),
                                    action->shortcut().toString(QKeySequence::NativeText),
                                    action->data().toString(),
                                    {},
                                    i,
                                    action->isEnabled()});
    }
    for (const SavedView &view : m_context.settings.savedViews())
        contents.entries.push_back({Kind::Page, view.name, tr("saved view"), u"star"_s, view.address});
    contents.applications = m_context.service.applications();
    contents.rollouts = service::rolloutsOf(m_context.service).rollouts();
    contents.recent = m_context.settings.recentPlaces();
    m_palette->open(std::move(contents));
}

void MainWindow::openShortcutSheet()
{
    KeySection everywhere{tr("Everywhere"), {}};
    for (const QAction *action : m_commands) {
        QStringList keys;
        for (const QKeySequence &sequence : action->shortcuts())
            keys << sequence.toString(QKeySequence::NativeText);
        QString title = action->text();
        if (!keys.isEmpty())
            everywhere.keys.push_back({keys.join(tr(", ", "between keys")), title.remove(u'&')});
    }
    everywhere.keys.push_back({QKeySequence(Qt::Key_Escape).toString(QKeySequence::NativeText),
                               tr("One step back: close, clear the filter, go back")});
    const Page *page = currentPage();
    auto *sheet = new ShortcutSheet({{page->title(), page->keys()}, everywhere}, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
}

void MainWindow::run(const models::PaletteEntry &entry)
{
    const int own = static_cast<int>(m_commands.size());
    if (entry.kind == models::PaletteEntry::Kind::Rollout) {
        open(rolloutLocation(entry.rollout));
    } else if (entry.command >= own) {
        // The copy lives on if the act opens the palette again.
        const PageCommand chosen = m_pageCommands[static_cast<std::size_t>(entry.command - own)];
        chosen.run();
    } else if (entry.command >= 0) {
        m_commands[entry.command]->trigger();
    } else {
        openAddress(entry.address);
    }
}

void MainWindow::rememberPlace(const Location &location)
{
    if (location.page == PageKind::Application)
        m_context.settings.addRecentPlace(models::placeKey(location.app));
    else if (location.page == PageKind::Rollout)
        m_context.settings.addRecentPlace(models::placeKey(location.rollout));
}

void MainWindow::setScheme(Scheme scheme)
{
    m_context.settings.setScheme(scheme);
    applyScheme(*static_cast<QApplication *>(QApplication::instance()), scheme);
    renewSettings();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_context.settings.setWindowGeometry(saveGeometry());
    QMainWindow::closeEvent(event);
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        stepBack();
    else
        QMainWindow::keyPressEvent(event);
}

} // namespace tiphys::ui
