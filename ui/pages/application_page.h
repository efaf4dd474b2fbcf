// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"
#include "ui/pages/page.h"

#include <QPointer>

class QAbstractItemModel;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QTreeView;

namespace tiphys::models {
class EventList;
class HistoryList;
class ResultList;
} // namespace tiphys::models

namespace tiphys::ui {

class ActionDialog;
class ActionMenu;
class ApplicationHeader;
class ApplicationRights;
class Banner;
class DiffPane;
class Inspector;
class ParametersPane;
class ResourceFilterBar;
class ResourceGraph;
class ResourcePane;
class SyncDialog;
class TextLabel;

/// One application: header with its state and acts, tree, differences, operation, history, events.
class ApplicationPage final : public Page
{
    Q_OBJECT

public:
    enum class Tab { Tree, Diff, Operation, History, Events, Parameters };

    explicit ApplicationPage(UiContext context, QWidget *parent = nullptr);

    void show(const Location &location) override;
    void showAgain(const Location &location) override;
    void leave() override;
    QString title() const override;
    bool stepBack() override;
    void startFilter() override;
    QList<QWidget *> panes() override;
    std::vector<KeyHelp> keys() const override;
    std::vector<PageCommand> commands() override;
    void refresh(bool isHard) override;
    bool isSettled() const override;
    void tick() override;

    void setTab(Tab tab);
    QPushButton *syncButton() const;
    DiffPane *diffPane() const { return m_diff; }
    ResourceGraph *graph() const;
    QTreeView *treeList() const;
    ResourceFilterBar *resourceFilter() const;
    Inspector *inspector() const;
    ParametersPane *parameters() const { return m_parameters; }
    Banner *banner() const;
    QTabBar *tabs() const;
    /// The menu of a resource of the tree.
    ActionMenu *actionMenu() const;
    /// The action that is being looked at; null if none is.
    ActionDialog *actionDialog() const;

public Q_SLOTS:
    void openSync();
    void openDelete();
    void openRollback();
    /// Stops the operation, where the context is protected after a question.
    void openTerminate();
    /// Asks whether what the sync or deletion waits for may be deleted.
    void openConfirm();

private:
    QWidget *buildList(QTreeView *view, QAbstractItemModel *model, const QString &name, TextLabel *heading);
    void connectParts();
    void connectService();
    void keepFilterInLocation();
    void update();
    void showActs();
    void showDiff();
    void showOperation();
    void showLists();
    void report(const service::Ticket<service::Done> &ticket, const QString &done);
    void openAction(const service::OfferedAction &offered, const object::ObjectKey &key);
    void showAddressedAction();

    service::AppId m_app;
    bool m_isOpen = false;
    service::AppDetailPtr m_detail;
    QString m_absence; ///< why there is none; "" while the application is being asked for
    QPointer<SyncDialog> m_dialog;
    QPointer<ActionDialog> m_actionDialog;
    bool m_opensSync = false; ///< the address asks for the sync dialog
    QString m_opensAction;    ///< the address asks for this action of the resource that it selects, "" for none

    ApplicationHeader *m_header;
    QStackedWidget *m_stack;
    ResourcePane *m_resources;
    DiffPane *m_diff;
    TextLabel *m_operationText;
    QTreeView *m_results;
    models::ResultList *m_resultModel;
    TextLabel *m_historyText;
    QTreeView *m_history;
    models::HistoryList *m_historyModel;
    TextLabel *m_eventsText;
    QTreeView *m_events;
    models::EventList *m_eventModel;
    ParametersPane *m_parameters;
    ApplicationRights *m_rights;
};

} // namespace tiphys::ui
