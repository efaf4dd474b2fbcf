// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_world.h"

#include "engine/control/demo_place.h"
#include "kube/cluster_cache.h"

#include <set>
#include <utility>

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
