// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_fixture.h"

#include "demo/pod_log.h"
#include "health/health.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

class ControllersTest : public DemoTest
{
protected:
    void SetUp() override { created(kNode); }
    Object web() { return live("apps", "Deployment", "web"); }
    std::int64_t webStatus(std::string_view field) { return web().path({"status", field}).intOr(0); }
    void change(std::string_view yaml)
    {
        ASSERT_TRUE(store.patch(resource("apps", "deployments"), {"default", "web"}, PatchKind::StrategicMerge,
                                parsed(yaml).value(), ""));
    }
};

} // namespace

TEST_F(ControllersTest, ADeploymentBecomesHealthy)
{
    created(kDeployment);

    passes(5000);

    EXPECT_EQ(webStatus("availableReplicas"), 2);
    EXPECT_EQ(webStatus("observedGeneration"), 1);
    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Healthy);
}

TEST_F(ControllersTest, ANewImageReplacesThePodsAndKeepsTheOldReplicaSet)
{
    created(kDeployment);
    passes(5000);

    change("spec: {template: {spec: {containers: [{name: web, image: 'web:2'}]}}}");
    passes(20'000);

    EXPECT_EQ(webStatus("updatedReplicas"), 2);
    EXPECT_EQ(store.objectsOf({"apps", "ReplicaSet"}).size(), 2U);
    EXPECT_EQ(count("Pod"), 2U);
    for (const auto &[place, pod] : store.objectsOf({"", "Pod"}))
        EXPECT_EQ(pod.path({"spec", "containers"}).at(0)["image"].stringOr(), "web:2");
    EXPECT_EQ(web().annotation("deployment.kubernetes.io/revision"), "2");
}

TEST_F(ControllersTest, ABrokenImageLeavesTheOldPodsServing)
{
    created(kDeployment);
    passes(5000);

    change("spec: {template: {spec: {containers: [{name: web, image: 'web:broken'}]}}}");
    passes(20'000);

    EXPECT_EQ(webStatus("availableReplicas"), 2);
    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Progressing);
}

TEST_F(ControllersTest, AnOldDeploymentThatChangesIsGivenItsWholeDeadline)
{
    created(kDeployment);
    passes(5000);
    clock.advance(3 * 86'400'000);

    change("spec: {replicas: 4}");
    controllers.settle();
    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Progressing);
    passes(5000);
    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Healthy);

    clock.advance(86'400'000);
    change("spec: {progressDeadlineSeconds: 60, template: {spec: {containers: [{name: web, image: 'web:broken'}]}}}");
    passes(20'000);
    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Progressing);
    passes(50'000);
    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Degraded);
}

TEST_F(ControllersTest, GoingBackToAnOldReplicaSetIsNotLate)
{
    created(kDeployment);
    passes(5000);
    clock.advance(3 * 86'400'000);
    change("spec: {template: {spec: {containers: [{name: web, image: 'web:2'}]}}}");
    passes(20'000);
    clock.advance(86'400'000);

    change("spec: {template: {spec: {containers: [{name: web, image: 'web:1'}]}}}");
    controllers.settle();

    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Progressing);
    passes(20'000);
    EXPECT_EQ(health::healthOf(web())->status, health::HealthCode::Healthy);
}

TEST_F(ControllersTest, DeletingADeploymentInTheBackgroundTakesEverythingBelowAlong)
{
    created(kDeployment);
    passes(5000);

    ASSERT_TRUE(store.remove(resource("apps", "deployments"), {"default", "web"}));
    EXPECT_TRUE(web().isNull());
    passes(10'000);

    EXPECT_TRUE(store.objectsOf({"apps", "ReplicaSet"}).empty());
    EXPECT_EQ(count("Pod"), 0U);
}

TEST_F(ControllersTest, DeletingInTheForegroundWaitsForTheDependents)
{
    created(kDeployment);
    passes(5000);

    ASSERT_TRUE(
        store.remove(resource("apps", "deployments"), {"default", "web"}, {.propagation = Propagation::Foreground}));
    controllers.settle();
    EXPECT_TRUE(web().isBeingDeleted());
    passes(10'000);

    EXPECT_TRUE(web().isNull());
    EXPECT_EQ(count("Pod"), 0U);
}

TEST_F(ControllersTest, AServiceDeletedInTheForegroundGoesWithItsSlices)
{
    created("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: default}, "
            "spec: {selector: {app: web}, ports: [{port: 80}]}}");
    passes(2000);
    ASSERT_EQ(store.objectsOf({"discovery.k8s.io", "EndpointSlice"}).size(), 1U);

    ASSERT_TRUE(store.remove(resource("", "services"), {"default", "web"}, {.propagation = Propagation::Foreground}));
    passes(5000);

    EXPECT_TRUE(store.objectsOf({"discovery.k8s.io", "EndpointSlice"}).empty());
    EXPECT_TRUE(live("", "Service", "web").isNull());
}

TEST_F(ControllersTest, OrphanedDependentsStayWithoutOwner)
{
    created(kDeployment);
    passes(5000);

    ASSERT_TRUE(
        store.remove(resource("apps", "deployments"), {"default", "web"}, {.propagation = Propagation::Orphan}));
    passes(5000);

    EXPECT_TRUE(web().isNull());
    ASSERT_EQ(store.objectsOf({"apps", "ReplicaSet"}).size(), 1U);
    EXPECT_TRUE(store.objectsOf({"apps", "ReplicaSet"}).begin()->second.ownerReferences().empty());
    EXPECT_EQ(count("Pod"), 2U);
}

TEST_F(ControllersTest, AJobCompletes)
{
    created(R"(
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: default}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: run, image: "run:1"}]}}}
)");

    passes(8000);

    EXPECT_EQ(health::healthOf(live("batch", "Job", "migrate"))->status, health::HealthCode::Healthy);
    EXPECT_EQ(live("batch", "Job", "migrate").path({"status", "succeeded"}).intOr(0), 1);
}

TEST_F(ControllersTest, AJobWhosePodFailsIsDegraded)
{
    created(R"(
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: default}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {tiphys.dev/pod: fail}}
    spec: {restartPolicy: Never, containers: [{name: run, image: "run:1"}]}
)");

    passes(8000);

    EXPECT_EQ(health::healthOf(live("batch", "Job", "migrate"))->status, health::HealthCode::Degraded);
}

TEST_F(ControllersTest, StatefulPodsStartOneAfterTheOtherWithTheirVolumes)
{
    created(R"(
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: default}
spec:
  replicas: 2
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "db:1"}]}
  volumeClaimTemplates:
  - metadata: {name: files}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
)");

    controllers.settle();
    EXPECT_EQ(count("Pod"), 1U);
    passes(8000);

    EXPECT_EQ(count("Pod"), 2U);
    EXPECT_FALSE(live("", "PersistentVolumeClaim", "files-db-1").isNull());
    EXPECT_EQ(health::healthOf(live("apps", "StatefulSet", "db"))->status, health::HealthCode::Healthy);
}

TEST_F(ControllersTest, ANamespaceGoesWithItsContent)
{
    created("{apiVersion: v1, kind: Namespace, metadata: {name: team}}");
    created("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: team}}");

    ASSERT_TRUE(store.remove(resource("", "namespaces"), {"", "team"}));
    passes(2000);

    EXPECT_TRUE(store.find({"", "Namespace"}, {"", "team"}).isNull());
    EXPECT_EQ(count("ConfigMap"), 0U);
}

TEST_F(ControllersTest, TheSameSeedGivesTheSameNames)
{
    const auto podNames = [](std::uint64_t seed) {
        StandingClock clock;
        Store store(clock, seed);
        Controllers controllers(store, 1);
        (void)store.create(*store.catalog().byPlural("apps", "deployments"), "default", parsed(kDeployment));
        controllers.settle();
        std::string names;
        for (const auto &[place, pod] : store.objectsOf({"", "Pod"}))
            names += place.second + " ";
        return names;
    };

    EXPECT_EQ(podNames(7), podNames(7));
    EXPECT_NE(podNames(7), podNames(8));
}

TEST_F(ControllersTest, LogsGoOnAndKnowTheirAge)
{
    created("{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: default}, spec: {containers: [{name: web, "
            "image: 'web:1'}]}}");
    passes(5000);
    clock.advance(7200 * 1000);
    const Object pod = live("", "Pod", "web");
    const auto lines = [&](LogOptions options) {
        options.now = clock.now();
        const std::string text = podLog(pod, options).value_or("refused");
        return std::ranges::count(text, '\n');
    };

    const std::int64_t seen = podLogLines(pod, clock.now());
    EXPECT_EQ(lines({}), 500);
    EXPECT_EQ(lines({.tailLines = 3}), 3);
    EXPECT_EQ(lines({.sinceSeconds = 59}), 6);
    EXPECT_EQ(lines({.firstLine = seen}), 0);
    clock.advance(20'000);
    EXPECT_EQ(lines({.firstLine = seen}), 2);

    const auto previous = podLog(pod, {.isPrevious = true, .now = clock.now()});
    ASSERT_FALSE(previous);
    EXPECT_EQ(previous.error().message, "previous terminated container \"web\" in pod \"web\" not found");
}

TEST_F(ControllersTest, InitContainersHaveLogsToo)
{
    created("{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: default}, spec: {containers: [{name: web, "
            "image: 'web:1'}, "
            "{name: side, image: 'side:1'}], initContainers: [{name: prepare, image: 'web:1'}, {name: mesh, image: "
            "'mesh:1', restartPolicy: Always}]}}");
    passes(5000);
    clock.advance(7200 * 1000);
    const Object pod = live("", "Pod", "web");
    const auto logOf = [&](const std::string &container) {
        return podLog(pod, {.container = container, .now = clock.now()});
    };

    const auto statuses = pod.path({"status", "initContainerStatuses"});
    ASSERT_EQ(statuses.size(), 2u);
    EXPECT_EQ(statuses.at(0).path({"state", "terminated", "exitCode"}).intOr(-1), 0);
    EXPECT_FALSE(statuses.at(1).path({"state", "running"}).isNull());
    EXPECT_EQ(logOf("prepare").value_or("refused"),
              "level=info msg=\"preparing\" pod=web\nlevel=info msg=\"prepared\"\n");
    EXPECT_TRUE(isInitLogOver(pod, "prepare"));
    EXPECT_TRUE(logOf("mesh").value_or("refused").contains("msg=\"request\""));
    EXPECT_FALSE(isInitLogOver(pod, "mesh"));
    EXPECT_EQ(logOf("").error().message,
              "a container name must be specified for pod web, choose one of: [web side] or one of the init "
              "containers: [prepare mesh]");
    EXPECT_EQ(logOf("none").error().message, "container none is not valid for pod web");
}

} // namespace tiphys::demo
