// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/yaml.h"
#include "rollout/analysis/analysis.h"
#include "rollout/reading.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

Object parsed(const std::string &yaml)
{
    const Expected<Value> value = object::parseYaml(yaml);
    EXPECT_TRUE(value.has_value()) << yaml;
    return Object(value.value_or(Value()));
}

/// An experiment that runs since 10:00:00, and whose analysis it does not know of.
ExperimentObserved running()
{
    ExperimentObserved observed;
    observed.experiment = readExperiment(parsed(R"(
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: e, namespace: shop, uid: u}
spec:
  duration: 1h
  templates: [{name: new, replicas: 1, service: {}, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: 'x:1', ports: [{containerPort: 80}]}]}}}]
  analyses: [{name: check, templateName: t}]
status: {phase: Running, availableAt: '2026-01-01T10:00:00Z', templateStatuses: [{name: new, status: Running, replicas: 1, availableReplicas: 1, readyReplicas: 1, updatedReplicas: 1, serviceName: e-new, podTemplateHash: h}]}
)"));
    observed.templates = {readAnalysisTemplate(parsed(R"(
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: t, namespace: shop}
spec: {metrics: [{name: m, provider: {web: {url: 'http://a.test'}}}]}
)"))};
    observed.replicaSets = {readReplicaSet(parsed(R"(
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: e-new, namespace: shop, uid: r, labels: {app: a, rollouts-pod-template-hash: h}, annotations: {experiment.argoproj.io/name: e, experiment.argoproj.io/template-name: new}, ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Experiment, name: e, uid: u, controller: true}]}
spec: {replicas: 1, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: 'x:1', ports: [{containerPort: 80}]}]}}}
status: {replicas: 1, availableReplicas: 1, readyReplicas: 1}
)"))};
    return observed;
}

AnalysisRun ended(const std::string &created)
{
    return readAnalysisRun(parsed(
        "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {name: e-check, namespace: shop, uid: a, "
        "creationTimestamp: '"
        + created
        + "', ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Experiment, "
          "name: e, uid: u, controller: true}]}\nspec: {metrics: [{name: m, provider: {web: {url: "
          "'http://a.test'}}}]}\n"
          "status: {phase: Successful}\n"));
}

std::vector<std::string> createdRuns(const ExperimentObserved &observed)
{
    std::vector<std::string> names;
    for (const Write &write : decideExperiment(observed, Moment::ofSeconds(1'767'261'700)).writes()) {
        if (write.verb == Verb::Create && write.gvk.kind == "AnalysisRun")
            names.push_back(write.name);
    }
    return names;
}

/// `status` as the decision writes it.
Value statusPatch(const ExperimentObserved &observed)
{
    for (const Write &write : decideExperiment(observed, Moment::ofSeconds(1'767'261'700)).writes()) {
        if (write.gvk.kind == "Experiment")
            return write.body["status"];
    }
    return {};
}

} // namespace

TEST(ExperimentDecision, TakesOverTheRunOfAPassThatWasCutOff)
{
    ExperimentObserved observed = running();
    EXPECT_EQ(createdRuns(observed), (std::vector<std::string>{"e-check"}));
    observed.analysisRuns = {ended("2026-01-01T10:00:01Z")};
    EXPECT_TRUE(createdRuns(observed).empty());
}

TEST(ExperimentDecision, MakesAnotherRunForAnotherTry)
{
    ExperimentObserved observed = running();
    observed.analysisRuns = {ended("2026-01-01T09:59:59Z")};
    EXPECT_EQ(createdRuns(observed), (std::vector<std::string>{"e-check.1"}));
}

TEST(ExperimentDecision, SaysWhatTheServerRefused)
{
    ExperimentObserved observed = running();
    observed.refusals = {{"AnalysisRun/e-check", "denied the request"}};
    EXPECT_TRUE(createdRuns(observed).empty());
    const Value refusedRun = statusPatch(observed);
    observed = running();
    observed.replicaSets[0].replicas = 0;
    observed.refusals = {{"ReplicaSet/e-new", "exceeded quota"}};
    const Value refusedScale = statusPatch(observed);

    EXPECT_EQ(refusedRun.path({"analysisRuns"}).at(0)["message"].stringOr(),
              "Failed to create AnalysisRun for analysis 'check': denied the request");
    EXPECT_EQ(refusedScale.path({"templateStatuses"}).at(0)["status"].stringOr(), "Error");
    EXPECT_EQ(refusedScale.path({"templateStatuses"}).at(0)["message"].stringOr(),
              "Unable to scale ReplicaSet for template 'new' to desired replica count '1': exceeded quota");
}

TEST(ExperimentDecision, WaitsForANameThatAnothersReplicaSetHas)
{
    ExperimentObserved observed = running();
    observed.experiment.analyses.clear();
    observed.experiment.status = {};
    const ReplicaSet own = observed.replicaSets[0];
    Value foreign = own.object.value().withPath({"metadata", "ownerReferences"}, Value::list({}));
    observed.replicaSets = {readReplicaSet(Object(foreign))};
    const Moment begin = Moment::ofSeconds(1'767'261'700);
    const Decision first = decideExperiment(observed, begin);
    EXPECT_TRUE(std::ranges::none_of(first.writes(), [](const Write &write) { return write.verb == Verb::Create; }));
    EXPECT_EQ(first.lookAgain, begin.plusSeconds(10));
    EXPECT_TRUE(std::ranges::any_of(first.events(),
                                    [](const Event &event) { return event.reason == "ReplicaSetCreateError"; }));
    const Value status = statusPatch(observed);
    EXPECT_EQ(status.path({"templateStatuses"}).at(0)["status"].stringOr(), "Progressing");
    EXPECT_EQ(status.path({"templateStatuses"}).at(0)["message"].stringOr(),
              "Failed to create ReplicaSet for template 'new': replicasets.apps \"e-new\" already exists");

    // The experiment says it, too; then it is known, and nothing is told or written again.
    observed.experiment = readExperiment(Object(observed.experiment.object.value().with("status", status)));
    observed.experiment.analyses.clear();
    const Value message = statusPatch(observed)["message"];
    EXPECT_EQ(message, status.path({"templateStatuses"}).at(0)["message"]);
    observed.experiment =
        readExperiment(Object(observed.experiment.object.value().with("status", status.with("message", message))));
    observed.experiment.analyses.clear();
    const Decision second = decideExperiment(observed, begin.plusSeconds(10));
    EXPECT_TRUE(second.acts.empty());
    EXPECT_EQ(second.lookAgain, begin.plusSeconds(20));
    ExperimentObserved freed = observed;
    freed.replicaSets = {own};
    EXPECT_TRUE(statusPatch(freed).path({"templateStatuses"}).at(0)["message"].isNull());
    // Nobody waits for ever.
    const Decision late = decideExperiment(observed, begin.plusSeconds(601));
    EXPECT_TRUE(
        std::ranges::any_of(late.events(), [](const Event &event) { return event.reason == "ExperimentFailed"; }));
}

TEST(ExperimentDecision, NamesTheTemplateThatIsMissing)
{
    ExperimentObserved observed = running();
    AnalysisTemplate part = observed.templates[0];
    part.templates = {{.name = "deep", .isClusterScoped = true}};
    observed.templates = {part};
    const Value nested = statusPatch(observed);
    observed.templates.clear();
    const Value own = statusPatch(observed);

    EXPECT_EQ(
        nested.path({"analysisRuns"}).at(0)["message"].stringOr(),
        "Failed to create AnalysisRun for analysis 'check': clusteranalysistemplates.argoproj.io \"deep\" not found");
    EXPECT_EQ(own.path({"analysisRuns"}).at(0)["message"].stringOr(),
              "Failed to create AnalysisRun for analysis 'check': analysistemplates.argoproj.io \"t\" not found");
}

TEST(ExperimentDecision, ForgetsAServiceThatAPassBeforeTookAway)
{
    ExperimentObserved observed = running();
    observed.experiment =
        readExperiment(Object(observed.experiment.object.value().withPath({"spec", "terminate"}, Value(true))));
    observed.replicaSets.front().replicas = 0;
    observed.replicaSets.front().availableReplicas = 0;
    const Decision decision = decideExperiment(observed, Moment::ofSeconds(1'767'261'700));
    const std::vector<Write> writes = decision.writes();
    const auto status = std::ranges::find_if(writes, [](const Write &write) { return write.gvk.kind == "Experiment"; });
    ASSERT_NE(status, writes.end());
    const Value first = status->body.path({"status", "templateStatuses"}).at(0);
    EXPECT_FALSE(first.contains("serviceName")) << object::toJson(status->body);
}

} // namespace tiphys::rollout
