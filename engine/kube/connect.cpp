// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/connect.h"

#include "base/text.h"
#include "kube/api_cluster.h"

#include <QDir>
#include <QHostAddress>
#include <QUrl>

#include <cassert>

namespace tiphys::kube {

namespace {

bool isLoopback(const std::string &host)
{
    if (host == "localhost")
        return true;
    const QHostAddress address(QString::fromStdString(host));
    return !address.isNull() && address.isLoopback();
}

bool isExempt(const std::string &host, int port, std::string_view noProxy)
{
    const QHostAddress address(QString::fromStdString(host));
    for (const std::string_view part : split(noProxy, ',')) {
        std::string pattern = asciiLower(trimmed(part));
        if (pattern == "*")
            return true;
        if (pattern.empty())
            continue;
        if (!address.isNull() && pattern.find('/') != std::string::npos) {
            const auto subnet = QHostAddress::parseSubnet(QString::fromStdString(pattern));
            if (!subnet.first.isNull() && address.isInSubnet(subnet))
                return true;
            continue;
        }
        const std::string withPort = ":" + std::to_string(port);
        if (pattern.ends_with(withPort))
            pattern.resize(pattern.size() - withPort.size());
        if (pattern.starts_with("*."))
            pattern.erase(0, 1);
        const std::string suffix = pattern.starts_with('.') ? pattern : "." + pattern;
        if (host.ends_with(suffix) || (!pattern.starts_with('.') && host == pattern))
            return true;
    }
    return false;
}

} // namespace

std::string environmentProxy(std::string_view server, const std::function<std::string(const std::string &)> &environment)
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
