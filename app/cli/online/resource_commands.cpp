// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/shown_app.h"
#include "cli/online/tables.h"
#include "cli/resource_choice.h"
#include "cli/shown_fields.h"
#include "compare/secret_mask.h"
#include "object/json.h"
#include "object/yaml.h"

#include <cstdio>
#include <set>
#include <utility>

/// Live objects of an application: shown, patched and deleted by the rights that the user has in the cluster.
/// Source: argo-cd cmd/argocd/commands/app_resources.go, server/application/application.go (GetResource, PatchResource,
/// DeleteResource)@v3.5.1
namespace tiphys::cli {

using object::Object;
using object::Value;

namespace {

/// An application compared with the cluster that its objects are on.
struct Place
{
    NamedApp named;
    ports::ClusterPtr cluster;
    control::EvaluationPtr evaluation;
};

/// Errors: NotFound also where the application is in another project than the one that is named.
Async<Place> placeOf(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const std::string &project = invocation.resource.project;
    if (!project.empty() && named->app.spec.effectiveProject() != project)
        co_return failure(ErrorCode::NotFound, "applications.argoproj.io \"" + named->id.name
                                                   + "\" not found in project " + tiphys::quoted(project));
    const Expected<control::ContextSession *> destination =
        co_await session.destinationOf(named->app.spec.destination, named->session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    if (!*destination)
        co_return failure(ErrorCode::NotFound, "no context for the destination cluster");
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateReadable(session, *named, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if ((*evaluation)->liveError)
        co_return failure(ErrorCode::Unavailable, *(*evaluation)->liveError);
    co_return Place{*named, (*destination)->cluster(), *evaluation};
}

/// Where the server has an object of \p gvk, version "" being the preferred one.
Async<ports::ObjectRef> refOf(ports::ClusterPtr cluster, object::Gvk gvk, object::ObjectKey key, CancelToken cancel)
{
    const Expected<ports::DiscoveryPtr> discovery = co_await cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Expected<ports::ResourceType> type =
        gvk.version.empty() ? (*discovery)->typeOf(gvk.groupKind()) : (*discovery)->typeOf(gvk);
    if (!type)
        co_return std::unexpected(type.error());
    co_return ports::ObjectRef{*type, type->isNamespaced ? key.ns : std::string(), key.name};
}

/// The object of \p node as it is now. Errors: NotFound also where it is not in the cluster.
Async<Object> liveObject(Place place, service::TreeNode node, CancelToken cancel)
{
    const object::ObjectKey key = node.key;
    if (!node.isLive)
        co_return failure(ErrorCode::NotFound, key.kind + " " + key.group + " " + key.name
                                                   + " not found as part of application " + place.named.id.name);
    const Expected<ports::ObjectRef> ref =
        co_await refOf(place.cluster, {key.group, node.version, key.kind}, key, cancel);
    if (!ref)
        co_return std::unexpected(ref.error());
    const Expected<Object> live = co_await place.cluster->get(*ref, {}, cancel);
    if (!live)
        co_return std::unexpected(live.error().in("error getting resource"));
    co_return live;
}

/// What of \p live is shown: Secrets masked, and of the rest what the flags ask for.
Value shownValue(const Object &live, const NamedApp &named, const ResourceFlags &flags)
{
    const std::vector<std::string> &masked = named.session->settings().maskedAnnotations;
    const Object object = compare::isSecret(live) ? compare::maskedSecrets({}, live, masked).live : live;
    const Value value = flags.showsManagedFields ? object.value() : shownObject(object);
    return flags.fields.empty() ? value : fieldsOf(value, flags.fields);
}

/// One line a value, with the object's name where the command line names none.
std::string valueTable(const std::vector<Value> &values, const Invocation &invocation)
{
    const bool namesObjects = invocation.appAction.name.empty();
    std::vector<std::vector<std::string>> rows{namesObjects
                                                   ? std::vector<std::string>{"FIELD", "RESOURCE NAME", "VALUE"}
                                                   : std::vector<std::string>{"FIELD", "VALUE"}};
    for (const Value &value : values) {
        const std::string name(value.path({"metadata", "name"}).stringOr());
        const Value shown = invocation.resource.fields.empty() ? value : value.withoutPath({"metadata", "name"});
        const std::vector<std::vector<std::string>> more =
            fieldRows(shown, namesObjects ? std::optional(name) : std::nullopt);
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return tableText(rows);
}

void printResources(const std::vector<Value> &values, const Invocation &invocation)
{
    if (invocation.output == Output::Text)
        return print(valueTable(values, invocation));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0)
            print("---\n");
        print(invocation.output == Output::Yaml
                  ? object::toYaml(values[i])
                  : object::toJson(values[i], {.style = object::JsonStyle::Indented}) + "\n");
    }
}

/// What of the live objects that the application manages the flags choose. Errors: as chosenPlaces; those of what may not be read.
Expected<std::vector<Object>> chosenObjects(const Place &place, const AppActionFlags &flags)
{
    std::vector<object::ObjectKey> keys;
    std::vector<Object> objects;
    std::set<object::ObjectKey> seen;
    for (const compare::ComparedResource &resource : place.evaluation->comparison.resources) {
        if (resource.status.hook)
            continue;
        if (const auto unread = place.evaluation->unread.find(resource.status.key());
            unread != place.evaluation->unread.end() && isChosen(unread->first, flags))
            return std::unexpected(unread->second);
        if (resource.live.isNull() || !seen.insert(resource.live.key()).second)
            continue;
        keys.push_back(resource.live.key());
        objects.push_back(resource.live);
    }
    const Expected<std::vector<std::size_t>> places = chosenPlaces(keys, flags);
    if (!places)
        return std::unexpected(places.error());
    std::vector<Object> chosen;
    for (const std::size_t i : *places)
        chosen.push_back(objects[i]);
    return chosen;
}

ports::PatchType patchTypeOf(const std::string &type)
{
    if (type == "application/json-patch+json")
        return ports::PatchType::Json;
    return type == "application/strategic-merge-patch+json" ? ports::PatchType::StrategicMerge
                                                            : ports::PatchType::Merge;
}

/// Why \p live was not patched. What the server says of the content of a Secret may tell what is in it.
Error patchError(const Object &live, const Error &error)
{
    const bool isOfRights = error.code() == ErrorCode::Denied || error.code() == ErrorCode::Unauthorized
                            || error.code() == ErrorCode::NotFound;
    const bool isOfContent =
        error.code() == ErrorCode::InvalidInput || error.code() == ErrorCode::Conflict || !error.reason().empty();
    if (compare::isSecret(live) && isOfContent && !isOfRights)
        return {error.code(), "failed to patch Secret " + live.key().ns + "/" + live.key().name};
    return error.in("error patching resource");
}

Async<void> patched(Place place, Object live, ResourceFlags flags, CancelToken cancel)
{
    const Expected<Value> body = object::parseJson(flags.patch);
    if (!body)
        co_return std::unexpected(body.error());
    const Expected<ports::ObjectRef> ref = co_await refOf(place.cluster, live.gvk(), live.key(), cancel);
    if (!ref)
        co_return std::unexpected(ref.error());
    const Expected<ports::Written> written =
        co_await place.cluster->patch(*ref, {patchTypeOf(flags.patchType), *body}, {}, cancel);
    if (!written)
        co_return std::unexpected(patchError(live, written.error()));
    for (const std::string &warning : written->warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    print("Resource '" + std::string(live.name()) + "' patched\n");
    flushOutput();
    co_return {};
}

ports::DeleteOptions deleteOptionsOf(const ResourceFlags &flags)
{
    ports::DeleteOptions options;
    if (flags.leavesDependents) {
        options.propagation = ports::Propagation::Orphan;
    } else if (flags.isForced) {
        options.propagation = ports::Propagation::Background;
        options.gracePeriodSeconds = 0;
    } else {
        options.propagation = ports::Propagation::Foreground;
    }
    return options;
}

Async<void> removed(Place place, Object live, ResourceFlags flags, CancelToken cancel)
{
    const Expected<ports::ObjectRef> ref = co_await refOf(place.cluster, live.gvk(), live.key(), cancel);
    if (!ref)
        co_return std::unexpected(ref.error());
    const Expected<void> accepted = co_await place.cluster->remove(*ref, deleteOptionsOf(flags), cancel);
    if (!accepted)
        co_return std::unexpected(accepted.error().in("error deleting resource"));
    print("Resource '" + std::string(live.name()) + "' deleted\n");
    flushOutput();
    co_return {};
}

using Act = Async<void> (*)(Place place, Object live, ResourceFlags flags, CancelToken cancel);

/// Does \p act to each object that the flags choose, one after the other, until one fails.
Async<int> actedOn(OnlineSession &session, const Invocation &invocation, Act act, CancelToken cancel)
{
    const Expected<Place> place = co_await placeOf(session, invocation, cancel);
    if (!place)
        co_return std::unexpected(place.error());
    const Expected<std::vector<Object>> objects = chosenObjects(*place, invocation.appAction);
    if (!objects)
        co_return std::unexpected(objects.error());
    for (const Object &live : *objects) {
        const Expected<void> done = co_await act(*place, live, invocation.resource, cancel);
        if (!done)
            co_return std::unexpected(objects->size() > 1 ? done.error().in(live.key().text()) : done.error());
    }
    co_return 0;
}

} // namespace

Async<int> runAppGetResource(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<Place> place = co_await placeOf(session, invocation, cancel);
    if (!place)
        co_return std::unexpected(place.error());
    std::vector<Value> values;
    std::vector<std::string> names;
    const control::TreeView tree = treeOf(place->named, *place->evaluation);
    for (const service::TreeNode &node : tree.nodes) {
        if (node.isOrphaned || !isChosen(node.key, invocation.appAction))
            continue;
        const Expected<Object> live = co_await liveObject(*place, node, cancel);
        if (!live)
            co_return std::unexpected(live.error());
        values.push_back(shownValue(*live, place->named, invocation.resource));
        names.emplace_back(live->name());
    }
    printResources(values, invocation);
    flushOutput();
    if (!invocation.isQuiet)
        std::fputs(("Resources '" + join(names, ", ") + "' fetched\n").c_str(), stderr);
    co_return 0;
}

Async<int> runAppPatchResource(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<int> code = co_await actedOn(session, invocation, patched, cancel);
    co_return code;
}

Async<int> runAppDeleteResource(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<int> code = co_await actedOn(session, invocation, removed, cancel);
    co_return code;
}

} // namespace tiphys::cli
