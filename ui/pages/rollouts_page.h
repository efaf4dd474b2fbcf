// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QLineEdit;
class QStackedWidget;
class QTreeView;

namespace tiphys::models {
class RolloutTable;
}

namespace tiphys::ui {

class Banner;
class EmptyPane;
class RolloutDelegate;
class TableColumns;
class TextLabel;

/// The Rollouts of all ticked clusters, those that wait for a person first.
class RolloutsPage final : public Page
{
    Q_OBJECT

public:
    explicit RolloutsPage(UiContext context, QWidget *parent = nullptr);

    void show(const Location &location) override;
    void showAgain(const Location &location) override;
    QString title() const override;
    QList<QWidget *> panes() override;
    std::vector<KeyHelp> keys() const override;
    std::vector<PageCommand> commands() override;
    void startFilter() override;
    bool stepBack() override;
    bool isSettled() const override;
    void tick() override;

    /// Rollouts that wait for a person, for the side bar.
    int waitingCount() const;
    models::RolloutTable *table() const { return m_model; }
    QTreeView *view() const { return m_view; }
    QLineEdit *filterField() const { return m_filter; }
    Banner *banner() const { return m_banner; }

private:
    void update();
    /// The location names what is filtered, so that an address and the history keep it.
    void keepFilterInLocation();
    /// Clusters that do not answer, with the age of what is shown of them, and those whose Rollouts cannot be read.
    void showProblems();
    void open(const QModelIndex &index);
    void openSheet(const QModelIndex &index, service::RolloutAct act);

    models::RolloutTable *m_model;
    QTreeView *m_view;
    TableColumns *m_columns = nullptr;
    RolloutDelegate *m_delegate;
    QStackedWidget *m_stack;
    QLineEdit *m_filter;
    Banner *m_banner;
    EmptyPane *m_empty;
    TextLabel *m_count;
};

} // namespace tiphys::ui
