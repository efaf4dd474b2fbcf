// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <optional>

class QAction;
class QHBoxLayout;
class QPushButton;
class QTabBar;
class QToolButton;

namespace tiphys::models {
struct ActionState;
}

namespace tiphys::ui {

class Banner;
class ElidedLabel;
class StatusLabel;

/// Head of an application's page: its name and state, what can be done to it, what is wrong, and the tabs.
class ApplicationHeader final : public QWidget
{
    Q_OBJECT

public:
    explicit ApplicationHeader(QWidget *parent = nullptr);

    /// Shows the name of \p app and nothing else, until its state has come.
    void setApplication(const service::AppId &app);
    /// State and banner; ages are counted to \p now.
    void show(const service::AppDetail &detail, service::WallTime now);
    /// The part of the page on the last operation is shown: nothing leads there then. Counts from the next show().
    void setOperationShown(bool isShown) { m_isOperationShown = isShown; }
    /// What may be done: \p may is nothing while the cluster is being asked, \p detail null until it has come.
    void showActs(const service::AppDetail *detail, const std::optional<service::Permissions> &may);

    QPushButton *syncButton() const { return m_sync; }
    QToolButton *terminateButton() const { return m_terminate; }
    QAction *confirmAction() const { return m_confirm; }
    Banner *banner() const { return m_banner; }
    QTabBar *tabs() const { return m_tabs; }

    /// What can be done to the application, with what is in the way.
    std::vector<PageCommand> commands();
    ElidedLabel *name() const { return m_name; }
    /// The statuses have a line of their own, because the name would have no room beside them.
    bool hasStatusLine() const { return m_hasStatusLine; }

Q_SIGNALS:
    void syncRequested();
    void refreshRequested(bool isHard);
    void terminateRequested();
    void confirmRequested();
    void rollbackRequested();
    void deleteRequested();
    void addressRequested(); ///< to be copied
    /// Where all of it stands: what the last operation said.
    void operationRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QLayout *buildFirstLine();
    QLayout *buildSecondLine();
    void buildMenus();
    void showBanner(const service::AppDetail &detail, service::WallTime now);
    /// Gives the name its room: buttons lose their words, then the statuses get a line of their own.
    void arrange();
    void setStatusLine(bool isOwn);

    service::AppId m_app;
    QHBoxLayout *m_firstLine = nullptr;
    QHBoxLayout *m_statusLine = nullptr;
    bool m_hasStatusLine = false;
    bool m_isOperationShown = false;
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
    QAction *m_confirm = nullptr;
    QAction *m_rollback = nullptr;
    QAction *m_delete = nullptr;
    Banner *m_banner;
    QTabBar *m_tabs;
};

} // namespace tiphys::ui
