// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/engine_core.h"
#include "service/rollouts.h"

#include <functional>
#include <map>

namespace tiphys::control {

/// Rollouts of a desktop program: snapshots from the engine thread, intents posted to it. UI thread.
class DesktopRollouts final : public service::Rollouts
{
    Q_OBJECT

public:
    using Post = std::function<void(std::function<void(EngineCore &)>)>;

    DesktopRollouts(Post post, QObject *parent);

    service::RolloutsPtr rollouts() const override { return m_rollouts; }
    service::RolloutDetailPtr rollout(const service::RolloutId &id) const override;
    void open(const service::RolloutId &id) override;
    void close(const service::RolloutId &id) override;
    service::Ticket<std::string> act(const service::RolloutRequest &request) override;
    service::Ticket<service::RolloutForecast> simulate(const service::RolloutId &id) override;
    service::Ticket<service::ResourceDiff> difference(const service::RolloutId &id, const std::string &fromHash,
                                                      const std::string &toHash) override;

    /// News of the engine.
    void take(service::RolloutsPtr rollouts);
    void take(const service::RolloutId &id, service::RolloutDetailPtr detail);

private:
    Post m_post;
    service::RolloutsPtr m_rollouts = std::make_shared<const service::RolloutsSnapshot>();
    std::map<service::RolloutId, service::RolloutDetailPtr> m_details;
};

} // namespace tiphys::control
