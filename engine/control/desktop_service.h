// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desktop_rollouts.h"
#include "control/engine_core.h"
#include "service/comparison_acts.h"
#include "service/machine_choices.h"
#include "service/pod_logs.h"
#include "service/service.h"

#include <memory>

namespace tiphys::control {

/// The service of a desktop program: the engine in a thread of its own, snapshots handed over by mailbox.
///
/// Made and used in the UI thread. Destroying it stops the engine and waits for that.
class DesktopService final : public service::Service,
                             public service::ResourceActions,
                             public service::PodLogs,
                             public service::SourceParameters,
                             public service::ComparisonActs,
                             public service::MachineChoices
{
    Q_OBJECT

public:
    /// \p makeParts is called in the engine thread, where everything it makes lives and ends.
    explicit DesktopService(std::function<EngineParts()> makeParts, QObject *parent = nullptr);
    ~DesktopService() override;

    service::ClustersPtr clusters() const override;
    service::ApplicationsPtr applications() const override;
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

    service::Ticket<service::SourceForms> sourceForms(const service::AppId &app) override;
    service::Ticket<service::SourcePreview> previewSource(const service::SourceEditRequest &request) override;
    service::Ticket<service::SourceVerdict> checkSource(const service::SourceEditRequest &request) override;
    void stopSourceCheck() override;
    service::Ticket<service::Done> saveSource(const service::SourceEditRequest &request) override;
    service::Ticket<service::ChartDefaults> chartDefaults(const service::AppId &app, int position) override;

    service::Ticket<service::ComparisonAnswer> compareWith(const service::CompareRequest &request,
                                                           service::Fetching fetching,
                                                           std::function<void(const std::string &)> progress) override;
    service::Ticket<std::vector<service::ToolVerdict>> verifyWithTools(const service::CompareRequest &request) override;
    void cancelComparison() override;

    service::Ticket<std::vector<service::DestinationContext>> destinationContexts() override;
    service::Ticket<service::ToolChoices> toolChoices() override;
    service::Ticket<service::ToolUse> toolUse(const std::string &application) override;
    service::Ticket<service::Done> chooseTools(const std::string &name, bool areUsed) override;
    service::Ticket<service::Done> withdrawPlugin(const std::string &name) override;

    class Thread;
    struct Snapshots;

    void post(std::function<void(EngineCore &)> intent);
    void give(service::LogId log, const service::LogNews &news);
    /// Runs \p ask in the engine thread and gives its answer by ticket.
    template <typename T>
    service::Ticket<T> ask(std::function<Async<T>(EngineCore &)> ask);

    std::unique_ptr<Snapshots> m_snapshots;
    DesktopRollouts *m_rollouts; ///< a child
    std::unique_ptr<Thread> m_thread;
};

} // namespace tiphys::control
