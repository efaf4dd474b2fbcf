// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_rights.h"

#include "ui/widgets/cluster_watch.h"

namespace tiphys::ui {

ApplicationRights::ApplicationRights(service::Service &service, QObject *parent)
    : QObject(parent), m_service(service), m_watch(new ClusterWatch(service, this))
{
    connect(m_watch, &ClusterWatch::changed, this, [this] {
        if (m_isShown)
            ask();
    });
}

void ApplicationRights::setApplication(const service::AppId &app)
{
    m_app = app;
    m_may.reset();
    m_situation.reset();
    m_watch->watch(app.context);
    m_isShown = true;
}

void ApplicationRights::leave()
{
    m_isShown = false;
}

void ApplicationRights::ask()
{
    m_askedIn = m_situation;
    service::whenDone(m_service.permissions(m_app), this,
                      [this, asked = ++m_asked](const Expected<service::Permissions> &may) {
                          if (asked != m_asked)
                              return;
                          m_watch->answered(may && may->refresh.isAllowed && may->remove.isAllowed);
                          if (may) {
                              m_may = *may;
                          } else {
                              const service::Permission denied{false, may.error().text()};
                              m_may = service::Permissions{denied, denied, denied, denied, denied, denied};
                          }
                          Q_EMIT answered();
                      });
}

void ApplicationRights::follow(const service::AppDetail *detail)
{
    m_situation.reset();
    if (!detail)
        return;
    const service::AppRow &row = detail->row;
    m_situation = Situation{row.operation,      row.isOperationRequested,        row.isAutomated,
                            row.isBeingDeleted, !row.awaitsConfirmation.empty(), row.reconciler};
    if (m_situation != m_askedIn)
        ask();
}

} // namespace tiphys::ui
