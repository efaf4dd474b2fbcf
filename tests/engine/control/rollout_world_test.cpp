// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_world.h"

#include "engine/control/demo_place.h"
#include "kube/cluster_cache.h"
#include "object/yaml.h"
#include "support/still_cache.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::control {

class RolloutWorldOnDemo : public DemoPlace
{
protected:
    void SetUp() override
    {
        DemoPlace::SetUp();
        cache = kube::makeClusterCache(client, {.clock = std::make_shared<ports::SystemClock>()});
        make("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
        make("{apiVersion: v1, kind: Namespace, metadata: {name: jobs}}");
    }
    void TearDown() override
    {
        ignoreError(async::waitFor(cache->close()), "the test is over");
        cache.reset();
        DemoPlace::TearDown();
    }

    /// A Job in another namespace than that of the run that it is of.
    void makeJobOf(const std::string &run)
    {
        make("{apiVersion: batch/v1, kind: Job, metadata: {name: " + run
             + ".m.1, namespace: jobs, labels: {analysisrun.argoproj.io/uid: u}, "
               "annotations: {analysisrun.argoproj.io/name: "
             + run
             + ", analysisrun.argoproj.io/namespace: shop}}, "
               "spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: 'job:1'}]}}}}");
    }

    ports::ClusterCachePtr cache;
};

TEST_F(RolloutWorldOnDemo, WakesTheRunOfAJobThatIsMadeInANamespaceOfItsOwn)
{
    std::set<RolloutTask> woken;
    RolloutWorld world({.cluster = client, .cache = cache}, {.ns = "shop", .jobNs = "jobs", .instanceId = {}},
                       [&woken](const RolloutTask &task) { woken.insert(task); });
    const Expected<void> started = async::waitFor(world.start({}));
    ASSERT_TRUE(started) << started.error().text();
    const RolloutTask run{RolloutTask::Kind::AnalysisRun, "shop", "smoke"};
    EXPECT_FALSE(woken.contains(run));
    makeJobOf("smoke");
    EXPECT_TRUE(until([&] { return woken.contains(run); }));
}

namespace {

object::Object made(const std::string &kind, const std::string &name, const std::string &owner = {},
                    const std::string &rest = {})
{
    const std::string api = kind == "Pod" || kind == "Service" ? "v1"
                            : kind == "ReplicaSet"             ? "apps/v1"
                                                               : "argoproj.io/v1alpha1";
    const std::string owners = owner.empty() ? std::string()
                                             : ", ownerReferences: [{apiVersion: v1, kind: Any, name: any, uid: "
                                                   + owner + ", controller: true}]";
    return object::Object(object::parseYaml("{apiVersion: " + api + ", kind: " + kind + ", metadata: {name: " + name
                                            + ", namespace: shop, resourceVersion: '1', uid: uid-" + name + owners + "}"
                                            + rest + "}")
                              .value());
}

object::Object rolloutNamed(const std::string &name)
{
    return made(
        "Rollout", name, {},
        ", spec: {selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, spec: {containers: "
        "[{name: main, image: 'web:1'}]}}, strategy: {canary: {stableService: "
            + name + "-stable}}}, status: {canary: {currentStepAnalysisRunStatus: {name: named, status: Running}}}");
}

template <typename List>
std::vector<std::string> namesOf(const List &list)
{
    std::vector<std::string> names;
    for (const auto &each : list)
        names.emplace_back(each.object.name());
    return names;
}

} // namespace

TEST(RolloutWorld, GathersForARolloutWhatBelongsToItAlone)
{
    using Names = std::vector<std::string>;
    const auto cache = std::make_shared<test::StillCache>(test::StillCache::Objects{
        {"Rollout", {rolloutNamed("web"), rolloutNamed("other")}},
        {"ReplicaSet",
         {made("ReplicaSet", "mine", "uid-web"), made("ReplicaSet", "other-1", "uid-other"),
          made("ReplicaSet", "web-taken", "uid-other"), made("ReplicaSet", "orphan")}},
        {"Pod",
         {made("Pod", "b", "uid-mine"), made("Pod", "a", "uid-mine"), made("Pod", "c", "uid-other-1"),
          made("Pod", "d")}},
        {"Service", {made("Service", "web-stable"), made("Service", "web-else"), made("Service", "other-stable")}},
        {"AnalysisRun",
         {made("AnalysisRun", "run", "uid-web"), made("AnalysisRun", "web-1", "uid-other"),
          made("AnalysisRun", "named", "uid-other"), made("AnalysisRun", "other-run", "uid-other")}}});
    RolloutWorld world({.cluster = {}, .cache = cache}, {.ns = {}, .jobNs = {}, .instanceId = {}},
                       [](const RolloutTask &) {});
    ASSERT_TRUE(async::waitFor(world.start({})));
    const auto seen = [&world](const std::string &name) {
        const auto found = async::waitFor(world.rollout({RolloutTask::Kind::Rollout, "shop", name}, {}));
        return found && *found ? **found : rollout::Observed();
    };
    const rollout::Observed first = seen("web");
    EXPECT_EQ(namesOf(first.replicaSets), (Names{"mine", "orphan", "web-taken"}))
        << "its own, what it may adopt, and a name that it may give";
    EXPECT_EQ(namesOf(first.services), Names{"web-stable"});
    EXPECT_EQ(namesOf(first.analysisRuns), (Names{"named", "run", "web-1"}));
    Names pods;
    for (const object::Object &pod : first.pods)
        pods.emplace_back(pod.name());
    EXPECT_EQ(pods, (Names{"a", "b"})) << "neither those of others nor those of nobody";
}

TEST(RolloutWorld, FollowsObjectsThatAreLetGoOrGo)
{
    using Names = std::vector<std::string>;
    const auto cache = std::make_shared<test::StillCache>(test::StillCache::Objects{
        {"Rollout", {rolloutNamed("web"), rolloutNamed("other")}},
        {"ReplicaSet", {made("ReplicaSet", "first", "uid-web"), made("ReplicaSet", "second", "uid-web")}},
        {"Pod", {made("Pod", "b", "uid-first"), made("Pod", "a", "uid-second"), made("Pod", "c", "uid-first")}},
        {"Service", {made("Service", "web-stable")}}});
    RolloutWorld world({.cluster = {}, .cache = cache}, {.ns = {}, .jobNs = {}, .instanceId = {}},
                       [](const RolloutTask &) {});
    ASSERT_TRUE(async::waitFor(world.start({})));
    const auto seen = [&world](const std::string &name) {
        const auto found = async::waitFor(world.rollout({RolloutTask::Kind::Rollout, "shop", name}, {}));
        return found && *found ? **found : rollout::Observed();
    };
    const auto podsOf = [&seen](const std::string &name) {
        Names names;
        for (const object::Object &pod : seen(name).pods)
            names.emplace_back(pod.name());
        return names;
    };
    EXPECT_EQ(podsOf("web"), (Names{"a", "b", "c"})) << "in the order of their names, as they are evicted";
    const auto changed = [](object::Object object, const std::string &version) {
        return object::Object(object.value().withPath({"metadata", "resourceVersion"}, version));
    };
    world.remember({"apps", "ReplicaSet", "shop", "first"}, changed(made("ReplicaSet", "first", "uid-other"), "2"));
    EXPECT_EQ(namesOf(seen("web").replicaSets), Names{"second"});
    EXPECT_EQ(namesOf(seen("other").replicaSets), Names{"first"});
    EXPECT_EQ(podsOf("web"), Names{"a"});
    world.remember({"apps", "ReplicaSet", "shop", "first"}, changed(made("ReplicaSet", "first"), "3"));
    EXPECT_EQ(namesOf(seen("web").replicaSets), (Names{"first", "second"})) << "an orphan may be adopted";
    world.remember({"apps", "ReplicaSet", "shop", "second"}, {});
    world.remember({"", "Service", "shop", "web-stable"}, {});
    EXPECT_EQ(namesOf(seen("web").replicaSets), Names{"first"});
    EXPECT_TRUE(seen("web").services.empty());
}

TEST_F(RolloutWorldOnDemo, WakesTheRunOfAJobInAnotherCluster)
{
    demo::DemoOptions options;
    options.hasSample = false;
    const auto here = std::exchange(cluster, std::move(demo::DemoCluster::start(options).value()));
    make("{apiVersion: v1, kind: Namespace, metadata: {name: jobs}}");
    const ports::ClusterCachePtr others =
        kube::makeClusterCache(connected("demo"), {.clock = std::make_shared<ports::SystemClock>()});
    {
        std::set<RolloutTask> woken;
        RolloutWorld world({.cluster = client, .cache = cache},
                           {.ns = {}, .jobNs = {}, .instanceId = {}, .jobs = others},
                           [&woken](const RolloutTask &task) { woken.insert(task); });
        ASSERT_TRUE(async::waitFor(world.start({})));
        makeJobOf("smoke");
        EXPECT_TRUE(until([&] { return woken.contains({RolloutTask::Kind::AnalysisRun, "shop", "smoke"}); }));
    }
    ignoreError(async::waitFor(others->close()), "the test is over");
}

} // namespace tiphys::control
