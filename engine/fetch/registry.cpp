// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/registry.h"

#include "base/text.h"
#include "fetch/auth_challenge.h"
#include "fetch/exchange.h"
#include "object/json.h"

#include <QUrl>
#include <QUrlQuery>

#include <algorithm>

namespace tiphys::fetch {

using object::Value;
using ports::HttpAnswer;
using ports::HttpRequest;

namespace {

constexpr std::size_t kManifestLimit = std::size_t(4) << 20;
constexpr std::size_t kTagsLimit = std::size_t(16) << 20;
constexpr std::size_t kTokenLimit = std::size_t(1) << 20;
constexpr std::size_t kMostTags = 100'000;
constexpr int kMostPages = 200;
constexpr std::chrono::minutes kBlobTimeout{5};
constexpr std::string_view kManifestTypes =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";

OciDescriptor descriptorOf(const Value &value)
{
    return {.mediaType = std::string(value["mediaType"].stringOr()),
            .digest = std::string(value["digest"].stringOr()),
            .size = static_cast<std::size_t>(std::max<std::int64_t>(value["size"].intOr(0), 0)),
            .title = std::string(value["annotations"]["org.opencontainers.image.title"].stringOr())};
}

/// Where the next page is: the address in `<…>; rel="next"`.
std::string nextPage(const HttpAnswer &answer)
{
    const auto link = answer.headers.find("link");
    if (link == answer.headers.end() || !link->second.contains("next"))
        return {};
    const auto open = link->second.find('<');
    const auto close = link->second.find('>');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return {};
    return link->second.substr(open + 1, close - open - 1);
}

QString encoded(const std::string &text)
{
    return QString::fromUtf8(QUrl::toPercentEncoding(QString::fromStdString(text)));
}

std::string tokenIn(std::string_view body)
{
    const Expected<Value> answer = object::parseJson(body);
    if (!answer)
        return {};
    const std::string_view token = (*answer)["access_token"].stringOr();
    return std::string(token.empty() ? (*answer)["token"].stringOr() : token);
}

} // namespace

const OciDescriptor *OciManifest::layer(std::string_view mediaType) const
{
    const auto found = std::ranges::find(layers, mediaType, &OciDescriptor::mediaType);
    return found == layers.end() ? nullptr : &*found;
}

Expected<OciManifest> ociManifestOf(std::string_view text)
{
    const Expected<Value> document = object::parseJson(text);
    if (!document || !document->isMap())
        return failure(ErrorCode::InvalidInput, "the manifest is no JSON object");
    if ((*document)["manifests"].isList())
        return failure(ErrorCode::Unsupported, "the manifest is an index of several images");
    OciManifest manifest{
        .digest = {}, .configMediaType = std::string((*document)["config"]["mediaType"].stringOr()), .layers = {}};
    const Value layers = (*document)["layers"];
    for (const Value &layer : layers.items())
        manifest.layers.push_back(descriptorOf(layer));
    return manifest;
}

std::string Registry::url(const std::string &path) const
{
    return (m_access.isPlainHttp ? "http://" : "https://") + m_repository.server() + path;
}

Async<HttpAnswer> Registry::got(std::string path, std::string accept, std::size_t limitBytes, CancelToken cancel)
{
    const auto self = shared_from_this();
    HttpRequest request{
        .url = url(path), .headers = {{"Accept", accept}}, .security = m_access.security, .limitBytes = limitBytes};
    if (limitBytes > kTagsLimit)
        request.timeout = kBlobTimeout;
    for (int attempt = 0;; ++attempt) {
        HttpRequest sent = request;
        const std::string bearer = m_access.bearerToken.empty() ? m_authorization : "Bearer " + m_access.bearerToken;
        if (!bearer.empty())
            sent.headers.emplace_back("Authorization", bearer);
        const Expected<HttpAnswer> answer = co_await m_http->send(std::move(sent), cancel);
        if (!answer)
            co_return std::unexpected(answer.error().in(shownUrl(request.url)));
        if (answer->status == 200)
            co_return answer;
        const auto challenge = answer->headers.find("www-authenticate");
        // A token for another scope, or one that has run out, is replaced once.
        if (answer->status != 401 || attempt > 0 || challenge == answer->headers.end())
            co_return std::unexpected(statusError(answer->status, request.url));
        const Expected<std::string> authorization = co_await this->authorization(challenge->second, cancel);
        if (!authorization)
            co_return std::unexpected(authorization.error().in(shownUrl(request.url)));
        m_authorization = *authorization;
    }
}

Async<std::string> Registry::authorization(std::string challenge, CancelToken cancel)
{
    const std::optional<AuthChallenge> wanted = authChallengeOf(challenge);
    if (!wanted)
        co_return failure(ErrorCode::Unauthorized, "the registry asks for credentials in an unknown way");
    if (wanted->scheme == AuthChallenge::Scheme::Basic) {
        if (m_access.username.empty())
            co_return failure(ErrorCode::Unauthorized,
                              "the registry wants a user name and a password, and none are known for "
                                  + m_repository.host);
        co_return basicAuthorization(m_access.username, m_access.password);
    }
    const std::string scope = wanted->scope.empty() ? "repository:" + m_repository.path + ":pull" : wanted->scope;
    const Expected<std::string> token = co_await this->token(wanted->realm, wanted->service, scope, cancel);
    if (!token)
        co_return std::unexpected(token.error());
    co_return "Bearer " + *token;
}

Async<std::string> Registry::token(std::string realm, std::string service, std::string scope, CancelToken cancel)
{
    if (!realm.starts_with("https://") && !(m_access.isPlainHttp && realm.starts_with("http://")))
        co_return failure(ErrorCode::Denied, "the registry's realm " + shownUrl(realm) + " is not reached by https");
    HttpRequest request{.url = realm,
                        .headers = {{"Accept", "application/json"}},
                        .security = m_access.security,
                        .limitBytes = kTokenLimit};
    // A client certificate is for the registry.
    if (!isSameServer(realm, url(""))) {
        request.security.certificatePem.clear();
        request.security.keyPem.clear();
    }
    if (!m_access.identityToken.empty()) {
        request.method = "POST";
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.body = (QStringLiteral("grant_type=refresh_token&service=") + encoded(service)
                        + QStringLiteral("&client_id=tiphys&scope=") + encoded(scope)
                        + QStringLiteral("&refresh_token=") + encoded(m_access.identityToken))
                           .toStdString();
    } else {
        QUrl url(QString::fromStdString(realm));
        QString query = url.query(QUrl::FullyEncoded);
        const auto add = [&query](const QString &name, const std::string &value) {
            if (!value.empty())
                query +=
                    (query.isEmpty() ? QString() : QStringLiteral("&")) + name + QStringLiteral("=") + encoded(value);
        };
        add(QStringLiteral("service"), service);
        for (const std::string_view each : split(scope, ' '))
            add(QStringLiteral("scope"), std::string(each));
        url.setQuery(query, QUrl::StrictMode);
        request.url = url.toString(QUrl::FullyEncoded).toStdString();
        if (!m_access.username.empty())
            request.headers.emplace_back("Authorization", basicAuthorization(m_access.username, m_access.password));
    }
    const Expected<HttpAnswer> answer = co_await fetch::got(m_http, std::move(request), cancel);
    if (!answer)
        co_return std::unexpected(answer.error().in("token"));
    const std::string token = tokenIn(answer->body);
    if (token.empty())
        co_return failure(ErrorCode::InvalidInput, shownUrl(realm) + " gave no token");
    co_return token;
}

Async<std::vector<std::string>> Registry::tags(CancelToken cancel)
{
    const auto self = shared_from_this();
    std::vector<std::string> tags;
    std::string path = "/v2/" + m_repository.path + "/tags/list?n=1000";
    for (int page = 0; !path.empty(); ++page) {
        const Expected<HttpAnswer> answer = co_await got(path, "application/json", kTagsLimit, cancel);
        if (!answer)
            co_return std::unexpected(answer.error());
        const Expected<Value> list = object::parseJson(answer->body);
        if (!list)
            co_return failure(ErrorCode::InvalidInput,
                              "the list of tags of " + m_repository.host + "/" + m_repository.path + " cannot be read");
        const Value names = (*list)["tags"];
        for (const Value &tag : names.items())
            tags.emplace_back(tag.stringOr());
        const std::string next = nextPage(*answer);
        const QUrl whole = QUrl(QString::fromStdString(url(path))).resolved(QUrl(QString::fromStdString(next)));
        // The next page is asked of the same server, wherever the address points.
        path = next.empty() ? std::string()
                            : (whole.path(QUrl::FullyEncoded) + QStringLiteral("?") + whole.query(QUrl::FullyEncoded))
                                  .toStdString();
        if (tags.size() > kMostTags || page > kMostPages)
            co_return failure(ErrorCode::LimitExceeded,
                              m_repository.host + "/" + m_repository.path + " has too many tags");
    }
    co_return tags;
}

Async<OciManifest> Registry::manifest(std::string reference, CancelToken cancel)
{
    const auto self = shared_from_this();
    const std::string shown =
        m_repository.host + "/" + m_repository.path + (isSha256Digest(reference) ? "@" : ":") + reference;
    if (!isSha256Digest(reference) && !isTag(reference))
        co_return failure(ErrorCode::InvalidInput,
                          "invalid reference " + tiphys::quoted(shown) + ": neither tag nor digest");
    const Expected<HttpAnswer> answer = co_await got("/v2/" + m_repository.path + "/manifests/" + reference,
                                                     std::string(kManifestTypes), kManifestLimit, cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const std::string digest = digestOf(answer->body);
    const auto told = answer->headers.find("docker-content-digest");
    const std::string wanted = isSha256Digest(reference)       ? reference
                               : told == answer->headers.end() ? digest
                                                               : told->second;
    if (digest != wanted)
        co_return failure(ErrorCode::InvalidInput,
                          "manifest of " + shown + " has digest " + digest + ", not " + wanted);
    Expected<OciManifest> manifest = ociManifestOf(answer->body);
    if (!manifest)
        co_return std::unexpected(manifest.error().in(shown));
    manifest->digest = digest;
    co_return manifest;
}

Async<std::string> Registry::blob(OciDescriptor descriptor, std::size_t limitBytes, CancelToken cancel)
{
    const auto self = shared_from_this();
    const std::string shown = m_repository.host + "/" + m_repository.path + "@" + descriptor.digest;
    if (!isSha256Digest(descriptor.digest))
        co_return failure(ErrorCode::InvalidInput,
                          "invalid digest in the manifest of " + m_repository.host + "/" + m_repository.path);
    if (descriptor.size > limitBytes)
        co_return failure(ErrorCode::LimitExceeded, shown + " has " + std::to_string(descriptor.size)
                                                        + " bytes, more than " + std::to_string(limitBytes));
    const Expected<HttpAnswer> answer =
        co_await got("/v2/" + m_repository.path + "/blobs/" + descriptor.digest, "*/*", limitBytes, cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const std::string digest = digestOf(answer->body);
    if (digest != descriptor.digest)
        co_return failure(ErrorCode::InvalidInput, "layer of " + shown + " came with digest " + digest + " and "
                                                       + std::to_string(answer->body.size()) + " bytes");
    co_return answer->body;
}

} // namespace tiphys::fetch
