// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <map>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace tiphys::models {
class ClusterList;
}

namespace tiphys::ui {

class Banner;
class EmptyPane;
class StatusLabel;
class TextLabel;

/// Contexts, how they are, and what may be done there.
class ClustersPage final : public Page
{
    Q_OBJECT

public:
    explicit ClustersPage(UiContext context, QWidget *parent = nullptr);

    QString title() const override;
    QList<QWidget *> panes() override;
    void startFilter() override;
    void refresh(bool isHard) override;
    void tick() override;

    QTreeView *view() const { return m_view; }
    QComboBox *levelBox() const { return m_level; }
    QLineEdit *namespacesEdit() const { return m_namespaces; }
    QCheckBox *engineBox() const { return m_engine; }
    QString refusal() const;

private:
    QWidget *buildDetails();
    void update();
    void showCurrent();
    void showEmpty();
    void chooseLevel(int value);
    void keepNamespaces();
    /// Where the context is protected, its name has to be typed before the engine is switched on.
    void chooseEngine(bool isOn);
    void setEngine(const std::string &context, bool isOn);

    models::ClusterList *m_model;
    QTreeView *m_view;
    QLineEdit *m_filter;
    QStackedWidget *m_stack; ///< the list beside the details, or why there is none
    EmptyPane *m_empty;
    QWidget *m_details;
    TextLabel *m_name;
    TextLabel *m_facts;
    StatusLabel *m_state;
    Banner *m_problem;
    QPushButton *m_retry;
    QComboBox *m_level;
    TextLabel *m_levelText;
    QLineEdit *m_namespaces;
    QCheckBox *m_engine;
    TextLabel *m_engineText;
    std::string m_current; ///< the context whose details are shown
    std::map<std::string, QString>
        m_refused; ///< why the engine could not be switched, by context; until it is tried again
};

} // namespace tiphys::ui
