// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/id_tokens.h"

#include <optional>
#include <string_view>
#include <utility>

namespace tiphys::kube {

namespace {

std::string keyOf(const OidcIssuer &issuer)
{
    std::string key;
    for (const std::string_view field : {"idp-issuer-url", "client-id", "refresh-token"})
        key += issuer.field(field) + '\n';
    return key;
}

} // namespace

Async<std::string> IdTokens::current(OidcIssuer issuer, ports::WallTime now, CancelToken cancel)
{
    const std::shared_ptr<IdTokens> self = shared_from_this();
    const std::string written = issuer.field("id-token");
    if (!written.empty()) {
        const Expected<bool> isGood = isIdTokenGood(written, now);
        if (!isGood)
            co_return std::unexpected(isGood.error());
        if (*isGood)
            co_return written;
    }
    const std::string key = keyOf(issuer);
    const std::string kept = m_signIns[key].latest.idToken;
    if (!kept.empty()) {
        const Expected<bool> isGood = isIdTokenGood(kept, now);
        if (!isGood)
            co_return std::unexpected(isGood.error());
        if (*isGood)
            co_return kept;
    }
    if (m_signIns[key].isExchanging) {
        const async::Completion<std::string> answer;
        const async::CancelRegistration registration =
            cancel.onCancel([answer] { answer.fail(async::cancelledError()); });
        m_signIns[key].waiting.push_back(answer);
        const Expected<std::string> shared = co_await answer;
        const bool isAbandoned = !shared && shared.error().code() == ErrorCode::Cancelled && !cancel.isCancelled();
        if (!isAbandoned)
            co_return shared;
        // Who exchanged has been cancelled, and nobody else has.
        const Expected<std::string> own = co_await current(std::move(issuer), now, cancel);
        co_return own;
    }
    m_signIns[key].isExchanging = true;
    if (const std::string &newest = m_signIns[key].latest.refreshToken; !newest.empty())
        issuer.config["refresh-token"] = newest;
    const Expected<OidcTokens> tokens = co_await refreshedTokens(std::move(issuer), cancel);
    self->end(key, tokens);
    if (!tokens)
        co_return std::unexpected(tokens.error());
    co_return tokens->idToken;
}

void IdTokens::end(const std::string &key, const Expected<OidcTokens> &result)
{
    SignIn &signIn = m_signIns[key];
    signIn.isExchanging = false;
    if (result)
        signIn.latest = *result;
    for (const async::Completion<std::string> &answer : std::exchange(signIn.waiting, {})) {
        if (result)
            answer.set(result->idToken);
        else
            answer.fail(result.error());
    }
}

} // namespace tiphys::kube
