// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::fetch {

/// What a registry asks for in the header WWW-Authenticate.
struct AuthChallenge
{
    enum class Scheme { Basic, Bearer };
    Scheme scheme = Scheme::Basic;
    std::string realm;
    std::string service;
    std::string scope;
};

/// The first challenge of \p header that is Basic or Bearer; nothing if there is none.
/// Source: oras-go registry/remote/auth/challenge.go@v2.6.1
std::optional<AuthChallenge> authChallengeOf(std::string_view header);

} // namespace tiphys::fetch
