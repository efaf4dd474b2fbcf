// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"
#include "ui/main_window/location.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace tiphys::ui {

class Settings;

/// What every page gets.
struct UiContext
{
    service::Service &service;
    Settings &settings;
    std::function<service::WallTime()> now; ///< the clock, milliseconds since 1970
    std::function<void()> startDemo;        ///< opens the demo cluster; empty where there is none
};

/// An act of a page, or a thing on it, that the command palette offers.
struct PageCommand
{
    enum class Kind { Act, Thing };

    Kind kind = Kind::Act;
    QString title;
    QString detail; ///< state of a thing; why an act cannot be done now
    QString iconName;
    bool isEnabled = true;
    std::function<void()> run;
};

/// What keys do that stand in no menu.
struct KeyHelp
{
    QString keys;
    QString act;
};

/// One page of the main window.
class Page : public QWidget
{
    Q_OBJECT

public:
    explicit Page(UiContext context, QWidget *parent = nullptr) : QWidget(parent), m_context(std::move(context)) {}

    /// Shows what \p location names (it is of this page's kind).
    virtual void show(const Location &location) { m_location = location; }
    /// The same as it was left: a filter that \p location does not name was none.
    virtual void showAgain(const Location &location) { show(location); }
    /// Where the page stands, tab included.
    const Location &location() const { return m_location; }
    virtual QString title() const = 0;
    /// The page is no longer shown.
    virtual void leave() {}
    /// Esc: closes what is open inside the page; false if there was nothing.
    virtual bool stepBack() { return false; }
    /// The parts F6 walks through, after the side bar.
    virtual QList<QWidget *> panes() { return {this}; }
    /// "/" and Ctrl+F: the page's filter or search field, if it has one.
    virtual void startFilter() {}
    /// What can be done and found on this page now.
    virtual std::vector<PageCommand> commands() { return {}; }
    /// What keys do on this page, beyond those of the window.
    virtual std::vector<KeyHelp> keys() const { return {}; }
    /// F5, and with Shift hard.
    virtual void refresh(bool /*isHard*/) {}
    /// All that the page was asked to show is there (or known not to come).
    virtual bool isSettled() const { return true; }
    /// Ages count to now.
    virtual void tick() {}

Q_SIGNALS:
    void openRequested(const tiphys::ui::Location &location);
    /// The page moved on its own (another tab).
    void locationChanged();
    void titleChanged();
    /// isSettled() may have become true.
    void settled();
    /// Views were saved or renamed.
    void savedViewsChanged();
    /// One sentence for the status bar.
    void noticed(const QString &text);
    /// One sentence on an act that was not done; the status bar keeps it until the next one.
    void failed(const QString &text);

protected:
    UiContext m_context;
    Location m_location;
};

} // namespace tiphys::ui
