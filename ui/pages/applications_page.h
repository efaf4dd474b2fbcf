// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/act_list.h"
#include "ui/pages/page.h"

#include <QPointer>

class QMenu;
class QStackedWidget;
class QTreeView;

namespace tiphys::models {
class ApplicationTable;
}

namespace tiphys::ui {

class ActsDialog;
class Banner;
class EmptyPane;
class FilterBar;
class HealthBar;
class SelectionBar;
class TableColumns;
class TextLabel;

/// The applications of all ticked clusters.
class ApplicationsPage final : public Page
{
    Q_OBJECT

public:
    explicit ApplicationsPage(UiContext context, QWidget *parent = nullptr);

    void show(const Location &location) override;
    void showAgain(const Location &location) override;
    QString title() const override;
    QList<QWidget *> panes() override;
    std::vector<KeyHelp> keys() const override;
    void startFilter() override;
    bool stepBack() override;
    std::vector<PageCommand> commands() override;
    void refresh(bool isHard) override;
    bool isSettled() const override;
    void tick() override;

    /// Keeps the filter as \p name in the side bar.
    void saveView(const QString &name);
    models::ApplicationTable *table() const { return m_model; }
    FilterBar *filterBar() const { return m_filter; }
    Banner *banner() const { return m_banner; }
    EmptyPane *emptyPane() const { return m_empty; }
    QTreeView *view() const { return m_view; }
    TableColumns *columns() const { return m_columns; }
    SelectionBar *selectionBar() const { return m_selected; }
    /// The acts on the selected applications.
    QMenu *selectionMenu();
    /// Shows \p act on all selected applications before it is done; a refresh is done at once.
    void openActs(models::ManyAct act);
    /// The act on several applications that is being looked at; null if none is.
    ActsDialog *actsDialog() const;

private:
    void build();
    void connectSelection();
    void update();
    int selectedCount() const;
    void showSelection();
    void showCounts();
    void showOffline();
    void open(const QModelIndex &index);
    void keepFilterInLocation();
    void askForViewName();

    models::ApplicationTable *m_model;
    QTreeView *m_view;
    TableColumns *m_columns = nullptr;
    QStackedWidget *m_stack;
    FilterBar *m_filter;
    HealthBar *m_health;
    Banner *m_banner;
    EmptyPane *m_empty;
    TextLabel *m_count;
    SelectionBar *m_selected;
    QMenu *m_menu;
    QPointer<ActsDialog> m_acts;
};

} // namespace tiphys::ui
