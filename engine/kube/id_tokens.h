// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"
#include "kube/oidc_refresh.h"
#include "ports/clock.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::kube {

/// The id-tokens of auth-providers "oidc", for all connections that sign in by the same refresh token of a kubeconfig: it
/// is exchanged once however many wait, and what came is kept here and nowhere else. Used in one thread.
/// Source: client-go plugin/pkg/client/auth/oidc/oidc.go (clientCache, idToken)@v0.36.1
class IdTokens : public std::enable_shared_from_this<IdTokens>
{
public:
    /// The id-token of \p issuer, whose `config` is that of the kubeconfig: the one in there or the one that came last while
    /// they are good at \p now, else a new one, which may be of any age. Errors: those of isIdTokenGood and refreshedTokens.
    Async<std::string> current(OidcIssuer issuer, ports::WallTime now, CancelToken cancel);

private:
    struct SignIn
    {
        OidcTokens latest;
        bool isExchanging = false;
        std::vector<async::Completion<std::string>> waiting;
    };

    /// Ends the exchange of \p key with \p result, for those who wait too.
    void end(const std::string &key, const Expected<OidcTokens> &result);

    std::map<std::string, SignIn> m_signIns; ///< by issuer, client and refresh token of the kubeconfig
};

} // namespace tiphys::kube
