// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/desktop_service.h"

#include "async/job_pool.h"
#include "async/mailbox.h"

#include <QEventLoop>
#include <QThread>

#include <map>
#include <semaphore>

namespace tiphys::control {

using service::AppId;
using service::Done;
using service::Ticket;

/// What the UI thread shows; written there only, from the engine's mailbox.
struct DesktopService::Snapshots
{
    service::ClustersPtr clusters = std::make_shared<const service::ClustersSnapshot>();
    service::ApplicationsPtr applications = std::make_shared<const service::ApplicationsSnapshot>();
    std::map<AppId, service::AppDetailPtr> details;
    std::map<service::LogId, std::function<void(const service::LogNews &)>> logs; ///< who looks at them
    service::LogId lastLog = 0;
};

/// The engine thread with the core in it.
class DesktopService::Thread final : public QThread
{
public:
    using News = std::function<void(DesktopService &)>;

    Thread(DesktopService &service, std::function<EngineParts()> makeParts)
        : m_makeParts(std::move(makeParts)), m_news([&service](News news) { news(service); })
    {
        setStackSize(async::JobPool::kStackBytes);
        start();
        m_isReady.acquire();
    }

    ~Thread() override
    {
        m_intents.post([this](EngineCore &) { m_isStopping = true; });
        wait();
    }

    void post(std::function<void(EngineCore &)> intent) { m_intents.post(std::move(intent)); }
    /// Where something for the UI thread is posted.
    async::Mailbox<News>::Address news() const { return m_news.address(); }

protected:
    void run() override
    {
        const auto news = m_news.address();
        EngineCore core(m_makeParts(),
                        {.clusters =
                             [news](service::ClustersPtr clusters) {
                                 news.post([clusters](DesktopService &service) {
                                     service.m_snapshots->clusters = clusters;
                                     Q_EMIT service.clustersChanged();
                                 });
                             },
                         .applications =
                             [news](service::ApplicationsPtr applications) {
                                 news.post([applications](DesktopService &service) {
                                     service.m_snapshots->applications = applications;
                                     Q_EMIT service.applicationsChanged();
                                 });
                             },
                         .application =
                             [news](const AppId &app, service::AppDetailPtr detail) {
                                 news.post([app, detail](DesktopService &service) {
                                     if (detail)
                                         service.m_snapshots->details[app] = detail;
                                     else
                                         service.m_snapshots->details.erase(app);
                                     Q_EMIT service.applicationChanged(app);
                                 });
                             },
                         .rollouts = {.rollouts =
                                          [news](service::RolloutsPtr rollouts) {
                                              news.post([rollouts](DesktopService &service) {
                                                  service.m_rollouts->take(rollouts);
                                              });
                                          },
                                      .rollout =
                                          [news](const service::RolloutId &id, service::RolloutDetailPtr detail) {
                                              news.post([id, detail](DesktopService &service) {
                                                  service.m_rollouts->take(id, detail);
                                              });
                                          }}});
        QEventLoop loop;
        async::Mailbox<std::function<void(EngineCore &)>> intents([&](std::function<void(EngineCore &)> intent) {
            intent(core);
            if (m_isStopping)
                loop.quit();
        });
        m_intents = intents.address();
        m_isReady.release();
        core.start();
        loop.exec();
        drain(core);
    }

private:
    /// Second phase of the end: everything is cancelled and waited for.
    static void drain(EngineCore &core)
    {
        QEventLoop loop;
        async::TaskScope closing;
        const auto close = [](EngineCore &engine, QEventLoop &waiting) -> Async<void> {
            ignoreError(co_await engine.close(), "the program ends");
            QMetaObject::invokeMethod(&waiting, &QEventLoop::quit, Qt::QueuedConnection);
            co_return {};
        };
        closing.start(close(core, loop));
        if (closing.running() > 0)
            loop.exec();
    }

    std::function<EngineParts()> m_makeParts;
    async::Mailbox<News> m_news;
    async::Mailbox<std::function<void(EngineCore &)>>::Address m_intents;
    std::binary_semaphore m_isReady{0};
    bool m_isStopping = false; ///< engine thread only
};

DesktopService::DesktopService(std::function<EngineParts()> makeParts, QObject *parent)
    : Service(parent), m_snapshots(std::make_unique<Snapshots>()),
      m_rollouts(new DesktopRollouts([this](auto intent) { post(std::move(intent)); }, this)),
      m_thread(std::make_unique<Thread>(*this, std::move(makeParts)))
{
}

DesktopService::~DesktopService() = default;

void DesktopService::post(std::function<void(EngineCore &)> intent)
{
    m_thread->post(std::move(intent));
}

template <typename T>
Ticket<T> DesktopService::ask(std::function<Async<T>(EngineCore &)> ask)
{
    Ticket<T> ticket;
    post([ask = std::move(ask), ticket](EngineCore &core) {
        // A free function, not a capturing lambda: its parameters live in the coroutine.
        struct Answer
        {
            static Async<void> give(std::function<Async<T>(EngineCore &)> ask, EngineCore &core, Ticket<T> ticket)
            {
                ticket.resolve(co_await ask(core));
                co_return {};
            }
        };
        core.tasks().start(Answer::give(ask, core, ticket));
    });
    return ticket;
}

service::ClustersPtr DesktopService::clusters() const
{
    return m_snapshots->clusters;
}

service::ApplicationsPtr DesktopService::applications() const
{
    return m_snapshots->applications;
}

service::AppDetailPtr DesktopService::application(const AppId &app) const
{
    const auto found = m_snapshots->details.find(app);
    return found == m_snapshots->details.end() ? nullptr : found->second;
}

void DesktopService::setTicked(const std::string &context, bool isTicked)
{
    post([=](EngineCore &core) { core.setTicked(context, isTicked); });
}

void DesktopService::setLevel(const std::string &context, service::Level level)
{
    post([=](EngineCore &core) { core.setLevel(context, level); });
}

Ticket<Done> DesktopService::setLocalEngine(const std::string &context, bool isOn)
{
    return ask<Done>([=](EngineCore &core) { return core.setLocalEngine(context, isOn); });
}

Ticket<Done> DesktopService::chooseContext(const std::string &server, const std::string &context)
{
    return ask<Done>([=](EngineCore &core) { return core.chooseContext(server, context); });
}

void DesktopService::reconnect(const std::string &context)
{
    post([=](EngineCore &core) { core.reconnect(context); });
}

Ticket<Done> DesktopService::useKubeconfig(const std::vector<std::string> &files)
{
    Ticket<Done> ticket;
    post([=](EngineCore &core) mutable { ticket.resolve(core.useKubeconfig(files)); });
    return ticket;
}

void DesktopService::openApplication(const AppId &app)
{
    post([=](EngineCore &core) { core.openApplication(app); });
}

void DesktopService::closeApplication(const AppId &app)
{
    post([=](EngineCore &core) { core.closeApplication(app); });
}

Ticket<service::Permissions> DesktopService::permissions(const AppId &app)
{
    return ask<service::Permissions>([=](EngineCore &core) { return core.permissions(app); });
}

Ticket<Done> DesktopService::refresh(const AppId &app, bool isHard)
{
    return ask<Done>([=](EngineCore &core) { return core.refresh(app, isHard); });
}

Ticket<service::SyncPlan> DesktopService::plan(const service::SyncRequest &request)
{
    return ask<service::SyncPlan>([=](EngineCore &core) { return core.plan(request); });
}

Ticket<Done> DesktopService::sync(const service::SyncRequest &request)
{
    return ask<Done>([=](EngineCore &core) { return core.sync(request); });
}

Ticket<Done> DesktopService::terminate(const AppId &app)
{
    return ask<Done>([=](EngineCore &core) { return core.terminate(app); });
}

Ticket<Done> DesktopService::confirmDeletion(const AppId &app)
{
    return ask<Done>([=](EngineCore &core) { return core.confirmDeletion(app); });
}

Ticket<Done> DesktopService::rollback(const AppId &app, std::int64_t historyId)
{
    return ask<Done>([=](EngineCore &core) { return core.rollback(app, historyId); });
}

Ticket<Done> DesktopService::remove(const AppId &app, const std::string &cascade)
{
    return ask<Done>([=](EngineCore &core) { return core.remove(app, cascade); });
}

Ticket<std::string> DesktopService::manifest(const AppId &app, const object::ObjectKey &key, service::ManifestSide side)
{
    return ask<std::string>([=](EngineCore &core) { return core.manifest(app, key, side); });
}

Ticket<service::LogChoices> DesktopService::logChoices(const AppId &app, const object::ObjectKey &pod)
{
    return ask<service::LogChoices>([=](EngineCore &core) { return core.logs().choices(app, pod); });
}

service::LogId DesktopService::openLog(const service::LogRequest &request,
                                       std::function<void(const service::LogNews &)> news)
{
    const service::LogId log = ++m_snapshots->lastLog;
    m_snapshots->logs.emplace(log, std::move(news));
    post([=, address = m_thread->news()](EngineCore &core) {
        core.logs().open(log, request, [=](service::LogNews found) {
            address.post([log, found = std::move(found)](DesktopService &service) { service.give(log, found); });
        });
    });
    return log;
}

void DesktopService::give(service::LogId log, const service::LogNews &news)
{
    const auto found = m_snapshots->logs.find(log);
    if (found == m_snapshots->logs.end())
        return;
    const auto show = found->second; // it may close the log
    show(news);
    post([log](EngineCore &core) { core.logs().shown(log); });
}

void DesktopService::holdLog(service::LogId log)
{
    post([log](EngineCore &core) { core.logs().hold(log); });
}

void DesktopService::resumeLog(service::LogId log)
{
    post([log](EngineCore &core) { core.logs().resume(log); });
}

void DesktopService::closeLog(service::LogId log)
{
    m_snapshots->logs.erase(log);
    post([log](EngineCore &core) { core.logs().close(log); });
}

Ticket<std::vector<service::OfferedAction>> DesktopService::offeredActions(const AppId &app,
                                                                           const object::ObjectKey &key)
{
    return ask<std::vector<service::OfferedAction>>([=](EngineCore &core) { return core.offeredActions(app, key); });
}

Ticket<service::ActionPreview> DesktopService::previewAction(const service::ActionRequest &request)
{
    return ask<service::ActionPreview>([=](EngineCore &core) { return core.previewAction(request); });
}

Ticket<service::ActionResult> DesktopService::runAction(const service::ActionRequest &request)
{
    return ask<service::ActionResult>([=](EngineCore &core) { return core.runAction(request); });
}

Ticket<service::SourceForms> DesktopService::sourceForms(const AppId &app)
{
    return ask<service::SourceForms>([=](EngineCore &core) { return core.sourceForms(app); });
}

Ticket<service::SourcePreview> DesktopService::previewSource(const service::SourceEditRequest &request)
{
    return ask<service::SourcePreview>([=](EngineCore &core) { return core.previewSource(request); });
}

Ticket<service::SourceVerdict> DesktopService::checkSource(const service::SourceEditRequest &request)
{
    return ask<service::SourceVerdict>([=](EngineCore &core) { return core.checkSource(request); });
}

void DesktopService::stopSourceCheck()
{
    post([](EngineCore &core) { core.stopSourceCheck(); });
}

Ticket<Done> DesktopService::saveSource(const service::SourceEditRequest &request)
{
    return ask<Done>([=](EngineCore &core) { return core.saveSource(request); });
}

Ticket<service::ChartDefaults> DesktopService::chartDefaults(const AppId &app, int position)
{
    return ask<service::ChartDefaults>([=](EngineCore &core) { return core.chartDefaults(app, position); });
}

Ticket<service::ComparisonPtr> DesktopService::compare(const service::CompareRequest &request)
{
    return ask<service::ComparisonPtr>([=](EngineCore &core) { return core.compare(request); });
}

Ticket<service::ComparisonAnswer> DesktopService::compareWith(const service::CompareRequest &request,
                                                              service::Fetching fetching,
                                                              std::function<void(const std::string &)> progress)
{
    std::function<void(const std::string &)> relayed;
    if (progress)
        relayed = [news = m_thread->news(), progress = std::move(progress)](const std::string &what) {
            news.post([progress, what](DesktopService &) { progress(what); });
        };
    return ask<service::ComparisonAnswer>(
        [=](EngineCore &core) { return core.compareWith(request, fetching, relayed); });
}

Ticket<std::vector<service::ToolVerdict>> DesktopService::verifyWithTools(const service::CompareRequest &request)
{
    return ask<std::vector<service::ToolVerdict>>([=](EngineCore &core) { return core.verifyWithTools(request); });
}

void DesktopService::cancelComparison()
{
    post([](EngineCore &core) { core.cancelComparison(); });
}

Ticket<std::vector<service::DestinationContext>> DesktopService::destinationContexts()
{
    Ticket<std::vector<service::DestinationContext>> ticket;
    post([=](EngineCore &core) mutable { ticket.resolve(core.destinationContexts()); });
    return ticket;
}

Ticket<service::ToolChoices> DesktopService::toolChoices()
{
    return ask<service::ToolChoices>([](EngineCore &core) { return core.toolChoices(); });
}

Ticket<service::ToolUse> DesktopService::toolUse(const std::string &application)
{
    return ask<service::ToolUse>([=](EngineCore &core) { return core.toolUse(application); });
}

Ticket<Done> DesktopService::withdrawPlugin(const std::string &name)
{
    return ask<Done>([=](EngineCore &core) { return core.withdrawPlugin(name); });
}

Ticket<Done> DesktopService::chooseTools(const std::string &name, bool areUsed)
{
    return ask<Done>([=](EngineCore &core) { return core.chooseTools(name, areUsed); });
}

Ticket<service::RevisionChoices> DesktopService::revisions(const std::string &repository)
{
    return ask<service::RevisionChoices>([=](EngineCore &core) { return core.revisions(repository); });
}

} // namespace tiphys::control
