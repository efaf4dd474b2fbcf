// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "control/application_access.h"
#include "crd/definitions.h"
#include "crd/names.h"
#include "policy/registry.h"
#include "render/directory.h"
#include "store/folder_tree.h"

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::Value;

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
    const crd::SpecEdit &edit = invocation.source.spec;
    Value source = Value::map({{"repoURL", flags.repository}, {"path", flags.path}});
    if (!flags.revision.empty())
        source = source.with("targetRevision", flags.revision);
    if (flags.recurses)
        source = source.with("directory", Value::map({{"recurse", true}}));
    Value destination = Value::map({});
    if (edit.destinationName.value_or("").empty() && edit.destinationServer.value_or("").empty())
        destination = destination.with("server", policy::kInClusterServer);
    Value bare = Value::map({{"project", crd::kDefaultProject}, {"destination", destination}});
    if (!edit.hasHydrator())
        bare = bare.with("source", source);
    const Expected<Value> spec = crd::edited(bare, edit);
    if (!spec)
        return std::unexpected(spec.error());
    const std::string ns = invocation.connection.ns.empty() ? controlPlane : invocation.connection.ns;
    return std::vector{Object(Value::map({{"apiVersion", crd::kApiVersion},
                                          {"kind", crd::kApplicationKind},
                                          {"metadata", Value::map({{"name", flags.name}, {"namespace", ns}})},
                                          {"spec", *spec}}))};
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
    std::vector<Value> created;
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
        created.push_back(Value::map({{"application", object.name()}, {"namespace", object.ns()}, {"state", "created"}}));
        if (invocation.output == Output::Text)
            print("application " + std::string(object.ns()) + "/" + std::string(object.name()) + " created\n");
    }
    if (invocation.output != Output::Text)
        printValue(created.size() == 1 ? created.front() : Value::list(created), invocation.output);
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
