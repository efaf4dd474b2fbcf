// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/resource_request.h"

#include "base/text.h"
#include "crd/timestamp.h"
#include "demo/pod_log.h"
#include "demo/table.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

std::int64_t numberOf(std::string_view text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string userAgentManager(std::string_view userAgent)
{
    const std::string manager(userAgent.substr(0, userAgent.find('/')));
    return manager.empty() ? "unknown" : manager;
}

Value scaleOf(const Object &object)
{
    const Value selector = object.path({"spec", "selector", "matchLabels"});
    std::vector<std::string> terms;
    for (const auto &[key, value] : selector.sortedEntries())
        terms.push_back(std::string(key) + "=" + std::string(value.stringOr()));
    Value metadata = Value::map({});
    for (const std::string_view key : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
        if (const auto value = object.value()["metadata"].find(key))
            metadata = metadata.with(key, *value);
    }
    return Value::map({{"kind", "Scale"},
                       {"apiVersion", "autoscaling/v1"},
                       {"metadata", metadata},
                       {"spec", Value::map({{"replicas", object.path({"spec", "replicas"}).intOr(0)}})},
                       {"status", Value::map({{"replicas", object.path({"status", "replicas"}).intOr(0)},
                                              {"selector", join(terms, ",")}})}});
}

} // namespace

std::optional<Target> targetOf(std::string_view path)
{
    auto parts = split(path.substr(1), '/');
    Target target;
    std::size_t next = 0;
    if (parts.size() >= 3 && parts[0] == "api") {
        target.version = parts[1];
        next = 2;
    } else if (parts.size() >= 4 && parts[0] == "apis") {
        target.group = parts[1];
        target.version = parts[2];
        next = 3;
    } else {
        return std::nullopt;
    }
    const std::size_t left = parts.size() - next;
    const bool isBelowNamespace =
        parts[next] == "namespaces" && left >= 3 && parts[next + 2] != "status" && parts[next + 2] != "finalize";
    if (isBelowNamespace) {
        target.ns = parts[next + 1];
        next += 2;
    }
    target.plural = parts[next++];
    if (next < parts.size())
        target.name = parts[next++];
    if (next < parts.size())
        target.subresource = parts[next++];
    if (next < parts.size() || target.plural.empty())
        return std::nullopt;
    return target;
}

Form formOf(std::string_view accept)
{
    const std::string_view first = accept.substr(0, accept.find(','));
    if (first.find("as=Table") != std::string_view::npos)
        return Form::Table;
    return first.find("as=PartialObjectMetadata") != std::string_view::npos ? Form::PartialMetadata : Form::Object;
}

Value shown(const Object &object, const Resource &resource, const std::string &version, Form form, ports::WallTime now)
{
    if (form == Form::Table)
        return tableOf(resource, {object}, now, Value::map({{"resourceVersion", object.resourceVersion()}}));
    if (form == Form::PartialMetadata)
        return partialMetadataOf(object);
    return version == resource.versions.front()
               ? object.value()
               : object.value().with("apiVersion", object::Gvk{resource.group, version, ""}.apiVersion());
}

Response jsonResponse(const Value &value, int code)
{
    return {.code = code,
            .body = object::toJson(value, {.order = object::KeyOrder::Kept}) + "\n",
            .headers = {},
            .watch = {}};
}

Response refused(const Refusal &refusal)
{
    Response response = jsonResponse(refusal.status(), refusal.code);
    if (refusal.retryAfterSeconds > 0)
        response.headers.emplace_back("Retry-After", std::to_string(refusal.retryAfterSeconds));
    return response;
}

std::string ResourceRequest::verb() const
{
    const std::string &method = m_request->method;
    if (method == "GET" && m_target.name.empty())
        return m_request->isSet("watch") ? "watch" : "list";
    if (method == "GET")
        return "get";
    if (method == "POST")
        return "create";
    if (method == "PUT")
        return "update";
    if (method == "PATCH")
        return "patch";
    if (method == "DELETE")
        return m_target.name.empty() ? "deletecollection" : "delete";
    return "";
}

Response ResourceRequest::answer()
{
    const std::string asked = verb();
    const bool isPod = m_resource.kind == "Pod" && m_resource.group.empty();
    const std::string &sub = m_target.subresource;
    const bool isScale = sub == "scale" && m_resource.hasScale;
    const bool isLog = sub == "log" && isPod;
    if (!sub.empty() && !isScale && !isLog && !(sub == "status" && m_resource.hasStatus))
        return refused(noSuchPath());
    if (m_resource.isNamespaced && m_target.ns.empty() && (!m_target.name.empty() || asked == "create"))
        return refused(m_target.name.empty() ? methodNotAllowed() : noSuchPath());
    if (isScale)
        return scale();
    if (isLog)
        return asked == "get" ? log() : refused(methodNotAllowed());
    if (asked == "get")
        return read();
    if (asked == "list")
        return list();
    if (asked == "watch")
        return watch();
    if (asked == "create")
        return m_target.name.empty() ? create() : refused(methodNotAllowed());
    if (asked == "update")
        return m_target.name.empty() ? refused(methodNotAllowed()) : update();
    if (asked == "patch")
        return m_target.name.empty() ? refused(methodNotAllowed()) : patch();
    if (asked == "delete")
        return remove();
    if (asked == "deletecollection")
        return removeCollection();
    return refused(methodNotAllowed());
}

Answer<Object> ResourceRequest::body() const
{
    const std::string_view type = m_request->header("content-type");
    const bool isYaml = type.find("yaml") != std::string_view::npos;
    if (!isYaml && type.find("json") == std::string_view::npos && !type.empty())
        return std::unexpected(unsupportedMediaType("the body of the request was in an unknown format - accepted media "
                                                    "types include: application/json, application/yaml"));
    const Expected<Value> value = isYaml ? object::parseYaml(m_request->body) : object::parseJson(m_request->body);
    if (!value)
        return std::unexpected(badRequest("couldn't get version/kind; " + value.error().text()));
    if (!value->isMap())
        return std::unexpected(badRequest("Object 'Kind' is missing in the body"));
    const Object object{*value};
    if (!object.kind().empty() && object.kind() != m_resource.kind && m_target.subresource != "scale")
        return std::unexpected(badRequest("the object provided is unrecognized (must be of type " + m_resource.kind
                                          + "): it is of kind " + std::string(object.kind())));
    return object;
}

Answer<WriteOptions> ResourceRequest::writeOptions() const
{
    WriteOptions options;
    const std::string_view manager = m_request->parameter("fieldManager");
    options.fieldManager = manager.empty() ? userAgentManager(m_request->header("user-agent")) : std::string(manager);
    const std::string_view dryRun = m_request->parameter("dryRun");
    if (!dryRun.empty() && dryRun != "All")
        return std::unexpected(badRequest("invalid dryRun value '" + std::string(dryRun) + "': must be All"));
    options.isDryRun = dryRun == "All";
    options.isStrict = m_request->parameter("fieldValidation") == "Strict";
    options.conflicts = m_request->isSet("force") ? Conflicts::TakenOver : Conflicts::Refused;
    return options;
}

Answer<Selector> ResourceRequest::selector() const
{
    return Selector::parsed(m_request->parameter("labelSelector"), m_request->parameter("fieldSelector"));
}

Response ResourceRequest::written(const Answer<Object> &object, int code) const
{
    if (!object)
        return refused(object.error());
    return jsonResponse(
        shown(*object, m_resource, m_target.version, formOf(m_request->header("accept")), m_store->now()), code);
}

Response ResourceRequest::read()
{
    return written(m_store->get(m_resource, place()));
}

Response ResourceRequest::list()
{
    const Answer<Selector> wanted = selector();
    if (!wanted)
        return refused(wanted.error());
    const Answer<Page> page = m_store->list(
        m_resource, m_target.ns,
        {.selector = *wanted,
         .limit = static_cast<std::size_t>(std::max<std::int64_t>(0, numberOf(m_request->parameter("limit")))),
         .continueToken = std::string(m_request->parameter("continue"))});
    if (!page)
        return refused(page.error());
    Value metadata = Value::map({{"resourceVersion", std::to_string(page->revision)}});
    if (!page->continueToken.empty()) {
        metadata = metadata.with("continue", page->continueToken);
        if (wanted->isEmpty())
            metadata = metadata.with("remainingItemCount", static_cast<std::int64_t>(page->remaining));
    }
    const Form form = formOf(m_request->header("accept"));
    if (form == Form::Table)
        return jsonResponse(tableOf(m_resource, page->objects, m_store->now(), metadata));
    std::vector<Value> items;
    for (const Object &object : page->objects)
        items.push_back(shown(object, m_resource, m_target.version, form, m_store->now()));
    const bool isPartial = form == Form::PartialMetadata;
    return jsonResponse(
        Value::map({{"kind", isPartial ? std::string("PartialObjectMetadataList") : m_resource.kind + "List"},
                    {"apiVersion", isPartial ? std::string("meta.k8s.io/v1")
                                             : object::Gvk{m_resource.group, m_target.version, ""}.apiVersion()},
                    {"metadata", metadata},
                    {"items", Value::list(items)}}));
}

Response ResourceRequest::watch()
{
    const Answer<Selector> wanted = selector();
    if (!wanted)
        return refused(wanted.error());
    const std::string_view version = m_request->parameter("resourceVersion");
    const bool isStreamingList = m_request->isSet("sendInitialEvents");
    Watch watch{.resource = m_resource,
                .version = m_target.version,
                .ns = m_target.ns,
                .selector = *wanted,
                .form = formOf(m_request->header("accept")),
                .revision = numberOf(version),
                .wantsBookmarks = m_request->isSet("allowWatchBookmarks"),
                .sendsInitialEvents = isStreamingList,
                .beginsWithObjects = isStreamingList || version.empty() || version == "0",
                .timeoutSeconds = static_cast<int>(numberOf(m_request->parameter("timeoutSeconds")))};
    if (isStreamingList && m_request->parameter("resourceVersionMatch") != "NotOlderThan") {
        Refusal refusal = badRequest("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        refusal.code = 422;
        refusal.reason = "Invalid";
        return refused(refusal);
    }
    Response response;
    response.watch = std::move(watch);
    return response;
}

Response ResourceRequest::create()
{
    const Answer<WriteOptions> options = writeOptions();
    const Answer<Object> object = body();
    if (!options || !object)
        return refused(options ? object.error() : options.error());
    return written(m_store->create(m_resource, m_target.ns, *object, *options), 201);
}

Response ResourceRequest::update()
{
    const Answer<WriteOptions> options = writeOptions();
    const Answer<Object> object = body();
    if (!options || !object)
        return refused(options ? object.error() : options.error());
    return written(m_store->update(m_resource, place(), *object, m_target.subresource, *options));
}

Response ResourceRequest::patch()
{
    Answer<WriteOptions> options = writeOptions();
    if (!options)
        return refused(options.error());
    const std::string_view type =
        m_request->header("content-type").substr(0, m_request->header("content-type").find(';'));
    const bool isApply = type == "application/apply-patch+yaml";
    const Expected<Value> patch = isApply ? object::parseYaml(m_request->body) : object::parseJson(m_request->body);
    if (!patch)
        return refused(badRequest("error decoding patch: " + patch.error().text()));
    if (isApply) {
        if (m_request->parameter("fieldManager").empty())
            return refused(badRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is "
                                      "required for apply patch"));
        const bool exists = !m_store->find(m_resource.groupKind(), place()).isNull();
        const Value named = patch->withPath({"metadata", "name"}, m_target.name);
        return written(m_store->apply(m_resource, place(), Object(named), m_target.subresource, *options),
                       exists ? 200 : 201);
    }
    const auto kind = type == "application/json-patch+json"              ? std::optional(PatchKind::Json)
                      : type == "application/merge-patch+json"           ? std::optional(PatchKind::Merge)
                      : type == "application/strategic-merge-patch+json" ? std::optional(PatchKind::StrategicMerge)
                                                                         : std::nullopt;
    if (!kind)
        return refused(unsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include: "
            "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, "
            "application/apply-patch+yaml"));
    return written(m_store->patch(m_resource, place(), *kind, *patch, m_target.subresource, *options));
}

namespace {

Answer<DeleteOptions> deleteOptionsOf(const Request &request)
{
    DeleteOptions options;
    Value body;
    if (!request.body.empty()) {
        const Expected<Value> parsed = object::parseJson(request.body);
        if (!parsed)
            return std::unexpected(badRequest("couldn't decode delete options: " + parsed.error().text()));
        body = *parsed;
    }
    const std::string_view policy = body["propagationPolicy"].stringOr(request.parameter("propagationPolicy"));
    if (policy == "Foreground")
        options.propagation = Propagation::Foreground;
    if (policy == "Orphan" || body["orphanDependents"].boolOr(false))
        options.propagation = Propagation::Orphan;
    options.uid = body["preconditions"]["uid"].stringOr();
    options.resourceVersion = body["preconditions"]["resourceVersion"].stringOr();
    options.graceSeconds = body["gracePeriodSeconds"].asInt();
    if (!request.parameter("gracePeriodSeconds").empty())
        options.graceSeconds = numberOf(request.parameter("gracePeriodSeconds"));
    options.isDryRun = request.parameter("dryRun") == "All" || !body["dryRun"].isEmpty();
    return options;
}

} // namespace

Response ResourceRequest::remove()
{
    const Answer<DeleteOptions> options = deleteOptionsOf(*m_request);
    if (!options)
        return refused(options.error());
    const Object before = m_store->find(m_resource.groupKind(), place());
    const Answer<Object> after = m_store->remove(m_resource, place(), *options);
    if (!after)
        return refused(after.error());
    if (after->isNull())
        return jsonResponse(successStatus(m_resource, m_target.name, before.uid()));
    return written(after);
}

Response ResourceRequest::removeCollection()
{
    const Answer<DeleteOptions> options = deleteOptionsOf(*m_request);
    const Answer<Selector> wanted = selector();
    if (!options || !wanted)
        return refused(options ? wanted.error() : options.error());
    const Answer<Page> page =
        m_store->list(m_resource, m_target.ns, {.selector = *wanted, .limit = 0, .continueToken = {}});
    std::vector<Value> items;
    for (const Object &object : page->objects) {
        const Place at{std::string(object.ns()), std::string(object.name())};
        if (m_store->remove(m_resource, at, *options))
            items.push_back(object.value());
    }
    return jsonResponse(
        Value::map({{"kind", m_resource.kind + "List"},
                    {"apiVersion", m_resource.apiVersion()},
                    {"metadata", Value::map({{"resourceVersion", std::to_string(m_store->revision())}})},
                    {"items", Value::list(items)}}));
}

Response ResourceRequest::scale()
{
    const Answer<Object> object = m_store->get(m_resource, place());
    const Answer<WriteOptions> options = writeOptions();
    if (!object || !options)
        return refused(object ? options.error() : object.error());
    const std::string asked = verb();
    if (asked == "get")
        return jsonResponse(scaleOf(*object));
    if (asked != "update" && asked != "patch")
        return refused(methodNotAllowed());
    const Expected<Value> sent = object::parseJson(m_request->body);
    if (!sent)
        return refused(badRequest(sent.error().text()));
    const std::string_view expected = sent->path({"metadata", "resourceVersion"}).stringOr();
    if (!expected.empty() && expected != object->resourceVersion())
        return refused(staleWrite(m_resource, m_target.name));
    const auto replicas = sent->path({"spec", "replicas"}).asInt();
    if (!replicas)
        return refused(badRequest("spec.replicas must be a number"));
    const Value change = Value::map({{"spec", Value::map({{"replicas", *replicas}})}});
    const Answer<Object> after = m_store->patch(m_resource, place(), PatchKind::Merge, change, "", *options);
    return after ? jsonResponse(scaleOf(*after)) : refused(after.error());
}

namespace {

/// What the pod writes from now on, until it is gone or over.
std::function<std::optional<std::string>()> followed(Store &store, const Object &pod, LogOptions options)
{
    options.tailLines = -1;
    options.firstLine = podLogLines(pod, options.now);
    return [&store, options, uid = std::string(pod.uid()),
            place = Place{std::string(pod.ns()), std::string(pod.name())}]() mutable -> std::optional<std::string> {
        const Object now = store.find({"", "Pod"}, place);
        const std::string_view phase = now.path({"status", "phase"}).stringOr();
        if (now.uid() != uid || phase == "Succeeded" || phase == "Failed" || isInitLogOver(now, options.container))
            return std::nullopt;
        options.now = store.now();
        const Answer<std::string> lines = podLog(now, options);
        options.firstLine = podLogLines(now, options.now);
        return lines ? std::optional(*lines) : std::nullopt;
    };
}

} // namespace

Response ResourceRequest::log()
{
    const Answer<Object> pod = m_store->get(m_resource, place());
    if (!pod)
        return refused(pod.error());
    const std::string_view tail = m_request->parameter("tailLines");
    const std::string_view since = m_request->parameter("sinceSeconds");
    const std::optional<crd::Timestamp> sinceTime = crd::timestampOf(m_request->parameter("sinceTime"));
    const std::int64_t sinceThen =
        sinceTime ? std::max<std::int64_t>(0, m_store->now() / 1000 - sinceTime->seconds) : -1;
    const LogOptions options{.container = std::string(m_request->parameter("container")),
                             .tailLines = tail.empty() ? -1 : numberOf(tail),
                             .hasTimestamps = m_request->isSet("timestamps"),
                             .isPrevious = m_request->isSet("previous"),
                             .sinceSeconds = since.empty() ? sinceThen : numberOf(since),
                             .now = m_store->now()};
    const Answer<std::string> lines = podLog(*pod, options);
    if (!lines)
        return refused(lines.error());
    Response response{.contentType = "text/plain", .body = *lines, .headers = {}, .watch = {}};
    if (m_request->isSet("follow") && !options.isPrevious)
        response.more = followed(*m_store, *pod, options);
    return response;
}

} // namespace tiphys::demo
