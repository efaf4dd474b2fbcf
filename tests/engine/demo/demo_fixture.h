// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/controllers.h"
#include "demo/store.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::demo {

/// A clock that stands until it is moved.
class StandingClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return m_now; }
    ports::BootTime sinceBoot() const override { return m_now; }
    void advance(std::int64_t milliseconds) { m_now += milliseconds; }

private:
    ports::WallTime m_now = 1'700'000'000'000;
};

/// A store and its controllers over a standing clock.
class DemoTest : public testing::Test
{
protected:
    const Resource &resource(std::string_view group, std::string_view plural)
    {
        return *store.catalog().byPlural(group, plural);
    }
    static object::Object parsed(std::string_view yaml) { return object::Object(object::parseYaml(yaml).value()); }
    object::Object created(std::string_view yaml)
    {
        const object::Object object = parsed(yaml);
        const auto made = store.create(*store.catalog().byKind(object.groupKind()), object.ns(), object);
        EXPECT_TRUE(made) << made.error().message;
        return made.value_or(object::Object());
    }
    object::Object live(std::string_view group, std::string_view kind, std::string name)
    {
        return store.find({std::string(group), std::string(kind)}, {"default", std::move(name)});
    }
    std::size_t count(std::string_view kind) { return store.objectsOf({"", std::string(kind)}).size(); }
    void passes(std::int64_t milliseconds)
    {
        for (std::int64_t left = milliseconds; left > 0; left -= 500) {
            clock.advance(500);
            controllers.settle();
        }
    }

    StandingClock clock;
    Store store{clock, 1};
    Controllers controllers{store, 1};
};

inline constexpr const char *kConfigMap = R"(
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default, labels: {app: web}}
data: {colour: blue}
)";

inline constexpr const char *kNode = R"(
apiVersion: v1
kind: Node
metadata: {name: node-1}
)";

inline constexpr const char *kDeployment = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
)";

} // namespace tiphys::demo
