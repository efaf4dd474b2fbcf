// SPDX-License-Identifier: GPL-3.0-or-later
#include "build.h"
#include "sync/operation.h"
#include "sync/retry.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::sync;
using namespace tiphys::sync::test;

namespace {

const crd::Timestamp kNoon = *crd::timestampOf("2026-01-01T12:00:00Z");

/// An Application whose operation runs, with \p more lines of its state.
crd::Application running(std::string_view more = {}, std::string_view operation = "{sync: {}}")
{
    return application("", "operation: " + std::string(operation)
                               + "\nstatus:\n  operationState:\n    operation: " + std::string(operation)
                               + "\n    startedAt: '2026-01-01T11:00:00Z'\n" + std::string(more));
}

struct WaitCase
{
    std::string name;
    std::string retry;
    std::int64_t count;
    std::int64_t seconds;
};
class RetryWait : public testing::TestWithParam<WaitCase>
{
};

PassOutcome ended(crd::OperationPhase phase, std::string message)
{
    PassOutcome outcome;
    outcome.phase = phase;
    outcome.message = std::move(message);
    return outcome;
}

} // namespace

TEST_P(RetryWait, GrowsUpToItsLimit)
{
    const auto operation = crd::operationOf(yaml("retry: " + GetParam().retry));
    ASSERT_TRUE(operation);
    EXPECT_EQ(retryWait(operation->retry, GetParam().count)->seconds(), GetParam().seconds);
}
INSTANTIATE_TEST_SUITE_P(Sync, RetryWait,
                         testing::Values(WaitCase{"First", "{limit: 5}", 0, 5}, WaitCase{"Second", "{limit: 5}", 1, 10},
                                         WaitCase{"Sixth", "{limit: 9}", 5, 160},
                                         WaitCase{"Capped", "{limit: 9}", 6, 180},
                                         WaitCase{"BareSeconds", "{backoff: {duration: '7', factor: 3}}", 2, 63},
                                         WaitCase{"NoCap", "{backoff: {duration: 1h, maxDuration: '0'}}", 2, 14400},
                                         WaitCase{"Far", "{limit: -1, backoff: {maxDuration: '0'}}", 500, 9200000000}),
                         [](const auto &row) { return row.param.name; });

TEST(Retry, NamesADurationThatCannotBeRead)
{
    crd::RetryStrategy strategy;
    strategy.backoff = crd::Backoff{.duration = "soon", .factor = {}, .maxDuration = ""};
    EXPECT_EQ(retryWait(strategy, 0).error().message(), "unable to parse soon as a duration");
}

TEST(PickUp, StartsANewOperationOverACompletedOne)
{
    const auto pick = pickUp(running("    phase: Failed\n    finishedAt: '2026-01-01T11:30:00Z'\n"), kNoon);
    ASSERT_TRUE(pick);
    EXPECT_EQ(pick->state.phase, crd::OperationPhase::Running);
    EXPECT_EQ(pick->state.startedAt, "2026-01-01T12:00:00Z");
    EXPECT_TRUE(pick->state.finishedAt.empty());
    ASSERT_TRUE(pick->patch);
    EXPECT_EQ((*pick->patch)["status"]["operationState"].find("finishedAt"), object::Value())
        << "an old finishedAt must be taken away";
    EXPECT_FALSE(pickUp(application(), kNoon)) << "no operation, nothing to pick up";
}

TEST(PickUp, ResumesWhatRunsWithoutAWrite)
{
    const auto pick = pickUp(running("    phase: Running\n    message: waiting\n"), kNoon);
    ASSERT_TRUE(pick);
    EXPECT_FALSE(pick->patch);
    EXPECT_TRUE(pick->runsPass);
    EXPECT_EQ(pick->state.startedAt, "2026-01-01T11:00:00Z");
}

TEST(PickUp, WaitsForTheTimeOfTheNextAttempt)
{
    const std::string state = "    phase: Running\n    retryCount: 1\n    finishedAt: '2026-01-01T11:59:55Z'\n";
    const auto early = pickUp(running(state, "{sync: {}, retry: {limit: 5}}"), kNoon);
    ASSERT_TRUE(early);
    EXPECT_FALSE(early->runsPass);
    EXPECT_EQ(early->lookAgainAfter->seconds(), 5) << "the wait after one retry is 10 s, not the 5 s that were said";
    const auto due =
        pickUp(running(state, "{sync: {revision: abc}, retry: {limit: 5, refresh: true}}"), {kNoon.seconds + 5});
    ASSERT_TRUE(due);
    EXPECT_TRUE(due->runsPass);
    EXPECT_EQ(due->state.message, "Retrying operation with latest revisions. Attempt #1");
    EXPECT_EQ(due->state.operation.sync->revision, "");
    EXPECT_EQ(due->state.startedAt, "2026-01-01T11:00:00Z");
}

TEST(PickUp, ForgetsTheResultsOfAnAttemptThatIsOver)
{
    const auto pick =
        pickUp(running("    phase: Running\n    message: 'Retrying operation. Attempt #1'\n"
                       "    syncResult: {revision: abc, resources: [{kind: ConfigMap, name: c, group: '', version: v1, "
                       "namespace: shop, status: SyncFailed, hookPhase: Failed}]}\n"),
               kNoon);
    ASSERT_TRUE(pick);
    EXPECT_FALSE(pick->state.syncResult);
}

TEST(PickUp, AnAttemptThatWasCutOffStillAsksForTheNewestRevision)
{
    const auto pick =
        pickUp(running("    phase: Running\n    message: 'Retrying operation with latest revisions. Attempt #1'\n"
                       "    syncResult: {revision: abc}\n",
                       "{sync: {revision: abc}, retry: {limit: 5, refresh: true}}"),
               kNoon);
    ASSERT_TRUE(pick);
    EXPECT_FALSE(pick->state.syncResult);
    EXPECT_EQ(pick->state.operation.sync->revision, "");
}

TEST(PickUp, TerminatesWhatRunsTooLong)
{
    const auto pick = pickUp(running("    phase: Running\n"), kNoon, crd::Duration::ofSeconds(60));
    ASSERT_TRUE(pick);
    EXPECT_EQ(pick->state.phase, crd::OperationPhase::Terminating);
    EXPECT_EQ(pick->state.message, "operation is terminating due to timeout");
    PassOutcome outcome = ended(crd::OperationPhase::Failed, "Operation terminated");
    outcome.wasTerminating = true;
    outcome.terminatingCause = pick->terminatingCause;
    const Completion completion = completePass(running(), pick->state, outcome, kNoon);
    EXPECT_EQ(completion.state.message, "Operation terminated, triggered by controller sync timeout");
}

TEST(PickUp, IsDueAgainWhenTheTimeIsOver)
{
    const auto timeout = crd::Duration::ofSeconds(60);
    crd::OperationState state;
    state.startedAt = kNoon.text();
    EXPECT_FALSE(timeUntilTimeout(state, {}, kNoon));
    EXPECT_EQ(timeUntilTimeout(state, timeout, kNoon), crd::Duration::ofSeconds(61));
    EXPECT_EQ(timeUntilTimeout(state, timeout, {kNoon.seconds + 50}), crd::Duration::ofSeconds(11));
    EXPECT_EQ(timeUntilTimeout(state, timeout, {kNoon.seconds + 500}), crd::Duration::ofSeconds(1));
}

TEST(Completion, SaysHowItEndedToEverybody)
{
    const crd::Application app = running("    phase: Running\n");
    const auto state = readyForPass(app, *app.status.operationState);
    ASSERT_TRUE(state);
    const Completion good =
        completePass(app, *state, ended(crd::OperationPhase::Succeeded, "successfully synced (all tasks run)"), kNoon);
    EXPECT_EQ(good.event, (Event{"Normal", "OperationCompleted", "Sync operation to  succeeded"}));
    EXPECT_EQ(good.refresh, RefreshLevel::CompareWithLatestForceResolve);
    EXPECT_TRUE(good.historyPatch);
    EXPECT_TRUE((*good.patch).contains("operation"));
    const Completion bad = completePass(app, *state, ended(crd::OperationPhase::Error, "broken"), kNoon);
    EXPECT_EQ(bad.event->type, "Warning");
    EXPECT_FALSE(bad.historyPatch);
    const Completion lost = withHistoryError(app, good, Error(ErrorCode::Unavailable, "no answer"));
    EXPECT_EQ(lost.state.message, "failed to record sync to history: no answer");
    EXPECT_EQ(lost.event->type, "Warning");
}

TEST(Completion, DoesNotOverwriteATermination)
{
    const crd::Application app = running("    phase: Running\n");
    PassOutcome outcome = ended(crd::OperationPhase::Running, "waiting");
    outcome.isTerminatingNow = true;
    const Completion completion = completePass(app, *readyForPass(app, *app.status.operationState), outcome, kNoon);
    EXPECT_EQ(completion.state.phase, crd::OperationPhase::Terminating);
    EXPECT_EQ(completion.state.message, "operation is terminating");
    EXPECT_FALSE(completion.event);
}

TEST(Completion, NamesTheCrdThatIsMissing)
{
    const crd::Application app = running("    phase: Running\n");
    PassOutcome outcome = ended(crd::OperationPhase::Failed, "x");
    crd::ResourceResult result;
    result.group = "example.com";
    result.version = "v9";
    result.kind = "Widget";
    result.ns = "shop";
    result.name = "w";
    result.message = "failed to discover …: the server could not find the requested resource";
    outcome.results = std::vector{result};
    outcome.installedVersion = [](const object::GroupKind &) { return std::optional<std::string>(); };
    const auto state = *readyForPass(app, *app.status.operationState);
    EXPECT_EQ(completePass(app, state, outcome, kNoon).state.syncResult->resources[0].message,
              "The Kubernetes API could not find example.com/Widget for requested resource shop/w. Make sure the "
              "\"Widget\" CRD is installed on the destination cluster.");
    outcome.installedVersion = [](const object::GroupKind &) { return std::optional<std::string>("v1"); };
    EXPECT_EQ(completePass(app, state, outcome, kNoon).state.syncResult->resources[0].message,
              "The Kubernetes API could not find version \"v9\" of example.com/Widget for requested resource shop/w. "
              "Version \"v1\" of example.com/Widget is installed on the destination cluster.");
}

TEST(History, KeepsTheNewestUpToItsLimit)
{
    const crd::Application app =
        application("  revisionHistoryLimit: 2\n", "status: {history: [{id: 7, revision: a}, {id: 8, revision: b}]}\n");
    const auto history = historyWith(app, {}, {.revision = "c"}, kNoon);
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].id, 8);
    EXPECT_EQ(history[1].id, 9);
    EXPECT_EQ(history[1].revision, "c");
}

TEST(Refusal, IsTheFirstThingThatIsWrong)
{
    const crd::Application app = running("    phase: Running\n", "{sync: {syncOptions: [FailOnSharedResource=true]}}");
    const crd::OperationState &state = *app.status.operationState;
    EXPECT_FALSE(refusal(state, {}));
    EXPECT_EQ(refusal(state, {.projectError = "gone", .compareError = "x"})->message,
              "Failed to load application project: gone");
    const crd::Condition shared{"SharedResourceWarning", "ConfigMap/c is part of applications a and b", ""};
    const auto failed = refusal(state, {.conditions = {shared}});
    EXPECT_EQ(failed->phase, crd::OperationPhase::Failed);
    EXPECT_EQ(failed->message, "Shared resource found: ConfigMap/c is part of applications a and b");
    EXPECT_EQ(refusal(state, {.conditions = {{"InvalidSpecError", "b", ""},
                                             {"ComparisonError", "c", ""},
                                             {"ComparisonError", "a", ""}}})
                  ->message,
              "ComparisonError: a;ComparisonError: c;InvalidSpecError: b");
    EXPECT_EQ(refusal(state, {.conditions = {{"ComparisonError", "a", ""}, {"InvalidSpecError", "b", ""}}})->message,
              "ComparisonError: a;InvalidSpecError: b");
}

TEST(Window, AsksForTheOperationThatRuns)
{
    EXPECT_EQ(windowQuestion(application(), kNoon).origin, policy::SyncOrigin::Automated)
        << "nothing is known in the first look";
    const policy::WindowQuestion question = windowQuestion(running("    phase: Running\n"), kNoon);
    EXPECT_EQ(question.origin, policy::SyncOrigin::Manual);
    EXPECT_EQ(question.operationStart, crd::timestampOf("2026-01-01T11:00:00Z"));
    crd::OperationState state;
    state.phase = crd::OperationPhase::Running;
    EXPECT_EQ(blockedByWindow(state).message, "Sync operation blocked by sync window");
    EXPECT_EQ(blockedByWindow(state, "bad cron").message, "Sync operation blocked by sync window: bad cron");
}
