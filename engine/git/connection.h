// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/libgit2.h"
#include "git/remote.h"

#include <optional>

struct git_transport;

namespace tiphys::git {

/// One connection to a remote repository over our own transports. It does not move: libgit2 keeps its address.
class Connection
{
public:
    Connection(std::string url, const RemoteAccess &access) : m_url(std::move(url)), m_access(access) {}
    Connection(const Connection &) = delete;

    /// Connects \p repository (may be null: refs only) to the remote.
    Expected<void> open(git_repository *repository);
    /// What the remote offers; \p peeled tags folded into their refs.
    Expected<std::vector<Ref>> refs();
    /// Downloads what \p refspecs name and the repository lacks; \p depth commits of history, 0 for all.
    Expected<void> download(const std::vector<std::string> &refspecs, int depth);

    const std::string &url() const { return m_url; }
    const RemoteAccess &access() const { return m_access; }
    /// Keeps the failure of a transport, which libgit2 can only pass on as a text; gives the code for libgit2.
    int fail(Error error);

private:
    git_remote_callbacks callbacks();
    Error failed(int code, const std::string &doing);

    const std::string m_url;
    const RemoteAccess &m_access;
    std::optional<Error> m_error; ///< before the remote, which still writes while it is freed
    RemoteHandle m_remote;
};

/// Transports that a connection's URL asks for; \p out is libgit2's.
int makeHttpTransport(git_transport **out, git_remote *owner, Connection &connection);
int makeSshTransport(git_transport **out, git_remote *owner, Connection &connection);

} // namespace tiphys::git
