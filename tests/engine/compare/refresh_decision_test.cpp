// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/refresh_decision.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

using test::objectOf;

struct RefreshCase
{
    std::string name;
    std::string annotations = "{}";
    std::string spec = "{source: {repoURL: r, path: p}, destination: {server: s}}";
    std::string reconciledAt = "2024-06-01T00:00:00Z";
    std::int64_t ageSeconds = 60;
    std::optional<CompareLevel> requested;
    std::optional<CompareLevel> level; ///< nothing: no refresh
    bool isHard = false;
    std::int64_t hardTimeout = 0;
};

class Refresh : public testing::TestWithParam<RefreshCase>
{
};

TEST_P(Refresh, IsDecidedByTheFirstRuleThatFits)
{
    const RefreshCase &row = GetParam();
    const crd::Application app = *crd::applicationOf(
        objectOf("{metadata: {name: app, annotations: " + row.annotations + "}, spec: " + row.spec
                 + ", status: {reconciledAt: '" + row.reconciledAt
                 + "', sync: {comparedTo: {source: {repoURL: r, path: p}, destination: {server: s}}}, operationState: "
                   "{phase: Succeeded, syncResult: {revision: x}}}}"));
    const crd::Timestamp now{crd::timestampOf("2024-06-01T00:00:00Z")->seconds + row.ageSeconds};
    const RefreshTimeouts timeouts{crd::Duration::ofSeconds(120), crd::Duration::ofSeconds(row.hardTimeout)};

    const RefreshDecision decision = refreshDecision(app, timeouts, row.requested, now);

    EXPECT_EQ(decision.isNeeded, row.level.has_value()) << decision.reason;
    if (row.level) {
        EXPECT_EQ(decision.level, *row.level) << decision.reason;
        EXPECT_EQ(decision.isHard, row.isHard);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Compare, Refresh,
    testing::Values(
        RefreshCase{.name = "Nothing"},
        RefreshCase{.name = "Asked",
                    .annotations = "{argocd.argoproj.io/refresh: normal}",
                    .level = CompareLevel::LatestForceResolve},
        RefreshCase{.name = "AskedHard",
                    .annotations = "{argocd.argoproj.io/refresh: hard}",
                    .level = CompareLevel::LatestForceResolve,
                    .isHard = true},
        RefreshCase{.name = "AskedWithAnotherWord",
                    .annotations = "{argocd.argoproj.io/refresh: please}",
                    .level = CompareLevel::LatestForceResolve},
        RefreshCase{.name = "OtherSource",
                    .spec = "{source: {repoURL: r, path: q}, destination: {server: s}}",
                    .level = CompareLevel::LatestForceResolve},
        RefreshCase{.name = "NowSeveralSources",
                    .spec = "{sources: [{repoURL: r, path: p}], destination: {server: s}}",
                    .level = CompareLevel::LatestForceResolve},
        RefreshCase{.name = "JustNotExpired", .ageSeconds = 120},
        RefreshCase{.name = "Expired", .ageSeconds = 121, .level = CompareLevel::Latest},
        RefreshCase{.name = "NeverCompared", .reconciledAt = "", .level = CompareLevel::Latest},
        RefreshCase{
            .name = "HardExpired", .ageSeconds = 31, .level = CompareLevel::Latest, .isHard = true, .hardTimeout = 30},
        RefreshCase{.name = "ExpiryBeatsRequest",
                    .ageSeconds = 200,
                    .requested = CompareLevel::Nothing,
                    .level = CompareLevel::Latest},
        RefreshCase{.name = "OtherDestination",
                    .spec = "{source: {repoURL: r, path: p}, destination: {server: s, namespace: x}}",
                    .level = CompareLevel::Latest},
        RefreshCase{.name = "OtherNamespaceMetadata",
                    .spec = "{source: {repoURL: r, path: p}, destination: {server: s}, syncPolicy: "
                            "{managedNamespaceMetadata: {labels: {a: b}}}}",
                    .level = CompareLevel::Latest},
        RefreshCase{.name = "OtherIgnoreRules",
                    .spec = "{source: {repoURL: r, path: p}, destination: {server: s}, ignoreDifferences: [{kind: X}]}",
                    .level = CompareLevel::Latest},
        RefreshCase{.name = "Requested", .requested = CompareLevel::Recent, .level = CompareLevel::Recent},
        RefreshCase{.name = "RequestedForTheTree", .requested = CompareLevel::Nothing, .level = CompareLevel::Nothing}),
    [](const auto &row) { return row.param.name; });

TEST(RefreshDecision, ZeroTimeoutNeverExpires)
{
    const crd::Application app = *crd::applicationOf(
        objectOf("{spec: {source: {repoURL: r}}, status: {reconciledAt: '2020-01-01T00:00:00Z', sync: {comparedTo: "
                 "{source: {repoURL: r}}}}}"));
    EXPECT_FALSE(refreshDecision(app, {{}, {}}, std::nullopt, *crd::timestampOf("2024-01-01T00:00:00Z")).isNeeded);
}

TEST(RefreshDecision, WhatAskedForMoreThanWasLookedAtStaysAskedFor)
{
    // The end of an operation asks for the newest revision, while the comparison has expired meanwhile.
    const RefreshDecision expired{.isNeeded = true, .isHard = false, .level = CompareLevel::Latest, .reason = {}};
    EXPECT_EQ(leftAfter(CompareLevel::LatestForceResolve, expired), CompareLevel::LatestForceResolve);
    EXPECT_EQ(leftAfter(CompareLevel::Latest, expired), std::nullopt);
    EXPECT_EQ(leftAfter(CompareLevel::Nothing, expired), std::nullopt);
    EXPECT_EQ(leftAfter(std::nullopt, expired), std::nullopt);
}

TEST(RefreshTimeouts, AreThoseOfTheSettings)
{
    const auto timeouts = [](std::string_view data) { return refreshTimeoutsOf(objectOf(std::string(data)).value()); };
    EXPECT_EQ(timeouts("{}").soft.seconds(), 120);
    EXPECT_EQ(timeouts("{}").hard.seconds(), 0);
    EXPECT_EQ(timeouts("{timeout.reconciliation: 0s, timeout.hard.reconciliation: 1h}").soft.seconds(), 0);
    EXPECT_EQ(timeouts("{timeout.reconciliation: 0s, timeout.hard.reconciliation: 1h}").hard.seconds(), 3600);
    EXPECT_EQ(timeouts("{timeout.reconciliation: 1d}").soft.seconds(), 86400);
    EXPECT_EQ(timeouts("{timeout.reconciliation: 5m30s}").soft.seconds(), 330);
    // What the controller cannot read leaves its default.
    for (const char *wrong : {"'180'", "-5s", "soon", "1dd", "-1d", "''"})
        EXPECT_EQ(timeouts("{timeout.reconciliation: " + std::string(wrong) + "}").soft.seconds(), 120) << wrong;
}

TEST(RepositoryErrorGrace, CoversTheFirstFailureAndThoseSoonAfter)
{
    RepositoryErrorGrace grace;
    EXPECT_TRUE(grace.covers(CompareLevel::Latest, {1000}));
    EXPECT_TRUE(grace.covers(CompareLevel::Recent, {1180}));
    EXPECT_FALSE(grace.covers(CompareLevel::Latest, {1181}));
    EXPECT_FALSE(grace.covers(CompareLevel::Latest, {2000}));
    grace.succeeded();
    EXPECT_TRUE(grace.covers(CompareLevel::Latest, {3000}));
    EXPECT_TRUE(grace.covers(CompareLevel::Latest, {3010}, crd::Duration::ofSeconds(10)));
    EXPECT_FALSE(grace.covers(CompareLevel::Latest, {3011}, crd::Duration::ofSeconds(10)));
}

TEST(RepositoryErrorGrace, NeverCoversWhatWasAskedFor)
{
    RepositoryErrorGrace grace;
    EXPECT_FALSE(grace.covers(CompareLevel::LatestForceResolve, {1000}));
    EXPECT_TRUE(grace.covers(CompareLevel::Latest, {1010}));
    EXPECT_FALSE(grace.covers(CompareLevel::LatestForceResolve, {1020}));
}

} // namespace
} // namespace tiphys::compare
