// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/delay.h"
#include "async/job_pool.h"
#include "async/run_on.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "compose/machine.h"
#include "control/engine_lease.h"
#include "control/rollout_engine.h"
#include "fetch/qt_http.h"
#include "process/tool.h"
#include "rollout/provider/provider.h"
#include "serve/page_server.h"
#include "store/folder_tree.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tiphys::cli {

namespace {

const ports::ResourceType kDeployments{"apps", "v1", "deployments", "Deployment", true};
const ports::ResourceType kNamespaces{"", "v1", "namespaces", "Namespace", false};
/// Files that metric providers read hold keys and tokens.
constexpr std::int64_t kMostFileBytes = 1'000'000;
constexpr std::string_view kControllerNamespace = "argo-rollouts";
constexpr const char *kJobKubeconfig = "ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG";

/// The instance id that a Rollouts controller's Deployment is started with, "" for none.
std::string instanceIdOf(const object::Object &deployment)
{
    const object::Value containers = deployment.path({"spec", "template", "spec", "containers"});
    for (const object::Value &container : containers.items()) {
        const object::Value arguments = container["args"];
        std::string_view before;
        for (const object::Value &argument : arguments.items()) {
            const std::string_view text = argument.stringOr();
            if (text.starts_with("--instance-id="))
                return std::string(text.substr(14));
            if (before == "--instance-id")
                return std::string(text);
            before = text;
        }
    }
    return {};
}

/// Refuses where a Rollouts controller is installed for the same Rollouts, those with 0 replicas too.
Async<void> checkNobodyElse(ports::ClusterPtr cluster, std::string instanceId, CancelToken cancel)
{
    ports::ListOptions options;
    options.labelSelector = "app.kubernetes.io/name=argo-rollouts";
    const Expected<ports::ObjectList> found = co_await cluster->list(kDeployments, options, cancel);
    if (!found)
        co_return std::unexpected(found.error().in("looking for a Rollouts controller"));
    for (const object::Object &deployment : found->items) {
        if (instanceIdOf(deployment) == instanceId)
            co_return failure(ErrorCode::Denied,
                              "the Rollouts controller of " + deployment.key().text() + " is there for these Rollouts");
    }
    co_return {};
}

/// Where the Lease lies: the controller's own namespace, else the context's.
Async<std::string> leaseNamespace(ports::ClusterPtr cluster, CancelToken cancel)
{
    const Expected<object::Object> own =
        co_await cluster->get({kNamespaces, "", std::string(kControllerNamespace)}, {}, cancel);
    if (own)
        co_return std::string(kControllerNamespace);
    const std::string &ns = cluster->identity().ns;
    co_return ns.empty() ? std::string("default") : ns;
}

/// What \p command prints, run by a shell as the SDKs of AWS do; what it says on the standard error is for whoever started this.
Expected<std::string> printedBy(const std::string &command)
{
    const Expected<process::ToolResult> result = process::runTool({.arguments = {"sh", "-c", command},
                                                                   .folder = {},
                                                                   .environment = {},
                                                                   .milliseconds = 60'000,
                                                                   .limitBytes = std::size_t{kMostFileBytes}});
    if (!result)
        return std::unexpected(result.error());
    std::fputs(result->errors.c_str(), stderr);
    if (result->exitCode != 0)
        return failure(ErrorCode::Unavailable, "exit status " + std::to_string(result->exitCode));
    return result->output;
}

Async<std::string> programOutput(QThreadPool *pool, std::string command)
{
    const Expected<std::string> printed = co_await async::runOn(pool, [command] { return printedBy(command); });
    co_return printed;
}

control::MeasurementSettings measurementSettings(std::string ns, QThreadPool *pool)
{
    control::MeasurementSettings settings;
    settings.http = fetch::qtHttp();
    settings.ns = std::move(ns);
    settings.readFile = [](const std::string &path) { return store::fileContent(path, kMostFileBytes); };
    settings.runProgram = [pool](std::string command) { return programOutput(pool, std::move(command)); };
    for (const std::string &name : rollout::provider::environmentNames()) {
        if (const char *value = std::getenv(name.c_str()))
            settings.environment.emplace(name, value);
    }
    return settings;
}

/// The cluster where Jobs of analyses run, if that is another one. Errors: InvalidInput, NotFound.
/// Source: argo-rollouts metricproviders/metricproviders.go (GetAnalysisJobClientset)@v1.9.1
Expected<ports::Connection> jobConnection(OnlineSession &session)
{
    const char *kubeconfig = std::getenv(kJobKubeconfig);
    if (!kubeconfig || !*kubeconfig)
        return ports::Connection();
    if (std::string_view(kubeconfig) == "in-cluster")
        return failure(ErrorCode::Unsupported, std::string(kJobKubeconfig) + " is in-cluster: name a kubeconfig file");
    const Expected<ports::Connection> connection = session.connectBy(kubeconfig);
    return connection ? connection : std::unexpected(connection.error().in(kJobKubeconfig));
}

std::string textOf(const control::RolloutTask &task)
{
    using Kind = control::RolloutTask::Kind;
    const char *kind = task.kind == Kind::Rollout           ? "rollout"
                       : task.kind == Kind::Experiment      ? "experiment"
                       : task.kind == Kind::Service         ? "service"
                       : task.kind == Kind::DestinationRule ? "destinationrule"
                                                            : "analysisrun";
    return std::string(kind) + "=" + task.ns + "/" + task.name;
}

} // namespace

Async<int> runRolloutEngine(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ports::Connection> connection = session.connect();
    if (!connection)
        co_return std::unexpected(connection.error());
    const Expected<ports::Connection> jobs = jobConnection(session);
    if (!jobs)
        co_return std::unexpected(jobs.error());
    const std::string &instanceId = invocation.engine.instanceId;
    const Expected<void> free = co_await checkNobodyElse(connection->cluster, instanceId, cancel);
    if (!free)
        co_return std::unexpected(free.error());
    const Expected<std::string> ns = co_await leaseNamespace(connection->cluster, cancel);
    if (!ns)
        co_return std::unexpected(ns.error());
    control::EngineLease lease(connection->cluster, *ns, compose::engineIdentity(), session.clock(),
                               "tiphys-rollouts" + (instanceId.empty() ? "" : "-" + instanceId));
    const Expected<void> taken = co_await lease.renew(cancel);
    if (!taken)
        co_return std::unexpected(taken.error());
    async::JobPool programs;
    control::RolloutEngineSettings settings;
    settings.options.instanceId = instanceId;
    settings.ns = invocation.connection.ns;
    settings.measurements = measurementSettings(*ns, &programs);
    settings.measurements.jobs = *jobs;
    settings.mayWrite = [&lease] { return lease.isHeld(); };
    settings.onFailure = [](const control::RolloutTask &task, const Error &error) {
        std::fputs(("failed " + textOf(task) + ": " + error.text() + "\n").c_str(), stderr);
    };
    control::RolloutEngine engine(*connection, session.clock(), settings);
    lease.whenHeldAgain([&engine] { engine.goOn(); });
    const Expected<void> started = co_await engine.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    std::fputs(("rollouts engine of " + compose::engineIdentity() + " at work on "
                + connection->cluster->identity().server + (instanceId.empty() ? "" : " for instance " + instanceId)
                + "\n")
                   .c_str(),
               stderr);
    serve::PageServer pages([&engine](std::string_view path) -> std::optional<serve::Page> {
        if (path != "/metrics")
            return std::nullopt;
        rollout::MetricsSource source = engine.metrics();
        source.version = TIPHYS_VERSION;
        return serve::Page{"text/plain; version=0.0.4; charset=utf-8", rollout::metricsText(source)};
    });
    // Another engine of this machine may have the port: that is no reason not to work.
    if (invocation.engine.metricsPort > 0) {
        if (const Expected<void> listens = pages.listen(static_cast<std::uint16_t>(invocation.engine.metricsPort));
            !listens)
            std::fputs(("no metrics page: " + listens.error().text() + "\n").c_str(), stderr);
    }
    Expected<void> held;
    while (!cancel.isCancelled()) {
        const Expected<void> waited = co_await async::delay(control::renewalPause(held), cancel);
        if (!waited)
            break;
        held = co_await lease.renew(cancel);
        // An API server that is away may come back before the Lease is over.
        if (!held && held.error().code() == ErrorCode::Conflict)
            break;
    }
    ignoreError(co_await engine.close(), "the engine stops");
    ignoreError(co_await lease.release({}), "the Lease is given up, or expires");
    if (!held && held.error().code() == ErrorCode::Conflict)
        co_return std::unexpected(held.error());
    std::fputs("rollouts engine stopped\n", stderr);
    co_return 0;
}

} // namespace tiphys::cli
