// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/user_access.h"

#include "fetch/credential_helper.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace tiphys::fetch {

namespace {

constexpr qint64 kLargest = qint64{16} << 20;

/// "" where there is no such file.
Expected<std::string> textOf(const std::string &path)
{
    if (path.empty())
        return std::string();
    QFile file(QString::fromStdString(path));
    if (!file.exists())
        return std::string();
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargest)
        return failure(ErrorCode::InvalidInput, "cannot read " + path);
    return file.readAll().toStdString();
}

QString variable(const char *name)
{
    return qEnvironmentVariable(name);
}

QString helmConfigHome()
{
    if (const QString home = variable("HELM_CONFIG_HOME"); !home.isEmpty())
        return home;
    if (const QString home = variable("XDG_CONFIG_HOME"); !home.isEmpty())
        return home + QStringLiteral("/helm");
#if defined(_WIN32)
    return variable("APPDATA") + QStringLiteral("/helm");
#elif defined(__APPLE__)
    return QDir::homePath() + QStringLiteral("/Library/Preferences/helm");
#else
    return QDir::homePath() + QStringLiteral("/.config/helm");
#endif
}

QString orElse(const QString &chosen, const QString &otherwise)
{
    return chosen.isEmpty() ? otherwise : chosen;
}

Expected<std::vector<HelmRepository>> repositoriesOf(const UserFiles &files)
{
    const Expected<std::string> text = textOf(files.repositories);
    if (!text)
        return std::unexpected(text.error());
    Expected<std::vector<HelmRepository>> repositories = helmRepositoriesIn(*text);
    if (!repositories)
        return std::unexpected(repositories.error().in(files.repositories));
    return repositories;
}

std::string withoutSlash(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

Expected<ports::RepositoryAccess> accessOf(const HelmRepository &repository)
{
    ports::RepositoryAccess access;
    access.username = repository.username;
    access.password = repository.password;
    access.passesCredentials = repository.passesCredentials;
    access.security.skipsVerification = repository.skipsVerification;
    const std::pair<std::string, std::string *> files[] = {
        {repository.caFile, &access.security.caPem},
        {repository.certificateFile, &access.security.certificatePem},
        {repository.keyFile, &access.security.keyPem}};
    for (const auto &[path, pem] : files) {
        if (path.empty())
            continue;
        Expected<std::string> text = textOf(path);
        if (!text || text->empty())
            return failure(ErrorCode::InvalidInput,
                           "cannot read " + path + " of Helm repository '" + repository.name + "'");
        *pem = std::move(*text);
    }
    return access;
}

ports::RepositoryAccess accessOf(const RegistryLogin &login)
{
    ports::RepositoryAccess access;
    access.username = login.username;
    access.password = login.password;
    access.identityToken = login.identityToken;
    return access;
}

} // namespace

UserFiles userFiles()
{
    const QString helm = helmConfigHome();
    const QString docker = orElse(variable("DOCKER_CONFIG"), QDir::homePath() + QStringLiteral("/.docker"));
    return {.repositories =
                orElse(variable("HELM_REPOSITORY_CONFIG"), helm + QStringLiteral("/repositories.yaml")).toStdString(),
            .registries = {
                orElse(variable("HELM_REGISTRY_CONFIG"), helm + QStringLiteral("/registry/config.json")).toStdString(),
                (docker + QStringLiteral("/config.json")).toStdString()}};
}

Expected<ports::RepositoryAccess> UserAccess::toRepository(const std::string &url) const
{
    const Expected<std::vector<HelmRepository>> repositories = repositoriesOf(m_files);
    if (!repositories)
        return std::unexpected(repositories.error());
    for (const HelmRepository &repository : *repositories) {
        if (withoutSlash(repository.url) == withoutSlash(url))
            return accessOf(repository);
    }
    return ports::RepositoryAccess{};
}

Expected<ports::RepositoryAccess> UserAccess::toRegistry(const std::string &host) const
{
    const std::string key = loginHostOf(host);
    for (const std::string &file : m_files.registries) {
        const Expected<std::string> text = textOf(file);
        if (!text)
            return std::unexpected(text.error());
        if (text->empty())
            continue;
        const Expected<RegistryLogins> known = registryLoginsIn(*text);
        if (!known)
            return std::unexpected(known.error().in(file));
        const std::string helper = known->helperOf(key);
        if (!helper.empty() && m_consent && m_consent(helper, key)) {
            if (const Expected<RegistryLogin> login = loginFromHelper(helper, key))
                return accessOf(*login);
        }
        if (const auto login = known->logins.find(key); login != known->logins.end())
            return accessOf(login->second);
    }
    return ports::RepositoryAccess{};
}

std::string UserAccess::repositoryNamed(std::string_view name) const
{
    const Expected<std::vector<HelmRepository>> repositories = repositoriesOf(m_files);
    if (!repositories)
        return {};
    for (const HelmRepository &repository : *repositories) {
        if (repository.name == name)
            return repository.url;
    }
    return {};
}

} // namespace tiphys::fetch
