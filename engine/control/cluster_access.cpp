// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/cluster_access.h"

#include "base/base64.h"
#include "base/text.h"
#include "control/destination_contexts.h"
#include "object/json.h"
#include "policy/registry.h"

namespace tiphys::control {

using object::Object;
using object::Value;
using policy::secretField;

namespace {

/// The PEM text of a field of tlsClientConfig.
Expected<std::string> pemOf(const Value &tls, std::string_view field)
{
    Expected<std::string> pem = decodedBase64(tls[field].stringOr());
    if (!pem)
        return std::unexpected(pem.error().in("tlsClientConfig." + std::string(field)));
    return pem;
}

Expected<ports::HttpSecurity> securityOf(const Value &config)
{
    const Value tls = config["tlsClientConfig"];
    ports::HttpSecurity security;
    security.skipsVerification = tls["insecure"].boolOr(false);
    security.proxy = std::string(config["proxyUrl"].stringOr());
    for (const auto &[field, text] : {std::pair("caData", &security.caPem),
                                      {"certData", &security.certificatePem},
                                      {"keyData", &security.keyPem}}) {
        Expected<std::string> pem = pemOf(tls, field);
        if (!pem)
            return std::unexpected(pem.error());
        *text = std::move(*pem);
    }
    return security;
}

Expected<ports::ClusterAccess> accessOf(const Object &secret)
{
    ports::ClusterAccess access;
    access.server = policy::withoutSlash(secretField(secret, "server"));
    access.name = secretField(secret, "name");
    for (const std::string_view part : split(secretField(secret, "namespaces"), ',')) {
        if (const std::string_view ns = trimmed(part); !ns.empty())
            access.namespaces.emplace_back(ns);
    }
    const std::string text = secretField(secret, "config");
    const Expected<Value> config = text.empty() ? Expected<Value>(Value::map({})) : object::parseJson(text);
    if (!config)
        return std::unexpected(config.error().in("config"));
    for (const std::string_view program : {"execProviderConfig", "awsAuthConfig"}) {
        if ((*config)[program].isMap())
            return failure(
                ErrorCode::Unsupported,
                "it signs in by a program (" + std::string(program)
                    + "), and no program that a Secret names is run: add a context of the cluster to the kubeconfig");
    }
    Expected<ports::HttpSecurity> security = securityOf(*config);
    if (!security)
        return std::unexpected(security.error());
    access.security = std::move(*security);
    access.serverName = std::string((*config)["tlsClientConfig"]["serverName"].stringOr());
    access.bearerToken = std::string((*config)["bearerToken"].stringOr());
    access.username = std::string((*config)["username"].stringOr());
    access.password = std::string((*config)["password"].stringOr());
    access.disablesCompression = (*config)["disableCompression"].boolOr(false);
    return access;
}

} // namespace

Expected<ports::ClusterAccess> clusterAccess(const std::vector<Object> &secrets, std::string_view server)
{
    const std::string wanted = policy::withoutSlash(server);
    for (const Object &secret : secrets) {
        const bool isCluster = secret.path({"metadata", "labels", policy::kSecretTypeLabel}).stringOr() == "cluster";
        if (!isCluster || policy::withoutSlash(secretField(secret, "server")) != wanted)
            continue;
        Expected<ports::ClusterAccess> access = accessOf(secret);
        if (!access)
            return std::unexpected(access.error().in("the cluster's Secret " + tiphys::quoted(secret.name())));
        return access;
    }
    return failure(ErrorCode::NotFound, "no Secret registers a cluster at " + wanted);
}

} // namespace tiphys::control
