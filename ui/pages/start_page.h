// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace tiphys::models {
class ClusterList;
}

namespace tiphys::ui {

class Banner;
class CardGrid;
class TextLabel;

/// First start: three ways in without a kubeconfig, else the contexts to tick. Nothing is contacted before.
class StartPage final : public Page
{
    Q_OBJECT

public:
    explicit StartPage(UiContext context, QWidget *parent = nullptr);

    QString title() const override;
    void startFilter() override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    CardGrid *buildCards(QWidget *parent);
    QWidget *buildContexts();
    QWidget *card(const QString &iconName, const QString &title, const QString &text, const QString &action,
                  const std::function<void()> &act);
    void update();
    void chooseKubeconfig();
    void tickSelected();

    QStackedWidget *m_stack;
    CardGrid *m_cards = nullptr;
    Banner *m_problem = nullptr; ///< of kubeconfig files, where there is no context
    models::ClusterList *m_clusters;
    QLineEdit *m_filter = nullptr;
    QTreeView *m_view = nullptr;
    QPushButton *m_open = nullptr;
    TextLabel *m_note = nullptr;
};

} // namespace tiphys::ui
