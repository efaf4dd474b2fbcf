// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QWidget>

#include <map>

class QAbstractButton;
class QAction;
class QMenu;
class QToolButton;

namespace tiphys::ui {

/// What can be done to a Rollout, in one line: buttons, and a menu that holds the rare acts and those buttons for which there
/// is no room. Nothing is done here: what is chosen is told.
class RolloutActs final : public QWidget
{
    Q_OBJECT

public:
    explicit RolloutActs(QWidget *parent = nullptr);

    /// What is offered and why not; \p detail is null until the Rollout \p id is known.
    void setRollout(const service::RolloutId &id, const service::RolloutDetail *detail);
    QAbstractButton *button(service::RolloutAct act) const;
    QAction *action(service::RolloutAct act) const;
    /// The menu at the end of the line.
    QMenu *menu() const { return m_menu; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosen(tiphys::service::RolloutAct act);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void buildPromote();
    void buildMore();
    QAction *addAct(QMenu *menu, service::RolloutAct act);
    /// Buttons of what is offered now, from left to right.
    std::vector<service::RolloutAct> offered() const;
    int widthOf(const std::vector<service::RolloutAct> &acts) const;
    void arrange();

    std::map<service::RolloutAct, QAbstractButton *> m_buttons;
    std::map<service::RolloutAct, QAction *> m_actions;
    QToolButton *m_more;
    QMenu *m_menu;
    bool m_isPausedBySpec = false;
    bool m_isAborted = false;
};

} // namespace tiphys::ui
