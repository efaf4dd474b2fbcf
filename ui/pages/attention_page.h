// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QStackedWidget;
class QTreeView;

namespace tiphys::models {
class AttentionList;
}

namespace tiphys::ui {

class EmptyPane;
class TextLabel;

/// What needs a person, most urgent first.
class AttentionPage final : public Page
{
    Q_OBJECT

public:
    explicit AttentionPage(UiContext context, QWidget *parent = nullptr);

    QString title() const override;
    QList<QWidget *> panes() override;
    std::vector<KeyHelp> keys() const override;
    bool isSettled() const override;
    void tick() override;
    /// Lines that need a person, for the side bar.
    int attentionCount() const;

private:
    void update();
    void act(const QModelIndex &index);
    void open(const QModelIndex &index);

    models::AttentionList *m_model;
    QTreeView *m_view;
    QStackedWidget *m_stack;
    EmptyPane *m_empty;
    TextLabel *m_note;
};

} // namespace tiphys::ui
