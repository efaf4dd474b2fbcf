// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/decode.h"
#include "kube/discovery_reader.h"
#include "kube/kept_answer.h"
#include "kube/session.h"
#include "ports/cluster.h"

#include <map>
#include <optional>

namespace tiphys::kube {

/// A cluster behind an API server.
class ApiCluster final : public ports::Cluster, public std::enable_shared_from_this<ApiCluster>
{
public:
    ApiCluster(Target target, ConnectOptions options);

    const ports::ClusterIdentity &identity() const override { return m_identity; }
    Async<ports::DiscoveryPtr> discovery(CancelToken cancel) override;
    Async<ports::DiscoveryPtr> refreshDiscovery(CancelToken cancel) override;
    Async<object::Object> get(ports::ObjectRef ref, ports::GetOptions options, CancelToken cancel) override;
    Async<ports::ObjectList> list(ports::ResourceType type, ports::ListOptions options, CancelToken cancel) override;
    Async<void> watch(ports::ResourceType type, ports::WatchOptions options,
                      std::function<void(std::vector<ports::WatchEvent>)> onEvents, CancelToken cancel) override;
    Async<ports::Written> create(ports::ResourceType type, object::Object object, ports::WriteOptions options,
                                 CancelToken cancel) override;
    Async<ports::Written> patch(ports::ObjectRef ref, ports::Patch patch, ports::WriteOptions options,
                                CancelToken cancel) override;
    Async<ports::Written> replace(ports::ResourceType type, object::Object object, ports::WriteOptions options,
                                  CancelToken cancel) override;
    Async<void> remove(ports::ObjectRef ref, ports::DeleteOptions options, CancelToken cancel) override;
    Async<void> logs(ports::ObjectRef pod, ports::LogOptions options,
                     std::function<void(std::vector<std::string>)> onLines, CancelToken cancel) override;
    Async<ports::UserInfo> selfSubject(CancelToken cancel) override;
    Async<ports::Access> canI(ports::AccessQuestion question, CancelToken cancel) override;
    Async<ports::AccessRules> rules(std::string ns, CancelToken cancel) override;
    Async<ports::ServerVersion> serverVersion(CancelToken cancel) override;
    Async<std::string> openApi(std::string groupVersion, CancelToken cancel) override;
    Async<std::string> getRaw(std::string path, CancelToken cancel) override;
    void forgetFailures() override { m_session->forgetFailures(); }

    const Session &session() const { return *m_session; }

private:
    /// What the server says to a review.
    struct Reviewed
    {
        object::Value status;
        std::uint64_t generation = 0; ///< of the credentials that asked
    };

    Async<HttpAnswer> getJson(std::string path, std::string accept, std::string what, CancelToken cancel,
                              Extent extent = Extent::One);
    /// What is at \p path, read; \p name tells in messages what could not be.
    Async<object::Value> getDocument(std::string path, std::string what, std::string name, CancelToken cancel);
    Async<Reviewed> review(std::string path, object::Value body, std::string what, CancelToken cancel);
    Async<ports::Written> write(HttpRequest request, CancelToken cancel);
    Async<ListPage> page(ports::ResourceType type, ports::ListOptions options, std::string continueToken,
                         CancelToken cancel);
    Async<DiscoveredGroups> legacyGroups(CancelToken cancel);
    /// Learns which OpenAPI documents there are, once for what discovery found.
    Async<void> readOpenApiIndex(CancelToken cancel);
    Async<object::Value> parsed(std::string json);
    /// True for what is still told to those who we are now.
    template <typename T>
    bool isGood(const KeptAnswer<T> &kept) const
    {
        return kept.isGood(now(), m_session->generation());
    }
    template <typename Key, typename T>
    void keep(std::map<Key, KeptAnswer<T>> &all, const Key &key, KeptAnswer<T> kept)
    {
        std::erase_if(all, [this](const auto &entry) { return !isGood(entry.second); });
        all.insert_or_assign(key, std::move(kept));
    }
    ports::BootTime now() const { return m_session->options().clock->sinceBoot(); }

    ports::ClusterIdentity m_identity;
    std::shared_ptr<Session> m_session;
    std::optional<KeptAnswer<ports::DiscoveryPtr>> m_discovery;
    /// An OpenAPI document: the address that names its content, and the text once it was read.
    struct Document
    {
        std::string path;
        std::string text = {};
    };
    std::map<std::string, std::string> m_openApiPaths; ///< addresses by group version
    ports::DiscoveryPtr m_openApiOf;                   ///< the discovery that they were read after
    std::map<std::string, Document> m_openApi;         ///< by group version
    std::optional<KeptAnswer<ports::UserInfo>> m_user;
    std::map<ports::AccessQuestion, KeptAnswer<ports::Access>> m_access;
    std::map<std::string, KeptAnswer<ports::AccessRules>> m_rules;
};

} // namespace tiphys::kube
