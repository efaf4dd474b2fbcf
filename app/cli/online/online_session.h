// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/job_pool.h"
#include "cli/invocation.h"
#include "control/app_observer.h"
#include "control/context_session.h"
#include "control/credential_waits.h"
#include "control/destination_contexts.h"
#include "control/registered_sessions.h"
#include "ports/system_clock.h"

#include <memory>
#include <set>
#include <string>

namespace tiphys::cli {

/// Everything that a command needs to talk to the clusters of a kubeconfig. One per run, in the main thread.
class OnlineSession
{
public:
    explicit OnlineSession(const Invocation &invocation);
    ~OnlineSession();

    /// The session of the chosen context, following \p scope, once it is ready. Errors: no such context, or why the
    /// cluster cannot be used.
    Async<control::ContextSession *> open(control::ApplicationScope scope, CancelToken cancel);
    /// The session of another context; made when first asked for.
    Async<control::ContextSession *> openContext(std::string context, control::ApplicationScope scope,
                                                 CancelToken cancel);
    /// The chosen cluster and its caches, without the Applications of it. Nothing is sent yet.
    Expected<ports::Connection> connect();
    /// The same of the current context of another \p kubeconfig, as the user that it names. Errors: NotFound, InvalidInput.
    Expected<ports::Connection> connectBy(const std::string &kubeconfig);
    /// The session of \p context, started when it is first asked for; it may not have connected yet. Errors: NotFound.
    Expected<control::ContextSession *> startContext(const std::string &context,
                                                     const control::ApplicationScope &scope);
    /// The session for the cluster that \p destination names: of \p home, of the context that was chosen, or of one with the
    /// same server, as far as it is known now; null where there is none.
    control::ContextSession *destinationNow(const crd::Destination &destination, control::ContextSession &home);
    /// The same, connected; for the local engine also of the cluster that \p home registers by a Secret. Null where there
    /// is none, or none that can be connected.
    Async<control::ContextSession *> destinationOf(crd::Destination destination, control::ContextSession *home,
                                                   CancelToken cancel);
    /// Called whenever an Application of any session changed; null when applications came, went, or may be done now.
    void setOnChange(std::function<void(const service::AppId *)> onChange) { m_onChange = std::move(onChange); }
    Async<void> close();

    ports::KubeconfigFacts facts() const { return m_connections->facts(); }
    /// Tells what is wrong in the kubeconfig on the standard error. Errors: NotFound for a file that was named and is not there;
    /// InvalidInput where nothing of it can be read.
    Expected<void> checkKubeconfig() const;
    /// The context that the flags or the kubeconfig choose. NotFound with the names that there are.
    Expected<std::string> contextName() const;
    control::ObserverParts parts();
    /// What the user chose: tools of this machine for applications, contexts for destinations. Errors: a settings file that
    /// is none.
    Expected<void> takeSettings();
    const std::shared_ptr<const ports::Clock> &clock() const { return m_clock; }
    ports::RepositoriesPtr repositories() const { return m_repositories; }

private:
    /// Says on the standard error that the certificate of \p context is not verified.
    void warnOfInsecurity(const std::string &context) const;

    const Invocation &m_invocation;
    async::JobPool m_pool;
    async::JobPool m_gitPool; ///< waits for servers, while the other one goes on decoding
    std::shared_ptr<const ports::Clock> m_clock;
    std::shared_ptr<control::CredentialWaits> m_credentialWaits = std::make_shared<control::CredentialWaits>();
    ports::ConnectionsPtr m_connections;
    std::vector<ports::ConnectionsPtr> m_others; ///< of other kubeconfigs
    ports::RepositoriesPtr m_repositories;
    ports::ArtifactsPtr m_artifacts;
    std::shared_ptr<script::JqEngine> m_jq;
    std::shared_ptr<script::LuaEngine> m_lua;
    std::shared_ptr<script::JsonnetEngine> m_jsonnet;
    std::shared_ptr<render::PluginHost> m_plugins;
    std::shared_ptr<render::ExternalTools> m_tools;
    control::ChosenContexts m_chosenContexts;
    std::map<std::string, std::unique_ptr<control::ContextSession>> m_sessions;
    std::map<control::ContextSession *, std::unique_ptr<control::RegisteredSessions>> m_registered; ///< by home
    std::vector<ports::Connection> m_opened;                                                        ///< by connect()
    std::function<void(const service::AppId *)> m_onChange;
};

} // namespace tiphys::cli
