// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/main_window/history.h"
#include "ui/main_window/status_line.h"
#include "ui/pages/page.h"
#include "ui/theme/colors.h"

#include <QMainWindow>

#include <map>

class QPushButton;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace tiphys::models {
struct PaletteEntry;
}

namespace tiphys::ui {

class CommandPalette;
class DemoGuide;
class DesktopNotices;
class Sidebar;
class StatusLabel;

/// The window: tool bar, side bar, the page that is shown, status bar.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(UiContext context, QWidget *parent = nullptr);

    /// Shows \p location and remembers where one was.
    void open(const Location &location);
    /// Shows what an address names; false if it is none.
    bool openAddress(const QString &address);
    void goBack();
    void goForward();
    Page *currentPage() const;
    Sidebar *sidebar() const { return m_sidebar; }
    CommandPalette *palettePopup() const { return m_palette; }
    DesktopNotices *notices() const { return m_notices; }
    DemoGuide *demoGuide() const { return m_guide; }
    void openPalette();
    void openShortcutSheet();
    /// Shows over the pages that the cluster is the demo's, and what to try there.
    void showDemoGuide();
    /// The page that a fresh start shows.
    Location startLocation() const;

Q_SIGNALS:
    /// The shown page has all it was asked for.
    void settled();

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void buildToolBar();
    void buildSidebar();
    void showViews();
    void buildMenus();
    void buildNotifiers();
    QAction *command(class QMenu *menu, const QString &iconName, const QString &title, const QKeySequence &shortcut,
                     const std::function<void()> &run);
    Page *pageOf(PageKind kind);
    Page *makePage(PageKind kind);
    enum class Arrival { Anew, Back };
    void display(const Location &location, Arrival arrival);
    void update();
    void tick();
    void stepBack();
    void walkPanes(int direction);
    /// To the next or previous tab of the current page, where it has tabs.
    void walkTabs(int direction);
    void run(const models::PaletteEntry &entry);
    void rememberPlace(const Location &location);
    void setScheme(Scheme scheme);
    Page *makeSettingsPage();
    /// What was chosen elsewhere shows in the menu and on the page of settings.
    void renewSettings();

    UiContext m_context;
    History m_history;
    std::map<PageKind, Page *> m_pages;
    Sidebar *m_sidebar;
    QStackedWidget *m_stack;
    CommandPalette *m_palette;
    DesktopNotices *m_notices;
    QVBoxLayout *m_column; ///< the guide of the demo, if it is shown, over the pages
    DemoGuide *m_guide = nullptr;
    QToolButton *m_back = nullptr;
    QToolButton *m_forward = nullptr;
    QToolButton *m_live = nullptr;
    QPushButton *m_search = nullptr;
    std::map<Scheme, QAction *> m_schemes;
    QAction *m_noticesAction = nullptr;
    StatusLine m_statusLine{statusBar()};
    QList<QAction *> m_commands;
    std::vector<PageCommand> m_pageCommands; ///< as the palette lists them, numbered after m_commands
};

} // namespace tiphys::ui
