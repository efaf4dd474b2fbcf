// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"

#include <QObject>

#include <optional>
#include <string>
#include <utility>

namespace tiphys::ui {

/// Tells when what one may do on a cluster has to be asked again: it answers, falls silent, or has another level.
class ClusterWatch final : public QObject
{
    Q_OBJECT

public:
    explicit ClusterWatch(service::Service &service, QObject *parent = nullptr);

    /// Watches \p context from now on.
    void watch(const std::string &context);

Q_SIGNALS:
    void changed();

private:
    using State = std::pair<service::Reachability, service::Level>;
    std::optional<State> stateNow() const;

    service::Service &m_service;
    std::string m_context;
    std::optional<State> m_state;
};

} // namespace tiphys::ui
