// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/remembered_rows.h"

#include "object/json.h"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::control {
namespace {

using service::AppRow;

AppRow shop()
{
    AppRow row;
    row.id = {"prod", "argocd", "shop"};
    row.project = "payments";
    row.destination = "https://10.0.0.1:6443";
    row.destinationNamespace = "shop";
    row.sources = {{"https://git.example.com/platform/config.git", "apps/shop", "main", false}};
    row.revision = "3f2c1ab9d0e4f5a6b7c8d9e0f1a2b3c4d5e6f708";
    row.commit = {row.revision, "tune the database pool", "Ada", 1'779'000'000'000};
    row.sync = service::SyncStatus::OutOfSync;
    row.health = service::HealthStatus::Degraded;
    row.isAutomated = true;
    row.cause = "Degraded: 2 of 3 pods: CrashLoopBackOff";
    row.urgency = service::Urgency::Degraded;
    row.since = 1'779'999'000'000;
    row.lastSync = 1'779'990'000'000;
    row.reconciledAt = 1'779'999'900'000;
    row.reconciler = service::Reconciler::Controller;
    row.parent = "fleet";
    return row;
}

RememberedRows remembered(std::vector<AppRow> rows)
{
    RememberedRows all{
        .context = "prod", .server = "https://prod:6443", .user = "ada", .seen = 1'780'000'000'000, .rows = {}};
    for (AppRow &row : rows)
        all.rows.push_back(std::make_shared<const AppRow>(std::move(row)));
    return all;
}

AppRow again(const AppRow &row)
{
    const std::optional<RememberedRows> read = rememberedRowsOf(textOf(remembered({row})));
    return read && read->rows.size() == 1 ? *read->rows.front() : AppRow();
}

TEST(RememberedRows, WhatTheTableShowsComesBack)
{
    AppRow other;
    other.id = {"prod", "argocd", "billing"};
    const std::optional<RememberedRows> read = rememberedRowsOf(textOf(remembered({shop(), other})));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->context, "prod");
    EXPECT_EQ(read->server, "https://prod:6443");
    EXPECT_EQ(read->user, "ada");
    EXPECT_EQ(read->seen, 1'780'000'000'000);
    ASSERT_EQ(read->rows.size(), 2u);
    EXPECT_EQ(read->rows[0]->id.name, "billing") << "sorted by id";
    EXPECT_EQ(*read->rows[1], shop());
}

TEST(RememberedRows, OperationsAreOver)
{
    AppRow row = shop();
    row.operation = service::OperationPhase::Running;
    row.isOperationRequested = true;
    EXPECT_EQ(again(row), shop());
}

TEST(RememberedRows, NothingThatMayHoldASecretIsKept)
{
    AppRow row = shop();
    row.sources = {{"https://ada:hunter2@git.example.com/a@b.git", "apps", "main", false},
                   {"git@example.com:a/b.git", "", "main", false}};
    row.urgency = service::Urgency::FailedOperation;
    row.cause = "sync failed: Secret \"db\" is invalid: Invalid value: \"hunter2\"";
    row.operationMessage = "hunter2";
    row.conditions = {"SyncError: hunter2"};
    row.labels = {{"password", "hunter2"}};
    row.images = {"registry/hunter2:1"};
    const std::string text = textOf(remembered({row}));
    EXPECT_FALSE(text.contains("hunter2")) << text;
    const AppRow read = again(row);
    EXPECT_EQ(read.sources[0].repoUrl, "https://git.example.com/a@b.git");
    EXPECT_EQ(read.sources[1].repoUrl, "git@example.com:a/b.git");
    EXPECT_EQ(read.cause, "sync failed");
}

TEST(RememberedRows, LongTextsAreCutWhereACharacterEnds)
{
    AppRow row = shop();
    row.commit.subject = "x";
    for (int i = 0; i < 400; ++i)
        row.commit.subject += "ä";
    const std::string subject = again(row).commit.subject;
    EXPECT_LT(subject.size(), 310u);
    EXPECT_TRUE(subject.ends_with("ä…")) << subject;
}

TEST(RememberedRows, NoMoreThanTheMostLinesAreKept)
{
    std::vector<AppRow> rows(kMostRememberedRows + 5);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].id = {"prod", "argocd", "app-" + std::to_string(100'000 + i)};
    const std::optional<RememberedRows> read = rememberedRowsOf(textOf(remembered(std::move(rows))));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rows.size(), kMostRememberedRows);
}

struct DamagedCase
{
    std::string name;
    std::string text;
};

class Damaged : public testing::TestWithParam<DamagedCase>
{
};

TEST_P(Damaged, TextIsNoMemory)
{
    EXPECT_FALSE(rememberedRowsOf(GetParam().text));
}

std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    const std::size_t at = text.find(from);
    return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

INSTANTIATE_TEST_SUITE_P(
    RememberedRows, Damaged,
    testing::Values(
        DamagedCase{"Empty", ""}, DamagedCase{"NotJson", "\x1f\x8b nonsense"}, DamagedCase{"AList", "[]"},
        DamagedCase{"CutOff", textOf(remembered({shop()})).substr(0, 200)},
        DamagedCase{"AnOlderVersion", replaced(textOf(remembered({shop()})), "\"version\":1", "\"version\":0")},
        DamagedCase{"ANewerVersion", replaced(textOf(remembered({shop()})), "\"version\":1", "\"version\":2")},
        DamagedCase{"NeverSeen", replaced(textOf(remembered({shop()})), "\"seen\":1780000000000", "\"seen\":-1")},
        DamagedCase{"RowsAreNoList", replaced(textOf(remembered({})), "\"rows\":[]", "\"rows\":{}")},
        DamagedCase{"ARowWithoutName", replaced(textOf(remembered({shop()})), "\"name\":\"shop\"", "\"name\":7")},
        DamagedCase{"ARowTwice", textOf(remembered({shop(), shop()}))}),
    [](const auto &row) { return row.param.name; });

TEST(RememberedRows, UnknownWordsAndNumbersBecomeUnknown)
{
    std::string text = replaced(textOf(remembered({shop()})), "\"sync\":\"OutOfSync\"", "\"sync\":\"Sideways\"");
    text = replaced(text, "\"urgency\":1", "\"urgency\":99");
    const std::optional<RememberedRows> read = rememberedRowsOf(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rows[0]->sync, service::SyncStatus::Unknown);
    EXPECT_EQ(read->rows[0]->urgency, service::Urgency::None);
}

} // namespace
} // namespace tiphys::control
