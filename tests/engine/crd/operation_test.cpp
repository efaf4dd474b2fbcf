// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/status.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Value;

TEST(Operation, SurvivesReadingAndWriting)
{
    const Value value =
        Value::map({{"initiatedBy", Value::map({{"username", "admin"}})},
                    {"retry", Value::map({{"limit", 3}, {"backoff", Value::map({{"duration", "5s"}, {"factor", 2}})}})},
                    {"novelty", true},
                    {"info", Value::list({Value::map({{"name", "why"}, {"value", "test"}})})},
                    {"sync", Value::map({{"revision", "abc"},
                                         {"prune", true},
                                         {"syncStrategy", Value::map({{"hook", Value::map({})}})},
                                         {"syncOptions", Value::list({"Replace=true"})},
                                         {"autoHealAttemptsCount", 2},
                                         {"unknown", 1},
                                         {"resources", Value::list({Value::map({{"kind", "Pod"}, {"name", "x"}})})},
                                         {"source", Value::map({{"repoURL", "r"}, {"path", "p"}})}})}});

    const Expected<Operation> operation = operationOf(value);

    ASSERT_TRUE(operation) << operation.error().text();
    EXPECT_EQ(operation->sync->revision, "abc");
    EXPECT_TRUE(operation->sync->prune);
    EXPECT_EQ(operation->sync->selfHealAttempts, 2);
    EXPECT_EQ(operation->sync->strategy, (SyncStrategy{SyncStrategy::Kind::Hook, false}));
    EXPECT_EQ(operation->sync->resources, (std::vector<SyncResource>{{"", "Pod", "x", ""}}));
    EXPECT_EQ(operation->retry.backoff->factor, 2);
    EXPECT_EQ(toValue(*operation), value);
}

TEST(Operation, WritesAFreshRequest)
{
    Operation operation;
    operation.sync.emplace();
    operation.sync->prune = true;
    operation.sync->strategy = SyncStrategy{SyncStrategy::Kind::Apply, true};
    operation.initiatedBy.automated = true;
    EXPECT_EQ(
        toValue(operation),
        Value::map({{"sync", Value::map({{"prune", true},
                                         {"syncStrategy", Value::map({{"apply", Value::map({{"force", true}})}})}})},
                    {"initiatedBy", Value::map({{"automated", true}})},
                    {"retry", Value::map({})}}));
}

TEST(OperationState, WritesWhatTheControllerWrites)
{
    OperationState state;
    state.operation.sync.emplace();
    state.phase = OperationPhase::Running;
    state.message = "waiting";
    state.startedAt = "2024-01-01T00:00:00Z";
    state.syncResult.emplace();
    state.syncResult->revision = "abc";
    state.syncResult->source.repoUrl = "r";
    ResourceResult &result = state.syncResult->resources.emplace_back();
    result.kind = "ConfigMap";
    result.version = "v1";
    result.name = "c";
    result.status = ResultCode::Synced;
    result.hookPhase = OperationPhase::Running;
    result.syncPhase = "Sync";

    const Value written = toValue(state);

    EXPECT_EQ(written.path({"syncResult", "resources"}).at(0), Value::map({{"group", ""},
                                                                           {"version", "v1"},
                                                                           {"kind", "ConfigMap"},
                                                                           {"namespace", ""},
                                                                           {"name", "c"},
                                                                           {"status", "Synced"},
                                                                           {"hookPhase", "Running"},
                                                                           {"syncPhase", "Sync"}}));
    EXPECT_EQ(written.path({"syncResult", "source"}), Value::map({{"repoURL", "r"}}));
    EXPECT_EQ(written["phase"], Value("Running"));
    EXPECT_FALSE(written.contains("finishedAt"));
    EXPECT_FALSE(written.contains("retryCount"));
}

TEST(HistoryEntry, WritesZeroIdAndInitiator)
{
    HistoryEntry entry;
    entry.revision = "abc";
    entry.deployedAt = "2024-01-01T00:00:00Z";
    entry.source.repoUrl = "r";
    EXPECT_EQ(toValue(entry), Value::map({{"revision", "abc"},
                                          {"deployedAt", "2024-01-01T00:00:00Z"},
                                          {"id", 0},
                                          {"source", Value::map({{"repoURL", "r"}})},
                                          {"initiatedBy", Value::map({})}}));
}

TEST(Codes, ReadTheirOwnWords)
{
    for (const HealthCode code : {HealthCode::Healthy, HealthCode::Suspended, HealthCode::Progressing,
                                  HealthCode::Missing, HealthCode::Degraded, HealthCode::Unknown})
        EXPECT_EQ(healthCodeOf(text(code)), code);
    for (const OperationPhase phase : {OperationPhase::Running, OperationPhase::Terminating, OperationPhase::Succeeded,
                                       OperationPhase::Failed, OperationPhase::Error})
        EXPECT_EQ(operationPhaseOf(text(phase)), phase);
    EXPECT_EQ(text(SyncCode::OutOfSync), "OutOfSync");
    EXPECT_EQ(text(ResultCode::PruneSkipped), "PruneSkipped");
    EXPECT_EQ(syncCodeOf("Novel"), SyncCode::None);
}

} // namespace
} // namespace tiphys::crd
