// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/connect.h"

#include "base/text.h"
#include "kube/api_cluster.h"

#include <QDir>
#include <QHostAddress>
#include <QUrl>

#include <cassert>
#include <optional>
#include <utility>

namespace tiphys::kube {

namespace {

bool isLoopback(const std::string &host)
{
    if (host == "localhost")
        return true;
    const QHostAddress address(QString::fromStdString(host));
    return !address.isNull() && address.isLoopback();
}

/// Host and port of an entry of NO_PROXY; the port is "" where it names none. Nothing for an entry without a host.
/// Source: Go net/ipsock.go (SplitHostPort)
std::optional<std::pair<std::string, std::string>> hostAndPort(const std::string &entry)
{
    const std::size_t colon = entry.rfind(':');
    const bool isBracketed = entry.starts_with('[') && colon != std::string::npos && entry.find(']') == colon - 1;
    if (isBracketed)
        return std::pair(entry.substr(1, colon - 2), entry.substr(colon + 1));
    // More than one colon is an address of IPv6.
    if (colon == std::string::npos || entry.find(':') != colon)
        return std::pair(entry, std::string());
    if (colon == 0)
        return std::nullopt;
    return std::pair(entry.substr(0, colon), entry.substr(colon + 1));
}

/// Source: Go golang.org/x/net/http/httpproxy (config.init, useProxy)
bool isExempt(const std::string &host, int port, std::string_view noProxy)
{
    const QHostAddress address(QString::fromStdString(host));
    for (const std::string_view part : split(noProxy, ',')) {
        const std::string entry = asciiLower(trimmed(part));
        if (entry == "*")
            return true;
        if (entry.empty())
            continue;
        if (entry.find('/') != std::string::npos) {
            const auto subnet = QHostAddress::parseSubnet(QString::fromStdString(entry));
            if (!subnet.first.isNull() && !address.isNull() && address.isInSubnet(subnet))
                return true;
            continue;
        }
        const auto named = hostAndPort(entry);
        if (!named || named->first.empty() || (!named->second.empty() && named->second != std::to_string(port)))
            continue;
        std::string pattern = named->first;
        if (const QHostAddress exempt(QString::fromStdString(pattern));
            !exempt.isNull() && pattern.find_first_of(".:") != std::string::npos) {
            if (address == exempt)
                return true;
            continue;
        }
        if (pattern.starts_with("*."))
            pattern.erase(0, 1);
        const std::string suffix = pattern.starts_with('.') ? pattern : "." + pattern;
        if (host.ends_with(suffix) || (!pattern.starts_with('.') && host == pattern))
            return true;
    }
    return false;
}

} // namespace

std::string environmentProxy(std::string_view server,
                             const std::function<std::string(const std::string &)> &environment)
{
    const auto either = [&](const std::string &name) {
        const std::string upper = environment(name);
        return upper.empty() ? environment(asciiLower(name)) : upper;
    };
    const QUrl url(QString::fromUtf8(server.data(), static_cast<qsizetype>(server.size())));
    const bool isHttps = url.scheme() == QStringLiteral("https");
    std::string proxy = either(isHttps ? "HTTPS_PROXY" : "HTTP_PROXY");
    const std::string host = asciiLower(url.host().toStdString());
    if (proxy.empty() || isLoopback(host) || isExempt(host, url.port(isHttps ? 443 : 80), either("NO_PROXY")))
        return {};
    if (proxy.find("://") == std::string::npos)
        proxy = "http://" + proxy;
    return proxy;
}

std::vector<std::string> kubeConfigPaths(const std::string &explicitPath)
{
    if (!explicitPath.empty())
        return {explicitPath};
    std::vector<std::string> paths;
    const QString listed = qEnvironmentVariable("KUBECONFIG");
    for (const QString &path : listed.split(QDir::listSeparator(), Qt::SkipEmptyParts))
        paths.push_back(path.toStdString());
    if (listed.isEmpty())
        paths.push_back((QDir::homePath() + QStringLiteral("/.kube/config")).toStdString());
    return paths;
}

Expected<ports::ClusterPtr> connect(Target target, ConnectOptions options)
{
    assert(options.pool && options.clock);
    if (options.impersonation)
        target.user.impersonation = *options.impersonation;
    return std::make_shared<ApiCluster>(std::move(target), std::move(options));
}

Expected<ports::ClusterPtr> connect(const KubeConfig &config, std::string_view contextName, ConnectOptions options)
{
    Expected<Target> target = targetOf(config, contextName);
    if (!target)
        return std::unexpected(target.error());
    return connect(std::move(*target), std::move(options));
}

} // namespace tiphys::kube
