// SPDX-License-Identifier: GPL-3.0-or-later
#include "build.h"
#include "sync/auto_sync.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::sync;
using namespace tiphys::sync::test;

namespace {

constexpr std::string_view kOn = "  syncPolicy: {automated: {}}\n";
constexpr std::string_view kHeals = "  syncPolicy: {automated: {selfHeal: true, prune: true}, syncOptions: [A=b]}\n";

std::string lastSync(std::string_view phase, std::string_view revision, int attempts = 0)
{
    return "status:\n  operationState:\n    phase: " + std::string(phase)
           + "\n    message: it broke\n    startedAt: '2026-01-01T00:00:00Z'\n    finishedAt: '2026-01-01T00:00:10Z'\n"
             "    operation: {sync: {autoHealAttemptsCount: "
           + std::to_string(attempts) + "}}\n    syncResult: {revision: " + std::string(revision)
           + ", source: {repoURL: https://git/shop, path: deploy}}\n";
}

crd::ResourceStatus resource(std::string name, crd::SyncCode status, bool requiresPruning = false)
{
    crd::ResourceStatus resource;
    resource.kind = "ConfigMap";
    resource.ns = "shop";
    resource.name = std::move(name);
    resource.status = status;
    resource.requiresPruning = requiresPruning;
    return resource;
}

struct GateCase
{
    std::string name;
    std::string spec;
    std::string rest;
    bool starts;
    std::string reason = {};
    SyncErrorChange syncError = SyncErrorChange::Clear;
    bool windowsAllow = true;
    std::vector<crd::ResourceStatus> resources = {resource("c", crd::SyncCode::OutOfSync)};
    crd::SyncCode status = crd::SyncCode::OutOfSync;
};
class AutoSyncGate : public testing::TestWithParam<GateCase>
{
};

AutoSyncInput inputFor(const crd::Application &app, const GateCase &row)
{
    AutoSyncInput input{.app = app,
                        .sync = {},
                        .resources = row.resources,
                        .windowsAllow = row.windowsAllow,
                        .now = *crd::timestampOf("2026-01-01T01:00:00Z"),
                        .backoff = {}};
    input.sync.status = row.status;
    input.sync.revision = "abc";
    return input;
}

} // namespace

TEST_P(AutoSyncGate, DecidesWhetherASyncStarts)
{
    const crd::Application app = application(GetParam().spec, GetParam().rest);
    const AutoSyncDecision decision = autoSync(inputFor(app, GetParam()));
    EXPECT_EQ(decision.operation.has_value(), GetParam().starts);
    EXPECT_EQ(decision.reason, GetParam().reason);
    EXPECT_EQ(decision.syncError, GetParam().syncError);
}
INSTANTIATE_TEST_SUITE_P(
    Sync, AutoSyncGate,
    testing::Values(
        GateCase{"Starts", std::string(kOn), "", true}, GateCase{"Off", "", "", false, "automated sync is off"},
        GateCase{"SwitchedOff", "  syncPolicy: {automated: {enabled: false}}\n", "", false, "automated sync is off"},
        GateCase{"Window", std::string(kOn), "", false, "a sync window does not allow it", SyncErrorChange::Keep,
                 false},
        GateCase{"InProgress", std::string(kOn), "operation: {sync: {}}\n", false, "another operation is in progress"},
        GateCase{"InSync",
                 std::string(kOn),
                 "",
                 false,
                 "the application is Synced",
                 SyncErrorChange::Clear,
                 true,
                 {},
                 crd::SyncCode::Synced},
        GateCase{"Unknown",
                 std::string(kOn),
                 "",
                 false,
                 "the application is Unknown",
                 SyncErrorChange::Clear,
                 true,
                 {},
                 crd::SyncCode::Unknown},
        GateCase{"OnlyPruning",
                 std::string(kOn),
                 "",
                 false,
                 "only pruning is needed, and automated pruning is off",
                 SyncErrorChange::Clear,
                 true,
                 {resource("old", crd::SyncCode::OutOfSync, true)}},
        GateCase{"NewRevision", std::string(kOn), lastSync("Failed", "older"), true},
        GateCase{"FailedBefore", std::string(kOn), lastSync("Failed", "abc"), false,
                 "Failed last sync attempt to [abc]: it broke", SyncErrorChange::Set},
        GateCase{"DoneBefore", std::string(kOn), lastSync("Succeeded", "abc"), false,
                 "the last sync was to [abc] already, and self-heal is off"},
        GateCase{"Heals", std::string(kHeals), lastSync("Succeeded", "abc"), true},
        GateCase{"WouldWipeOut",
                 std::string(kHeals),
                 "",
                 false,
                 "Skipping sync attempt to [abc]: auto-sync will wipe out all resources",
                 SyncErrorChange::Set,
                 true,
                 {resource("old", crd::SyncCode::OutOfSync, true)}},
        GateCase{"MayWipeOut",
                 "  syncPolicy: {automated: {prune: true, allowEmpty: true}}\n",
                 "",
                 true,
                 "",
                 SyncErrorChange::Clear,
                 true,
                 {resource("old", crd::SyncCode::OutOfSync, true)}}),
    [](const auto &row) { return row.param.name; });

TEST(AutoSync, WritesAnOperationWithConcreteRevisionAndTheSpecsOptions)
{
    const crd::Application app = application(kHeals);
    const AutoSyncDecision decision = autoSync(inputFor(app, {.name = "", .spec = "", .rest = "", .starts = true}));
    ASSERT_TRUE(decision.operation);
    EXPECT_EQ(
        crd::toValue(*decision.operation),
        yaml("{initiatedBy: {automated: true}, retry: {limit: 5}, sync: {prune: true, revision: abc, syncOptions: "
             "[A=b], source: {repoURL: https://git/shop, path: deploy}}}"));
    EXPECT_EQ(decision.eventMessage, "Initiated automated sync to 'abc'");
}

TEST(AutoSync, HealsOnlyWhatIsNotInSync)
{
    const crd::Application app = application(kHeals, lastSync("Succeeded", "abc", 2));
    const GateCase row{.name = "",
                       .spec = "",
                       .rest = "",
                       .starts = true,
                       .reason = "",
                       .syncError = {},
                       .windowsAllow = true,
                       .resources = {resource("good", crd::SyncCode::Synced), resource("bad", crd::SyncCode::OutOfSync),
                                     resource("hook", crd::SyncCode::None)}};
    const AutoSyncDecision decision = autoSync(inputFor(app, row));
    ASSERT_TRUE(decision.operation);
    EXPECT_EQ(decision.operation->sync->selfHealAttempts, 3);
    ASSERT_EQ(decision.operation->sync->resources.size(), 2U);
    EXPECT_EQ(decision.operation->sync->resources[0].name, "bad");
    EXPECT_EQ(decision.operation->sync->resources[0].ns, "");
    EXPECT_EQ(decision.operation->sync->resources[1].name, "hook");
}

TEST(AutoSync, WaitsLongerBeforeEachHealing)
{
    crd::OperationState last;
    last.finishedAt = "2026-01-01T00:00:00Z";
    const crd::Timestamp now = *crd::timestampOf("2026-01-01T00:00:00Z");
    const std::vector<std::int64_t> expected{0, 2, 6, 18, 54, 162, 300, 300};
    for (std::size_t attempts = 0; attempts < expected.size(); ++attempts)
        EXPECT_EQ(selfHealWait(last, static_cast<std::int64_t>(attempts), {}, now).seconds(), expected[attempts]);
    EXPECT_EQ(selfHealWait(last, 4, {}, {now.seconds + 50}).seconds(), 4);
    EXPECT_EQ(selfHealWait(last, 4, {.timeoutSeconds = 0, .fixedSeconds = 7}, now).seconds(), 7);
    // The cap is for the waits after the first one.
    EXPECT_EQ(selfHealWait(last, 1, {.timeoutSeconds = 500, .capSeconds = 300}, now).seconds(), 500);
    EXPECT_EQ(selfHealWait(last, 2, {.timeoutSeconds = 500, .capSeconds = 300}, now).seconds(), 300);
    EXPECT_EQ(selfHealWait(last, 4, {.timeoutSeconds = 5, .factor = 0}, now).seconds(), 5);
    EXPECT_EQ(selfHealWait(last, 4, {.timeoutSeconds = 5, .factor = 10, .capSeconds = 0}, now).seconds(), 5000);
    EXPECT_EQ(selfHealWait(last, 1'000'000'000'000, {.timeoutSeconds = 5, .factor = 1}, now).seconds(), 5);
    // An operation without an end counts from now.
    EXPECT_EQ(selfHealWait({}, 2, {}, now).seconds(), 6);
}
