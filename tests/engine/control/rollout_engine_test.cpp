// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_engine.h"

#include "control/engine_lease.h"
#include "demo_session.h"

#include <QElapsedTimer>

#include <algorithm>
#include <optional>

namespace tiphys::control {
namespace {

/// An engine for Rollouts on a demo cluster, and the Lease that it writes by.
class RolloutEngineOnDemo : public DemoPlace
{
protected:
    void SetUp() override
    {
        DemoPlace::SetUp();
        cache = kube::makeClusterCache(client, {.clock = clock});
        make("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
        lease.emplace(client, "default", "tester", clock, "tiphys-rollouts");
        ASSERT_TRUE(async::waitFor(lease->renew({})));
    }
    void TearDown() override
    {
        if (engine)
            ignoreError(async::waitFor(engine->close()), "the test is over");
        engine.reset();
        ignoreError(async::waitFor(cache->close()), "the test is over");
        cache.reset();
        DemoPlace::TearDown();
    }

    /// Starts the engine after a sleep: nobody renewed the Lease meanwhile.
    void startWithoutLease()
    {
        clock->ahead += 50'000;
        ASSERT_FALSE(lease->isHeld());
        RolloutEngineSettings settings;
        settings.mayWrite = [this] { return lease->isHeld(); };
        settings.onFailure = [this](const RolloutTask &, const Error &error) {
            problem = error.text();
            ++failures;
            sinceFailure.start();
        };
        engine.emplace(ports::Connection{client, cache}, std::make_shared<ports::SystemClock>(), settings);
        lease->whenHeldAgain([this] { engine->goOn(); });
        ASSERT_TRUE(async::waitFor(engine->start({})));
    }

    bool wasLookedAt(const std::string &kind) const
    {
        const rollout::MetricsSource metrics = engine->metrics();
        return std::ranges::any_of(metrics.reconciles,
                                   [&kind](const auto &each) { return std::get<0>(each.first) == kind; });
    }
    bool hasEvent(const std::string &reason)
    {
        bool isThere = false;
        cluster->run([&](demo::Store &store) {
            isThere = std::ranges::any_of(store.objectsOf({"", "Event"}), [&reason](const auto &each) {
                return each.second.value()["reason"] == reason;
            });
        });
        return isThere;
    }

    std::shared_ptr<MovedClock> clock = std::make_shared<MovedClock>();
    ports::ClusterCachePtr cache;
    std::optional<EngineLease> lease;
    std::optional<RolloutEngine> engine;
    std::string problem;
    int failures = 0;
    QElapsedTimer sinceFailure;
};

TEST_F(RolloutEngineOnDemo, LooksAgainAtWhatNothingElseWakesOnceTheLeaseIsHeldAgain)
{
    make(
        R"({apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web, namespace: shop}, spec: {replicas: 0,
             selector: {matchLabels: {app: web}}, strategy: {canary: {}},
             template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'}]}}}})");
    ASSERT_TRUE(until(
        [this] { return live({"argoproj.io", "Rollout", "shop", "web"}).path({"status", "phase"}) == "Healthy"; }));
    startWithoutLease();
    ASSERT_TRUE(until([this] { return wasLookedAt("Rollout"); }));
    // Nothing failed, so nothing is tried again by itself.
    ASSERT_EQ(problem, "");
    ASSERT_FALSE(hasEvent("RolloutAddedToInformer"));

    ASSERT_TRUE(async::waitFor(lease->renew({})));
    EXPECT_TRUE(until([this] { return hasEvent("RolloutAddedToInformer"); }));
}

TEST_F(RolloutEngineOnDemo, DoesAtOnceWhatWasRefusedWithoutTheLease)
{
    // No Rollout manages it any more: hash and name are taken from it.
    make(
        R"({apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, annotations: {argo-rollouts.argoproj.io/managed-by-rollouts: gone}},
             spec: {selector: {app: web, rollouts-pod-template-hash: abc}, ports: [{port: 80}]}})");
    const auto isReleased = [this] {
        return live({"", "Service", "shop", "web"}).path({"spec", "selector", "rollouts-pod-template-hash"}).isNull();
    };
    startWithoutLease();
    // From here on the next try of its own is more than four seconds away.
    ASSERT_TRUE(until([this] { return failures >= 12; }));
    ASSERT_TRUE(problem.contains("Lease")) << problem;
    ASSERT_FALSE(isReleased());

    ASSERT_TRUE(async::waitFor(lease->renew({})));
    ASSERT_TRUE(until(isReleased)) << problem;
    EXPECT_LT(sinceFailure.elapsed(), 4000);
}

} // namespace
} // namespace tiphys::control
