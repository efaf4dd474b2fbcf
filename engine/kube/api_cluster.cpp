// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/api_cluster.h"

#include "async/delay.h"
#include "async/run_on.h"
#include "base/text.h"
#include "kube/resource_path.h"
#include "object/json.h"

#include <QRandomGenerator>

namespace tiphys::kube {

namespace {

using object::Object;
using object::Value;

constexpr ports::BootTime kAccessAge = 60'000;
constexpr ports::BootTime kDiscoveryAge = 600'000;
/// A line of a log that is longer is given in pieces: some programs never end one.
constexpr std::size_t kLongestLine = std::size_t{1} << 20;
constexpr std::string_view kAggregated =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/// "list pods in namespace 'shop'".
std::string actText(std::string_view verb, const ports::ResourceType &type, const std::string &ns)
{
    std::string text = std::string(verb) + " " + type.text();
    if (type.isNamespaced)
        text += ns.empty() ? " in all namespaces" : " in namespace " + tiphys::quoted(ns);
    return text;
}

std::string actText(std::string_view verb, const ports::ObjectRef &ref)
{
    return std::string(verb) + " " + ref.text();
}

/// What is wrong with \p ref as an address.
std::optional<Error> badAddress(const ports::ObjectRef &ref)
{
    if (ref.type.isNamespaced && ref.ns.empty())
        return Error(ErrorCode::InvalidInput, ref.text() + " names no namespace");
    if (ref.name.empty())
        return Error(ErrorCode::InvalidInput, "an object of " + ref.type.text() + " has no name");
    return std::nullopt;
}

std::vector<std::string> textsOf(const Value &list)
{
    std::vector<std::string> texts;
    for (const Value &item : list.items())
        texts.emplace_back(item.stringOr());
    return texts;
}

ports::AccessRules rulesOf(const Value &status)
{
    ports::AccessRules rules{.isIncomplete = status["incomplete"].boolOr(false)};
    const Value entries = status["resourceRules"];
    for (const Value &entry : entries.items())
        rules.rules.push_back({textsOf(entry["verbs"]), textsOf(entry["apiGroups"]), textsOf(entry["resources"]),
                               textsOf(entry["resourceNames"])});
    return rules;
}

/// Whole lines of \p buffer, which keeps the rest.
std::string takeLines(std::string &buffer)
{
    const std::size_t end = buffer.rfind('\n');
    if (end == std::string::npos)
        return {};
    std::string lines = buffer.substr(0, end + 1);
    buffer.erase(0, end + 1);
    return lines;
}

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

HttpRequest bodyRequest(std::string method, std::string path, std::string_view mediaType, std::string body,
                        std::string what)
{
    return {.method = std::move(method),
            .path = std::move(path),
            .headers = {{"Accept", "application/json"}, {"Content-Type", std::string(mediaType)}},
            .body = std::move(body),
            .what = std::move(what),
            .effect = Effect::Write};
}

} // namespace

ApiCluster::ApiCluster(Target target, ConnectOptions options)
    : m_identity{.context = target.context,
                 .server = target.cluster.server,
                 .user = target.user.impersonation.user.empty() ? target.user.name : target.user.impersonation.user,
                 .ns = target.ns,
                 .skipsTlsVerification = target.cluster.skipsTlsVerification},
      m_session(std::make_shared<Session>(std::move(target), std::move(options)))
{
}

Async<Value> ApiCluster::parsed(std::string json)
{
    const Expected<Value> value =
        co_await async::runOn(m_session->options().pool, [json = std::move(json)] { return object::parseJson(json); });
    co_return value;
}

Async<HttpAnswer> ApiCluster::getJson(std::string path, std::string accept, std::string what, CancelToken cancel,
                                      Extent extent)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const HttpRequest request{
        .path = std::move(path), .headers = {{"Accept", std::move(accept)}}, .what = std::move(what), .extent = extent};
    const Expected<HttpAnswer> answer = co_await m_session->send(request, cancel);
    co_return answer;
}

Async<Value> ApiCluster::getDocument(std::string path, std::string what, std::string name, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const Expected<HttpAnswer> answer = co_await getJson(std::move(path), "application/json", std::move(what), cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const Expected<Value> document = co_await parsed(answer->body);
    if (!document)
        co_return std::unexpected(document.error().in(name));
    co_return document;
}

Async<Object> ApiCluster::get(ports::ObjectRef ref, ports::GetOptions options, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    if (const std::optional<Error> bad = badAddress(ref))
        co_return std::unexpected(*bad);
    std::string path = objectPath(ref, options.subresource);
    if (options.consistency == ports::Consistency::Any)
        path += "?resourceVersion=0";
    const Expected<HttpAnswer> answer =
        co_await getJson(path, std::string(acceptType(options.detail, Shape::One)), actText("get", ref), cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const Expected<Value> value = co_await parsed(answer->body);
    if (!value)
        co_return std::unexpected(value.error().in(ref.text()));
    if (options.detail == ports::Detail::Metadata)
        co_return decoded(Object(*value), {.type = ref.type, .detail = options.detail});
    co_return Object(*value);
}

Async<ListPage> ApiCluster::page(ports::ResourceType type, ports::ListOptions options, std::string continueToken,
                                 CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    Query query = selectionQuery(options);
    query.emplace_back("limit", std::to_string(options.pageSize));
    if (!continueToken.empty())
        query.emplace_back("continue", continueToken);
    else if (options.consistency == ports::Consistency::Any)
        query.emplace_back("resourceVersion", "0");
    Expected<HttpAnswer> answer = co_await getJson(collectionPath(type, options.ns) + queryText(query),
                                                   std::string(acceptType(options.detail, Shape::List)),
                                                   actText("list", type, options.ns), cancel, Extent::Many);
    if (!answer)
        co_return std::unexpected(answer.error());
    const Decoding decoding{type, options.detail, options.managedFields, options.transform};
    const Expected<ListPage> page = co_await async::runOn(
        m_session->options().pool, [body = std::move(answer->body), decoding] { return decodeList(body, decoding); });
    co_return page;
}

Async<ports::ObjectList> ApiCluster::list(ports::ResourceType type, ports::ListOptions options, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    ports::ObjectList list;
    std::string continueToken;
    bool hasRestarted = false;
    while (true) {
        Expected<ListPage> part = co_await page(type, options, continueToken, cancel);
        if (!part) {
            // Later pages expire when reading takes longer than the store keeps old versions.
            const bool mayRestart =
                part.error().code() == ErrorCode::Expired && !continueToken.empty() && !hasRestarted;
            if (!mayRestart)
                co_return std::unexpected(part.error());
            hasRestarted = true;
            continueToken.clear();
            list = {};
            options.pageSize = 0; // all at once cannot expire
            continue;
        }
        list.items.insert(list.items.end(), std::make_move_iterator(part->items.begin()),
                          std::make_move_iterator(part->items.end()));
        list.resourceVersion = part->resourceVersion;
        continueToken = part->continueToken;
        if (options.onProgress)
            options.onProgress(list.items.size(), part->remaining);
        if (continueToken.empty())
            co_return list;
    }
}

Async<void> ApiCluster::watch(ports::ResourceType type, ports::WatchOptions options,
                              std::function<void(std::vector<ports::WatchEvent>)> onEvents, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    Query query = selectionQuery(options);
    query.emplace_back("watch", "true");
    query.emplace_back("allowWatchBookmarks", "true");
    query.emplace_back("timeoutSeconds", std::to_string(QRandomGenerator::global()->bounded(300, 600)));
    if (!options.resourceVersion.empty())
        query.emplace_back("resourceVersion", options.resourceVersion);
    const HttpRequest request{.path = collectionPath(type, options.ns) + queryText(query),
                              .headers = {{"Accept", std::string(acceptType(options.detail, Shape::One))}},
                              .what = actText("watch", type, options.ns),
                              .silence = m_session->options().watchSilence};
    const Expected<std::shared_ptr<Exchange>> opened = co_await m_session->openStream(request, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    if (options.onStarted)
        options.onStarted();
    const std::shared_ptr<Exchange> stream = *opened;
    const Decoding decoding{type, options.detail, options.managedFields, options.transform};
    std::string buffer;
    while (true) {
        const Expected<std::optional<std::string>> bytes = co_await stream->read();
        if (!bytes)
            co_return std::unexpected(bytes.error());
        if (!*bytes)
            co_return {};
        buffer += **bytes;
        std::string lines = takeLines(buffer);
        if (lines.empty())
            continue;
        Expected<WatchPart> part = co_await async::runOn(
            m_session->options().pool,
            [lines = std::move(lines), decoding]() -> Expected<WatchPart> { return decodeWatch(lines, decoding); });
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!part->events.empty())
            onEvents(std::move(part->events));
        if (part->error)
            co_return std::unexpected(*part->error);
    }
}

Async<ports::Written> ApiCluster::write(HttpRequest request, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const Expected<HttpAnswer> answer = co_await m_session->send(request, cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const Expected<Value> value = co_await parsed(answer->body);
    if (!value)
        co_return failure(ErrorCode::Unknown, request.what + ": the answer cannot be read: " + value.error().text());
    co_return ports::Written{Object(*value), answer->head.warnings};
}

Async<ports::Written> ApiCluster::create(ports::ResourceType type, Object object, ports::WriteOptions options,
                                         CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const std::string ns(object.ns());
    const ports::ObjectRef ref{type, ns, std::string(object.name().empty() ? object.generateName() : object.name())};
    if (const std::optional<Error> bad = badAddress(ref))
        co_return std::unexpected(*bad);
    std::string path = collectionPath(type, ns);
    if (!options.subresource.empty())
        path += "/" + percentEncoded(object.name()) + "/" + options.subresource;
    const Expected<ports::Written> written =
        co_await write(bodyRequest("POST", path + queryText(writeQuery(options, false)), "application/json",
                                   object::toJson(object.value()), actText("create", ref)),
                       cancel);
    co_return written;
}

Async<ports::Written> ApiCluster::patch(ports::ObjectRef ref, ports::Patch patch, ports::WriteOptions options,
                                        CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    if (const std::optional<Error> bad = badAddress(ref))
        co_return std::unexpected(*bad);
    const std::string path =
        objectPath(ref, options.subresource) + queryText(writeQuery(options, patch.type == ports::PatchType::Apply));
    const Expected<ports::Written> written = co_await write(
        bodyRequest("PATCH", path, patchMediaType(patch.type), object::toJson(patch.body), actText("patch", ref)),
        cancel);
    co_return written;
}

Async<ports::Written> ApiCluster::replace(ports::ResourceType type, Object object, ports::WriteOptions options,
                                          CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const ports::ObjectRef ref{type, std::string(object.ns()), std::string(object.name())};
    if (const std::optional<Error> bad = badAddress(ref))
        co_return std::unexpected(*bad);
    const std::string path = objectPath(ref, options.subresource) + queryText(writeQuery(options, false));
    const Expected<ports::Written> written = co_await write(
        bodyRequest("PUT", path, "application/json", object::toJson(object.value()), actText("update", ref)), cancel);
    co_return written;
}

Async<void> ApiCluster::remove(ports::ObjectRef ref, ports::DeleteOptions options, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    if (const std::optional<Error> bad = badAddress(ref))
        co_return std::unexpected(*bad);
    const Expected<HttpAnswer> answer = co_await m_session->send(
        bodyRequest("DELETE", objectPath(ref, {}), "application/json", deleteBody(options), actText("delete", ref)),
        cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return {};
}

Async<void> ApiCluster::logs(ports::ObjectRef pod, ports::LogOptions options,
                             std::function<void(std::vector<std::string>)> onLines, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    if (const std::optional<Error> bad = badAddress(pod))
        co_return std::unexpected(*bad);
    // A quiet container looks like a dead connection: who follows asks again.
    const HttpRequest request{.path = objectPath(pod, "log") + queryText(logQuery(options)),
                              .headers = {{"Accept", "*/*"}},
                              .what = actText("get the log of", pod),
                              .silence = m_session->options().watchSilence};
    const Expected<std::shared_ptr<Exchange>> opened = co_await m_session->openStream(request, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    if (options.onStarted)
        options.onStarted();
    const std::shared_ptr<Exchange> stream = *opened;
    std::string buffer;
    while (true) {
        const Expected<std::optional<std::string>> bytes = co_await stream->read();
        if (!bytes)
            co_return std::unexpected(bytes.error());
        if (!*bytes)
            break;
        buffer += **bytes;
        const std::string lines = takeLines(buffer);
        if (!lines.empty())
            onLines(linesOf(lines));
        if (buffer.size() > kLongestLine)
            onLines({std::exchange(buffer, {})});
    }
    if (!buffer.empty())
        onLines(linesOf(buffer));
    co_return {};
}

Async<ApiCluster::Reviewed> ApiCluster::review(std::string path, Value body, std::string what, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    HttpRequest request =
        bodyRequest("POST", std::move(path), "application/json", object::toJson(body), std::move(what));
    request.effect = Effect::Read; // a review changes nothing
    const Expected<HttpAnswer> answer = co_await m_session->send(request, cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const Expected<Value> value = co_await parsed(answer->body);
    if (!value)
        co_return std::unexpected(value.error().in(request.what));
    co_return Reviewed{(*value)["status"], answer->generation};
}

Async<ports::UserInfo> ApiCluster::selfSubject(CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    if (m_user && isGood(*m_user))
        co_return m_user->value;
    const Value body = Value::map({{"apiVersion", "authentication.k8s.io/v1"}, {"kind", "SelfSubjectReview"}});
    const Expected<Reviewed> answer =
        co_await review("/apis/authentication.k8s.io/v1/selfsubjectreviews", body, "ask who we are", cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const Value info = answer->status["userInfo"];
    ports::UserInfo user{.name = std::string(info["username"].stringOr()),
                         .uid = std::string(info["uid"].stringOr()),
                         .groups = textsOf(info["groups"])};
    const Value extra = info["extra"];
    for (const auto &[key, values] : extra.entries())
        user.extra.emplace(key, textsOf(values));
    m_user = {user, now() + kDiscoveryAge, answer->generation};
    co_return user;
}

Async<ports::Access> ApiCluster::canI(ports::AccessQuestion question, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const auto kept = m_access.find(question);
    if (kept != m_access.end() && isGood(kept->second))
        co_return kept->second.value;
    const Value attributes = Value::map({{"verb", question.verb},
                                         {"group", question.group},
                                         {"resource", question.resource},
                                         {"subresource", question.subresource},
                                         {"namespace", question.ns},
                                         {"name", question.name}});
    const Value body = Value::map({{"apiVersion", "authorization.k8s.io/v1"},
                                   {"kind", "SelfSubjectAccessReview"},
                                   {"spec", Value::map({{"resourceAttributes", attributes}})}});
    const Expected<Reviewed> answer = co_await review("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body,
                                                      "ask for the right to " + question.text(), cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const Value status = answer->status;
    ports::Access access{status["allowed"].boolOr(false), std::string(status["reason"].stringOr())};
    if (const Value fault = status["evaluationError"]; access.reason.empty())
        access.reason = fault.stringOr();
    keep(m_access, question, {access, now() + kAccessAge, answer->generation});
    co_return access;
}

Async<ports::AccessRules> ApiCluster::rules(std::string ns, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const auto kept = m_rules.find(ns);
    if (kept != m_rules.end() && isGood(kept->second))
        co_return kept->second.value;
    const Value body = Value::map({{"apiVersion", "authorization.k8s.io/v1"},
                                   {"kind", "SelfSubjectRulesReview"},
                                   {"spec", Value::map({{"namespace", ns}})}});
    const Expected<Reviewed> answer = co_await review("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body,
                                                      "ask for the rights in namespace " + tiphys::quoted(ns), cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const ports::AccessRules rules = rulesOf(answer->status);
    keep(m_rules, ns, {rules, now() + kAccessAge, answer->generation});
    co_return rules;
}

Async<ports::DiscoveryPtr> ApiCluster::discovery(CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    if (m_discovery && now() < m_discovery->until)
        co_return m_discovery->value;
    const Expected<ports::DiscoveryPtr> discovery = co_await refreshDiscovery(cancel);
    co_return discovery;
}

Async<ports::DiscoveryPtr> ApiCluster::refreshDiscovery(CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    DiscoveredGroups found;
    bool isAggregated = true;
    for (const char *path : {"/api", "/apis"}) {
        const Expected<HttpAnswer> answer =
            co_await getJson(path, std::string(kAggregated), "discover the API", cancel);
        if (!answer && answer.error().code() == ErrorCode::NotFound)
            continue; // some servers have no core group
        if (!answer)
            co_return std::unexpected(answer.error());
        if (answer->head.contentType.find("APIGroupDiscoveryList") == std::string::npos) {
            isAggregated = false;
            break;
        }
        const Expected<Value> document = co_await parsed(answer->body);
        if (!document)
            co_return std::unexpected(document.error().in("discovery"));
        readAggregated(*document, found);
    }
    if (!isAggregated) {
        Expected<DiscoveredGroups> legacy = co_await legacyGroups(cancel);
        if (!legacy)
            co_return std::unexpected(legacy.error());
        found = std::move(*legacy);
    }
    const auto discovery =
        std::make_shared<const ports::Discovery>(std::move(found.resources), std::move(found.failed));
    // Groups that failed are asked for again soon.
    m_discovery = {discovery, now() + (discovery->failedGroups().empty() ? kDiscoveryAge : kAccessAge), 0};
    co_return discovery;
}

Async<DiscoveredGroups> ApiCluster::legacyGroups(CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    std::vector<std::string> groupVersions;
    const Expected<Value> core = co_await getDocument("/api", "discover the API", "discovery", cancel);
    if (!core && core.error().code() != ErrorCode::NotFound)
        co_return std::unexpected(core.error());
    if (core)
        groupVersions = textsOf((*core)["versions"]);
    const Expected<Value> groups = co_await getDocument("/apis", "discover the API", "discovery", cancel);
    if (!groups && groups.error().code() != ErrorCode::NotFound)
        co_return std::unexpected(groups.error());
    if (groups) {
        for (std::string &groupVersion : groupVersionsOf(*groups))
            groupVersions.push_back(std::move(groupVersion));
    }
    std::vector<Async<HttpAnswer>> answers;
    for (const std::string &groupVersion : groupVersions) {
        const bool isCore = groupVersion.find('/') == std::string::npos;
        answers.push_back(getJson((isCore ? "/api/" : "/apis/") + groupVersion, "application/json",
                                  "discover " + groupVersion, cancel));
    }
    DiscoveredGroups found;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const Expected<HttpAnswer> answer = co_await answers[i];
        const bool isHidden =
            !answer && (answer.error().code() == ErrorCode::NotFound || answer.error().code() == ErrorCode::Denied);
        if (isHidden)
            continue;
        const Expected<Value> document = answer ? object::parseJson(answer->body) : std::unexpected(answer.error());
        if (document)
            readResourceList(*document, groupVersions[i], found);
        else
            found.failed.push_back({groupVersions[i], document.error().text()});
    }
    // Groups that nobody waited for have not failed.
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    co_return found;
}

Async<ports::ServerVersion> ApiCluster::serverVersion(CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const Expected<Value> value =
        co_await getDocument("/version", "get the server's version", "version of the server", cancel);
    if (!value)
        co_return std::unexpected(value.error());
    co_return ports::ServerVersion{std::string((*value)["major"].stringOr()), std::string((*value)["minor"].stringOr()),
                                   std::string((*value)["gitVersion"].stringOr())};
}

Async<void> ApiCluster::readOpenApiIndex(CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const ports::DiscoveryPtr found = m_discovery ? m_discovery->value : nullptr;
    if (found && found == m_openApiOf)
        co_return {};
    const Expected<Value> index = co_await getDocument("/openapi/v3", "get /openapi/v3", "/openapi/v3", cancel);
    if (!index)
        co_return std::unexpected(index.error());
    std::map<std::string, std::string> paths;
    const Value entries = (*index)["paths"];
    for (const auto &[name, entry] : entries.entries()) {
        // "/openapi/v3/apis/apps/v1?hash=…"
        const std::string path(entry["serverRelativeURL"].stringOr());
        if (path.starts_with("/openapi/v3/" + std::string(name) + "?hash="))
            paths.emplace(name, path);
    }
    m_openApiPaths = std::move(paths);
    m_openApiOf = found;
    co_return {};
}

Async<std::string> ApiCluster::openApi(std::string groupVersion, CancelToken cancel)
{
    const std::shared_ptr<ApiCluster> self = shared_from_this();
    const std::string name = (groupVersion.find('/') == std::string::npos ? "api/" : "apis/") + groupVersion;
    const Expected<void> indexed = co_await readOpenApiIndex(cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    const auto named = m_openApiPaths.find(name);
    if (!indexed || named == m_openApiPaths.end()) {
        const Expected<std::string> text = co_await getRaw("/openapi/v3/" + name, cancel);
        co_return text;
    }
    const std::string path = named->second;
    if (const auto kept = m_openApi.find(groupVersion); kept != m_openApi.end() && kept->second.path == path)
        co_return kept->second.text;
    const Expected<std::string> text = co_await getRaw(path, cancel);
    if (text)
        m_openApi.insert_or_assign(groupVersion, Document{path, *text});
    co_return text;
}

Async<std::string> ApiCluster::getRaw(std::string path, CancelToken cancel)
{
    const Expected<HttpAnswer> answer = co_await getJson(path, "application/json, */*", "get " + path, cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return answer->body;
}

} // namespace tiphys::kube
