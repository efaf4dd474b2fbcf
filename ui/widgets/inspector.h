// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"

#include <QWidget>

#include <optional>

class QPlainTextEdit;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace tiphys::ui {

class ActionMenu;
class ElidedLabel;
class LogPane;
class RolloutBar;
class StatusLabel;
class TextLabel;
class YamlHighlighter;

/// One resource beside the tree: summary, live and desired manifest, events, logs of its pods.
class Inspector final : public QWidget
{
    Q_OBJECT

public:
    explicit Inspector(service::Service &service, QWidget *parent = nullptr);

    /// Shows \p node of \p detail; null shows the application itself.
    void show(const service::AppDetail &detail, const service::TreeNode *node, service::WallTime now);
    QString content() const;
    QPlainTextEdit *text() const { return m_text; }
    QTabBar *tabs() const { return m_tabs; }
    LogPane *logPane() const { return m_logs; }
    /// Comes forward with the logs of the shown resource; false if it has none.
    bool showLogs();
    /// To the field that finds in the shown text; false where there is none.
    bool startFind();
    /// What can be done to the shown resource.
    ActionMenu *actionMenu() const { return m_actionMenu; }
    QToolButton *actionButton() const { return m_actions; }
    /// Acts of a Rollout that is shown.
    RolloutBar *rolloutBar() const { return m_rollout; }

Q_SIGNALS:
    void closed();

protected:
    void changeEvent(QEvent *event) override;

private:
    enum class Pane { Summary, Live, Desired, Events, Logs };
    void fill();
    /// The same with what is new; \p isChanged: the shown object itself is another one than before.
    void renew(bool isChanged);
    QString summary() const;
    QString events() const;
    void fetch(Pane pane);
    void showYaml(bool isYaml);

    service::Service &m_service;
    std::optional<service::TreeNode> m_node;
    service::AppDetail m_detail;
    service::WallTime m_now = 0;
    int m_request = 0; ///< answers to older requests are dropped
    StatusLabel *m_health;
    StatusLabel *m_sync;
    ElidedLabel *m_name;
    TextLabel *m_kind;
    QToolButton *m_actions;
    ActionMenu *m_actionMenu;
    RolloutBar *m_rollout;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QPlainTextEdit *m_text;
    LogPane *m_logs;
    YamlHighlighter *m_highlighter;
};

} // namespace tiphys::ui
