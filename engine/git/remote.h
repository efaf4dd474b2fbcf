// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/credentials.h"
#include "git/http_transport.h"
#include "git/revision.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace tiphys::git {

/// How far a fetch has come.
struct FetchProgress
{
    unsigned totalObjects = 0; ///< 0 until the other side has counted
    unsigned receivedObjects = 0;
    std::uint64_t receivedBytes = 0;

    bool operator==(const FetchProgress &) const = default;
};

/// How a remote repository is reached.
struct RemoteAccess
{
    Credentials credentials;
    std::shared_ptr<HttpTransport> http;                        ///< for http and https URLs
    std::function<void(const FetchProgress &)> onProgress = {}; ///< called on the calling thread
    std::stop_token cancel = {};
};

/// The refs that the repository at \p url (path, file://, http, https, ssh, scp form) offers; nothing is fetched.
/// Blocks. Errors: NotFound, Unauthorized, Denied, Unavailable, Cancelled, Unsupported (HTTP without a transport).
Expected<std::vector<Ref>> remoteRefs(const std::string &url, const RemoteAccess &access);

} // namespace tiphys::git
