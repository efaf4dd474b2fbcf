// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"
#include "async/task_scope.h"
#include "kube/exec_plugin.h"
#include "kube/id_tokens.h"
#include "kube/kubeconfig.h"
#include "kube/tls.h"
#include "ports/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

class QThreadPool;

namespace tiphys::kube {

/// What a request carries to prove who sends it. Holds secrets.
struct Credentials
{
    std::vector<std::pair<std::string, std::string>> headers;
    TlsSettings tls;
    std::uint64_t generation = 0; ///< changes when the credentials do
};

/// Asks the user once whether the program of \p exec may run for \p context; remembered by the one who answers.
using ExecConsent = std::function<Async<bool>(ExecConfig exec, std::string context)>;

/// The text of a file up to 16 MiB. Errors: NotFound "open PATH: no such file or directory", InvalidInput.
Expected<std::string> readWholeFile(const std::string &path);

struct CredentialOptions
{
    QThreadPool *pool = nullptr; ///< for reading files
    std::shared_ptr<const ports::Clock> clock = {};
    ExecConsent mayExec = {};                ///< without it no exec plugin runs
    std::shared_ptr<IdTokens> idTokens = {}; ///< shared with other sources; null: of this one alone
    /// The proxy for the address of an issuer, "" for none; empty: there is none.
    std::function<std::string(const std::string &url)> issuerProxy = {};
    ExecTimes execTimes = {};
    ExecNews onExecWaiting = {}; ///< hears of it instead of those who wait
    ExecWaits onExecWait = {}; ///< hears of it before those who wait; called until the source has ended, and as it does
};

/// The credentials of one kubeconfig target, kept as long as they are good: token files are read again after a
/// minute, certificates and keys after five, exec plugins run again when their credential expires or is refused,
/// one at a time however many requests wait, and after a failure not at once: they may open windows. Who waits for one that
/// does not answer is told so after a minute and may ask again; the plugin has longer. The id-token of an auth-provider "oidc" is used while it is good, then one
/// is fetched for the refresh token: the kubeconfig is not written.
/// Source: client-go {transport/token_source.go, plugin/pkg/client/auth/exec/exec.go, plugin/pkg/client/auth/oidc/oidc.go}@v0.36.1
class CredentialSource : public std::enable_shared_from_this<CredentialSource>
{
public:
    CredentialSource(Target target, CredentialOptions options);

    /// Errors: InvalidInput for a file that cannot be read, those of the exec plugin, Unauthorized without consent.
    Async<Credentials> current(CancelToken cancel);
    /// The server answered 401 to credentials of \p generation: they are fetched anew if they can be.
    /// True if a second try has a chance.
    bool refused(std::uint64_t generation);
    /// Of the credentials that were given last; 0 before.
    std::uint64_t generation() const { return m_last.generation; }
    /// Somebody asks for another try: a program that failed is run with the next request.
    void forgetFailure();
    /// Nobody wants credentials any more: a program that is asked for some is ended, and whoever waits gets Cancelled.
    void end() { m_tasks.cancel(); }

private:
    struct CachedFile
    {
        std::string path;
        std::string text;
        bool isRead = false;
        ports::BootTime readAt = 0;
    };

    /// The text of \p file, at most \p maxAge old. What is not \p isUsable is being written: the text before stays in use.
    Async<std::string> textOf(CachedFile *file, ports::BootTime maxAge, bool (*isUsable)(const std::string &));
    /// Certificate and key as far as they belong together: they are written one after the other.
    void takePair();
    Async<void> readFiles();
    /// What an exec plugin or an auth-provider gives.
    Async<ExecCredential> fetchedCredential(CancelToken cancel);
    static Async<void> renew(std::shared_ptr<CredentialSource> self, CancelToken cancel);
    static Async<ExecCredential> fromPlugin(std::shared_ptr<CredentialSource> self, CancelToken cancel);
    /// The plugin runs on.
    void tellWaiting(const Error &stillRuns);
    static Async<ExecCredential> fromIssuer(std::shared_ptr<CredentialSource> self, CancelToken cancel);
    bool hasToken() const;
    bool usesExec() const;
    bool usesOidc() const;
    Credentials assembled(const ExecCredential &fetched);

    Target m_target;
    CredentialOptions m_options;
    CachedFile m_token;
    CachedFile m_ca;
    CachedFile m_certificate;
    CachedFile m_key;
    std::string m_certificatePem; ///< in use, with m_keyPem
    std::string m_keyPem;
    std::optional<ExecCredential> m_fetched;
    std::optional<Error> m_failure; ///< of the exec plugin, which is not run again for a while
    ports::BootTime m_failureEnds = 0;
    ports::BootTime m_failurePause = 0;
    bool m_isRenewing = false;
    std::vector<async::Completion<ExecCredential>> m_waiting;
    async::TaskScope m_tasks;
    Credentials m_last;
};

} // namespace tiphys::kube
