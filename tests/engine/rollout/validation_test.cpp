// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/lint.h"
#include "rollout/reference_validation.h"
#include "rollout/validation.h"

#include <gtest/gtest.h>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

const char *const kTemplate =
    "template: {metadata: {labels: {app: demo}}, spec: {containers: [{name: a, image: 'x:1'}]}}";
const char *const kSelector = "selector: {matchLabels: {app: demo}}";

Object objectOf(const std::string &yaml)
{
    const Expected<Value> value = object::parseYaml(yaml);
    EXPECT_TRUE(value.has_value()) << yaml;
    return Object(value.value_or(Value()));
}

Object rolloutOf(const std::string &spec)
{
    return objectOf(
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\nspec: {"
        + spec + "}\n");
}

Object rolloutWith(const std::string &strategy, const std::string &more = "")
{
    return rolloutOf(std::string(kSelector) + ", " + kTemplate + ", strategy: " + strategy + more);
}

struct SpecCase
{
    const char *name;
    std::string spec;
    std::string text;
};
class SpecError : public testing::TestWithParam<SpecCase>
{
};
TEST_P(SpecError, IsTheControllers)
{
    const FieldErrors errors = specErrors(readRollout(rolloutOf(GetParam().spec)));
    ASSERT_FALSE(errors.empty());
    EXPECT_EQ(errors.front().text(), GetParam().text);
}

std::string whole(const std::string &strategy, const std::string &more = "")
{
    return std::string(kSelector) + ", " + kTemplate + ", strategy: " + strategy + more;
}
std::string routed(const std::string &routing, const std::string &more = "")
{
    return whole("{canary: {stableService: s, canaryService: c, trafficRouting: " + routing + more + "}}");
}
std::string stepped(const std::string &step, const std::string &routing = "")
{
    return whole("{canary: {stableService: s, canaryService: c, "
                 + (routing.empty() ? "" : "trafficRouting: " + routing + ", ") + "steps: [" + step + "]}}");
}

const char *const kStepText =
    "\": Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause";
const char *const kMissingServices = "Canary service and Stable service must to be set to use Traffic Routing";
const std::string kAntiAffinity =
    "spec.strategy.antiAffinity: Invalid value: \"antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: ";

INSTANTIATE_TEST_SUITE_P(
    Rollout, SpecError,
    testing::Values(
        SpecCase{"NoSelector", std::string(kTemplate) + ", strategy: {canary: {}}",
                 "spec.selector: Required value: Rollout has missing field '.spec.selector'"},
        SpecCase{"EmptySelector", std::string("selector: {}, ") + kTemplate + ", strategy: {canary: {}}",
                 "spec.selector: Invalid value: {}: empty selector is invalid for deployment"},
        SpecCase{"ForeignLabels",
                 std::string("selector: {matchLabels: {app: other}}, ") + kTemplate + ", strategy: {canary: {}}",
                 "spec.template.metadata.labels: Invalid value: {\"app\":\"demo\"}: `selector` does not match template "
                 "`labels`"},
        SpecCase{"MinReady", whole("{canary: {}}", ", minReadySeconds: -1"),
                 "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"},
        SpecCase{"History", whole("{canary: {}}", ", revisionHistoryLimit: -1"),
                 "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0"},
        SpecCase{"Deadline", whole("{canary: {}}", ", progressDeadlineSeconds: -1"),
                 "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0"},
        SpecCase{"DeadlineBeforeReady", whole("{canary: {}}", ", progressDeadlineSeconds: 5, minReadySeconds: 5"),
                 "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"},
        SpecCase{"NoStrategy", whole("{}"),
                 "spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or "
                 ".spec.strategy.blueGreen'"},
        SpecCase{
            "TwoStrategies", whole("{canary: {}, blueGreen: {activeService: a}}"),
            "spec.strategy.strategy: Invalid value: \"blueGreen: true canary: true\": Multiple Strategies can not be "
            "listed"}),
    [](const auto &row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    BlueGreen, SpecError,
    testing::Values(
        SpecCase{
            "SameServices", whole("{blueGreen: {activeService: a, previewService: a}}"),
            "spec.strategy.activeService: Invalid value: \"a\": This rollout uses the same service for the active and "
            "preview services, but two different services are required."},
        SpecCase{
            "NoServices", whole("{blueGreen: {}}"),
            "spec.strategy.activeService: Invalid value: \"\": This rollout uses the same service for the active and "
            "preview services, but two different services are required."},
        SpecCase{"ScaleDownLimit",
                 whole("{blueGreen: {activeService: a, scaleDownDelayRevisionLimit: 3}}", ", revisionHistoryLimit: 2"),
                 "spec.strategy.scaleDownDelayRevisionLimit: Invalid value: 3: This rollout's revision history limit "
                 "can not "
                 "be smaller than the rollout's scale down limit"},
        SpecCase{
            "NoAntiAffinity", whole("{blueGreen: {activeService: a, antiAffinity: {}}}"),
            kAntiAffinity
                + "false antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: false\": AntiAffinity must have "
                  "exactly one strategy listed"},
        SpecCase{
            "BothAntiAffinities",
            whole("{blueGreen: {activeService: a, antiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: "
                  "{weight: 1}, requiredDuringSchedulingIgnoredDuringExecution: {}}}}"),
            kAntiAffinity
                + "true antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: true\": AntiAffinity must have "
                  "exactly one strategy listed"},
        SpecCase{"AntiAffinityWeight",
                 whole("{canary: {antiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: {weight: 101}}}}"),
                 "spec.strategy.antiAffinity.weight: Invalid value: 101: AntiAffinity weight must be between 1-100"}),
    [](const auto &row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Canary, SpecError,
    testing::Values(
        SpecCase{"NoSurge", whole("{canary: {maxSurge: 0, maxUnavailable: 0%}}"),
                 "spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero"},
        SpecCase{"SurgeWithSign", whole("{canary: {maxSurge: -5%, maxUnavailable: 0}}"),
                 "spec.strategy.maxSurge: Invalid value: \"-5%\": MaxSurge and MaxUnavailable both can not be zero"},
        SpecCase{
            "SameServices", whole("{canary: {stableService: a, canaryService: a}}"),
            "spec.strategy.stableService: Invalid value: \"a\": This rollout uses the same service for the stable and "
            "canary services, but two different services are required."},
        SpecCase{
            "PingPongRouter", routed("{nginx: {stableIngress: i}}", ", pingPong: {pingService: a, pongService: b}"),
            "spec.strategy.trafficRouting.alb: Invalid value: null: Ping-pong feature works with the ALB and Istio "
            "traffic routers only"},
        SpecCase{
            "PingPongMissing", routed("{istio: {}}", ", pingPong: {pongService: b}"),
            "spec.strategy.pingPong.pingService: Invalid value: \"\": Ping service and Pong service must to be set to "
            "use Ping-Pong feature"},
        SpecCase{
            "PongMissing", routed("{istio: {}}", ", pingPong: {pingService: b}"),
            "spec.strategy.pingPong.pongService: Invalid value: \"\": Ping service and Pong service must to be set to "
            "use Ping-Pong feature"},
        SpecCase{
            "PingPongSame", routed("{istio: {}}", ", pingPong: {pingService: b, pongService: b}"),
            "spec.strategy.pingPong.pingService: Invalid value: \"b\": This rollout uses the same service for the ping "
            "and pong services, but two different services are required."},
        SpecCase{
            "PingPongRoot", routed("{alb: {ingress: i}}", ", pingPong: {pingService: a, pongService: b}"),
            "spec.strategy.trafficRouting.alb.rootService: Invalid value: \"\": Root service field is required for the "
            "configuration with ALB and ping-pong feature enabled"},
        SpecCase{
            "ScaleDelay", whole("{canary: {scaleDownDelaySeconds: 1}}"),
            "spec.strategy.scaleDownDelaySeconds: Invalid value: 1: Canary scaleDownDelaySeconds can only be used with "
            "traffic routing"},
        SpecCase{
            "DynamicScale", whole("{canary: {dynamicStableScale: true}}"),
            "spec.strategy.dynamicStableScale: Invalid value: true: Canary dynamicStableScale can only be used with "
            "traffic routing"},
        SpecCase{"DynamicScaleAndDelay",
                 routed("{nginx: {stableIngress: i}}", ", dynamicStableScale: true, scaleDownDelaySeconds: 1"),
                 "spec.strategy.dynamicStableScale: Invalid value: true: Canary dynamicStableScale cannot be used with "
                 "scaleDownDelaySeconds"},
        SpecCase{"MaxWeight", routed("{istio: {}, maxTrafficWeight: 10}"),
                 "spec.strategy.trafficRouting.maxTrafficWeight: Invalid value: 10: Canary maxTrafficWeight in traffic "
                 "routing only supported in Nginx and Plugins"}),
    [](const auto &row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Step, SpecError,
    testing::Values(
        SpecCase{"Two", stepped("{setWeight: 1, pause: {}}"),
                 std::string(
                     "spec.strategy.steps[0]: Invalid value: \"step.Experiment: false step.Pause: true step.SetWeight: "
                     "true step.Analysis: false")
                     + kStepText},
        SpecCase{"Unknown", stepped("{newKind: {a: 1}}"),
                 std::string(
                     "spec.strategy.steps[0]: Invalid value: \"step.Experiment: true step.Pause: true step.SetWeight: "
                     "true step.Analysis: true step.SetCanaryScale: true step.SetHeaderRoute: true "
                     "step.SetMirrorRoute: true step.Plugin: true")
                     + kStepText},
        SpecCase{"WeightTooHigh", stepped("{setWeight: 101}"),
                 "spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100"},
        SpecCase{"WeightTooLow", stepped("{pause: {}}, {setWeight: -1}"),
                 "spec.strategy.steps[1].setWeight: Invalid value: -1: SetWeight needs to be between 0 and 100"},
        SpecCase{"WeightOfAThousand",
                 stepped("{setWeight: 1001}", "{nginx: {stableIngress: i}, maxTrafficWeight: 1000}"),
                 "spec.strategy.steps[0].setWeight: Invalid value: 1001: SetWeight needs to be between 0 and 1000"},
        SpecCase{"PauseUnit", stepped("{pause: {duration: 1y}}"),
                 "spec.strategy.steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0"},
        SpecCase{"PauseNegative", stepped("{pause: {duration: -5}}"),
                 "spec.strategy.steps[0].pause.duration: Invalid value: -5: Duration needs to be greater than 0"},
        SpecCase{"ScaleWithoutRouting", stepped("{setCanaryScale: {replicas: 1}}"),
                 "spec.strategy.trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set"},
        SpecCase{"HeaderWithNginx", stepped("{setHeaderRoute: {name: h}}", "{nginx: {stableIngress: i}}"),
                 "spec.strategy.steps[0].setHeaderRoute: Invalid value: {\"name\":\"h\"}: SetHeaderRoute requires "
                 "TrafficRouting, supports Istio and ALB and Apisix"},
        SpecCase{
            "HeaderRegexWithAlb",
            stepped("{setHeaderRoute: {name: h, match: [{headerName: a, headerValue: {regex: x}}]}}",
                    "{alb: {ingress: i}, managedRoutes: [{name: h}]}"),
            "spec.strategy.steps[0].setHeaderRoute.match[0]: Invalid value: {\"regex\":\"x\"}: SetHeaderRoute match "
            "value invalid. ALB supports 'exact' value only"},
        SpecCase{"HeaderOfTwoKinds",
                 stepped("{setHeaderRoute: {name: h, match: [{headerName: a, headerValue: {exact: z, regex: x}}]}}",
                         "{istio: {}, managedRoutes: [{name: h}]}"),
                 "spec.strategy.steps[0].setHeaderRoute.match[0]: Invalid value: {\"exact\":\"z\",\"regex\":\"x\"}: "
                 "StringMatch match value must have exactly one of the following: exact, regex, prefix"},
        SpecCase{
            "HeaderOfNoKind",
            stepped("{setHeaderRoute: {name: h, match: [{headerName: a, headerValue: {}}]}}",
                    "{istio: {}, managedRoutes: [{name: h}]}"),
            "spec.strategy.steps[0].setHeaderRoute.match[0]: Invalid value: {}: StringMatch value missed, match value "
            "must have one of the following: exact, regex, prefix"},
        SpecCase{"MirrorWithAlb", stepped("{setMirrorRoute: {name: m}}", "{alb: {ingress: i}}"),
                 "spec.strategy.steps[0].setMirrorRoute: Invalid value: {\"name\":\"m\"}: SetMirrorRoute requires "
                 "TrafficRouting, supports Istio only"},
        SpecCase{"MirrorOfTwoKinds",
                 stepped("{setMirrorRoute: {name: m, match: [{path: {exact: z, prefix: x}}]}}",
                         "{istio: {}, managedRoutes: [{name: m}]}"),
                 "spec.strategy.steps[0].setMirrorRoute.match[0]: Invalid value: {\"exact\":\"z\",\"prefix\":\"x\"}: "
                 "StringMatch match value must have exactly one of the following: exact, regex, prefix"},
        SpecCase{"NoManagedRoutes", stepped("{setHeaderRoute: {name: h}}", "{istio: {}}"),
                 "spec.strategy.trafficRouting.managedRoutes: Required value: Rollout has missing field "
                 "'spec.strategy.canary.trafficRouting.managedRoutes'"},
        SpecCase{
            "UnmanagedHeader", stepped("{setHeaderRoute: {name: h}}", "{istio: {}, managedRoutes: [{name: x}]}"),
            "spec.strategy.steps[0].setHeaderRoute: Invalid value: \"h\": Steps define a route that does not exist in "
            "spec.strategy.canary.trafficRouting.managedRoutes"},
        SpecCase{
            "UnmanagedMirror", stepped("{setMirrorRoute: {name: m}}", "{istio: {}, managedRoutes: [{name: x}]}"),
            "spec.strategy.steps[0].setMirrorRoute: Invalid value: \"m\": Steps define a route that does not exist in "
            "spec.strategy.canary.trafficRouting.managedRoutes"},
        SpecCase{"ExperimentWeight", stepped("{experiment: {templates: [{name: a, specRef: canary, weight: 5}]}}"),
                 "spec.strategy.steps[0].experiment.templates[0].weight: Invalid value: 5: Experiment template weight "
                 "cannot be set unless TrafficRouting is enabled"},
        SpecCase{
            "ExperimentWeightWithNginx",
            stepped("{experiment: {templates: [{name: a, specRef: canary, weight: 5}]}}",
                    "{nginx: {stableIngress: i}}"),
            "spec.strategy.steps[0].experiment.templates[0].weight: Invalid value: 5: Experiment template weight is "
            "only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time"},
        SpecCase{
            "FieldReference",
            stepped("{analysis: {templates: [{templateName: t}], args: [{name: x, valueFrom: {fieldRef: {fieldPath: "
                    "metadata.generation}}}]}}"),
            "spec.strategy.steps[0].analyses: Invalid value: "
            "[{\"name\":\"x\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.generation\"}}}]: Analyses "
            "arguments must "
            "refer to valid object metadata supported by downwardAPI"}),
    [](const auto &row) { return std::string(row.param.name); });

struct RoutingCase
{
    const char *name;
    const char *routing;
};
class RouterWithoutServices : public testing::TestWithParam<RoutingCase>
{
};
TEST_P(RouterWithoutServices, IsRefused)
{
    const auto first = [](const std::string &services) {
        const FieldErrors errors = specErrors(
            readRollout(rolloutWith("{canary: {" + services + "trafficRouting: " + GetParam().routing + "}}")));
        return errors.empty() ? std::string() : errors.front().text();
    };
    EXPECT_EQ(first("canaryService: c, "),
              std::string("spec.strategy.stableService: Invalid value: \"\": ") + kMissingServices);
    EXPECT_EQ(first("stableService: s, "),
              std::string("spec.strategy.canaryService: Invalid value: \"\": ") + kMissingServices);
    EXPECT_EQ(first("stableService: s, canaryService: c, "), "");
}
INSTANTIATE_TEST_SUITE_P(Routers, RouterWithoutServices,
                         testing::Values(RoutingCase{"Alb", "{alb: {ingress: i}}"}, RoutingCase{"Istio", "{istio: {}}"},
                                         RoutingCase{"Smi", "{smi: {}}"}, RoutingCase{"Apisix", "{apisix: {}}"},
                                         RoutingCase{"Ambassador", "{ambassador: {}}"},
                                         RoutingCase{"Nginx", "{nginx: {}}"}, RoutingCase{"AppMesh", "{appMesh: {}}"},
                                         RoutingCase{"Traefik", "{traefik: {}}"}),
                         [](const auto &row) { return std::string(row.param.name); });

TEST(Spec, OfPluginsAndSubsetsNeedsNoServices)
{
    for (const char *routing : {"{plugins: {a/b: {}}}", "{istio: {destinationRule: {name: d}}}"})
        EXPECT_TRUE(
            specErrors(readRollout(rolloutWith(std::string("{canary: {trafficRouting: ") + routing + "}}"))).empty())
            << routing;
}

TEST(Spec, IsNotJudgedByWhatIsLostBehindAMisfit)
{
    const auto withMemory = [](const std::string &memory) {
        return specErrors(
            readRollout(rolloutOf(std::string(kSelector)
                                  + ", strategy: {canary: {}}, template: {metadata: {labels: {app: demo}}, spec: "
                                    "{containers: [{name: a, image: 'x:1', resources: {requests: {memory: "
                                  + memory + "}}}], ephemeralContainers: [{name: a, image: 'x:1'}]}}")));
    };
    EXPECT_FALSE(withMemory("1Mi").empty()) << "the name is taken twice";
    EXPECT_TRUE(withMemory("invalid").empty()) << "the decoder ends the template there";
}

TEST(Spec, MayLeaveTheTemplateToAWorkload)
{
    const Object rollout =
        rolloutOf("workloadRef: {apiVersion: apps/v1, kind: Deployment, name: d}, strategy: {canary: {}}");
    EXPECT_TRUE(specErrors(readRollout(rollout)).empty());
    const auto problem = [](const std::string &spec, const std::optional<Object> &workload = {}) {
        const Expected<Rollout> resolved = withWorkload(readRollout(rolloutOf(spec)), workload);
        return resolved ? std::string() : resolved.error().message();
    };
    const std::string strategy = ", strategy: {canary: {}}";
    EXPECT_EQ(problem("workloadRef: {apiVersion: apps/v1, kind: Deployment, name: d}" + strategy),
              "deployments.apps \"shop/d\" not found");
    EXPECT_EQ(problem("workloadRef: {apiVersion: v1, kind: Pod, name: d}" + strategy),
              "workload of type /Pod is not supported");
    EXPECT_EQ(
        problem("workloadRef: {apiVersion: apps/v1, kind: Deployment, name: d}, " + std::string(kTemplate) + strategy),
        "template must be empty for workload reference rollout");
}

struct ReferenceCase
{
    const char *name;
    std::string strategy;
    std::vector<std::string> objects;
    std::string text;
};
class ReferenceError : public testing::TestWithParam<ReferenceCase>
{
};
TEST_P(ReferenceError, IsTheControllers)
{
    Observed observed;
    observed.rollout = readRollout(rolloutWith(GetParam().strategy));
    for (const std::string &yaml : GetParam().objects) {
        const Object object = objectOf(yaml);
        if (object.kind() == "Service")
            observed.services.push_back(readService(object));
        else
            observed.templates.push_back(readAnalysisTemplate(object));
    }
    const std::optional<FieldError> problem = firstReferenceError(observed.rollout, observed);
    ASSERT_TRUE(problem.has_value());
    EXPECT_EQ(problem->text(), GetParam().text);
}

std::string service(const std::string &name, const std::string &selector = "{app: demo}",
                    const std::string &metadata = "")
{
    return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: shop" + metadata
           + "}\nspec: {selector: " + selector + "}\n";
}

std::string analysis(const std::string &name, const std::string &spec)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: " + name
           + ", namespace: shop}\nspec: " + spec + "\n";
}

const char *const kOneMetric = "{metrics: [{name: m, provider: {web: {}}}]}";

INSTANTIATE_TEST_SUITE_P(
    Services, ReferenceError,
    testing::Values(
        ReferenceCase{"MissingCanary",
                      "{canary: {canaryService: c, stableService: s}}",
                      {service("s")},
                      "spec.strategy.canary.canaryService: Invalid value: \"c\": service \"c\" not found"},
        ReferenceCase{"MissingActive",
                      "{blueGreen: {activeService: a}}",
                      {},
                      "spec.strategy.blueGreen.activeService: Invalid value: \"a\": service \"a\" not found"},
        ReferenceCase{"MissingPing",
                      "{canary: {pingPong: {pingService: a, pongService: b}}}",
                      {},
                      "spec.strategy.canary.pingPong.pingService: Invalid value: \"a\": service \"a\" not found"},
        ReferenceCase{
            "ForeignSelector",
            "{blueGreen: {activeService: a}}",
            {service("a", "{app: other}")},
            "spec.strategy.blueGreen.activeService: Invalid value: \"a\": Service \"a\" has unmatch label \"app\" in "
            "rollout"},
        ReferenceCase{
            "OfAnotherRollout",
            "{blueGreen: {activeService: a}}",
            {service("a", "{app: demo, rollouts-pod-template-hash: x}",
                     ", annotations: {argo-rollouts.argoproj.io/managed-by-rollouts: other}")},
            "spec.strategy.blueGreen.activeService: Invalid value: \"a\": Service \"a\" is managed by another "
            "Rollout"}),
    [](const auto &row) { return std::string(row.param.name); });

const std::string kStepField = "spec.strategy.canary.steps[0].analysis.templates: Invalid value: ";
const std::string kAnalysisStep = "{canary: {steps: [{analysis: {templates: [{templateName: t}]}}]}}";

INSTANTIATE_TEST_SUITE_P(
    Templates, ReferenceError,
    testing::Values(
        ReferenceCase{"Missing", kAnalysisStep, {}, kStepField + "\"t\": AnalysisTemplate 't' not found"},
        ReferenceCase{
            "MissingOfTheCluster",
            "{canary: {analysis: {templates: [{templateName: t, clusterScope: true}]}}}",
            {analysis("t", kOneMetric)},
            "spec.strategy.canary.analysis.templates: Invalid value: \"t\": ClusterAnalysisTemplate 't' not found"},
        ReferenceCase{
            "MissingBeforeSwitch",
            "{blueGreen: {activeService: a, prePromotionAnalysis: {templates: [{templateName: t}]}}}",
            {service("a")},
            "spec.strategy.blueGreen.prePromotionAnalysis.templates: Invalid value: \"t\": AnalysisTemplate 't' "
            "not found"},
        ReferenceCase{"MissingNested",
                      kAnalysisStep,
                      {analysis("t", "{templates: [{templateName: u}]}")},
                      "spec.templates: Invalid value: \"u\": AnalysisTemplate 'u' not found"},
        ReferenceCase{
            "Endless",
            kAnalysisStep,
            {analysis("t", "{metrics: [{name: m, interval: 5s, provider: {web: {}}}]}")},
            kStepField
                + "\"t\": AnalysisTemplate t has metric m which runs indefinitely. Invalid value for count: <nil>"},
        ReferenceCase{
            "CountThatOnlyTheRolloutKnows",
            "{canary: {steps: [{analysis: {templates: [{templateName: t}], args: [{name: runs, value: '2'}]}}]}}",
            {analysis(
                "t", "{args: [{name: runs}], metrics: [{name: m, count: '{{args.runs}}', interval: 5s, provider: {web: "
                     "{}}}]}")},
            kStepField
                + "\"t\": AnalysisTemplate t has metric m which runs indefinitely. Invalid value for count: "
                  "dummy-value"},
        ReferenceCase{"SameMetricTwice",
                      "{canary: {steps: [{analysis: {templates: [{templateName: t}, {templateName: u}]}}]}}",
                      {analysis("t", kOneMetric), analysis("u", kOneMetric)},
                      kStepField + "\"templateNames: [t u]\": two metrics have the same name 'm'"},
        ReferenceCase{"ArgumentNotGiven",
                      kAnalysisStep,
                      {analysis("t", "{args: [{name: x}], metrics: [{name: m, provider: {web: {}}}]}")},
                      kStepField + "\"templateNames: [t]\": args.x was not resolved"}),
    [](const auto &row) { return std::string(row.param.name); });

TEST(LintOfAFile, RefusesFieldsThatARolloutLacks)
{
    const Expected<FieldErrors> errors = lint({rolloutWith("{canary: {steps: [{setWeigth: 1}]}}")});
    ASSERT_FALSE(errors.has_value());
    EXPECT_TRUE(errors.error().message().ends_with("json: unknown field \"setWeigth\"")) << errors.error().message();
}

TEST(LintOfAFile, AcceptsACountFromAnArgumentWithAValue)
{
    const Expected<FieldErrors> errors =
        lint({rolloutWith(kAnalysisStep),
              objectOf(analysis("t", "{args: [{name: runs, value: '2'}], metrics: [{name: m, count: "
                                     "'{{args.runs}}', interval: 5s, provider: {web: {}}}]}"))});
    ASSERT_TRUE(errors.has_value());
    EXPECT_TRUE(errors->empty()) << errors->front().text();
}

TEST(LintOfAFile, AcceptsTwoRolloutsAndTheirServices)
{
    const Expected<FieldErrors> errors = lint(
        {rolloutWith("{blueGreen: {activeService: a}}"), objectOf(service("a")), objectOf(service("b", "{x: y}"))});
    ASSERT_TRUE(errors.has_value());
    EXPECT_TRUE(errors->empty());
}

} // namespace
} // namespace tiphys::rollout
