// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"
#include "ui/pages/page.h"

#include <QPointer>

#include <optional>

class QAbstractItemModel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QToolButton;
class QTreeView;

namespace tiphys::models {
class EventList;
class HistoryList;
class ResourceTree;
class ResultList;
struct ActionState;
}

namespace tiphys::ui {

class ActionDialog;
class ActionMenu;
class Banner;
class ClusterWatch;
class DiffPane;
class ElidedLabel;
class EmptyPane;
class Inspector;
class ParametersPane;
class ResourceGraph;
class StatusLabel;
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
    void leave() override;
    QString title() const override;
    bool stepBack() override;
    QList<QWidget *> panes() override;
    void refresh(bool isHard) override;
    bool isSettled() const override;
    void tick() override;

    void setTab(Tab tab);
    QPushButton *syncButton() const { return m_sync; }
    DiffPane *diffPane() const { return m_diff; }
    ResourceGraph *graph() const { return m_graph; }
    QTreeView *treeList() const { return m_treeList; }
    Inspector *inspector() const { return m_inspector; }
    ParametersPane *parameters() const { return m_parameters; }
    Banner *banner() const { return m_banner; }
    QTabBar *tabs() const { return m_tabs; }
    /// The menu of a resource of the tree.
    ActionMenu *actionMenu() const { return m_actionMenu; }
    /// The action that is being looked at; null if none is.
    ActionDialog *actionDialog() const;

public Q_SLOTS:
    void openSync();
    void openDelete();
    void openRollback();

private:
    QWidget *buildHeader();
    QWidget *buildTree();
    QWidget *buildList(QTreeView *view, QAbstractItemModel *model, const QString &name, TextLabel *heading);
    void update();
    void askPermissions();
    void showHeader();
    void showActions();
    void showTree();
    void showDiff();
    void showOperation();
    void showLists();
    void showBanner();
    void selectNode(int node);
    void showInspector(bool isShown);
    void report(const service::Ticket<service::Done> &ticket, const QString &done);
    void setGraph(bool isGraph);
    void openActionMenu(int node, const QPoint &place);
    void openAction(const service::OfferedAction &offered, const object::ObjectKey &key);
    void showAddressedAction();
    object::ObjectKey keyOfNode(int node) const;
    void zoom(double factor);

    service::AppId m_app;
    bool m_isOpen = false;
    service::AppDetailPtr m_detail;
    std::optional<service::Permissions> m_may;
    int m_asked = 0;
    std::optional<object::ObjectKey> m_selected;
    QPointer<SyncDialog> m_dialog;
    QPointer<ActionDialog> m_actionDialog;
    bool m_opensSync = false; ///< the address asks for the sync dialog
    QString m_opensAction;    ///< the address asks for this action of the resource that it selects, "" for none

    ElidedLabel *m_name;
    StatusLabel *m_health;
    StatusLabel *m_syncStatus;
    StatusLabel *m_operation;
    StatusLabel *m_reconciler;
    ElidedLabel *m_target;
    ElidedLabel *m_lastSynced;
    ElidedLabel *m_differences;
    QPushButton *m_sync;
    QToolButton *m_refresh;
    QToolButton *m_terminate;
    QToolButton *m_more;
    QAction *m_hardRefresh = nullptr;
    QAction *m_rollback = nullptr;
    QAction *m_delete = nullptr;
    Banner *m_banner;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QSplitter *m_split;
    ResourceGraph *m_graph;
    QTreeView *m_treeList;
    QStackedWidget *m_treeStack;
    EmptyPane *m_treeEmpty;
    QToolButton *m_asGraph = nullptr;
    QToolButton *m_asList = nullptr;
    models::ResourceTree *m_tree;
    Inspector *m_inspector;
    ActionMenu *m_actionMenu;
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
    ClusterWatch *m_watch;
};

} // namespace tiphys::ui
