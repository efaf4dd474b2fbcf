// SPDX-License-Identifier: GPL-3.0-or-later

// What one pass of a Rollout costs the engine where a namespace holds many others: gathering what it depends on, and deciding.
// Everything has been read once before, as in an engine that runs for a while.
#include "async/wait_for.h"
#include "bench/measure.h"
#include "control/rollout_world.h"
#include "object/yaml.h"
#include "rollout/reconcile.h"
#include "support/still_cache.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace tiphys;
using object::Object;

constexpr int kRevisions = 10; ///< of each Rollout, as many as `revisionHistoryLimit` keeps
constexpr int kPods = 3;
constexpr int kRuns = 5;

Object parsed(const std::string &yaml)
{
    return Object(*object::parseYaml(yaml));
}

std::string owner(const std::string &kind, const std::string &name, const std::string &uid)
{
    return "ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: " + kind + ", name: " + name + ", uid: " + uid
           + ", controller: true}]";
}

test::StillCache::Objects namespaceWith(int rollouts)
{
    test::StillCache::Objects objects;
    for (int i = 0; i < rollouts; ++i) {
        const std::string name = "r" + std::to_string(i);
        const std::string uid = "u" + std::to_string(i);
        const std::string labels = "labels: {app: " + name;
        objects["Rollout"].push_back(
            parsed("{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: " + name
                   + ", namespace: shop, uid: " + uid + "}, spec: {replicas: 3, selector: {matchLabels: {app: " + name
                   + "}}, template: {metadata: {labels: {app: " + name
                   + "}}, spec: {containers: [{name: a, image: 'x:1'}]}}, strategy: {canary: {stableService: " + name
                   + "-s, canaryService: " + name + "-c, steps: [{setWeight: 20}, {pause: {}}]}}}}"));
        for (const char *role : {"-s", "-c"})
            objects["Service"].push_back(parsed("{apiVersion: v1, kind: Service, metadata: {name: " + name + role
                                                + ", namespace: shop}, spec: {selector: {app: " + name + "}}}"));
        for (int revision = 0; revision < kRevisions; ++revision) {
            const std::string set = name + "-" + std::to_string(revision);
            objects["ReplicaSet"].push_back(
                parsed("{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: " + set + ", namespace: shop, uid: s-"
                       + set + ", " + labels + ", rollouts-pod-template-hash: h" + std::to_string(revision)
                       + "}, annotations: {rollout.argoproj.io/revision: '" + std::to_string(revision) + "'}, "
                       + owner("Rollout", name, uid) + "}, spec: {replicas: 0, template: {metadata: {" + labels
                       + "}}, spec: {containers: [{name: a, image: 'y:" + std::to_string(revision) + "'}]}}}}"));
        }
        for (int pod = 0; pod < kPods; ++pod)
            objects["Pod"].push_back(parsed("{apiVersion: v1, kind: Pod, metadata: {name: " + name + "-9-"
                                            + std::to_string(pod) + ", namespace: shop, "
                                            + owner("ReplicaSet", name + "-9", "s-" + name + "-9") + "}}"));
        for (int run = 0; run < kRuns; ++run)
            objects["AnalysisRun"].push_back(
                parsed("{apiVersion: argoproj.io/v1alpha1, kind: AnalysisRun, metadata: {name: " + name + "-h-"
                       + std::to_string(run) + ", namespace: shop, uid: a, " + owner("Rollout", name, uid)
                       + "}, spec: {metrics: []}, status: {phase: Successful}}"));
    }
    return objects;
}

struct Cost
{
    double gathered = 0; ///< microseconds a pass
    double decided = 0;
};

Cost costOf(int rollouts, int passes)
{
    const auto cache = std::make_shared<test::StillCache>(namespaceWith(rollouts));
    control::RolloutWorld world({.cluster = {}, .cache = cache}, {.ns = {}, .jobNs = {}, .instanceId = {}},
                                [](const control::RolloutTask &) {});
    if (!async::waitFor(world.start({})))
        std::abort();
    const control::RolloutTask task{control::RolloutTask::Kind::Rollout, "shop", "r" + std::to_string(rollouts / 2)};
    const auto gather = [&] { return async::waitFor(world.rollout(task, {})); };
    const auto observed = gather();
    if (!observed || !*observed)
        std::abort();
    double start = bench::processorMilliseconds();
    for (int i = 0; i < passes; ++i) {
        if (!gather())
            std::abort();
    }
    const double gathered = bench::processorMilliseconds() - start;
    start = bench::processorMilliseconds();
    for (int i = 0; i < passes; ++i) {
        if (rollout::reconcile(**observed, rollout::Options(), rollout::Moment::ofSeconds(1'700'000'000)).isIdle())
            std::abort();
    }
    return {gathered * 1000 / passes, (bench::processorMilliseconds() - start) * 1000 / passes};
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const int passes = argc > 1 ? std::atoi(argv[1]) : 500;
    std::printf("| Rollouts in the namespace | ReplicaSets | gathering, us | deciding, us |\n|---|---|---|---|\n");
    for (const int rollouts : {1, 10, 100, 1000}) {
        const Cost cost = costOf(rollouts, passes);
        std::printf("| %d | %d | %.1f | %.1f |\n", rollouts, rollouts * kRevisions, cost.gathered, cost.decided);
        std::fflush(stdout);
    }
    return 0;
}
