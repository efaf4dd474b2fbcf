// SPDX-License-Identifier: GPL-3.0-or-later
#include "router_scenario.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::rollout {

using object::Object;
using object::Value;

Value yamlValue(std::string_view text)
{
    const Expected<Value> value = object::parseYaml(text);
    EXPECT_TRUE(value.has_value()) << text;
    return value.value_or(Value());
}

Object yamlObject(std::string_view text)
{
    return Object(yamlValue(text));
}

RouterScenario::RouterScenario(const Object &rollout, const std::vector<Object> &objects,
                               std::vector<ReplicaSet> replicaSets, Options options)
    : m_options(std::move(options)), m_replicaSets(replicaSets.begin(), replicaSets.end())
{
    m_observed.rollout = readRollout(rollout);
    for (const Object &object : objects)
        m_cluster.put(object, m_now);
    const std::vector<std::string> &names = m_observed.rollout.canary->trafficRouting->routers();
    const Expected<const Router *> router = makeRouter(names.at(0));
    EXPECT_TRUE(router.has_value());
    m_router = *router;
}

Observed RouterScenario::observed() const
{
    Observed observed = m_observed;
    for (const auto &[key, object] : m_cluster.objects()) {
        if (key.kind == "Service")
            observed.services.push_back(readService(object));
        else
            observed.routerObjects.push_back(object);
    }
    return observed;
}

template <typename Call>
Expected<void> RouterScenario::run(Call call)
{
    const Observed now = observed();
    ReplicaSets sets;
    for (const ReplicaSet &set : m_replicaSets)
        sets.push_back(&set);
    m_decision = {};
    RouterScene scene(now, now.rollout, m_options, sets, m_decision, m_now);
    Expected<void> done = call(scene);
    const Expected<void> applied = m_cluster.apply(m_decision, m_now);
    EXPECT_TRUE(applied.has_value());
    return done;
}

Expected<void> RouterScenario::setWeight(int weight, const Router::Destinations &additional)
{
    return run([&](RouterScene &scene) { return m_router->setWeight(scene, weight, additional); });
}

Expected<void> RouterScenario::updateHash(std::string_view canary, std::string_view stable,
                                          const Router::Destinations &additional)
{
    return run([&](RouterScene &scene) { return m_router->updateHash(scene, canary, stable, additional); });
}

namespace {

Step stepOf(const char *kind, const Value &value)
{
    std::optional<Error> ignored;
    return readStep(crd::FieldReader(Value::map({{kind, value}}), std::string(), &ignored));
}

} // namespace

Expected<void> RouterScenario::setHeaderRoute(const Value &step)
{
    const Step read = stepOf("setHeaderRoute", step);
    return run([&](RouterScene &scene) { return m_router->setHeaderRoute(scene, *read.setHeaderRoute); });
}

Expected<void> RouterScenario::setMirrorRoute(const Value &step)
{
    const Step read = stepOf("setMirrorRoute", step);
    return run([&](RouterScene &scene) { return m_router->setMirrorRoute(scene, *read.setMirrorRoute); });
}

Expected<void> RouterScenario::removeManagedRoutes()
{
    return run([&](RouterScene &scene) { return m_router->removeManagedRoutes(scene); });
}

Object RouterScenario::find(const std::string &group, const std::string &kind, const std::string &name,
                            const std::string &ns) const
{
    const Object *found = m_cluster.find({group, kind, ns, name});
    return found ? *found : Object();
}

} // namespace tiphys::rollout
