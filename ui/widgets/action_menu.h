// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"
#include "service/service.h"

#include <QMenu>

namespace tiphys::ui {

/// The resource actions that \p service offers; null if it has none.
service::ResourceActions *resourceActionsOf(service::Service &service);

/// The actions of one resource, asked for when the menu is shown. What cannot be done now stays, with the reason.
class ActionMenu final : public QMenu
{
    Q_OBJECT

public:
    explicit ActionMenu(service::Service &service, QWidget *parent = nullptr);

    /// Which resource; the menu is empty until it is shown.
    void setResource(const service::AppId &app, const object::ObjectKey &key);
    /// True once the answer is shown.
    bool isFilled() const { return m_isFilled; }

Q_SIGNALS:
    void chosen(const tiphys::service::OfferedAction &offered, const tiphys::object::ObjectKey &key);
    /// The answer, or why there is none, is shown.
    void filled();

private:
    void ask();
    void fill(const Expected<std::vector<service::OfferedAction>> &offers);
    void say(const QString &text);

    service::Service &m_service;
    service::AppId m_app;
    object::ObjectKey m_key;
    int m_asked = 0; ///< older answers are dropped
    bool m_isFilled = false;
};

} // namespace tiphys::ui
