// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_page.h"

#include "engine/control/demo_session.h"

namespace tiphys::control {

namespace {

class RolloutPageOnDemo : public DemoPlace
{
};

} // namespace

TEST_F(RolloutPageOnDemo, ARightThatIsNotThereIsLookedForWithoutTellingThePageAgain)
{
    using namespace std::chrono_literals;
    make("{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web, namespace: default}, spec: "
         "{replicas: 1, "
         "selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: "
         "web, image: nginx}]}}, "
         "strategy: {canary: {steps: [{pause: {}}]}}}}");
    const auto clock = std::make_shared<ports::SystemClock>();
    ContextSession session(
        {.name = "demo-readonly"}, std::make_shared<DemoConnections>(connected("demo-readonly"), clock), *clock,
        {.clusterChanged = [] {}, .applicationsChanged = [] {}, .applicationChanged = [](const service::AppId &) {}});
    session.setLevel(service::Level::Normal);
    session.start();
    const Expected<void> ready = async::waitFor(session.ready({}));
    ASSERT_TRUE(ready) << ready.error().text();
    RolloutBoard board(session, [] {});
    std::vector<service::RolloutDetailPtr> told;
    RolloutPage page(
        board, {"demo-readonly", "default", "web"},
        [&](service::RolloutDetailPtr detail) { told.push_back(std::move(detail)); }, 20ms);
    page.start();
    const bool isTold = until([&] { return !told.empty() && told.back() && told.back()->row.hasRights; });
    // The Rollout itself changes for a while.
    std::size_t last = 0;
    int looksWithoutNews = 0;
    const bool isQuiet = until([&] {
        looksWithoutNews = told.size() == last ? looksWithoutNews + 1 : 0;
        last = told.size();
        return looksWithoutNews >= 20;
    });
    ignoreError(async::waitFor(page.close()), "the test is over");
    ignoreError(async::waitFor(board.close()), "the test is over");
    ignoreError(async::waitFor(session.close()), "the test is over");

    ASSERT_TRUE(isTold);
    EXPECT_FALSE(told.back()->row.rights.spec.isAllowed);
    EXPECT_TRUE(isQuiet);
}

} // namespace tiphys::control
