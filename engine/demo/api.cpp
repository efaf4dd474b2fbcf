// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/api.h"

#include "base/text.h"
#include "demo/discovery.h"
#include "demo/protobuf.h"
#include "demo/resource_request.h"
#include "object/json.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

Value versionInfo()
{
    return Value::map({{"major", "1"},
                       {"minor", "36"},
                       {"gitVersion", "v1.36.3"},
                       {"gitCommit", "0000000000000000000000000000000000000000"},
                       {"gitTreeState", "clean"},
                       {"buildDate", "2026-01-01T00:00:00Z"},
                       {"goVersion", "none"},
                       {"compiler", "none"},
                       {"platform", "linux/amd64"}});
}

Value userInfoOf(const Identity &identity)
{
    std::vector<Value> groups(identity.groups.begin(), identity.groups.end());
    return Value::map({{"username", identity.user}, {"groups", Value::list(groups)}});
}

Act actOf(const Value &attributes)
{
    Act act{std::string(attributes["verb"].stringOr()), std::string(attributes["group"].stringOr()),
            std::string(attributes["resource"].stringOr()), std::string(attributes["namespace"].stringOr()),
            std::string(attributes["name"].stringOr())};
    const std::string_view subresource = attributes["subresource"].stringOr();
    if (!subresource.empty())
        act.resource += "/" + std::string(subresource);
    return act;
}

Value accessStatus(const Store &store, const Identity &identity, const Value &spec)
{
    const Value attributes = spec["resourceAttributes"];
    const bool allows = attributes.isNull() ? std::ranges::contains(identity.groups, std::string_view("system:masters"))
                                            : isAllowed(store, identity, actOf(attributes));
    Value status = Value::map({{"allowed", allows}});
    return allows ? status.with("reason", "RBAC: allowed by a role of the demo cluster") : status;
}

std::optional<Response> review(const Store &store, const Identity &identity, const Target &target,
                               const Request &request)
{
    const bool isAuthorization = target.group == "authorization.k8s.io";
    if (!isAuthorization && target.group != "authentication.k8s.io")
        return std::nullopt;
    if (request.method != "POST")
        return refused(methodNotAllowed());
    if (request.header("content-type").find("json") == std::string_view::npos)
        return refused(unsupportedMediaType("the body of the request was in an unknown format - accepted media types "
                                            "include: application/json"));
    const Expected<Value> body = object::parseJson(request.body);
    if (!body)
        return refused(badRequest(body.error().text()));
    const Value spec = (*body)["spec"];
    if (target.plural == "selfsubjectreviews")
        return jsonResponse(body->with("status", Value::map({{"userInfo", userInfoOf(identity)}})), 201);
    if (target.plural == "selfsubjectaccessreviews")
        return jsonResponse(body->with("status", accessStatus(store, identity, spec)), 201);
    if (target.plural == "subjectaccessreviews" || target.plural == "localsubjectaccessreviews") {
        Identity other{std::string(spec["user"].stringOr()), {}};
        const Value groups = spec["groups"];
        for (const Value &group : groups.items())
            other.groups.emplace_back(group.stringOr());
        return jsonResponse(body->with("status", accessStatus(store, other, spec)), 201);
    }
    if (target.plural != "selfsubjectrulesreviews")
        return std::nullopt;
    const bool isAdmin = std::ranges::contains(identity.groups, std::string_view("system:masters"));
    const Value everything =
        Value::list({Value::map({{"verbs", Value::list({"*"})}, {"nonResourceURLs", Value::list({"*"})}})});
    return jsonResponse(
        body->with("status", Value::map({{"resourceRules", rulesOf(store, identity, spec["namespace"].stringOr())},
                                         {"nonResourceRules", isAdmin ? everything : Value::list({})},
                                         {"incomplete", false}})),
        201);
}

std::string_view eventName(Change::Kind kind)
{
    switch (kind) {
    case Change::Kind::Added: return "ADDED";
    case Change::Kind::Modified: return "MODIFIED";
    case Change::Kind::Deleted: return "DELETED";
    }
    return "";
}

std::string line(std::string_view type, const Value &object)
{
    return object::toJson(Value::map({{"type", type}, {"object", object}}), {.order = object::KeyOrder::Kept}) + "\n";
}

} // namespace

Response Api::answer(const Request &received)
{
    Request request = received;
    if (request.header("content-type").starts_with("application/vnd.kubernetes.protobuf")) {
        if (const auto value = valueOfProtobuf(request.body)) {
            request.body = object::toJson(*value);
            request.headers["content-type"] = "application/json";
        }
    }
    const Answer<Identity> identity = identityOf(request);
    if (!identity)
        return refused(identity.error());
    const std::string &path = request.path;
    if (path == "/version")
        return jsonResponse(versionInfo());
    if (path == "/healthz" || path == "/readyz" || path == "/livez")
        return {.contentType = "text/plain", .body = "ok", .headers = {}, .watch = {}};
    if (auto response = m_successRate.answer(*m_store, request))
        return *response;
    if (request.method == "GET") {
        if (auto response = discovery(m_store->catalog(), request))
            return *response;
        if (auto response = openApi(m_store->catalog(), request))
            return *response;
    }
    const auto target = targetOf(path);
    if (!target)
        return refused(noSuchPath());
    if (auto response = review(*m_store, *identity, *target, request))
        return *response;
    const Resource *resource = m_store->catalog().byPlural(target->group, target->plural);
    if (!resource || !resource->hasVersion(target->version))
        return refused(noSuchPath());
    ResourceRequest served(*m_store, *resource, *target, request);
    const std::string verb = served.verb();
    if (verb.empty())
        return refused(methodNotAllowed());
    const Act act{verb, target->group,
                  target->subresource.empty() ? target->plural : target->plural + "/" + target->subresource, target->ns,
                  target->name};
    if (!isAllowed(*m_store, *identity, act))
        return refused(deniedAct(*resource, *identity, act));
    return served.answer();
}

std::string Api::watchLines(Watch &watch) const
{
    std::string text;
    if (watch.beginsWithObjects) {
        watch.beginsWithObjects = false;
        const Answer<Page> page =
            m_store->list(watch.resource, watch.ns, {.selector = watch.selector, .limit = 0, .continueToken = {}});
        for (const Object &object : page->objects)
            text += line("ADDED", shown(object, watch.resource, watch.version, watch.form, m_store->now()));
        watch.revision = page->revision;
        if (watch.sendsInitialEvents)
            text += bookmarkLine(watch);
        return text;
    }
    if (watch.revision >= m_store->revision())
        return text;
    const auto events = m_store->changesAfter(watch.resource, watch.ns, watch.revision, watch.selector);
    if (!events) {
        watch.isFinished = true;
        return line("ERROR", events.error().status());
    }
    for (const WatchEvent &event : *events)
        text +=
            line(eventName(event.kind), shown(event.object, watch.resource, watch.version, watch.form, m_store->now()));
    watch.revision = m_store->revision();
    return text;
}

std::string Api::bookmarkLine(Watch &watch) const
{
    Value metadata = Value::map({{"resourceVersion", std::to_string(watch.revision)}, {"creationTimestamp", nullptr}});
    if (watch.sendsInitialEvents) {
        watch.sendsInitialEvents = false;
        metadata = metadata.with("annotations", Value::map({{"k8s.io/initial-events-end", "true"}}));
    }
    return line("BOOKMARK",
                Value::map({{"kind", watch.resource.kind},
                            {"apiVersion", object::Gvk{watch.resource.group, watch.version, ""}.apiVersion()},
                            {"metadata", metadata}}));
}

} // namespace tiphys::demo
