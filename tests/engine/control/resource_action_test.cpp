// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/resource_action.h"

#include "async/delay.h"
#include "async/wait_for.h"
#include "demo/demo_cluster.h"
#include "kube/connect.h"
#include "object/yaml.h"
#include "ports/system_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

namespace tiphys::control {
namespace {

using object::Object;
using object::Value;

constexpr crd::Timestamp kNow{1'780'000'000};

/// A demo cluster with some objects, and a way to act on them.
class ResourceAction : public testing::Test
{
protected:
    void SetUp() override
    {
        demo::DemoOptions options;
        options.hasSample = false;
        options.speed = 20;
        cluster = std::move(demo::DemoCluster::start(options).value());
        place.cluster = connected("demo");
        place.pool = &pool;
        place.application = "default/shop";
        make(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
)");
        make(R"(
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: default}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: "job:1"}]}}}
)");
    }

    /// The controllers have written what they have to say of the Deployment.
    void settle()
    {
        std::string last;
        int same = 0;
        EXPECT_TRUE(until([&] {
            const std::string now(web().resourceVersion());
            same = now == last && web().path({"status", "observedGeneration"}).intOr(0) > 0 ? same + 1 : 0;
            last = now;
            return same >= 4;
        }));
    }

    void TearDown() override
    {
        place.cluster.reset();
        pool.waitForDone();
    }

    ports::ClusterPtr connected(const std::string &context)
    {
        kube::ConnectOptions options{.pool = &pool, .clock = std::make_shared<ports::SystemClock>()};
        options.environment = [](const std::string &) { return std::string(); };
        const auto read = [](const std::string &path) -> Expected<std::string> {
            std::ifstream file(path);
            return std::string(std::istreambuf_iterator<char>(file), {});
        };
        return kube::connect(kube::loadKubeConfig({cluster->kubeconfigPath().toStdString()}, read), context, options)
            .value();
    }

    void make(std::string_view yaml)
    {
        const Object object(object::parseYaml(yaml).value());
        cluster->run([&](demo::Store &store) {
            EXPECT_TRUE(store.create(*store.catalog().byKind(object.groupKind()), object.ns(), object));
        });
    }

    Object live(const std::string &group, const std::string &kind, const std::string &name)
    {
        Object found;
        cluster->run([&](demo::Store &store) { found = store.find({group, kind}, {"default", name}); });
        return found;
    }
    Object web() { return live("apps", "Deployment", "web"); }
    std::string restartedAt()
    {
        return std::string(
            web()
                .path({"spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"})
                .stringOr());
    }

    static ActionAsk ask(const std::string &action, action::Arguments arguments = {})
    {
        return {.gvk = {"apps", "v1", "Deployment"},
                .ns = "default",
                .name = "web",
                .action = action,
                .options = {.now = kNow, .arguments = std::move(arguments)}};
    }
    static ActionAsk job()
    {
        return {.gvk = {"batch", "v1", "CronJob"},
                .ns = "default",
                .name = "nightly",
                .action = "create-job",
                .options = {.now = kNow, .arguments = {}}};
    }

    Expected<PlannedAction> plan(const ActionAsk &what) { return async::waitFor(plannedAction(place, what, {})); }
    Expected<ActionOutcome> carryOut(const PlannedAction &what, ports::DryRun dryRun = ports::DryRun::No)
    {
        return async::waitFor(carryOutAction(place, what, dryRun, {}));
    }
    int patches() { return cluster->requestCount("PATCH"); }

    static bool until(const std::function<bool()> &isReached)
    {
        for (int i = 0; i < 400; ++i) {
            if (isReached())
                return true;
            ignoreError(async::waitFor(async::delay(std::chrono::milliseconds(50), {})), "a look at the state follows");
        }
        return false;
    }

    QThreadPool pool;
    std::unique_ptr<demo::DemoCluster> cluster;
    ActionPlace place;
};

const ActionOffer *offerOf(const std::vector<ActionOffer> &offers, std::string_view name)
{
    const auto found =
        std::ranges::find_if(offers, [&](const ActionOffer &offer) { return offer.action.name == name; });
    return found == offers.end() ? nullptr : &*found;
}

TEST_F(ResourceAction, OffersSayWhatMakesNoSenseAndWhichRightsTheyTake)
{
    const auto offers = async::waitFor(offeredActions(place, web(), kNow, {}));
    ASSERT_TRUE(offers) << offers.error().text();
    ASSERT_TRUE(offerOf(*offers, "restart"));
    EXPECT_EQ(offerOf(*offers, "restart")->disabledReason, "");
    EXPECT_EQ(offerOf(*offers, "restart")->refusal, "");
    ASSERT_EQ(offerOf(*offers, "restart")->needs.size(), 1U);
    EXPECT_EQ(offerOf(*offers, "restart")->needs[0].text(), "patch deployments.apps 'web' in namespace 'default'");
    EXPECT_EQ(offerOf(*offers, "resume")->disabledReason, "it is not paused");
    EXPECT_EQ(offerOf(*offers, "scale")->action.parameters.size(), 1U);
}

TEST_F(ResourceAction, WhatIsCreatedTakesTheRightToCreateIt)
{
    const auto offers = async::waitFor(offeredActions(place, live("batch", "CronJob", "nightly"), kNow, {}));
    ASSERT_TRUE(offers) << offers.error().text();
    ASSERT_TRUE(offerOf(*offers, "create-job"));
    EXPECT_EQ(offerOf(*offers, "create-job")->needs[0].text(), "create jobs.batch in namespace 'default'");
}

TEST_F(ResourceAction, WhoMayOnlyReadIsToldSoBeforeAnythingIsSent)
{
    place.cluster = connected("demo-readonly");
    const auto offers = async::waitFor(offeredActions(place, web(), kNow, {}));
    ASSERT_TRUE(offers) << offers.error().text();
    EXPECT_TRUE(offerOf(*offers, "restart")
                    ->refusal.starts_with("you may not patch deployments.apps 'web' in namespace 'default'"))
        << offerOf(*offers, "restart")->refusal;
    const auto planned = plan(ask("restart"));
    ASSERT_TRUE(planned) << planned.error().text();
    const auto outcome = carryOut(*planned);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::Denied);
    EXPECT_EQ(patches(), 0);
}

TEST_F(ResourceAction, AProjectThatDoesNotPermitTheKindRefuses)
{
    crd::Project project = crd::defaultProject("argocd");
    project.spec.namespaceResourceBlacklist = {{"apps", "Deployment", ""}};
    place.project = policy::effectiveProject(project);
    const auto planned = plan(ask("restart"));
    ASSERT_TRUE(planned) << planned.error().text();
    EXPECT_TRUE(planned->refusal.contains("does not permit")) << planned->refusal;
}

TEST_F(ResourceAction, RolesOfTheProjectAreAdvice)
{
    crd::Project project = crd::defaultProject("argocd");
    project.spec.roles = {
        {.name = "deployer",
         .description = {},
         .policies = {"p, proj:default:deployer, applications, action/apps/*/restart, default/*, allow"},
         .groups = {},
         .tokens = {}}};
    place.project = policy::effectiveProject(project);
    const auto planned = plan(ask("restart"));
    ASSERT_TRUE(planned) << planned.error().text();
    EXPECT_EQ(planned->rbac.text(), "applications, action/apps/Deployment/restart, default/shop");
    EXPECT_EQ(planned->roles, std::vector<std::string>{"deployer"});
}

TEST_F(ResourceAction, RestartIsOnePatchThatTestsTheVersion)
{
    settle();
    const auto planned = plan(ask("restart"));
    ASSERT_TRUE(planned) << planned.error().text();
    ASSERT_EQ(planned->writes.size(), 1U);
    const ShownWrite shown = shownWrite(*planned, planned->writes[0], {});
    EXPECT_EQ(object::toYaml(shown.patch), "spec:\n  template:\n    metadata:\n      annotations:\n        "
                                           "kubectl.kubernetes.io/restartedAt: \"2026-05-28T20:26:40Z\"\n");
    const auto outcome = carryOut(*planned);
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(patches(), 1);
    EXPECT_EQ(restartedAt(), "2026-05-28T20:26:40Z");
}

TEST_F(ResourceAction, RestartRollsThePods)
{
    make("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n");
    const auto podsNow = [this] {
        std::vector<std::string> names;
        cluster->run([&](demo::Store &store) {
            for (const auto &[place, pod] : store.objectsOf({"", "Pod"}))
                names.emplace_back(pod.name());
        });
        return names;
    };
    ASSERT_TRUE(until([&] { return podsNow().size() == 1; }));
    const std::vector<std::string> before = podsNow();
    ASSERT_TRUE(carryOut(*plan(ask("restart"))));
    EXPECT_TRUE(until([&] { return podsNow().size() == 1 && podsNow() != before; }));
}

TEST_F(ResourceAction, ADryRunChangesNothing)
{
    const auto planned = plan(ask("scale", {{"replicas", "3"}}));
    ASSERT_TRUE(planned) << planned.error().text();
    const auto outcome = carryOut(*planned, ports::DryRun::All);
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->written.at(0).path({"spec", "replicas"}).intOr(0), 3);
    EXPECT_EQ(web().path({"spec", "replicas"}).intOr(0), 1);
}

TEST_F(ResourceAction, AnArgumentThatIsNoNumberIsTheActionsError)
{
    const auto planned = plan(ask("scale", {{"replicas", "many"}}));
    ASSERT_FALSE(planned);
    EXPECT_EQ(planned.error().code(), ErrorCode::InvalidInput);
}

TEST_F(ResourceAction, WhatChangesNothingWritesNothing)
{
    const auto planned = plan(ask("scale", {{"replicas", "1"}}));
    ASSERT_TRUE(planned) << planned.error().text();
    EXPECT_TRUE(planned->writes.empty());
    ASSERT_TRUE(carryOut(*planned));
    EXPECT_EQ(patches(), 0);
}

TEST_F(ResourceAction, AnotherVersionWithTheSameEffectIsWrittenOnce)
{
    const auto planned = plan(ask("restart"));
    ASSERT_TRUE(planned) << planned.error().text();
    const auto other = plan(ask("scale", {{"replicas", "2"}}));
    ASSERT_TRUE(carryOut(*other));
    const auto outcome = carryOut(*planned);
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_GE(patches(), 3); // scale, restart that was refused, restart on the new version
    EXPECT_EQ(web().path({"spec", "replicas"}).intOr(0), 2);
}

TEST_F(ResourceAction, AnotherEffectThanWasPlannedIsAConflict)
{
    const auto pause = plan(ask("pause"));
    ASSERT_TRUE(pause) << pause.error().text();
    ASSERT_TRUE(carryOut(*plan(ask("pause"))));
    const auto outcome = carryOut(*pause);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::Conflict);
    EXPECT_EQ(outcome.error().text(),
              "Deployment.apps web in namespace default changed since it was looked at: nothing was written");
}

TEST_F(ResourceAction, ALostAnswerIsLookedInto)
{
    settle();
    const auto planned = plan(ask("restart"));
    ASSERT_TRUE(planned) << planned.error().text();
    cluster->inject({.kind = demo::Fault::Kind::DropAnswer,
                     .method = "PATCH",
                     .pathPart = "deployments/web",
                     .times = 1,
                     .milliseconds = 0});
    const auto outcome = carryOut(*planned);
    ASSERT_TRUE(outcome) << outcome.error().text(); // it was done, once
    EXPECT_EQ(patches(), 1);
    EXPECT_EQ(restartedAt(), "2026-05-28T20:26:40Z");
}

TEST_F(ResourceAction, AConnectionThatEndsBeforeAnythingWasDoneSaysSo)
{
    settle();
    const auto planned = plan(ask("restart"));
    ASSERT_TRUE(planned) << planned.error().text();
    cluster->inject({.kind = demo::Fault::Kind::CutConnection,
                     .method = "PATCH",
                     .pathPart = "deployments/web",
                     .times = 1,
                     .milliseconds = 0});
    const auto outcome = carryOut(*planned);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::Unavailable) << outcome.error().text();
    EXPECT_EQ(restartedAt(), "");
}

TEST_F(ResourceAction, AJobIsMadeOnce)
{
    const auto planned = plan(job());
    ASSERT_TRUE(planned) << planned.error().text();
    ASSERT_EQ(planned->writes.size(), 1U);
    EXPECT_EQ(writeText(planned->writes[0]), "create jobs.batch 'nightly-2605282026' in namespace 'default'");
    const auto outcome = carryOut(*planned);
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_FALSE(live("batch", "Job", "nightly-2605282026").isNull());
    const auto again = carryOut(*planned);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().reason(), "AlreadyExists");
}

TEST_F(ResourceAction, ValuesOfSecretsAreNotShown)
{
    make("apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: default}\ndata: {password: c2VjcmV0}\n");
    PlannedAction planned;
    planned.live = live("", "Secret", "token");
    ActionWrite write{.operation = action::Operation::Patch,
                      .ref = {},
                      .object = Object(planned.live.value().withPath({"data", "password"}, "b3RoZXI=")),
                      .patch = {},
                      .hasStatusSubresource = false};
    const std::string text = object::toYaml(shownWrite(planned, write, {}).patch);
    EXPECT_FALSE(text.contains("b3RoZXI=")) << text;
    EXPECT_TRUE(text.contains("password: ++")) << text;
}

} // namespace
} // namespace tiphys::control
