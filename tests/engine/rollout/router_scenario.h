// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/decision.h"
#include "rollout/router/router.h"
#include "rollout/simulate/virtual_cluster.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

object::Value yamlValue(std::string_view text);
object::Object yamlObject(std::string_view text);

/// A router on a virtual cluster: each call sees what the calls before it have written.
class RouterScenario
{
public:
    RouterScenario(const object::Object &rollout, const std::vector<object::Object> &objects,
                   std::vector<ReplicaSet> replicaSets = {}, Options options = {});

    Expected<void> setWeight(int weight, const Router::Destinations &additional = {});
    Expected<void> updateHash(std::string_view canary, std::string_view stable,
                              const Router::Destinations &additional = {});
    Expected<void> setHeaderRoute(const object::Value &step);
    Expected<void> setMirrorRoute(const object::Value &step);
    Expected<void> removeManagedRoutes();

    void pass(int seconds) { m_now = m_now.plusSeconds(seconds); }
    /// The object as it is now; null if there is none.
    object::Object find(const std::string &group, const std::string &kind, const std::string &name,
                        const std::string &ns = "shop") const;
    const VirtualCluster &cluster() const { return m_cluster; }
    /// Of the last call.
    const Decision &decision() const { return m_decision; }
    const Rollout &rollout() const { return m_observed.rollout; }
    Observed observed() const;
    const Router &router() const { return *m_router; }

private:
    template <typename Call>
    Expected<void> run(Call call);

    Options m_options;
    Observed m_observed;
    std::deque<ReplicaSet> m_replicaSets;
    VirtualCluster m_cluster{VirtualBehaviour()};
    Moment m_now = Moment::ofSeconds(1'700'000'000);
    const Router *m_router = nullptr;
    Decision m_decision;
};

} // namespace tiphys::rollout
