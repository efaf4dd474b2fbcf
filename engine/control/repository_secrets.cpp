// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/repository_secrets.h"

#include "base/repo_url.h"
#include "policy/registry.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;
using policy::secretField;

namespace {

const ports::ResourceType kSecrets{"", "v1", "secrets", "Secret", true};
const ports::ResourceType kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};

/// "host" of "oci://host:port/path" and of "host/path".
std::string hostOf(std::string_view url)
{
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos)
        url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('/'));
    if (const auto user = url.find('@'); user != std::string_view::npos)
        url.remove_prefix(user + 1);
    return std::string(url.substr(0, url.find(':')));
}

/// Registries are written with and without their scheme.
std::string normalized(std::string_view url)
{
    if (url.starts_with("oci://"))
        url.remove_prefix(6);
    std::string text = normalizedRepoUrl(url);
    while (text.ends_with('/'))
        text.pop_back();
    return text;
}

} // namespace

RepositorySecrets::Entry RepositorySecrets::entryOf(const Object &secret)
{
    Entry entry{.url = normalized(secretField(secret, "url")),
                .project = secretField(secret, "project"),
                .access = {},
                .hasCredentials = false};
    entry.access.username = secretField(secret, "username");
    entry.access.password = secretField(secret, "password");
    entry.access.bearerToken = secretField(secret, "bearerToken");
    entry.access.security.certificatePem = secretField(secret, "tlsClientCertData");
    entry.access.security.keyPem = secretField(secret, "tlsClientCertKey");
    entry.access.security.skipsVerification = secretField(secret, "insecure") == "true";
    entry.access.security.proxy = secretField(secret, "proxy");
    entry.access.isPlainHttp = secretField(secret, "insecureOCIForceHttp") == "true";
    entry.hasCredentials = !entry.access.username.empty() || !entry.access.password.empty()
                           || !entry.access.bearerToken.empty() || !entry.access.security.certificatePem.empty();
    return entry;
}

RepositorySecrets::RepositorySecrets(const std::vector<Object> &secrets, const Object &certificates)
{
    for (const Object &secret : secrets) {
        const std::string_view type = secret.value()["metadata"]["labels"][policy::kSecretTypeLabel].stringOr();
        if (type == "repository")
            m_repositories.push_back(entryOf(secret));
        else if (type == "repo-creds")
            m_templates.push_back(entryOf(secret));
    }
    const object::Value hosts = certificates.value()["data"];
    for (const auto &[host, pem] : hosts.entries())
        m_certificates[std::string(host)] = std::string(pem.stringOr());
}

const RepositorySecrets::Entry *RepositorySecrets::ownOf(std::string_view normalizedUrl, std::string_view project) const
{
    const Entry *ofAll = nullptr;
    for (const Entry &entry : m_repositories) {
        if (entry.url != normalizedUrl)
            continue;
        if (entry.project == project)
            return &entry;
        if (entry.project.empty())
            ofAll = &entry;
    }
    return ofAll;
}

std::optional<ports::RepositoryAccess> RepositorySecrets::accessTo(const std::string &url,
                                                                   const std::string &project) const
{
    const std::string wanted = normalized(url);
    const auto certificates = m_certificates.find(hostOf(url));
    const Entry *own = ownOf(wanted, project);
    const Entry *best = nullptr;
    for (const Entry &entry : m_templates) {
        if (!entry.url.empty() && wanted.starts_with(entry.url) && (!best || entry.url.size() > best->url.size()))
            best = &entry;
    }
    if (!own && !best && certificates == m_certificates.end())
        return std::nullopt;
    ports::RepositoryAccess access = own ? own->access : ports::RepositoryAccess{};
    if (best && (!own || !own->hasCredentials)) {
        access.username = best->access.username;
        access.password = best->access.password;
        access.bearerToken = best->access.bearerToken;
        access.security.certificatePem = best->access.security.certificatePem;
        access.security.keyPem = best->access.security.keyPem;
        access.isPlainHttp = access.isPlainHttp || best->access.isPlainHttp;
        if (access.security.proxy.empty())
            access.security.proxy = best->access.security.proxy;
    }
    if (certificates != m_certificates.end())
        access.security.caPem = certificates->second;
    return access;
}

Async<RepositorySecrets> readRepositorySecrets(ports::ClusterPtr cluster, std::string controlPlaneNamespace,
                                               CancelToken cancel)
{
    ports::ListOptions options;
    options.ns = controlPlaneNamespace;
    options.labelSelector = std::string(policy::kSecretTypeLabel) + " in (repository,repo-creds)";
    const Expected<ports::ObjectList> secrets = co_await cluster->list(kSecrets, options, cancel);
    if (!secrets)
        co_return std::unexpected(secrets.error());
    const Expected<Object> certificates =
        co_await cluster->get({kConfigMaps, controlPlaneNamespace, "argocd-tls-certs-cm"}, {}, cancel);
    co_return RepositorySecrets(secrets->items, certificates ? *certificates : Object());
}

} // namespace tiphys::control
