// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/credential_files.h"

#include "object/json.h"
#include "object/yaml.h"

#include <QByteArray>

namespace tiphys::fetch {

using object::Value;

namespace {

std::string textOf(const Value &map, std::string_view member)
{
    return std::string(map[member].stringOr());
}

/// "https://host/v1/" and "host" are the same.
std::string hostIn(std::string_view key)
{
    if (key.contains("index.docker.io"))
        return std::string(key);
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (key.starts_with(scheme))
            key.remove_prefix(scheme.size());
    }
    return std::string(key.substr(0, key.find('/')));
}

RegistryLogin loginOf(const Value &entry)
{
    RegistryLogin login{textOf(entry, "username"), textOf(entry, "password"), textOf(entry, "identitytoken")};
    const std::string both = QByteArray::fromBase64(QByteArray::fromStdString(textOf(entry, "auth"))).toStdString();
    if (const auto colon = both.find(':'); colon != std::string::npos) {
        login.username = both.substr(0, colon);
        login.password = both.substr(colon + 1);
    }
    return login;
}

} // namespace

Expected<std::vector<HelmRepository>> helmRepositoriesIn(std::string_view text)
{
    const Expected<Value> document = object::parseYaml(text);
    if (!document)
        return std::unexpected(document.error());
    std::vector<HelmRepository> repositories;
    const Value list = (*document)["repositories"];
    for (const Value &entry : list.items()) {
        repositories.push_back({.name = textOf(entry, "name"),
                                .url = textOf(entry, "url"),
                                .username = textOf(entry, "username"),
                                .password = textOf(entry, "password"),
                                .certificateFile = textOf(entry, "certFile"),
                                .keyFile = textOf(entry, "keyFile"),
                                .caFile = textOf(entry, "caFile"),
                                .skipsVerification = entry["insecure_skip_tls_verify"].boolOr(false),
                                .passesCredentials = entry["pass_credentials_all"].boolOr(false)});
    }
    return repositories;
}

std::string RegistryLogins::helperOf(std::string_view host) const
{
    const auto own = helpers.find(host);
    return own == helpers.end() ? commonHelper : own->second;
}

Expected<RegistryLogins> registryLoginsIn(std::string_view text)
{
    const Expected<Value> document = object::parseJson(text);
    if (!document || !document->isMap())
        return failure(ErrorCode::InvalidInput, "the registry configuration is no JSON object");
    RegistryLogins found;
    found.commonHelper = textOf(*document, "credsStore");
    const Value helpers = (*document)["credHelpers"];
    for (const auto &[host, helper] : helpers.entries())
        found.helpers[hostIn(host)] = std::string(helper.stringOr());
    const Value logins = (*document)["auths"];
    for (const auto &[host, entry] : logins.entries())
        found.logins[hostIn(host)] = loginOf(entry);
    return found;
}

std::string loginHostOf(std::string_view host)
{
    const bool isHub = host == "docker.io" || host == "registry-1.docker.io" || host == "index.docker.io";
    return isHub ? "https://index.docker.io/v1/" : std::string(host);
}

} // namespace tiphys::fetch
