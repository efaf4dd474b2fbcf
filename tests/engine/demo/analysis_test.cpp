// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/api.h"
#include "demo/sample.h"
#include "demo_fixture.h"
#include "object/json.h"

#include <QTemporaryDir>

#include <algorithm>
#include <optional>

namespace tiphys::demo {

using object::Object;
using object::Value;
using rollout::provider::HttpCall;
using rollout::provider::HttpReply;

namespace {

constexpr std::string_view kAddress = "http://demo.test";

constexpr const char *kRun = R"(
apiVersion: argoproj.io/v1alpha1
kind: AnalysisRun
metadata: {name: check, namespace: default}
spec: {metrics: []}
)";

Object runOf(std::string_view metrics)
{
    Object run(object::parseYaml(kRun).value());
    return Object(run.value().withPath({"spec", "metrics"}, object::parseYaml(metrics).value()));
}

class DemoAnalysis : public DemoTest
{
protected:
    void SetUp() override
    {
        const auto filled = fillCluster(store, {.repositories = {}, .hasSample = false});
        ASSERT_TRUE(filled) << filled.error().text();
    }
    /// The cluster asks itself, without a network.
    void measure()
    {
        controllers.measureBy([this](const HttpCall &call, const std::function<void(HttpReply)> &answered) {
            const std::string path = call.url.substr(kAddress.size());
            const Response response = api.answer(requestOf("GET " + path + " HTTP/1.1").value());
            answered({.status = response.code, .body = response.body, .error = {}});
        });
    }
    void create(const Object &object)
    {
        ASSERT_TRUE(store.create(*store.catalog().byKind(object.groupKind()), object.ns(), object));
    }
    std::string phase(const std::string &name)
    {
        return std::string(live("argoproj.io", "AnalysisRun", name).path({"status", "phase"}).stringOr());
    }

    Api api{store};
};

class DemoSampleAnalysis : public DemoAnalysis
{
protected:
    void SetUp() override
    {
        const auto filled =
            fillCluster(store, {.repositories = folder.path().toStdString(), .address = std::string(kAddress)});
        ASSERT_TRUE(filled) << filled.error().text();
    }
    Object rollout() { return store.find({"argoproj.io", "Rollout"}, {"shop-staging", "reviews"}); }
    Object run()
    {
        const std::string name(rollout().path({"status", "canary", "currentStepAnalysisRunStatus", "name"}).stringOr());
        return name.empty() ? lastRun : lastRun = store.find({"argoproj.io", "AnalysisRun"}, {"shop-staging", name});
    }
    std::string weight()
    {
        return std::string(store.find({"networking.k8s.io", "Ingress"}, {"shop-staging", "reviews-reviews-canary"})
                               .annotation("nginx.ingress.kubernetes.io/canary-weight")
                               .value_or(""));
    }

    QTemporaryDir folder;
    Object lastRun;
};

} // namespace

TEST_F(DemoAnalysis, AStepThatCannotBeDoneIsToldNowAndThen)
{
    created(R"(
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: default}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
  strategy: {canary: {steps: [{plugin: {name: a/b}}]}}
)");
    passes(60'000);
    const Value change = parsed("spec: {template: {metadata: {annotations: {v: '2'}}}}").value();
    ASSERT_TRUE(store.patch(*store.catalog().byKind({"argoproj.io", "Rollout"}), {"default", "web"}, PatchKind::Merge,
                            change, "", {}));
    passes(60'000);
    const auto events = store.objectsIn({"", "Event"}, "default");
    const auto told = std::ranges::count_if(
        events, [](const Object &event) { return event.value()["reason"].stringOr() == "ReconciliationError"; });
    EXPECT_GE(told, 1);
    EXPECT_LE(told, 7);
}

TEST_F(DemoSampleAnalysis, FailsWithinAMinuteAndRollsBack)
{
    ASSERT_FALSE(run().isNull());
    EXPECT_EQ(run().path({"status", "phase"}).stringOr(), "");
    EXPECT_EQ(weight(), "25");
    measure();
    passes(30'000);
    EXPECT_EQ(run().path({"status", "phase"}).stringOr(), "Running");
    EXPECT_EQ(rollout().path({"status", "phase"}).stringOr(), "Progressing");
    passes(30'000);
    EXPECT_EQ(lastRun.isNull(), false);
    lastRun = store.find({"argoproj.io", "AnalysisRun"}, {"shop-staging", std::string(lastRun.name())});
    EXPECT_EQ(lastRun.path({"status", "phase"}).stringOr(), "Failed");
    EXPECT_EQ(lastRun.path({"status", "runSummary", "count"}).intOr(0), 1);
    EXPECT_EQ(lastRun.path({"status", "metricResults"}).at(0)["failed"].intOr(0), 3);
    EXPECT_GE(lastRun.path({"status", "metricResults"}).at(0)["successful"].intOr(0), 2);
    EXPECT_EQ(rollout().path({"status", "phase"}).stringOr(), "Degraded");
    EXPECT_TRUE(rollout().path({"status", "abort"}).boolOr(false));
    EXPECT_EQ(weight(), "0");
}

TEST_F(DemoSampleAnalysis, GoesThroughWithAnImageThatIsMended)
{
    measure();
    const Value change = Value::list({Value::map({{"op", "replace"},
                                                  {"path", "/spec/template/spec/containers/0/image"},
                                                  {"value", "registry.example.com/shop/reviews:2.5.1"}})});
    ASSERT_TRUE(store.patch(*store.catalog().byKind({"argoproj.io", "Rollout"}), {"shop-staging", "reviews"},
                            PatchKind::Json, change, "", {}));
    passes(200'000);
    EXPECT_EQ(rollout().path({"status", "phase"}).stringOr(), "Healthy");
    EXPECT_EQ(rollout().path({"status", "stableRS"}).stringOr(),
              rollout().path({"status", "currentPodHash"}).stringOr());
}

TEST_F(DemoAnalysis, RunsTheExperimentOfAStep)
{
    create(Object(object::parseYaml(R"(
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: default}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "web:1"}]}}
  strategy:
    canary:
      steps: [{experiment: {duration: 30s, templates: [{name: baseline, specRef: stable}, {name: candidate, specRef: canary}]}}]
)")
                      .value()));
    const auto status = [this](std::string_view member) {
        return std::string(live("argoproj.io", "Rollout", "web").path({"status", std::string(member)}).stringOr());
    };
    passes(60'000);
    ASSERT_EQ(status("phase"), "Healthy");
    const Value change = Value::list(
        {Value::map({{"op", "replace"}, {"path", "/spec/template/spec/containers/0/image"}, {"value", "web:2"}})});
    ASSERT_TRUE(store.patch(*store.catalog().byKind({"argoproj.io", "Rollout"}), {"default", "web"}, PatchKind::Json,
                            change, "", {}));
    passes(15'000);
    const std::string name(
        live("argoproj.io", "Rollout", "web").path({"status", "canary", "currentExperiment"}).stringOr());
    ASSERT_NE(name, "");
    EXPECT_EQ(live("argoproj.io", "Experiment", name).path({"status", "phase"}).stringOr(), "Running");
    EXPECT_FALSE(live("apps", "ReplicaSet", name + "-baseline").isNull());
    passes(120'000);
    EXPECT_EQ(status("phase"), "Healthy");
    EXPECT_EQ(status("stableRS"), status("currentPodHash"));
}

TEST_F(DemoAnalysis, MeasuresByJobs)
{
    measure();
    create(runOf(
        R"([{name: good, provider: {job: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}}}}])"));
    passes(20'000);
    EXPECT_EQ(phase("check"), "Successful");
}

TEST_F(DemoAnalysis, WaitsUntilItMayMeasure)
{
    create(runOf(R"([{name: web, provider: {web: {url: "http://demo.test/healthz"}}}])"));
    passes(2000);
    EXPECT_EQ(phase("check"), "");
    measure();
    passes(2000);
    EXPECT_EQ(phase("check"), "Successful");
}

TEST_F(DemoAnalysis, SaysWhatAServerAnswered)
{
    measure();
    create(runOf(R"([{name: web, provider: {web: {url: "http://demo.test/demo/success-rate/default"}}}])"));
    passes(60'000);
    EXPECT_EQ(phase("check"), "Error");
    EXPECT_EQ(live("argoproj.io", "AnalysisRun", "check")
                  .path({"status", "metricResults"})
                  .at(0)["measurements"]
                  .at(0)["message"]
                  .stringOr(),
              "received non 2xx response code: 404");
}

} // namespace tiphys::demo
