// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"

#include <QObject>

#include <optional>

namespace tiphys::ui {

class ClusterWatch;

/// What may be done to the application that a page shows. The cluster is asked again when what it answered may have changed:
/// its own state, an operation that began or ended, an engine that was switched on.
class ApplicationRights final : public QObject
{
    Q_OBJECT

public:
    explicit ApplicationRights(service::Service &service, QObject *parent = nullptr);

    /// \p app is shown from now on: nothing is known of it until ask() is answered.
    void setApplication(const service::AppId &app);
    /// It is not shown any more: whatever happens, nothing is asked.
    void leave();
    /// Asks the cluster; answers to what was asked before are dropped.
    void ask();
    /// \p detail is how the application is now, null while nothing is known of it. Asks again where that allows and forbids
    /// other things than when the cluster was asked.
    void follow(const service::AppDetail *detail);
    /// Nothing while the cluster is being asked for the first time. Where it could not tell, nothing is allowed, and why.
    const std::optional<service::Permissions> &may() const { return m_may; }

Q_SIGNALS:
    /// The cluster has answered.
    void answered();

private:
    /// What an answer depends on beside the cluster.
    struct Situation
    {
        service::OperationPhase operation;
        bool isOperationRequested;
        bool isAutomated;
        bool isBeingDeleted;
        bool awaitsConfirmation;
        service::Reconciler reconciler;

        bool operator==(const Situation &) const = default;
    };

    service::Service &m_service;
    service::AppId m_app;
    bool m_isShown = false;
    std::optional<service::Permissions> m_may;
    std::optional<Situation> m_situation; ///< as it is shown; none while nothing is
    std::optional<Situation> m_askedIn;   ///< what m_may was asked for in
    int m_asked = 0;
    ClusterWatch *m_watch;
};

} // namespace tiphys::ui
