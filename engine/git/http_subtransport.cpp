// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "git/connection.h"
#include "git/url.h"

#include <git2/sys/transport.h>

namespace tiphys::git {

namespace {

constexpr std::string_view kDiscovery = "/info/refs?service=git-upload-pack";
constexpr std::string_view kUploadPack = "/git-upload-pack";

/// The base object comes first, so that libgit2's pointer is ours.
struct HttpSubtransport
{
    git_smart_subtransport base;
    Connection *connection;
    std::string root; ///< URL of the repository, after redirects
};

struct HttpStream
{
    git_smart_subtransport_stream base;
    HttpSubtransport *owner;
    git_smart_service_t service;
    std::string body;
    std::unique_ptr<HttpResponse> response;
};

Error statusError(const HttpResponse &response)
{
    const int status = response.status();
    const std::string text = "the server answered " + std::to_string(status);
    switch (status) {
    case 401: return Error(ErrorCode::Unauthorized, text + " (no or wrong credentials)");
    case 403: return Error(ErrorCode::Denied, text + " (no access with these credentials)");
    case 404: return Error(ErrorCode::NotFound, text + " (no such repository, or no access)");
    case 407: return Error(ErrorCode::Unauthorized, text + " (the proxy asks for credentials)");
    default: return Error(status >= 500 || status == 429 ? ErrorCode::Unavailable : ErrorCode::InvalidInput, text);
    }
}

Expected<void> sendRequest(HttpStream &stream)
{
    const bool isDiscovery = stream.service == GIT_SERVICE_UPLOADPACK_LS;
    HttpSubtransport &transport = *stream.owner;
    HttpRequest request;
    request.method = isDiscovery ? "GET" : "POST";
    request.url = transport.root + std::string(isDiscovery ? kDiscovery : kUploadPack);
    request.headers = {{"User-Agent", "git/2.0 (tiphys)"}, {"Accept-Encoding", "identity"}};
    if (!isDiscovery) {
        request.headers.emplace_back("Content-Type", "application/x-git-upload-pack-request");
        request.headers.emplace_back("Accept", "application/x-git-upload-pack-result");
    }
    request.body = std::move(stream.body);
    request.credentials = transport.connection->access().credentials;
    request.cancel = transport.connection->access().cancel;
    // Redirected elsewhere: what was meant for one origin is not given to another.
    if (!sameOrigin(transport.root, transport.connection->url())) {
        request.credentials.username = request.credentials.password = request.credentials.bearerToken = "";
        request.credentials.clientCertificatePem = request.credentials.clientKeyPem = "";
    }
    Expected<std::unique_ptr<HttpResponse>> response = transport.connection->access().http->send(request);
    if (!response)
        return std::unexpected(response.error());
    if ((*response)->status() != 200)
        return std::unexpected(statusError(**response));
    const std::string wanted =
        isDiscovery ? "application/x-git-upload-pack-advertisement" : "application/x-git-upload-pack-result";
    if ((*response)->header("content-type") != wanted)
        return failure(ErrorCode::InvalidInput, "the server does not speak Git's smart HTTP protocol (content type "
                                                    + tiphys::quoted((*response)->header("content-type")) + ")");
    if (const std::string place = (*response)->url(); isDiscovery && place.ends_with(kDiscovery))
        transport.root = place.substr(0, place.size() - kDiscovery.size());
    stream.response = *std::move(response);
    return {};
}

int readStream(git_smart_subtransport_stream *raw, char *buffer, std::size_t size, std::size_t *count)
{
    HttpStream &stream = *reinterpret_cast<HttpStream *>(raw);
    *count = 0;
    if (!stream.response)
        if (const Expected<void> sent = sendRequest(stream); !sent)
            return stream.owner->connection->fail(sent.error());
    const Expected<std::size_t> bytes = stream.response->read(buffer, size);
    if (!bytes)
        return stream.owner->connection->fail(bytes.error());
    *count = *bytes;
    return 0;
}

int writeStream(git_smart_subtransport_stream *raw, const char *buffer, std::size_t size)
{
    reinterpret_cast<HttpStream *>(raw)->body.append(buffer, size);
    return 0;
}

void freeStream(git_smart_subtransport_stream *raw)
{
    delete reinterpret_cast<HttpStream *>(raw);
}

int action(git_smart_subtransport_stream **out, git_smart_subtransport *raw, const char *, git_smart_service_t service)
{
    auto *transport = reinterpret_cast<HttpSubtransport *>(raw);
    if (service != GIT_SERVICE_UPLOADPACK_LS && service != GIT_SERVICE_UPLOADPACK)
        return transport->connection->fail(Error(ErrorCode::Unsupported, "pushing is not supported"));
    *out = &(new HttpStream{{raw, readStream, writeStream, freeStream}, transport, service, "", nullptr})->base;
    return 0;
}

int closeTransport(git_smart_subtransport *)
{
    return 0;
}

void freeTransport(git_smart_subtransport *raw)
{
    delete reinterpret_cast<HttpSubtransport *>(raw);
}

int makeSubtransport(git_smart_subtransport **out, git_transport *, void *param)
{
    auto *connection = static_cast<Connection *>(param);
    std::string root = urlWithoutUser(connection->url());
    while (root.ends_with('/'))
        root.pop_back();
    *out = &(new HttpSubtransport{{action, closeTransport, freeTransport}, connection, std::move(root)})->base;
    return 0;
}

} // namespace

int makeHttpTransport(git_transport **out, git_remote *owner, Connection &connection)
{
    if (!connection.access().http)
        return connection.fail(Error(ErrorCode::Unsupported, "no network access for HTTP has been set up"));
    git_smart_subtransport_definition definition = {makeSubtransport, 1, &connection};
    return git_transport_smart(out, owner, &definition);
}

} // namespace tiphys::git
