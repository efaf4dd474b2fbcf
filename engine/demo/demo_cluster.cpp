// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_cluster.h"

#include "base/handed_over.h"
#include "demo/api.h"
#include "demo/controllers.h"
#include "demo/sample.h"
#include "demo/server.h"
#include "ports/system_clock.h"

#include <QDir>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTimer>

#include <atomic>

namespace tiphys::demo {

namespace {

/// Runs \p job in the thread of \p receiver and waits for its end.
template <typename Job>
void callIn(QObject *receiver, Job job)
{
    // A thread sanitizer cannot see how Qt hands the job over and back.
    std::atomic<bool> isDone = false;
    QMetaObject::invokeMethod(receiver, HandedOver([&] {
                                  job();
                                  isDone.store(true, std::memory_order_release);
                              }),
                              Qt::BlockingQueuedConnection);
    static_cast<void>(isDone.load(std::memory_order_acquire));
}

constexpr int kStepMilliseconds = 50;

Expected<void> writeFile(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size())
        return failure(ErrorCode::InvalidInput,
                       "cannot write " + path.toStdString() + ": " + file.errorString().toStdString());
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return {};
}

QByteArray kubeconfigOf(quint16 port)
{
    // Clients send no tokens over plain HTTP, but they do send whom they act as.
    return "apiVersion: v1\nkind: Config\ncurrent-context: demo\nclusters:\n- name: demo\n  cluster: {server: "
           "\"http://127.0.0.1:"
           + QByteArray::number(port)
           + "\"}\nusers:\n- name: admin\n  user: {}\n- name: readonly\n  user: {as: readonly}\n"
             "- name: none\n  user: {as: none}\ncontexts:\n"
             "- name: demo\n  context: {cluster: demo, user: admin}\n"
             "- name: demo-readonly\n  context: {cluster: demo, user: readonly}\n"
             "- name: demo-none\n  context: {cluster: demo, user: none}\n";
}

} // namespace

/// What lives in the cluster's thread.
class DemoCluster::Core final : public QObject
{
public:
    Core(const ports::Clock &clock, const DemoOptions &options)
        : store(clock, options.seed), api(store), controllers(store, options.speed), server(api, [this] { changed(); })
    {
        m_steps.setInterval(kStepMilliseconds);
        connect(&m_steps, &QTimer::timeout, this, [this] { changed(); });
        m_news.setSingleShot(true);
        m_news.setInterval(0);
        connect(&m_news, &QTimer::timeout, this, [this] { server.sendChanges(); });
        m_network.setProxy(QNetworkProxy::NoProxy);
        controllers.measureBy(
            [this](const HttpCall &call, std::function<void(HttpReply)> answered) { ask(call, std::move(answered)); });
    }

    /// Lets the controllers react, and tells the watches.
    void changed()
    {
        controllers.step();
        if (!m_news.isActive())
            m_news.start();
    }
    void startSteps() { m_steps.start(); }
    /// "http://127.0.0.1:PORT" once it listens.
    QString address() const { return QStringLiteral("http://127.0.0.1:%1").arg(server.port()); }

    Store store;
    Api api;
    Controllers controllers;
    Server server;

private:
    using HttpCall = rollout::provider::HttpCall;
    using HttpReply = rollout::provider::HttpReply;

    /// Metrics are this server's own: nothing else on the network is asked.
    void ask(const HttpCall &call, std::function<void(HttpReply)> answered)
    {
        const QString url = QString::fromStdString(call.url);
        if (!url.startsWith(address() + u'/') || call.method != "GET")
            return answered({.status = 0, .body = {}, .error = "the demo cluster asks no server but itself"});
        QNetworkRequest request{QUrl(url)};
        request.setTransferTimeout(call.timeout);
        QNetworkReply *reply = m_network.get(request);
        connect(reply, &QNetworkReply::finished, this, [this, reply, answered = std::move(answered)] {
            const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            answered({.status = status,
                      .body = reply->readAll().toStdString(),
                      .error = status == 0 ? reply->errorString().toStdString() : std::string()});
            reply->deleteLater();
            changed();
        });
    }

    QNetworkAccessManager m_network;
    QTimer m_steps;
    QTimer m_news;
};

DemoCluster::DemoCluster() = default;

Expected<std::unique_ptr<DemoCluster>> DemoCluster::start(const DemoOptions &options)
{
    std::unique_ptr<DemoCluster> cluster(new DemoCluster);
    cluster->m_folder = options.folder;
    if (options.folder.isEmpty()) {
        QTemporaryDir folder(QDir::tempPath() + QStringLiteral("/tiphys-demo-XXXXXX"));
        folder.setAutoRemove(false);
        cluster->m_folder = folder.path();
        cluster->m_ownsFolder = true;
    }
    if (!QDir().mkpath(cluster->m_folder))
        return failure(ErrorCode::InvalidInput, "cannot make the folder " + cluster->m_folder.toStdString());
    const ports::Clock *clock = options.clock;
    if (!clock) {
        cluster->m_ownClock = std::make_unique<ports::SystemClock>();
        clock = cluster->m_ownClock.get();
    }
    cluster->m_thread.setObjectName(QStringLiteral("demo"));
    cluster->m_thread.start();
    QObject starter;
    starter.moveToThread(&cluster->m_thread);
    Expected<void> listening;
    callIn(&starter, [&] {
        cluster->m_core = std::make_unique<Core>(*clock, options);
        Core &core = *cluster->m_core;
        // Whoever connects already is answered once everything stands there.
        listening = core.server.listen(options.port);
        if (listening)
            listening = fillCluster(core.store, {.repositories = cluster->repositoriesPath().toStdString(),
                                                 .address = core.address().toStdString(),
                                                 .hasSample = options.hasSample,
                                                 .generatedApplications = options.generatedApplications});
        core.startSteps();
        starter.moveToThread(nullptr);
    });
    if (!listening)
        return std::unexpected(listening.error());
    cluster->m_port = cluster->m_core->server.port();
    if (const auto written = writeFile(cluster->kubeconfigPath(), kubeconfigOf(cluster->m_port)); !written)
        return std::unexpected(written.error());
    return cluster;
}

DemoCluster::~DemoCluster()
{
    if (m_core)
        callIn(m_core.get(), [this] { m_core.reset(); });
    m_thread.quit();
    m_thread.wait();
    QFile::remove(kubeconfigPath());
    if (m_ownsFolder)
        QDir(m_folder).removeRecursively();
}

QUrl DemoCluster::address() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port));
}

QString DemoCluster::kubeconfigPath() const
{
    return m_folder + QStringLiteral("/kubeconfig");
}

QString DemoCluster::repositoriesPath() const
{
    return m_folder + QStringLiteral("/repositories");
}

void DemoCluster::run(const std::function<void(Store &)> &work)
{
    callIn(m_core.get(), [&] {
        work(m_core->store);
        m_core->changed();
    });
}

void DemoCluster::inject(const Fault &fault)
{
    callIn(m_core.get(), [&] { m_core->server.inject(fault); });
}

void DemoCluster::cutWatches()
{
    callIn(m_core.get(), [&] { m_core->server.cutWatches(); });
}

void DemoCluster::compact()
{
    callIn(m_core.get(), [&] { m_core->store.compact(); });
}

int DemoCluster::requestCount(std::string_view method, std::string_view pathPart)
{
    int count = 0;
    callIn(m_core.get(), [&] { count = m_core->server.requestCount(method, pathPart); });
    return count;
}

int DemoCluster::openWatches()
{
    int count = 0;
    callIn(m_core.get(), [&] { count = m_core->server.openWatches(); });
    return count;
}

} // namespace tiphys::demo
