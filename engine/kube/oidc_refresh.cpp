// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/oidc_refresh.h"

#include "base/base64.h"
#include "base/text.h"
#include "kube/resource_path.h"
#include "kube/tls.h"
#include "kube/transport.h"
#include "object/json.h"

#include <QUrl>

#include <algorithm>
#include <optional>

namespace tiphys::kube {

using object::Value;

namespace {

constexpr ports::WallTime kEarly = 10'000;
constexpr std::size_t kAnswerBytes = 1 << 20;
constexpr std::string_view kWellKnown = "/.well-known/openid-configuration";

/// One request to \p url, with the issuer's certificates.
Async<HttpAnswer> asked(OidcIssuer issuer, std::string url, HttpRequest request, CancelToken cancel)
{
    const QUrl parsed(QString::fromStdString(url), QUrl::StrictMode);
    const QString origin =
        parsed.toString(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
    request.path =
        parsed.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment | QUrl::FullyEncoded)
            .toStdString();
    ExchangeLimits limits;
    limits.bytes = kAnswerBytes;
    const std::string proxy = issuer.proxyFor ? issuer.proxyFor(url) : std::string();
    TlsSettings tls;
    tls.caPem = issuer.caPem;
    const Expected<std::shared_ptr<Transport>> transport =
        Transport::make({.server = origin.toStdString(), .tlsServerName = {}, .tls = tls, .proxyUrl = proxy}, limits);
    if (!transport)
        co_return std::unexpected(transport.error());
    const Expected<HttpAnswer> answer = co_await (*transport)->send(std::move(request), cancel);
    co_return answer;
}

Async<std::string> tokenEndpoint(OidcIssuer issuer, CancelToken cancel)
{
    std::string url = issuer.field("idp-issuer-url");
    if (url.ends_with('/'))
        url.pop_back();
    url += kWellKnown;
    HttpRequest request;
    request.what = "metadata of " + url;
    const Expected<HttpAnswer> answer = co_await asked(issuer, url, request, cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (answer->head.status != 200)
        co_return failure(ErrorCode::Unavailable, "oidc: failed to query metadata endpoint " + url + ": "
                                                      + std::to_string(answer->head.status));
    const Expected<Value> metadata = object::parseJson(answer->body);
    if (!metadata)
        co_return std::unexpected(metadata.error().in("oidc: failed to decode provider discovery object of " + url));
    const std::string endpoint((*metadata)["token_endpoint"].stringOr());
    if (endpoint.empty())
        co_return failure(ErrorCode::InvalidInput, "oidc: discovery object doesn't contain a token_endpoint: " + url);
    co_return endpoint;
}

enum class ClientProof { Header, Form };

HttpRequest tokenRequest(const OidcIssuer &issuer, ClientProof proof)
{
    const std::string id = issuer.field("client-id");
    const std::string secret = issuer.field("client-secret");
    HttpRequest request;
    request.method = "POST";
    request.what = "new id-token";
    request.effect = Effect::Write;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    request.body = "grant_type=refresh_token&refresh_token=" + percentEncoded(issuer.field("refresh-token"));
    if (proof == ClientProof::Header) {
        request.headers.emplace_back("Authorization",
                                     "Basic " + base64Of(percentEncoded(id) + ":" + percentEncoded(secret)));
        return request;
    }
    request.body += "&client_id=" + percentEncoded(id);
    if (!secret.empty())
        request.body += "&client_secret=" + percentEncoded(secret);
    return request;
}

/// What \p answer of a token endpoint refuses, if it does: some issuers refuse with status 200.
std::optional<Error> refusalIn(const HttpAnswer &answer)
{
    const Value body = object::parseJson(answer.body).value_or(Value());
    const std::string code(body["error"].stringOr());
    const bool isGood = answer.head.status >= 200 && answer.head.status <= 299;
    if (isGood && code.empty())
        return std::nullopt;
    const std::string words(body["error_description"].stringOr());
    return Error(ErrorCode::Unauthorized,
                 "failed to refresh token: "
                     + (code.empty() ? "the issuer answered " + std::to_string(answer.head.status)
                                     : tiphys::quoted(code) + (words.empty() ? "" : ": " + words)));
}

/// Seconds since 1970 of a claim, written with or without a fraction, or as text; nothing for what is no number.
std::optional<double> secondsOf(const Value &claim)
{
    if (claim.isNull())
        return 0;
    const std::optional<std::string_view> text = claim.asString();
    const Expected<Value> number = text ? object::parseJson(*text) : Expected<Value>(claim);
    return number ? number->asNumber() : std::nullopt;
}

} // namespace

std::string OidcIssuer::field(std::string_view name) const
{
    const auto found = config.find(std::string(name));
    return found == config.end() ? std::string() : found->second;
}

Expected<ports::WallTime> idTokenExpiry(std::string_view idToken)
{
    const std::vector<std::string_view> parts = split(idToken, '.');
    if (parts.size() != 3)
        return failure(ErrorCode::InvalidInput, "ID Token is not a valid JWT");
    std::string payload(parts[1]);
    if (payload.find_first_of("+/=") != std::string::npos)
        return failure(ErrorCode::InvalidInput, "ID Token is not a valid JWT: its claims are not base64");
    std::ranges::replace(payload, '-', '+');
    std::ranges::replace(payload, '_', '/');
    payload.append((4 - payload.size() % 4) % 4, '=');
    const Expected<std::string> text = decodedBase64(payload);
    if (!text)
        return failure(ErrorCode::InvalidInput, "ID Token is not a valid JWT: its claims are not base64");
    const Expected<Value> claims = object::parseJson(*text);
    if (!claims || !claims->isMap())
        return failure(ErrorCode::InvalidInput, "ID Token is not a valid JWT: its claims are no JSON");
    constexpr double mostSeconds = 1e11;
    const std::optional<double> seconds = secondsOf((*claims)["exp"]);
    if (!seconds)
        return failure(ErrorCode::InvalidInput, "ID Token is not a valid JWT: its exp is no number");
    return static_cast<std::int64_t>(std::clamp(*seconds, 0.0, mostSeconds)) * 1000;
}

Expected<bool> isIdTokenGood(std::string_view idToken, ports::WallTime now)
{
    const Expected<ports::WallTime> expiry = idTokenExpiry(idToken);
    if (!expiry)
        return std::unexpected(expiry.error());
    return now + kEarly < *expiry;
}

Async<OidcTokens> refreshedTokens(OidcIssuer issuer, CancelToken cancel)
{
    const std::string old = issuer.field("refresh-token");
    if (old.empty())
        co_return failure(ErrorCode::Unauthorized, "No valid id-token, and cannot refresh without refresh-token");
    const Expected<std::string> endpoint = co_await tokenEndpoint(issuer, cancel);
    if (!endpoint)
        co_return std::unexpected(endpoint.error());
    Expected<HttpAnswer> answer = co_await asked(issuer, *endpoint, tokenRequest(issuer, ClientProof::Header), cancel);
    if (answer && refusalIn(*answer))
        answer = co_await asked(issuer, *endpoint, tokenRequest(issuer, ClientProof::Form), cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (const std::optional<Error> refusal = refusalIn(*answer))
        co_return std::unexpected(*refusal);
    const Expected<Value> body = object::parseJson(answer->body);
    if (!body)
        co_return failure(ErrorCode::InvalidInput, "failed to refresh token: the issuer's answer is no JSON");
    OidcTokens tokens{.idToken = std::string((*body)["id_token"].stringOr()),
                      .refreshToken = std::string((*body)["refresh_token"].stringOr())};
    if (tokens.idToken.empty())
        co_return failure(
            ErrorCode::Unauthorized,
            "token response did not contain an id_token, either the scope \"openid\" wasn't requested upon login, "
            "or the provider doesn't support id_tokens as part of the refresh response");
    if (tokens.refreshToken.empty())
        tokens.refreshToken = old;
    co_return tokens;
}

} // namespace tiphys::kube
