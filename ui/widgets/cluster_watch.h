// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>
#include <string>
#include <tuple>

namespace tiphys::ui {

/// Tells when what one may do on a cluster has to be asked again: it answers, falls silent, has another level, somebody
/// else does the work, or time has passed since it was refused or could not be told: rights are granted meanwhile.
class ClusterWatch final : public QObject
{
    Q_OBJECT

public:
    explicit ClusterWatch(service::Service &service, QObject *parent = nullptr);

    /// Watches \p context from now on.
    void watch(const std::string &context);
    /// The answer came. One that is not \p isAllowed is asked for again after a pause, which doubles each time.
    void answered(bool isAllowed);

Q_SIGNALS:
    void changed();

private:
    using State = std::tuple<service::Reachability, service::Level, service::Reconciler, bool>;
    std::optional<State> stateNow() const;

    service::Service &m_service;
    std::string m_context;
    std::optional<State> m_state;
    QTimer m_again;
    std::chrono::milliseconds m_pause;
};

} // namespace tiphys::ui
