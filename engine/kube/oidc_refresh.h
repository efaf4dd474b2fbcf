// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "base/error.h"
#include "ports/clock.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace tiphys::kube {

/// When \p idToken expires, as its claims say; 1970 where they do not. Errors: InvalidInput for text that is no JSON Web Token.
Expected<ports::WallTime> idTokenExpiry(std::string_view idToken);

/// True while \p idToken is good for ten more seconds. Errors: of idTokenExpiry.
/// Source: client-go plugin/pkg/client/auth/oidc/oidc.go (idTokenExpired)@v0.36.1
Expected<bool> isIdTokenGood(std::string_view idToken, ports::WallTime now);

/// How the issuer of an auth-provider "oidc" is reached.
struct OidcIssuer
{
    std::map<std::string, std::string> config; ///< `auth-provider.config`
    std::string caPem;                         ///< of `idp-certificate-authority`, "" for the roots of the system
    /// The proxy of an address, "" for none; empty: there is none.
    std::function<std::string(const std::string &url)> proxyFor;

    /// The text of `config` under \p name, "" where it is not.
    std::string field(std::string_view name) const;
};

/// What came for a refresh token. Holds secrets.
struct OidcTokens
{
    std::string idToken;
    std::string refreshToken; ///< the old one unless the issuer gave another
};

/// Exchanges the refresh token at the issuer's token endpoint; the client proves itself by the header, else in the form.
/// Errors: Unauthorized (no refresh token, refused, no id-token in the answer), InvalidInput (an answer that is no JSON),
/// Unavailable, Cancelled. None holds a token.
/// Source: client-go plugin/pkg/client/auth/oidc/oidc.go (idToken, tokenEndpoint)@v0.36.1, golang.org/x/oauth2 internal/token.go
Async<OidcTokens> refreshedTokens(OidcIssuer issuer, CancelToken cancel);

} // namespace tiphys::kube
