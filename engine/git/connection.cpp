// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/connection.h"

#include "base/text.h"
#include "git/url.h"

#include <git2/sys/errors.h>
#include <git2/sys/transport.h>

#include <algorithm>
#include <filesystem>

namespace tiphys::git {

namespace {

constexpr std::string_view kPeeled = "^{}";

int makeTransport(git_transport **out, git_remote *owner, void *param)
{
    Connection &connection = *static_cast<Connection *>(param);
    switch (parsedUrl(connection.url()).kind) {
    case UrlKind::Http: return makeHttpTransport(out, owner, connection);
    case UrlKind::Ssh: return makeSshTransport(out, owner, connection);
    case UrlKind::Local: return git_transport_local(out, owner, nullptr);
    case UrlKind::Git: return git_transport_new(out, owner, connection.url().c_str());
    }
    return GIT_ERROR;
}

int onProgress(const git_indexer_progress *stats, void *param)
{
    const Connection &connection = *static_cast<Connection *>(param);
    if (connection.access().cancel.stop_requested())
        return GIT_EUSER;
    if (connection.access().onProgress)
        connection.access().onProgress({stats->total_objects, stats->received_objects, stats->received_bytes});
    return 0;
}

int onText(const char *, int, void *param)
{
    return static_cast<Connection *>(param)->access().cancel.stop_requested() ? GIT_EUSER : 0;
}

int onPacking(int, std::uint32_t, std::uint32_t, void *param)
{
    return onText(nullptr, 0, param);
}

} // namespace

git_remote_callbacks Connection::callbacks()
{
    git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
    callbacks.transport = makeTransport;
    callbacks.transfer_progress = onProgress;
    callbacks.sideband_progress = onText;
    callbacks.pack_progress = onPacking;
    callbacks.payload = this;
    return callbacks;
}

int Connection::fail(Error error)
{
    git_error_set_str(GIT_ERROR_NET, error.text().c_str());
    m_error = std::move(error);
    return GIT_ERROR;
}

Error Connection::failed(int code, const std::string &doing)
{
    if (m_access.cancel.stop_requested())
        return Error(ErrorCode::Cancelled, "cancelled").in(doing);
    if (m_error)
        return m_error->in(doing);
    return libgit2Error(code, doing);
}

Expected<void> Connection::open(git_repository *repository)
{
    startLibgit2();
    const std::string doing = "repository " + tiphys::quoted(shownUrl(m_url));
    const RepositoryUrl parts = parsedUrl(m_url);
    std::error_code fault;
    if (parts.kind == UrlKind::Local && !std::filesystem::exists(parts.path, fault))
        return std::unexpected(Error(ErrorCode::NotFound, "no folder " + tiphys::quoted(parts.path)).in(doing));
    git_remote_create_options options = GIT_REMOTE_CREATE_OPTIONS_INIT;
    options.repository = repository;
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    // Without a scheme libgit2 would take "host:path" apart itself; the transport reads our URL anyway.
    int code = git_remote_create_with_opts(out(m_remote), m_url.c_str(), &options);
    if (code != 0)
        return std::unexpected(failed(code, doing));
    git_remote_connect_options connect = GIT_REMOTE_CONNECT_OPTIONS_INIT;
    connect.callbacks = callbacks();
    code = git_remote_connect_ext(m_remote.get(), GIT_DIRECTION_FETCH, &connect);
    if (code != 0)
        return std::unexpected(failed(code, doing));
    return {};
}

Expected<std::vector<Ref>> Connection::refs()
{
    const git_remote_head **heads = nullptr;
    std::size_t count = 0;
    if (const int code = git_remote_ls(&heads, &count, m_remote.get()); code != 0)
        return std::unexpected(failed(code, "refs of " + tiphys::quoted(shownUrl(m_url))));
    std::vector<Ref> refs;
    for (std::size_t i = 0; i < count; ++i) {
        std::string_view name = heads[i]->name;
        if (name.ends_with(kPeeled)) {
            name.remove_suffix(kPeeled.size());
            if (!refs.empty() && refs.back().name == name)
                refs.back().peeled = hexOf(heads[i]->oid);
            continue;
        }
        refs.push_back(
            {std::string(name), hexOf(heads[i]->oid), "", heads[i]->symref_target ? heads[i]->symref_target : ""});
    }
    return refs;
}

Expected<void> Connection::download(const std::vector<std::string> &refspecs, int depth)
{
    std::vector<char *> texts;
    for (const std::string &refspec : refspecs)
        texts.push_back(const_cast<char *>(refspec.c_str()));
    const git_strarray wanted = {texts.data(), texts.size()};
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    options.callbacks = callbacks();
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.depth = parsedUrl(m_url).kind == UrlKind::Local ? 0 : depth;
    if (const int code = git_remote_download(m_remote.get(), &wanted, &options); code != 0)
        return std::unexpected(failed(code, "fetching " + tiphys::quoted(shownUrl(m_url))));
    return {};
}

Expected<std::vector<Ref>> remoteRefs(const std::string &url, const RemoteAccess &access)
{
    Connection connection(url, access);
    if (const Expected<void> open = connection.open(nullptr); !open)
        return std::unexpected(open.error());
    return connection.refs();
}

} // namespace tiphys::git
