// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/credential_source.h"

#include "async/run_on.h"
#include "base/base64.h"
#include "base/text.h"
#include "kube/resource_path.h"

#include <QFile>
#include <QTimer>

#include <algorithm>

namespace tiphys::kube {

namespace {

constexpr ports::BootTime kTokenAge = 60'000;
constexpr ports::BootTime kCertificateAge = 300'000;
constexpr ports::BootTime kUnusableAge = 10'000; ///< of a file that could not be used, until it is read again
constexpr ports::BootTime kFirstFailurePause = 5'000;
constexpr ports::BootTime kLastFailurePause = 20'000;
constexpr qint64 kFileBytes = 16 << 20;

/// Percent-encodes what may not stand in a header's name, as client-go does for extra keys.
std::string headerKey(const std::string &key)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789!#$&'*+-.^_`|~";
    std::string result;
    for (const char c : asciiLower(key))
        result += allowed.find(c) != std::string_view::npos ? std::string(1, c) : percentEncoded({&c, 1});
    return result;
}

void addImpersonation(const Impersonation &as, std::vector<std::pair<std::string, std::string>> &headers)
{
    if (as.user.empty())
        return;
    headers.emplace_back("Impersonate-User", as.user);
    if (!as.uid.empty())
        headers.emplace_back("Impersonate-Uid", as.uid);
    for (const std::string &group : as.groups)
        headers.emplace_back("Impersonate-Group", group);
    for (const auto &[key, values] : as.extra) {
        for (const std::string &value : values)
            headers.emplace_back("Impersonate-Extra-" + headerKey(key), value);
    }
}

bool isWritten(const std::string &text)
{
    return !trimmed(text).empty();
}

/// Tells that a plugin takes its time, and that it is over with it.
class WaitNotice
{
public:
    WaitNotice(ExecWaits tell, ExecWait wait, std::chrono::milliseconds after)
        : m_tell(std::move(tell)), m_wait(std::move(wait))
    {
        if (!m_tell)
            return;
        m_timer.setSingleShot(true);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_isTold = true;
            m_tell(m_wait);
        });
        m_timer.start(after);
    }
    ~WaitNotice()
    {
        m_wait.isOver = true;
        if (m_isTold)
            m_tell(m_wait);
    }
    WaitNotice(const WaitNotice &) = delete;
    WaitNotice &operator=(const WaitNotice &) = delete;

private:
    ExecWaits m_tell;
    ExecWait m_wait;
    QTimer m_timer;
    bool m_isTold = false;
};

/// The last moment at which \p idToken is used; one that cannot be told is used once more and then looked at again.
std::optional<ports::WallTime> lastUseOf(const std::string &idToken)
{
    constexpr ports::WallTime early = 10'000;
    return idTokenExpiry(idToken).value_or(0) - early;
}

} // namespace

Expected<std::string> readWholeFile(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.exists())
        return failure(ErrorCode::NotFound, "open " + path + ": no such file or directory");
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::InvalidInput, "open " + path + ": " + file.errorString().toStdString());
    if (file.size() > kFileBytes)
        return failure(ErrorCode::LimitExceeded, "open " + path + ": the file is larger than 16 MiB");
    return file.read(kFileBytes).toStdString();
}

CredentialSource::CredentialSource(Target target, CredentialOptions options)
    : m_target(std::move(target)), m_options(std::move(options))
{
    if (!m_options.idTokens)
        m_options.idTokens = std::make_shared<IdTokens>();
    m_token.path = m_target.user.tokenFile;
    m_ca.path = m_target.cluster.caFile;
    m_certificate.path = m_target.user.certificateFile;
    m_key.path = m_target.user.keyFile;
}

bool CredentialSource::hasToken() const
{
    const UserEntry &user = m_target.user;
    return !user.token.empty() || !user.tokenFile.empty() || !user.username.empty() || !user.password.empty();
}

bool CredentialSource::usesExec() const
{
    const UserEntry &user = m_target.user;
    return user.exec && !hasToken() && user.certificateFile.empty() && user.certificatePem.empty();
}

bool CredentialSource::usesOidc() const
{
    return m_target.user.authProvider && !hasToken();
}

Async<std::string> CredentialSource::textOf(CachedFile *file, ports::BootTime maxAge,
                                            bool (*isUsable)(const std::string &))
{
    const std::shared_ptr<CredentialSource> self = shared_from_this();
    if (file->path.empty() || (file->isRead && m_options.clock->sinceBoot() - file->readAt < maxAge))
        co_return file->text;
    const Expected<std::string> text =
        co_await async::runOn(m_options.pool, [path = file->path] { return readWholeFile(path); });
    // The kubeconfig names it: its absence must not pass for a server's answer "not found".
    if (!text && !file->isRead)
        co_return failure(ErrorCode::InvalidInput, text.error().text());
    const bool isTaken = text && (!file->isRead || isUsable(*text));
    if (isTaken)
        file->text = *text;
    file->isRead = true;
    file->readAt = m_options.clock->sinceBoot() - (isTaken ? 0 : maxAge - kUnusableAge);
    co_return file->text;
}

Async<void> CredentialSource::readFiles()
{
    const std::shared_ptr<CredentialSource> self = shared_from_this();
    const std::string &user = m_target.user.name;
    const Expected<std::string> token = co_await textOf(&m_token, kTokenAge, isWritten);
    if (!token && m_target.user.token.empty())
        co_return std::unexpected(token.error().in("tokenFile of user '" + user + "'"));
    if (token && !m_token.path.empty() && !isWritten(*token) && m_target.user.token.empty()) {
        m_token.isRead = false;
        co_return failure(ErrorCode::InvalidInput,
                          "tokenFile of user '" + user + "': read empty token from file \"" + m_token.path + "\"");
    }
    const Expected<std::string> ca = co_await textOf(&m_ca, kCertificateAge, hasCertificate);
    if (!ca)
        co_return std::unexpected(
            ca.error().in("unable to read certificate-authority " + m_ca.path + " for " + m_target.cluster.name));
    const Expected<std::string> certificate = co_await textOf(&m_certificate, kCertificateAge, isWritten);
    if (!certificate)
        co_return std::unexpected(
            certificate.error().in("unable to read client-cert " + m_certificate.path + " for " + user));
    const Expected<std::string> key = co_await textOf(&m_key, kCertificateAge, isWritten);
    if (!key)
        co_return std::unexpected(key.error().in("unable to read client-key " + m_key.path + " for " + user));
    takePair();
    co_return {};
}

void CredentialSource::takePair()
{
    const std::string &certificate = m_certificate.path.empty() ? m_target.user.certificatePem : m_certificate.text;
    const std::string &key = m_key.path.empty() ? m_target.user.keyPem : m_key.text;
    if (certificate == m_certificatePem && key == m_keyPem)
        return;
    if (!m_certificatePem.empty() && !isKeyPair(certificate, key)) {
        const ports::BootTime soon = m_options.clock->sinceBoot() - kCertificateAge + kUnusableAge;
        m_certificate.readAt = std::min(m_certificate.readAt, soon);
        m_key.readAt = std::min(m_key.readAt, soon);
        return;
    }
    m_certificatePem = certificate;
    m_keyPem = key;
}

Credentials CredentialSource::assembled(const ExecCredential &fetched)
{
    const UserEntry &user = m_target.user;
    Credentials next;
    const std::string token = isWritten(m_token.text) ? std::string(trimmed(m_token.text))
                              : !user.token.empty()   ? user.token
                                                      : fetched.token;
    if (!token.empty())
        next.headers.emplace_back("Authorization", "Bearer " + token);
    else if (!user.username.empty() || !user.password.empty())
        next.headers.emplace_back("Authorization", "Basic " + base64Of(user.username + ":" + user.password));
    addImpersonation(user.impersonation, next.headers);
    next.tls.skipsVerification = m_target.cluster.skipsTlsVerification;
    next.tls.caPem = !m_ca.path.empty() ? m_ca.text : m_target.cluster.caPem;
    next.tls.certificatePem = m_certificatePem;
    next.tls.keyPem = m_keyPem;
    if (next.tls.certificatePem.empty()) {
        next.tls.certificatePem = fetched.certificatePem;
        next.tls.keyPem = fetched.keyPem;
    }
    next.generation = m_last.generation;
    if (next.generation == 0 || next.headers != m_last.headers || next.tls != m_last.tls)
        ++next.generation;
    m_last = next;
    return next;
}

Async<Credentials> CredentialSource::current(CancelToken cancel)
{
    const std::shared_ptr<CredentialSource> self = shared_from_this();
    const Expected<void> files = co_await readFiles();
    if (!files)
        co_return std::unexpected(files.error());
    ExecCredential fetched;
    if (usesExec() || usesOidc()) {
        Expected<ExecCredential> credential = co_await fetchedCredential(cancel);
        if (!credential)
            co_return std::unexpected(credential.error().in("getting credentials"));
        fetched = std::move(*credential);
    }
    co_return assembled(fetched);
}

Async<ExecCredential> CredentialSource::fetchedCredential(CancelToken cancel)
{
    const std::shared_ptr<CredentialSource> self = shared_from_this();
    if (m_fetched && (!m_fetched->expires || m_options.clock->now() < *m_fetched->expires))
        co_return *m_fetched;
    if (m_failure && m_options.clock->sinceBoot() < m_failureEnds)
        co_return std::unexpected(*m_failure);
    // Whoever gives up leaves the plugin running for the others.
    const async::Completion<ExecCredential> answer;
    const async::CancelRegistration registration = cancel.onCancel([answer] { answer.fail(async::cancelledError()); });
    m_waiting.push_back(answer);
    if (!m_isRenewing) {
        m_isRenewing = true;
        m_tasks.start(renew(self, m_tasks.token()));
    }
    const Expected<ExecCredential> credential = co_await answer;
    co_return credential;
}

Async<void> CredentialSource::renew(std::shared_ptr<CredentialSource> self, CancelToken cancel)
{
    Async<ExecCredential> fetching = self->usesExec() ? fromPlugin(self, cancel) : fromIssuer(self, cancel);
    const Expected<ExecCredential> credential = co_await fetching;
    if (credential) {
        self->m_fetched = *credential;
        // From here on the old generation counts as refused already, even if the same came again.
        const std::uint64_t before = self->m_last.generation;
        if (self->assembled(*credential).generation == before)
            ++self->m_last.generation;
    }
    self->m_isRenewing = false;
    for (const async::Completion<ExecCredential> &answer : std::exchange(self->m_waiting, {}))
        answer.set(credential);
    co_return {};
}

Async<ExecCredential> CredentialSource::fromPlugin(std::shared_ptr<CredentialSource> self, CancelToken cancel)
{
    const ExecConfig exec = *self->m_target.user.exec;
    bool isAllowed = false;
    if (self->m_options.mayExec) {
        const Expected<bool> allowed = co_await self->m_options.mayExec(exec, self->m_target.context);
        if (!allowed)
            co_return std::unexpected(allowed.error());
        isAllowed = *allowed;
    }
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (!isAllowed)
        co_return failure(ErrorCode::Unauthorized, "exec plugin " + exec.command + " may not run: nobody allowed it");
    const std::string caPem = !self->m_ca.path.empty() ? self->m_ca.text : self->m_target.cluster.caPem;
    const WaitNotice notice(self->m_options.onExecWait, {.context = self->m_target.context, .command = exec.command},
                            self->m_options.execTimes.untilNoticed);
    const Expected<ExecCredential> credential =
        co_await runExecPlugin(exec, self->m_target.cluster, caPem, cancel, self->m_options.execTimes,
                               [self](const Error &stillRuns) { self->tellWaiting(stillRuns); });
    if (credential) {
        self->forgetFailure();
    } else if (!cancel.isCancelled()) {
        self->m_failure = credential.error();
        self->m_failurePause = std::clamp(self->m_failurePause * 2, kFirstFailurePause, kLastFailurePause);
        self->m_failureEnds = self->m_options.clock->sinceBoot() + self->m_failurePause;
    }
    co_return credential;
}

void CredentialSource::tellWaiting(const Error &stillRuns)
{
    if (m_options.onExecWaiting) {
        m_options.onExecWaiting(stillRuns);
        return;
    }
    for (const async::Completion<ExecCredential> &answer : std::exchange(m_waiting, {}))
        answer.fail(stillRuns);
}

Async<ExecCredential> CredentialSource::fromIssuer(std::shared_ptr<CredentialSource> self, CancelToken cancel)
{
    OidcIssuer issuer{
        .config = self->m_target.user.authProvider->config, .caPem = {}, .proxyFor = self->m_options.issuerProxy};
    if (const std::string encoded = issuer.field("idp-certificate-authority-data"); !encoded.empty()) {
        const Expected<std::string> pem = decodedBase64(encoded);
        if (!pem)
            co_return std::unexpected(pem.error().in("idp-certificate-authority-data"));
        issuer.caPem = *pem;
    } else if (const std::string file = issuer.field("idp-certificate-authority"); !file.empty()) {
        const Expected<std::string> pem =
            co_await async::runOn(self->m_options.pool, [file] { return readWholeFile(file); });
        if (!pem)
            co_return failure(ErrorCode::InvalidInput, "idp-certificate-authority: " + pem.error().text());
        issuer.caPem = *pem;
    }
    const ports::WallTime now = self->m_options.clock->now();
    const Expected<std::string> idToken = co_await self->m_options.idTokens->current(std::move(issuer), now, cancel);
    if (!idToken)
        co_return std::unexpected(idToken.error());
    co_return ExecCredential{.token = *idToken, .certificatePem = {}, .keyPem = {}, .expires = lastUseOf(*idToken)};
}

void CredentialSource::forgetFailure()
{
    m_failure.reset();
    m_failurePause = 0;
}

bool CredentialSource::refused(std::uint64_t generation)
{
    if (generation != m_last.generation)
        return true; // another request has fetched new ones already
    m_token.readAt = m_token.path.empty()
                         ? m_token.readAt
                         : std::min<ports::BootTime>(m_token.readAt, m_options.clock->sinceBoot() - kTokenAge);
    if (usesExec())
        m_fetched.reset();
    return usesExec() || !m_token.path.empty();
}

} // namespace tiphys::kube
