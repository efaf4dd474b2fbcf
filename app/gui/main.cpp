// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/job_pool.h"
#include "compose/artifacts.h"
#include "compose/chosen_contexts.h"
#include "compose/chosen_tools.h"
#include "compose/git_reader.h"
#include "compose/git_repositories.h"
#include "compose/jq.h"
#include "compose/kept_texts.h"
#include "compose/kube_connections.h"
#include "compose/local_plugins.h"
#include "compose/machine.h"
#include "compose/parallel_for_each.h"
#include "control/desktop_service.h"
#include "demo/demo_cluster.h"
#include "gui/exec_consent.h"
#include "gui/git_consent.h"
#include "ports/system_clock.h"
#include "store/template_world.h"
#include "store/workspace.h"
#include "ui/desktop.h"
#include "ui/settings.h"

#include <QApplication>
#include <QEventLoop>
#include <QTextStream>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>

using namespace tiphys;

namespace {

constexpr const char *kUsage = "usage: tiphys [--demo] [--kubeconfig FILE] [--theme light|dark|system] [ADDRESS]\n"
                               "ADDRESS opens a page: tiphys://CONTEXT/NAMESPACE/APPLICATION";

/// What this program itself understands; the rest is the window's.
struct Arguments
{
    bool isDemo = false;
    QString kubeconfig;
    ui::DesktopOptions desktop;
};

int usageError(const std::string &problem)
{
    QTextStream(stderr) << "tiphys: " << QString::fromStdString(problem) << Qt::endl << kUsage << Qt::endl;
    return 2;
}

Expected<Arguments> parsed(const QStringList &given)
{
    Arguments arguments;
    QStringList rest;
    const Expected<ui::DesktopOptions> desktop = ui::parseDesktopOptions(given, &rest);
    if (!desktop)
        return std::unexpected(desktop.error());
    arguments.desktop = *desktop;
    for (qsizetype i = 0; i < rest.size(); ++i) {
        if (rest[i] == QLatin1StringView("--demo")) {
            arguments.isDemo = true;
        } else if (rest[i] == QLatin1StringView("--kubeconfig") && i + 1 < rest.size()) {
            arguments.kubeconfig = rest[++i];
        } else {
            return failure(ErrorCode::InvalidInput, "unknown argument '" + rest[i].toStdString() + "'");
        }
    }
    return arguments;
}

/// Returns once the contexts of the kubeconfig are known: the window ticks those that it remembers.
void waitForContexts(service::Service &service)
{
    QEventLoop loop;
    QObject::connect(&service, &service::Service::clustersChanged, &loop, &QEventLoop::quit);
    QTimer::singleShot(std::chrono::seconds(3), &loop, &QEventLoop::quit);
    loop.exec();
}

/// Opens the demo's context with the local engine at work, so that everything on it can be tried.
class DemoStage
{
public:
    explicit DemoStage(service::Service &service) : m_service(service) {}

    void enter() const
    {
        const std::string context = "demo";
        m_service.setLevel(context, service::Level::Normal);
        m_service.setTicked(context, true);
        auto *waiting = new QObject(&m_service);
        QObject::connect(&m_service, &service::Service::clustersChanged, waiting, [this, waiting, context] {
            for (const service::ClusterState &cluster : m_service.clusters()->clusters) {
                if (cluster.context != context || cluster.reachability != service::Reachability::Live
                    || !cluster.hasArgoCdTypes || cluster.reconciler != service::Reconciler::Nobody)
                    continue;
                waiting->deleteLater();
                QObject::disconnect(&m_service, nullptr, waiting, nullptr);
                service::whenDone(m_service.setLocalEngine(context, true), &m_service,
                                  [](const Expected<service::Done> &) {});
                return;
            }
        });
    }

private:
    service::Service &m_service;
};

/// Silent git servers must not hold what decodes the answers of clusters.
constexpr int kMostGitThreads = 8;

struct Pools
{
    async::JobPool computing;
    async::JobPool git; ///< waits for servers
};

/// The engine's parts; made in the engine thread.
control::EngineParts partsOf(const QString &kubeconfig, const QString &settingsFile, const kube::ExecConsent &mayExec,
                             const git::CredentialConsent &mayAskGit, Pools *pools)
{
    control::EngineParts parts;
    QThreadPool *const pool = &pools->computing;
    const auto clock = std::make_shared<const ports::SystemClock>();
    parts.clock = clock;
    parts.credentialWaits = std::make_shared<control::CredentialWaits>();
    parts.connections = compose::kubeConnections(
        kubeconfig.toStdString(), {}, mayExec, pool, clock,
        [settingsFile](const std::string &context, const std::string &server) {
            // Read in the engine thread, from a store of its own.
            const ui::Settings settings(settingsFile);
            std::vector<std::string> names;
            for (const QString &ns :
                 settings.namespaces(QString::fromStdString(context), QString::fromStdString(server)))
                names.push_back(ns.toStdString());
            return names;
        },
        {},
        [waits = parts.credentialWaits](const kube::ExecWait &wait) {
            waits->tell({.context = wait.context, .command = wait.command, .isOver = wait.isOver});
        });
    parts.repositories = compose::gitRepositories(compose::cacheFolder(), mayAskGit, &pools->git, clock);
    parts.artifacts =
        compose::artifacts({.mayRunHelper = {}, .pool = pool, .clock = clock, .isPlainHttp = false, .progress = {}});
    parts.fetchesForComparisons = qEnvironmentVariableIntValue("TIPHYS_FETCH") == 1;
    parts.world = store::machineWorld();
    parts.openReader = compose::openReader;
    parts.forEach = compose::parallelForEach();
    parts.jq = compose::jqEngine();
    parts.lua = compose::luaEngine();
    parts.jsonnet = compose::jsonnetEngine();
    // Those that were allowed before: nobody is asked here.
    parts.plugins =
        compose::localPlugins({.files = {}, .workspace = {}, .userFolder = store::userConfigFolder(), .allowed = {}});
    const compose::ChangeableTools tools = compose::changeableTools();
    if (const std::string problem = tools.choice->problem(); !problem.empty())
        std::fprintf(stderr, "tiphys: %s\n", problem.c_str());
    parts.tools = tools.tools;
    parts.toolChoice = tools.choice;
    Expected<compose::ContextChoices> contexts = compose::chosenContexts();
    if (!contexts)
        std::fprintf(stderr, "tiphys: %s\n", contexts.error().text().c_str());
    else
        parts.chosenContexts = std::move(*contexts);
    parts.keepChoice = compose::chooseContext;
    parts.identity = compose::engineIdentity();
    parts.shelf = compose::keptTexts(compose::cacheFolder() + "/last-seen");
    return parts;
}

} // namespace

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--version" || argument == "--help" || argument == "-h") {
            std::puts(argument == "--version" ? TIPHYS_VERSION : kUsage);
            return 0;
        }
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Tiphys"));
    QApplication::setOrganizationName(QStringLiteral("Tiphys"));
    QApplication::setApplicationVersion(QStringLiteral(TIPHYS_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("tiphys"));
    Expected<Arguments> arguments = parsed(QApplication::arguments().mid(1));
    if (!arguments)
        return usageError(arguments.error().text());

    std::unique_ptr<demo::DemoCluster> demo;
    QString kubeconfig = arguments->kubeconfig;
    if (arguments->isDemo) {
        Expected<std::unique_ptr<demo::DemoCluster>> started = demo::DemoCluster::start();
        if (!started) {
            QTextStream(stderr) << "tiphys: " << QString::fromStdString(started.error().text()) << Qt::endl;
            return 1;
        }
        demo = std::move(*started);
        kubeconfig = demo->kubeconfigPath();
    }

    Pools pools;
    pools.git.setMaxThreadCount(kMostGitThreads);
    gui::ExecConsent execConsent;
    gui::GitConsent gitConsent;
    const auto makeParts = [&kubeconfig, settingsFile = arguments->desktop.settingsFile,
                            mayExec = execConsent.engineSide(), mayAskGit = gitConsent.engineSide(&pools.git),
                            &pools] { return partsOf(kubeconfig, settingsFile, mayExec, mayAskGit, &pools); };
    int code = 0;
    {
        control::DesktopService service(makeParts);
        // Files that the person chose earlier, unless this start names others.
        if (kubeconfig.isEmpty()) {
            std::vector<std::string> files;
            for (const QString &file : ui::Settings(arguments->desktop.settingsFile).kubeconfigFiles())
                files.push_back(file.toStdString());
            if (!files.empty())
                service.useKubeconfig(files);
        }
        waitForContexts(service);
        const DemoStage stage(service);
        arguments->desktop.isDemo = demo != nullptr;
        if (demo) {
            stage.enter();
        } else {
            arguments->desktop.startDemo = [&demo, &service, &stage] {
                Expected<std::unique_ptr<demo::DemoCluster>> started = demo::DemoCluster::start();
                if (!started)
                    return;
                demo = std::move(*started);
                service::whenDone(service.useKubeconfig({demo->kubeconfigPath().toStdString()}), &service,
                                  [&stage](const Expected<service::Done> &) { stage.enter(); });
            };
        }
        code = ui::runDesktop(application, service, arguments->desktop);
        gitConsent.close();
    }
    pools.git.waitForDone();
    pools.computing.waitForDone();
    return code;
}
