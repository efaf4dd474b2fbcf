// SPDX-License-Identifier: GPL-3.0-or-later
#include "router_scenario.h"

#include "object/json.h"
#include "rollout/reading.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

// Answers of the real controller, written by tests/oracles/routers: a line is a case.

/// The members that are compared.
Value essential(const Object &object)
{
    Value result = Value::map({{"kind", object.kind()}, {"name", object.name()}, {"namespace", object.ns()}});
    for (const char *key : {"labels", "annotations", "ownerReferences"}) {
        if (const Value part = object.path({"metadata", key}); part.size() > 0)
            result = result.with(key, part);
    }
    return result.with("spec", object.path({"spec"}));
}

Router::Destinations destinationsOf(const Value &list)
{
    Router::Destinations result;
    for (const Value &item : list.items())
        result.push_back({.weight = static_cast<int>(item["weight"].intOr(0)),
                          .serviceName = std::string(item["serviceName"].stringOr()),
                          .podTemplateHash = std::string(item["podTemplateHash"].stringOr())});
    return result;
}

std::vector<ReplicaSet> replicaSetsOf(const Value &list)
{
    std::vector<ReplicaSet> result;
    for (const Value &item : list.items()) {
        ReplicaSet set;
        set.name = item["name"].stringOr();
        set.hash = item["hash"].stringOr();
        set.replicas = static_cast<int>(item["replicas"].intOr(0));
        set.availableReplicas = static_cast<int>(item["available"].intOr(0));
        result.push_back(set);
    }
    return result;
}

Expected<void> make(RouterScenario &scenario, const Value &call)
{
    const std::string_view kind = call["call"].stringOr();
    const Router::Destinations additional = destinationsOf(call["additional"]);
    if (kind == "setWeight")
        return scenario.setWeight(static_cast<int>(call["weight"].intOr(0)), additional);
    if (kind == "updateHash")
        return scenario.updateHash(call["canary"].stringOr(), call["stable"].stringOr(), additional);
    if (kind == "setHeaderRoute")
        return scenario.setHeaderRoute(call["step"]);
    if (kind == "setMirrorRoute")
        return scenario.setMirrorRoute(call["step"]);
    return scenario.removeManagedRoutes();
}

void replay(const Value &held)
{
    std::vector<Object> objects;
    const Value given = held["objects"];
    for (const Value &object : given.items())
        objects.emplace_back(object);
    Options options;
    const Object rollout(held["rollout"]);
    if (const auto version = rollout.annotation("smi"))
        options.smiVersion = *version;
    RouterScenario scenario(rollout, objects, replicaSetsOf(held["replicaSets"]), options);
    std::string problem;
    bool isStep = false;
    const Value calls = held["calls"];
    for (const Value &call : calls.items()) {
        const Expected<void> made = make(scenario, call);
        if (made)
            continue;
        problem = made.error().message();
        isStep = call["call"].stringOr() != "setWeight" && call["call"].stringOr() != "updateHash";
        break;
    }
    const std::string expected(held["error"].stringOr());
    // The controller says where in its code a step failed; that is not said here.
    if (isStep)
        EXPECT_FALSE(expected.empty()) << problem;
    else
        EXPECT_EQ(problem, expected);
    std::size_t found = 0;
    const Value results = held["result"];
    for (const Value &result : results.items()) {
        for (const auto &[key, object] : scenario.cluster().objects()) {
            if (key.kind != result["kind"].stringOr() || key.name != result["name"].stringOr())
                continue;
            ++found;
            EXPECT_EQ(object::toJson(essential(object)), object::toJson(result));
        }
    }
    EXPECT_EQ(found, results.size());
    EXPECT_EQ(scenario.cluster().objects().size(), results.size());
}

int replayFile(const std::filesystem::path &path)
{
    std::ifstream file(path);
    int count = 0;
    for (std::string line; std::getline(file, line) && !testing::Test::HasFailure(); ++count) {
        const Expected<Value> held = object::parseJson(line);
        if (!held)
            ADD_FAILURE() << path << " line " << count + 1;
        SCOPED_TRACE(path.filename().string() + " line " + std::to_string(count + 1) + ": "
                     + object::toJson((*held)["rollout"]) + "\nobjects " + object::toJson((*held)["objects"])
                     + "\ncalls " + object::toJson((*held)["calls"]));
        replay(*held);
    }
    return count;
}

class RouterRecords : public testing::TestWithParam<const char *>
{
};

TEST_P(RouterRecords, AreWhatTheRealControllerMakes)
{
    EXPECT_GE(replayFile(std::filesystem::path(TIPHYS_TEST_DATA) / "rollout" / "routers"
                         / (std::string(GetParam()) + ".jsonl")),
              40);
}

INSTANTIATE_TEST_SUITE_P(Routers, RouterRecords,
                         testing::Values("istio", "nginx", "alb", "smi", "ambassador", "traefik", "apisix", "appMesh"),
                         [](const auto &row) { return std::string(row.param); });

// More cases than are kept: the variable names a file of tests/oracles/routers.
TEST(RouterRecordsOfAFile, AreWhatTheRealControllerMakes)
{
    const char *path = std::getenv("TIPHYS_ROUTER_CASES");
    if (!path)
        GTEST_SKIP() << "TIPHYS_ROUTER_CASES is not set";
    RecordProperty("cases", replayFile(path));
}

} // namespace
} // namespace tiphys::rollout
