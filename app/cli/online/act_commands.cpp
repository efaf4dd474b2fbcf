// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/operation_progress.h"
#include "cli/online/tables.h"
#include "compose/machine.h"
#include "control/app_views.h"
#include "control/application_access.h"
#include "control/local_engine.h"
#include "control/requests.h"
#include "crd/definitions.h"
#include "crd/names.h"
#include "object/json.h"
#include "render/directory.h"
#include "store/folder_tree.h"

#include <cstdio>

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::Value;

namespace {

bool isTerminal()
{
#if defined(_WIN32)
    return false;
#else
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
#endif
}

/// Asks on the terminal; without one only --yes will do.
Expected<void> confirmed(const Invocation &invocation, const std::string &question)
{
    if (invocation.app.isConfirmed)
        return {};
    if (!isTerminal())
        return failure(ErrorCode::InvalidInput, question + " needs --yes where no terminal can be asked");
    std::fputs((question + "? [y/N] ").c_str(), stderr);
    const int answer = std::getchar();
    if (answer == 'y' || answer == 'Y')
        return {};
    return failure(ErrorCode::Cancelled, "nothing was done");
}

/// Runs the local engine for one application while \p work is waited for.
class LocalWork
{
public:
    LocalWork(OnlineSession &session, const NamedApp &named, ContextSession *destination)
        : m_session(session), m_named(named),
          m_engine(*named.session, [destination](const crd::Destination &) { return destination; }, session.parts(),
                   compose::engineIdentity(), {named.id.name})
    {
    }

    Async<void> start(CancelToken cancel)
    {
        const Expected<void> started = co_await m_engine.start(cancel);
        if (!started)
            co_return std::unexpected(started.error());
        m_session.setOnChange([this](const service::AppId *changed) {
            if (changed)
                m_engine.applicationChanged(*changed);
            else
                m_engine.applicationsChanged();
        });
        co_return {};
    }

    Async<void> close()
    {
        m_session.setOnChange({});
        const Expected<void> closed = co_await m_engine.close();
        co_return closed;
    }

private:
    OnlineSession &m_session;
    NamedApp m_named;
    control::LocalEngine m_engine;
};

/// Asked before anything is written: where the local engine is refused, nobody else is to do the work instead.
Expected<void> localWorkAllowed(const NamedApp &named, const Invocation &invocation)
{
    const control::ReconcilerChoice choice = named.session->reconciler();
    if (!invocation.app.localEngine || choice.mayRunLocal)
        return {};
    return failure(ErrorCode::Denied, "the local engine must not run here: " + choice.reason);
}

/// Waits for the end of an operation, with or without the local engine doing it.
Async<int> awaitOperation(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    std::unique_ptr<LocalWork> local;
    if (invocation.app.localEngine) {
        const Expected<ContextSession *> destination =
            co_await session.destinationOf(named.app.spec.destination, named.session, cancel);
        if (!destination)
            co_return std::unexpected(destination.error());
        local = std::make_unique<LocalWork>(session, named, *destination);
        const Expected<void> started = co_await local->start(cancel);
        if (!started)
            co_return std::unexpected(started.error());
    }
    const Expected<crd::OperationState> state = co_await finishedOperation(
        {.session = named.session, .app = named.id, .timeoutSeconds = invocation.app.timeoutSeconds,
         .isQuiet = invocation.isQuiet},
        cancel);
    if (local && state)
        ignoreError(co_await comparedSince({.session = named.session, .app = named.id, .isQuiet = true},
                                           state->finishedAt, cancel),
                    "the operation's outcome is what counts");
    if (local)
        ignoreError(co_await local->close(), "the operation's outcome is what counts");
    if (!state)
        co_return std::unexpected(state.error());
    if (invocation.output == Output::Json) {
        print(object::toJson(crd::toValue(*state), {.style = object::JsonStyle::Indented}) + "\n");
    } else {
        std::vector<std::vector<std::string>> rows{{"PHASE", "GROUP", "KIND", "NAMESPACE", "NAME", "STATUS", "HOOK", "MESSAGE"}};
        if (state->syncResult) {
            for (const crd::ResourceResult &result : state->syncResult->resources)
                rows.push_back({result.syncPhase, result.group, result.kind, result.ns, result.name,
                                std::string(crd::text(result.status)),
                                result.hookType.empty() ? "" : std::string(crd::text(result.hookPhase)),
                                result.message});
        }
        if (rows.size() > 1)
            print(tableText(rows));
        print(std::string(crd::text(state->phase)) + ": " + state->message + "\n");
    }
    const bool isPartial = state->operation.sync && !state->operation.sync->resources.empty();
    if (isPartial && state->syncResult && state->syncResult->resources.empty()) {
        std::string names;
        for (const crd::SyncResource &resource : state->operation.sync->resources)
            names += (names.empty() ? "" : ", ") + resource.kind + " " + resource.name;
        co_return failure(ErrorCode::NotFound, "application '" + named.id.name + "' has no " + names);
    }
    co_return state->phase == crd::OperationPhase::Succeeded ? 0 : 1;
}

} // namespace

Async<int> runAppSync(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const AppFlags &flags = invocation.app;
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = localWorkAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<std::vector<object::ObjectKey>> selected = resourceKeys(flags.resources);
    if (!selected)
        co_return std::unexpected(selected.error());
    const control::ReconcilerChoice choice = named->session->reconciler();
    if (!flags.localEngine && choice.reconciler == service::Reconciler::Nobody)
        co_return failure(ErrorCode::Denied, "nobody would do it: " + choice.reason
                                                 + "; --local-engine lets this program do it");
    // An operation that was cut off goes on: asking for another one would be refused anyway.
    const bool isResumed = flags.localEngine && named->app.operation.has_value();
    if (isResumed) {
        std::fputs("an operation is in progress; going on with it\n", stderr);
    } else {
        service::SyncRequest request;
        request.app = named->id;
        request.revision = flags.revision;
        request.prunes = flags.prunes;
        request.isDryRun = flags.isDryRun;
        request.forces = flags.forces;
        request.replaces = flags.replaces;
        request.selected = *selected;
        request.syncOptions = flags.syncOptions;
        if (flags.serverSide)
            request.syncOptions.emplace_back("ServerSideApply=true");
        const Expected<service::Done> asked =
            co_await control::resolveAndSync(*named->session, session.repositories(), request, cancel);
        if (!asked)
            co_return std::unexpected(asked.error());
    }
    if (!flags.waits && !flags.localEngine) {
        print("sync of " + named->id.name + " was asked for\n");
        co_return 0;
    }
    const Expected<int> code = co_await awaitOperation(session, *named, invocation, cancel);
    co_return code;
}

Async<int> runAppRollback(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = localWorkAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    std::int64_t id = invocation.app.historyId;
    if (id < 0) {
        const auto &history = named->app.status.history;
        if (history.size() < 2)
            co_return failure(ErrorCode::NotFound, "the history of '" + named->id.name + "' has no earlier entry");
        id = history[history.size() - 2].id;
    }
    const Expected<service::Done> asked =
        co_await control::requestRollback(*named->session, named->id, id, invocation.app.prunes, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (!invocation.app.waits && !invocation.app.localEngine) {
        print("rollback of " + named->id.name + " to " + std::to_string(id) + " was asked for\n");
        co_return 0;
    }
    const Expected<int> code = co_await awaitOperation(session, *named, invocation, cancel);
    co_return code;
}

Async<int> runAppWait(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const AppFlags &flags = invocation.app;
    const bool isAll = !flags.needsSync && !flags.needsHealth && !flags.needsOperation;
    const Expected<void> reached = co_await applicationState({.session = named->session,
                                                              .app = named->id,
                                                              .needsSync = isAll || flags.needsSync,
                                                              .needsHealth = isAll || flags.needsHealth,
                                                              .needsNoOperation = isAll || flags.needsOperation,
                                                              .timeoutSeconds = flags.timeoutSeconds,
                                                              .isQuiet = invocation.isQuiet},
                                                             cancel);
    if (!reached)
        co_return std::unexpected(reached.error());
    co_return 0;
}

Async<int> runAppRefresh(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = localWorkAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<service::Done> asked =
        co_await control::requestRefresh(*named->session, named->id, invocation.app.isHard, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (!invocation.app.localEngine) {
        print("refresh of " + named->id.name + " was asked for\n");
        co_return 0;
    }
    const Expected<ContextSession *> destination =
        co_await session.destinationOf(named->app.spec.destination, named->session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    LocalWork local(session, *named, *destination);
    const Expected<void> started = co_await local.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    const Expected<void> refreshed = co_await refreshedApplication(
        {.session = named->session, .app = named->id, .timeoutSeconds = invocation.app.timeoutSeconds,
         .isQuiet = invocation.isQuiet},
        cancel);
    ignoreError(co_await local.close(), "the refresh is what counts");
    if (!refreshed)
        co_return std::unexpected(refreshed.error());
    print(named->id.name + " was refreshed\n");
    co_return 0;
}

Async<int> runAppTerminate(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<service::Done> asked =
        co_await control::requestTerminate(*named->session, named->id, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    print("the operation of " + named->id.name + " is terminating\n");
    co_return 0;
}

Async<int> runAppDelete(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = localWorkAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const std::string cascade = invocation.app.cascade == "none" ? "" : invocation.app.cascade;
    const std::size_t resources = named->app.status.resources.size();
    const Expected<void> agreed =
        confirmed(invocation, "Delete application " + named->id.ns + "/" + named->id.name
                                  + (cascade.empty() ? " (its resources stay)"
                                                     : " and its " + std::to_string(resources) + " resources"));
    if (!agreed)
        co_return std::unexpected(agreed.error());
    const control::ReconcilerChoice choice = named->session->reconciler();
    if (!cascade.empty() && !invocation.app.localEngine && choice.reconciler == service::Reconciler::Nobody)
        co_return failure(ErrorCode::Denied, "nobody would delete the resources: " + choice.reason
                                                 + "; --local-engine lets this program do it, --cascade none leaves them");
    const Expected<service::Done> asked =
        co_await control::requestDelete(*named->session, named->id, cascade, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (cascade.empty() || !invocation.app.localEngine) {
        print("deletion of " + named->id.name + " was asked for\n");
        co_return 0;
    }
    const Expected<ContextSession *> destination =
        co_await session.destinationOf(named->app.spec.destination, named->session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    LocalWork local(session, *named, *destination);
    const Expected<void> started = co_await local.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    const Expected<void> gone = co_await applicationGone(
        {.session = named->session, .app = named->id, .timeoutSeconds = invocation.app.timeoutSeconds,
         .isQuiet = invocation.isQuiet},
        cancel);
    ignoreError(co_await local.close(), "the deletion is what counts");
    if (!gone)
        co_return std::unexpected(gone.error());
    print(named->id.name + " was deleted\n");
    co_return 0;
}

namespace {

Expected<std::vector<Object>> manifestsToCreate(const Invocation &invocation, const std::string &controlPlane)
{
    const AppFlags &flags = invocation.app;
    if (!flags.file.empty()) {
        const Expected<std::string> text = store::fileContent(flags.file);
        if (!text)
            return std::unexpected(text.error());
        return render::manifestsIn(*text, flags.file);
    }
    if (flags.name.empty() || flags.repository.empty())
        return failure(ErrorCode::InvalidInput, "app create needs NAME and --repo, or -f FILE");
    Value source = Value::map({{"repoURL", flags.repository}, {"path", flags.path}});
    if (!flags.revision.empty())
        source = source.with("targetRevision", flags.revision);
    if (flags.recurses)
        source = source.with("directory", Value::map({{"recurse", true}}));
    Value destination = Value::map({{"namespace", flags.destinationNamespace}});
    if (!flags.destinationName.empty())
        destination = destination.with("name", flags.destinationName);
    else
        destination = destination.with("server", flags.destinationServer.empty() ? "https://kubernetes.default.svc"
                                                                                 : flags.destinationServer);
    Value policy = Value::map({});
    if (flags.syncPolicy.starts_with("auto"))
        policy = policy.with("automated", Value::map({{"prune", flags.autoPrunes}, {"selfHeal", flags.selfHeals}}));
    if (!flags.syncOptions.empty())
        policy = policy.with("syncOptions",
                             Value::list(std::vector<Value>(flags.syncOptions.begin(), flags.syncOptions.end())));
    Value spec = Value::map({{"project", flags.project}, {"source", source}, {"destination", destination}});
    if (!policy.isEmpty())
        spec = spec.with("syncPolicy", policy);
    const std::string ns = invocation.connection.ns.empty() ? controlPlane : invocation.connection.ns;
    return std::vector{Object(Value::map({{"apiVersion", crd::kApiVersion},
                                          {"kind", crd::kApplicationKind},
                                          {"metadata", Value::map({{"name", flags.name}, {"namespace", ns}})},
                                          {"spec", spec}}))};
}

} // namespace

Async<int> runAppCreate(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ContextSession *> opened = co_await session.open({}, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    const Expected<std::vector<Object>> objects =
        manifestsToCreate(invocation, (*opened)->controlPlaneNamespace());
    if (!objects)
        co_return std::unexpected(objects.error());
    if (objects->empty())
        co_return failure(ErrorCode::InvalidInput, "no Application in '" + invocation.app.file + "'");
    for (Object object : *objects) {
        if (!crd::isApplication(object))
            co_return failure(ErrorCode::InvalidInput, object.key().text() + " is not an Application");
        if (object.ns().empty())
            object = object.withNamespace((*opened)->controlPlaneNamespace());
        const Expected<crd::Application> checked = crd::applicationOf(object);
        if (!checked)
            co_return std::unexpected(checked.error().in("application '" + std::string(object.name()) + "'"));
        const Expected<ports::Written> written =
            co_await (*opened)->cluster()->create(control::applicationType(), object, {}, cancel);
        if (!written)
            co_return std::unexpected(written.error());
        print("application " + std::string(object.ns()) + "/" + std::string(object.name()) + " created\n");
    }
    co_return 0;
}

Async<int> runInstallCrds(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ContextSession *> opened = co_await session.open({.ns = "default", .name = "-"}, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    const ports::ResourceType crds{"apiextensions.k8s.io", "v1", "customresourcedefinitions",
                                   "CustomResourceDefinition", false};
    ports::WriteOptions options;
    options.dryRun = invocation.app.isDryRun ? ports::DryRun::All : ports::DryRun::No;
    for (const Object &definition : crd::customResourceDefinitions()) {
        const std::string name(definition.name());
        const Expected<Object> current = co_await (*opened)->cluster()->get({crds, "", name}, {}, cancel);
        if (current) {
            // What Argo CD installed is richer and stays.
            print(name + " is there already\n");
            continue;
        }
        if (current.error().code() != ErrorCode::NotFound)
            co_return std::unexpected(current.error());
        const Expected<ports::Written> written =
            co_await (*opened)->cluster()->create(crds, definition, options, cancel);
        if (!written)
            co_return std::unexpected(written.error());
        print(name + " created" + (invocation.app.isDryRun ? " (dry run)" : "") + "\n");
    }
    co_return 0;
}

Async<int> runEngine(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ContextSession *> opened =
        co_await session.open({.ns = invocation.connection.ns, .name = {}}, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    ContextSession *home = *opened;
    const std::set<std::string> only(invocation.engine.applications.begin(), invocation.engine.applications.end());
    // Destinations are looked up before the engine needs them: it asks without waiting.
    std::map<std::string, ContextSession *> destinations;
    for (const auto &[id, known] : home->apps()) {
        if (!known.app)
            continue;
        const crd::Destination destination = known.app->spec.destination;
        const Expected<ContextSession *> found = co_await session.destinationOf(destination, home, cancel);
        destinations[destination.server + "\n" + destination.name] = found ? *found : nullptr;
    }
    control::LocalEngine engine(
        *home,
        [&destinations, home](const crd::Destination &destination) {
            const auto found = destinations.find(destination.server + "\n" + destination.name);
            if (found != destinations.end())
                return found->second;
            return control::isInCluster(destination) ? home : nullptr;
        },
        session.parts(), compose::engineIdentity(), only);
    const Expected<void> started = co_await engine.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    std::fputs(("engine of " + compose::engineIdentity() + " at work in context " + home->state().context + ", namespace "
                + home->controlPlaneNamespace() + "\n")
                   .c_str(),
               stderr);
    session.setOnChange([&engine](const service::AppId *changed) {
        if (changed)
            engine.applicationChanged(*changed);
        else
            engine.applicationsChanged();
    });
    if (invocation.engine.runsOnce) {
        const Expected<void> passed = co_await engine.firstPass(cancel);
        session.setOnChange({});
        ignoreError(co_await engine.close(), "the pass is done");
        if (!passed)
            co_return std::unexpected(passed.error());
        co_return 0;
    }
    async::Completion<void> stopped;
    const async::CancelRegistration registration = cancel.onCancel([stopped] { stopped.set({}); });
    const Expected<void> waited = co_await stopped;
    ignoreError(waited, "stopping is what was waited for");
    session.setOnChange({});
    ignoreError(co_await engine.close(), "the Lease is given up, or expires");
    std::fputs("engine stopped\n", stderr);
    co_return 0;
}

} // namespace tiphys::cli
