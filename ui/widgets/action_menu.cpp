// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/action_menu.h"

#include "models/action_text.h"
#include "models/text.h"

namespace tiphys::ui {

service::ResourceActions *resourceActionsOf(service::Service &service)
{
    return dynamic_cast<service::ResourceActions *>(&service);
}

ActionMenu::ActionMenu(service::Service &service, QWidget *parent) : QMenu(parent), m_service(service)
{
    setToolTipsVisible(true);
    setAccessibleName(tr("Actions"));
    connect(this, &QMenu::aboutToShow, this, &ActionMenu::ask);
}

void ActionMenu::setResource(const service::AppId &app, const object::ObjectKey &key)
{
    m_app = app;
    m_key = key;
    ++m_asked;
    m_isFilled = false;
    clear();
}

void ActionMenu::ask()
{
    m_isFilled = false;
    say(tr("Asking what can be done…"));
    service::ResourceActions *actions = resourceActionsOf(m_service);
    if (!actions)
        return fill(std::vector<service::OfferedAction>());
    service::whenDone(actions->offeredActions(m_app, m_key), this,
                      [this, asked = ++m_asked](const Expected<std::vector<service::OfferedAction>> &offers) {
                          if (asked == m_asked)
                              fill(offers);
                      });
}

void ActionMenu::fill(const Expected<std::vector<service::OfferedAction>> &offers)
{
    m_isFilled = true;
    if (!offers) {
        say(models::sentence(offers.error().text()));
    } else if (offers->empty()) {
        say(tr("No actions for this kind"));
    } else {
        clear();
        for (const service::OfferedAction &offered : *offers) {
            QAction *action = addAction(models::actionMenuText(offered), this, [this, offered] { Q_EMIT chosen(offered, m_key); });
            action->setEnabled(offered.permission.isAllowed);
            action->setToolTip(models::sentence(offered.permission.reason));
        }
        for (QAction *action : actions()) {
            if (action->isEnabled()) {
                setActiveAction(action);
                break;
            }
        }
    }
    Q_EMIT filled();
}

void ActionMenu::say(const QString &text)
{
    clear();
    addAction(text)->setEnabled(false);
}

} // namespace tiphys::ui
