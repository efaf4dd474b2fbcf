// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/machine_choices.h"
#include "service/pod_logs.h"
#include "service/resource_actions.h"
#include "service/rollouts.h"
#include "service/service.h"

#include <map>
#include <vector>

namespace tiphys::test {

/// Rollouts as they were given; acts are recorded.
class RecordedRollouts final : public service::Rollouts
{
public:
    using Rollouts::Rollouts;

    void show(std::vector<service::RolloutRow> rows, bool isComplete = true);
    void show(const service::RolloutDetail &detail);
    /// As it is, whatever was shown before.
    void show(service::RolloutsPtr rollouts);

    service::RolloutsPtr rollouts() const override { return m_rollouts; }
    service::RolloutDetailPtr rollout(const service::RolloutId &id) const override;
    void open(const service::RolloutId &id) override { calls.push_back("open " + id.name); }
    void close(const service::RolloutId &id) override { calls.push_back("close " + id.name); }
    service::Ticket<std::string> act(const service::RolloutRequest &request) override;
    service::Ticket<service::RolloutForecast> simulate(const service::RolloutId &id) override;
    service::Ticket<service::ResourceDiff> difference(const service::RolloutId &id, const std::string &fromHash,
                                                      const std::string &toHash) override;

    std::vector<std::string> calls;
    std::vector<service::RolloutRequest> requests;
    std::optional<Error> nextError;
    std::optional<Error> nextSimulationError;

private:
    service::RolloutsPtr m_rollouts = std::make_shared<service::RolloutsSnapshot>();
    std::map<service::RolloutId, service::RolloutDetailPtr> m_details;
};

/// A canary with the steps 20, pause, 40, pause 10 s at its first pause.
service::RolloutRow rolloutRow(const std::string &context, const std::string &name);
/// With two revisions, services, an ingress and an analysis; every act is allowed that makes sense.
service::RolloutDetail rolloutDetail(const service::RolloutRow &row);
/// The same with an experiment that runs two templates, which get 10 and 5 per cent of the traffic.
service::RolloutDetail experimentDetail(const service::RolloutRow &row);

/// A service that shows what it was given and records what it was asked: the stage of model and widget tests.
class RecordedService final : public service::Service,
                              public service::ResourceActions,
                              public service::PodLogs,
                              public service::MachineChoices
{
public:
    RecordedService();

    void show(service::ClustersSnapshot clusters);
    void show(std::vector<service::AppRow> rows, bool isComplete = true);
    void show(const service::AppDetail &detail);

    service::ClustersPtr clusters() const override { return m_clusters; }
    service::ApplicationsPtr applications() const override { return m_applications; }
    service::AppDetailPtr application(const service::AppId &app) const override;
    void setTicked(const std::string &context, bool isTicked) override;
    void setLevel(const std::string &context, service::Level level) override;
    service::Ticket<service::Done> setLocalEngine(const std::string &context, bool isOn) override;
    service::Ticket<service::Done> chooseContext(const std::string &server, const std::string &context) override;
    void reconnect(const std::string &context) override;
    service::Ticket<service::Done> useKubeconfig(const std::vector<std::string> &files) override;
    void openApplication(const service::AppId &app) override;
    void closeApplication(const service::AppId &app) override;
    service::Ticket<service::Permissions> permissions(const service::AppId &app) override;
    service::Ticket<service::Done> refresh(const service::AppId &app, bool isHard) override;
    service::Ticket<service::SyncPlan> plan(const service::SyncRequest &request) override;
    service::Ticket<service::Done> sync(const service::SyncRequest &request) override;
    service::Ticket<service::Done> terminate(const service::AppId &app) override;
    service::Ticket<service::Done> confirmDeletion(const service::AppId &app) override;
    service::Ticket<service::Done> rollback(const service::AppId &app, std::int64_t historyId) override;
    service::Ticket<service::Done> remove(const service::AppId &app, const std::string &cascade) override;
    service::Ticket<std::string> manifest(const service::AppId &app, const object::ObjectKey &key,
                                          service::ManifestSide side) override;
    service::Ticket<service::ComparisonPtr> compare(const service::CompareRequest &request) override;
    service::Ticket<service::RevisionChoices> revisions(const std::string &repository) override;
    RecordedRollouts &rollouts() { return m_rollouts; }

    /// "setTicked prod true", in the order they came.
    std::vector<std::string> calls;
    std::vector<service::SyncRequest> syncRequests;
    int permissionQuestions = 0;
    service::Permissions may{{true, {}}, {true, {}}, {true, {}}, {true, {}}, {true, {}}, {true, {}}};
    service::SyncPlan nextPlan;
    service::Comparison nextComparison;
    service::RevisionChoices nextRevisions;
    std::vector<service::OfferedAction> nextOffers;
    service::ActionPreview nextPreview; ///< its request is that of the question
    std::vector<service::ActionRequest> actionRequests;
    service::LogChoices nextLogChoices;
    std::vector<service::LogRequest> logRequests;
    service::LogNews nextLogNews;   ///< what a log that is opened gives at first
    std::optional<Error> nextError; ///< what the next act answers instead of Done
    std::vector<service::DestinationContext> nextDestinations;
    service::ToolChoices nextTools; ///< chooseTools changes its names, withdrawPlugin its plugins

    /// Gives \p news to who looks at the log that was opened last.
    void giveLog(const service::LogNews &news);
    /// True while a log is open and not held.
    bool isReadingLog() const { return m_logNews && !m_isLogHeld; }

private:
    service::Ticket<std::vector<service::OfferedAction>> offeredActions(const service::AppId &app,
                                                                        const object::ObjectKey &key) override;
    service::Ticket<service::ActionPreview> previewAction(const service::ActionRequest &request) override;
    service::Ticket<service::ActionResult> runAction(const service::ActionRequest &request) override;
    service::Ticket<service::LogChoices> logChoices(const service::AppId &app, const object::ObjectKey &pod) override;
    service::LogId openLog(const service::LogRequest &request,
                           std::function<void(const service::LogNews &)> news) override;
    void holdLog(service::LogId log) override;
    void resumeLog(service::LogId log) override;
    void closeLog(service::LogId log) override;
    service::Ticket<std::vector<service::DestinationContext>> destinationContexts() override;
    service::Ticket<service::ToolChoices> toolChoices() override;
    service::Ticket<service::ToolUse> toolUse(const std::string &application) override;
    service::Ticket<service::Done> withdrawPlugin(const std::string &name) override;
    service::Ticket<service::Done> chooseTools(const std::string &name, bool areUsed) override;
    service::Ticket<service::Done> done(const std::string &call);

    RecordedRollouts m_rollouts{this};
    service::ClustersPtr m_clusters;
    service::ApplicationsPtr m_applications;
    std::map<service::AppId, service::AppDetailPtr> m_details;
    service::LogId m_lastLog = 0;
    std::function<void(const service::LogNews &)> m_logNews; ///< of the last log; empty once it is closed
    bool m_isLogHeld = false;
};

/// 20 minutes past an hour in 2026: the time of all recorded pages.
inline constexpr service::WallTime kNow = 1'780'000'000'000;

service::ClusterState liveCluster(const std::string &context, int applications);
service::AppRow appRow(const std::string &context, const std::string &name, service::HealthStatus health,
                       service::SyncStatus sync);
/// An application with tree, differences, operation, history and events.
service::AppDetail appDetail(const service::AppRow &row);
/// YAML lines of a difference: "-" live, "+" desired, " " both.
std::vector<service::DiffLine> diffLines(const std::vector<std::string> &lines);

} // namespace tiphys::test
