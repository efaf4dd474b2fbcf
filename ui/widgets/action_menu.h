// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"
#include "service/service.h"

#include <QMenu>

namespace tiphys::ui {

/// The resource actions that \p service offers; null if it has none.
service::ResourceActions *resourceActionsOf(service::Service &service);

/// The actions of one resource, asked for when the menu is shown, and what of it can be copied. What cannot be done now
/// stays, with the reason.
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
    /// Something was copied, or why it was not.
    void noticed(const QString &text);

private:
    void ask();
    void fill(const Expected<std::vector<service::OfferedAction>> &offers);
    void say(const QString &text);
    void addCopies();
    /// The menu is of the Application object, not of something it made.
    bool isOfApplication() const;
    void copy(const QString &text);
    void copyManifest(service::ManifestSide side);

    service::Service &m_service;
    service::AppId m_app;
    object::ObjectKey m_key;
    int m_asked = 0; ///< older answers are dropped
    bool m_isFilled = false;
};

} // namespace tiphys::ui
