// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"
#include "ui/pages/page.h"
#include "ui/pages/resource_branches.h"

#include <QSplitter>

#include <optional>

class QMenu;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace tiphys::models {
class ResourceTree;
}

namespace tiphys::ui {

class ActionMenu;
class Banner;
class EmptyPane;
class Inspector;
class ResourceFilterBar;
class ResourceGraph;

/// The resources of an application as graph or as list, with one selection, and the inspector of the selected one.
class ResourcePane final : public QSplitter
{
    Q_OBJECT

public:
    explicit ResourcePane(UiContext context, QWidget *parent = nullptr);

    /// Another application: nothing is selected, nothing shown.
    void setApplication(const service::AppId &app);
    /// Null: the application is being asked for, or cannot be shown for the reason \p absence.
    void show(service::AppDetailPtr detail, const QString &absence = {});
    /// Shows what it has again: Rollouts in it moved on.
    void showAgain();
    void tick();
    /// Puts the cursor into the filter field.
    void startFilter();
    /// Esc: what is filtered is shown again, then the inspector closes; false if there is neither.
    bool stepBack();
    /// The parts that F6 walks through.
    QList<QWidget *> panes() const;
    /// Each resource, and the actions of the selected one; \p comeForward shows this pane.
    std::vector<PageCommand> commands(const std::function<void()> &comeForward);
    /// What the open inspector shows; nothing while it is closed.
    std::optional<object::ObjectKey> inspected() const;

    ResourceGraph *graph() const { return m_graph; }
    QTreeView *list() const { return m_list; }
    Inspector *inspector() const { return m_inspector; }
    ActionMenu *actionMenu() const { return m_actionMenu; }
    ResourceFilterBar *filterBar() const { return m_filter; }
    EmptyPane *emptyPane() const { return m_empty; }
    /// What the tree lacks, over a tree that is shown all the same.
    Banner *banner() const { return m_banner; }
    /// The contexts that the destination may be reached by; empty where nobody has to choose.
    QMenu *contextMenu();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void selected(const tiphys::object::ObjectKey &key);
    void actionChosen(const tiphys::service::OfferedAction &offered, const tiphys::object::ObjectKey &key);
    void openRequested(const tiphys::ui::Location &location);
    void noticed(const QString &text);
    void failed(const QString &text);

private:
    QWidget *buildLeft();
    QWidget *buildBar();
    void buildList();
    void connectParts();
    /// Nothing is the application.
    void select(const std::optional<object::ObjectKey> &key);
    /// The key of a node of the graph; of the Application for -1.
    object::ObjectKey graphKey(int node) const;
    /// \p key is where the person can see it: a graph dims what does not match, a list hides it.
    bool isShown(const object::ObjectKey &key) const;
    /// Shows \p nodes in the graph, dimmed where the filter does not match.
    void fillGraph(const std::vector<service::TreeNode> &nodes);
    /// Selects \p key wherever it is shown, and opens the inspector.
    void reveal(const object::ObjectKey &key);
    void showInspector(bool isShown);
    /// False if it is closed.
    bool closeInspector();
    void setGraph(bool isGraph);
    void zoom(double factor);
    void openMenuOf(const object::ObjectKey &key, const QPoint &place);
    void openListMenu(const QPoint &place);
    const service::TreeNode *nodeOf(const object::ObjectKey &key) const;
    void showNothing();
    void showStack();
    /// Whether what is left of the tree is a graph, not a list.
    bool showsGraph() const;
    void showProblem();
    void filter();
    void clearFilter();
    void selectInList();
    /// In the list, what was selected and had dropped out of it, as soon as it is back.
    void selectAgain();
    /// As they are when nobody has opened or closed one.
    void openBranches();
    void chooseContext();

    UiContext m_context;
    service::AppId m_app;
    service::AppDetailPtr m_detail;
    QString m_absence;
    std::optional<object::ObjectKey> m_selected;
    ResourceGraph *m_graph;
    QTreeView *m_list;
    QStackedWidget *m_stack;
    EmptyPane *m_empty;
    Banner *m_banner;
    QMenu *m_contexts;
    QToolButton *m_asGraph = nullptr;
    QToolButton *m_asList = nullptr;
    QWidget *m_bar = nullptr;
    QWidget *m_zoomTools = nullptr; ///< only where there is room: keys and the wheel do the same
    models::ResourceTree *m_tree;
    Inspector *m_inspector;
    ActionMenu *m_actionMenu;
    ResourceFilterBar *m_filter;
    int m_matches = 0;
    std::optional<Branches> m_branchesBefore; ///< those that were open when filtering began
    bool m_isFollowing = false;               ///< the list takes over what is selected: nobody chose
    bool m_isSmallGraph = false;              ///< the person wants what is left of a large tree as a graph
};

} // namespace tiphys::ui
