// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "git/child_process.h"
#include "git/connection.h"
#include "git/secret_files.h"
#include "git/url.h"

#include <git2/sys/transport.h>

#include <cstdlib>

namespace tiphys::git {

namespace {

struct SshSubtransport;

struct SshStream
{
    git_smart_subtransport_stream base;
    SshSubtransport *owner;
};

/// One `ssh` for the whole conversation. The base object comes first, so that libgit2's pointer is ours.
struct SshSubtransport
{
    git_smart_subtransport base;
    Connection *connection;
    std::unique_ptr<SecretFiles> files;
    std::unique_ptr<ChildProcess> ssh;
    SshStream stream;
};

std::string shellQuoted(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

/// Options of `ssh` that the credentials ask for. Source: argo-cd util/git/creds.go (SSHCreds.Environ)@v3.5.1
Expected<std::vector<std::string>> sshOptions(const Credentials &credentials, SecretFiles &files)
{
    // A server that says nothing any more, at its welcome or later, is given up after about a minute.
    std::vector<std::string> options = {"-o", "BatchMode=yes",          "-o", "ConnectTimeout=15",
                                        "-o", "ServerAliveInterval=20", "-o", "ServerAliveCountMax=3"};
    std::string key = credentials.sshKeyPath;
    if (!credentials.sshKeyText.empty()) {
        const Expected<std::string> file = files.add("key", credentials.sshKeyText);
        if (!file)
            return std::unexpected(file.error());
        key = *file;
    }
    if (!key.empty())
        options.insert(options.end(), {"-i", key, "-o", "IdentitiesOnly=yes"});
    if (credentials.insecure) {
        options.insert(options.end(), {"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"});
    } else if (!credentials.knownHosts.empty()) {
        const Expected<std::string> file = files.add("known_hosts", credentials.knownHosts);
        if (!file)
            return std::unexpected(file.error());
        options.insert(options.end(), {"-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=" + *file, "-o",
                                       "GlobalKnownHostsFile=/dev/null"});
    } else {
        options.insert(options.end(), {"-o", "StrictHostKeyChecking=yes"});
    }
    if (!credentials.proxy.empty()) {
        const RepositoryUrl proxy = parsedUrl(credentials.proxy);
        if (!proxy.scheme.starts_with("socks5"))
            return failure(ErrorCode::Unsupported,
                           "SSH goes through socks5 proxies only, not " + tiphys::quoted(shownUrl(credentials.proxy)));
        options.insert(options.end(),
                       {"-o", "ProxyCommand=connect-proxy -S "
                                  + shellQuoted(proxy.host + ":" + (proxy.port.empty() ? "1080" : proxy.port))
                                  + " -5 %h %p"});
    }
    return options;
}

Expected<Command> sshCommand(const std::string &address, const Credentials &credentials, SecretFiles &files)
{
    const RepositoryUrl url = parsedUrl(address);
    if (url.host.empty() || url.host.starts_with('-') || url.user.starts_with('-') || url.path.starts_with('-'))
        return failure(ErrorCode::InvalidInput, "strange SSH address " + tiphys::quoted(shownUrl(address)));
    Expected<std::vector<std::string>> arguments = sshOptions(credentials, files);
    if (!arguments)
        return std::unexpected(arguments.error());
    if (!url.port.empty())
        arguments->insert(arguments->end(), {"-p", url.port});
    arguments->push_back(url.user.empty() ? url.host : url.user + "@" + url.host);
    // "ssh://host/~user/x" names a home folder, as in git.
    const std::string path = !url.scheme.empty() && url.path.starts_with("/~") ? url.path.substr(1) : url.path;
    arguments->push_back("git-upload-pack " + shellQuoted(path));
    Command command;
    if (const char *own = std::getenv("GIT_SSH_COMMAND"); own && *own) {
        // The user's own command line, read by a shell as git does.
        command.arguments = {"sh", "-c", std::string(own) + " \"$@\"", own};
    } else {
        const char *program = std::getenv("GIT_SSH");
        command.arguments = {program && *program ? program : "ssh"};
    }
    command.arguments.insert(command.arguments.end(), arguments->begin(), arguments->end());
    return command;
}

/// Why `ssh` ended, from its exit code and what it said.
Error sshError(const SshSubtransport &transport)
{
    const int code = transport.ssh->wait();
    const std::string text = transport.ssh->errorText();
    if (transport.connection->access().cancel.stop_requested())
        return Error(ErrorCode::Cancelled, "cancelled");
    const auto says = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    ErrorCode kind = code == 255 ? ErrorCode::Unavailable : ErrorCode::InvalidInput;
    if (says("Host key verification failed") || says("REMOTE HOST IDENTIFICATION HAS CHANGED"))
        kind = ErrorCode::Denied;
    else if (says("Permission denied"))
        kind = ErrorCode::Unauthorized;
    else if (says("does not appear to be a git repository") || says("not found"))
        kind = ErrorCode::NotFound;
    std::string line =
        text.empty() ? "no answer" : std::string(trimmed(text.substr(text.rfind('\n', text.size() - 1) + 1)));
    if (says("does not appear to be a git repository"))
        line = text.substr(0, text.find('\n'));
    return Error(kind, "ssh ended with code " + std::to_string(code) + ": " + line);
}

int readStream(git_smart_subtransport_stream *raw, char *buffer, std::size_t size, std::size_t *count)
{
    SshSubtransport &transport = *reinterpret_cast<SshStream *>(raw)->owner;
    *count = 0;
    const Expected<std::size_t> bytes = transport.ssh->read(buffer, size);
    if (!bytes)
        return transport.connection->fail(bytes.error());
    if (*bytes == 0)
        return transport.connection->fail(sshError(transport));
    *count = *bytes;
    return 0;
}

int writeStream(git_smart_subtransport_stream *raw, const char *buffer, std::size_t size)
{
    SshSubtransport &transport = *reinterpret_cast<SshStream *>(raw)->owner;
    if (const Expected<void> written = transport.ssh->write({buffer, size}); !written)
        return transport.connection->fail(sshError(transport));
    return 0;
}

void freeStream(git_smart_subtransport_stream *) {}

Expected<void> start(SshSubtransport &transport)
{
    transport.files = std::make_unique<SecretFiles>();
    const RemoteAccess &access = transport.connection->access();
    const Expected<Command> command = sshCommand(transport.connection->url(), access.credentials, *transport.files);
    if (!command)
        return std::unexpected(command.error());
    Expected<std::unique_ptr<ChildProcess>> ssh = ChildProcess::start(*command, access.cancel);
    if (!ssh)
        return std::unexpected(ssh.error());
    transport.ssh = *std::move(ssh);
    return {};
}

int action(git_smart_subtransport_stream **out, git_smart_subtransport *raw, const char *, git_smart_service_t service)
{
    auto *transport = reinterpret_cast<SshSubtransport *>(raw);
    if (service != GIT_SERVICE_UPLOADPACK_LS && service != GIT_SERVICE_UPLOADPACK)
        return transport->connection->fail(Error(ErrorCode::Unsupported, "pushing is not supported"));
    if (!transport->ssh)
        if (const Expected<void> started = start(*transport); !started)
            return transport->connection->fail(started.error());
    transport->stream = {{raw, readStream, writeStream, freeStream}, transport};
    *out = &transport->stream.base;
    return 0;
}

int closeTransport(git_smart_subtransport *raw)
{
    auto *transport = reinterpret_cast<SshSubtransport *>(raw);
    transport->ssh.reset();
    transport->files.reset();
    return 0;
}

void freeTransport(git_smart_subtransport *raw)
{
    delete reinterpret_cast<SshSubtransport *>(raw);
}

int makeSubtransport(git_smart_subtransport **out, git_transport *, void *param)
{
    *out = &(new SshSubtransport{
                 {action, closeTransport, freeTransport}, static_cast<Connection *>(param), nullptr, nullptr, {}})
                ->base;
    return 0;
}

} // namespace

int makeSshTransport(git_transport **out, git_remote *owner, Connection &connection)
{
    git_smart_subtransport_definition definition = {makeSubtransport, 0, &connection};
    return git_transport_smart(out, owner, &definition);
}

} // namespace tiphys::git
