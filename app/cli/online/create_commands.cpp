// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/created_app.h"
#include "cli/named_file.h"
#include "cli/online/commands.h"
#include "cli/online/spec_validation.h"
#include "control/application_access.h"
#include "control/source_change.h"
#include "crd/application_patch.h"
#include "crd/definitions.h"
#include "crd/names.h"
#include "policy/registry.h"
#include "render/directory.h"

#include <cstdio>

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::Value;

namespace {

/// The application that flags alone make: in the default project and on the cluster itself where they do not say so.
Object bareApplication(const Invocation &invocation)
{
    const crd::SpecEdit &edit = invocation.source.spec;
    Value destination = Value::map({});
    if (edit.destinationName.value_or("").empty() && edit.destinationServer.value_or("").empty())
        destination = destination.with("server", policy::kInClusterServer);
    const std::string &name = invocation.app.name;
    const std::size_t slash = name.find('/');
    Value metadata = Value::map({{"name", slash == std::string::npos ? name : name.substr(slash + 1)}});
    if (slash != std::string::npos)
        metadata = metadata.with("namespace", name.substr(0, slash));
    return Object(
        Value::map({{"apiVersion", crd::kApiVersion},
                    {"kind", crd::kApplicationKind},
                    {"metadata", metadata},
                    {"spec", Value::map({{"project", crd::kDefaultProject}, {"destination", destination}})}}));
}

/// What stands in the file, or the one that flags make. Errors: InvalidInput.
Expected<std::vector<Object>> describedApplications(const Invocation &invocation)
{
    const AppFlags &flags = invocation.app;
    if (flags.file.empty())
        return std::vector{bareApplication(invocation)};
    const Expected<std::string> text = namedFile(flags.file, "Applications", "-f");
    if (!text)
        return std::unexpected(text.error());
    const Expected<std::vector<Object>> objects = render::manifestsIn(*text, flags.file);
    if (!objects)
        return objects;
    if (objects->empty())
        return std::unexpected(noneIn("Application", flags.file, *text));
    for (const Object &object : *objects) {
        if (!crd::isApplication(object))
            return failure(
                ErrorCode::InvalidInput,
                (object.name().empty() ? "an object of kind '" + std::string(object.kind()) + "'" : object.key().text())
                    + " in '" + flags.file + "' is not an Application");
        if (!flags.name.empty() && flags.name != object.name())
            return failure(ErrorCode::InvalidInput, "app name '" + flags.name
                                                        + "' does not match app spec metadata.name '"
                                                        + std::string(object.name()) + "'");
    }
    return objects;
}

/// All that are to be created, whole. Errors: InvalidInput.
Expected<std::vector<Object>> manifestsToCreate(const Invocation &invocation, const std::string &controlPlane)
{
    const std::string &ns = invocation.connection.ns.empty() ? controlPlane : invocation.connection.ns;
    Expected<std::vector<Object>> objects = describedApplications(invocation);
    const Expected<crd::SourceEdit> source = sourceEditOf(invocation.source);
    if (!objects || !source)
        return std::unexpected(objects ? source.error() : objects.error());
    const AppFlags &flags = invocation.app;
    const CreateFlags said{*source, invocation.source.spec, flags.labels, flags.annotations, flags.setsFinalizer};
    for (Object &object : *objects) {
        const Expected<void> checked = checkSourceFlags(object, said);
        const Expected<Object> whole =
            checked ? withCreateFlags(object.ns().empty() ? object.withNamespace(ns) : object, said)
                    : std::unexpected(checked.error());
        if (!whole)
            return std::unexpected(whole.error().in("application '" + std::string(object.name()) + "'"));
        object = *whole;
    }
    return objects;
}

/// Changes the application that is there already where it says something else. Gives "unchanged" or "updated".
/// Errors: Conflict where that is not wanted, or it changes meanwhile.
Async<std::string> changed(ContextSession *home, Object wanted, bool isWanted, CancelToken cancel)
{
    const service::AppId id{home->state().context, std::string(wanted.ns()), std::string(wanted.name())};
    const Expected<crd::Application> existing = co_await control::readApplication(home->cluster(), id, cancel);
    if (!existing)
        co_return std::unexpected(existing.error());
    const Expected<Value> after = upserted(*existing, wanted);
    if (!after)
        co_return std::unexpected(after.error());
    const Value patch = crd::applicationPatch(existing->object.value(), *after);
    if (patch.size() == 0)
        co_return "unchanged";
    if (!isWanted)
        co_return failure(ErrorCode::Conflict,
                          "application '" + id.name + "' already exists and says something else: --upsert changes it");
    const Expected<control::SourceChange> change =
        co_await control::plannedSpecChange(home->cluster(), *existing, patch, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    for (const std::string &warning : change->warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    const Expected<crd::Application> stored =
        co_await control::writeSourceChange(home->cluster(), *change, ports::DryRun::No, cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    co_return "updated";
}

/// Creates \p wanted. Gives what became of it: "created", "unchanged" or "updated".
Async<std::string> created(ContextSession *home, Object wanted, bool upserts, CancelToken cancel)
{
    const Expected<ports::Written> written =
        co_await home->cluster()->create(control::applicationType(), wanted, {}, cancel);
    if (written)
        co_return "created";
    if (written.error().reason() != "AlreadyExists")
        co_return std::unexpected(written.error());
    const Expected<std::string> state = co_await changed(home, wanted, upserts, cancel);
    co_return state;
}

} // namespace

Async<int> runAppCreate(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ContextSession *> opened = co_await session.open({}, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    const Expected<std::vector<Object>> objects = manifestsToCreate(invocation, (*opened)->controlPlaneNamespace());
    if (!objects)
        co_return std::unexpected(objects.error());
    // All of them before one is written.
    for (const Object &object : *objects) {
        const Expected<crd::Application> app = crd::applicationOf(object);
        if (!app)
            co_return std::unexpected(app.error());
        const Expected<void> checked = co_await validated(session, *opened, *app, invocation, cancel);
        if (!checked)
            co_return std::unexpected(checked.error());
    }
    std::vector<Value> told;
    for (const Object &object : *objects) {
        const Expected<std::string> state = co_await created(*opened, object, invocation.app.upserts, cancel);
        if (!state)
            co_return std::unexpected(state.error());
        told.push_back(Value::map({{"application", object.name()}, {"namespace", object.ns()}, {"state", *state}}));
        if (invocation.output == Output::Text)
            print("application " + std::string(object.ns()) + "/" + std::string(object.name()) + " " + *state + "\n");
    }
    if (invocation.output != Output::Text)
        printValue(told.size() == 1 ? told.front() : Value::list(told), invocation.output);
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

} // namespace tiphys::cli
