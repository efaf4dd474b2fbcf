// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/http_transport.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslConfiguration>

#include <chrono>
#include <optional>
#include <string>

namespace tiphys::git {

/// TLS settings that \p credentials ask for. InvalidInput for certificates or keys that cannot be read.
Expected<QSslConfiguration> tlsConfigurationOf(const Credentials &credentials);

/// The proxy for \p url: the given one, else the system's. InvalidInput for a URL that is none; Unsupported for https proxies.
Expected<QNetworkProxy> proxyFor(const QUrl &url, const Credentials &credentials);

/// \p request for Qt, with its authorization. \p silence: time without a byte after which it fails.
Expected<QNetworkRequest> networkRequestOf(const HttpRequest &request, std::chrono::milliseconds silence);

/// Requests with equal keys may share connections: server, TLS material and proxy.
std::string connectionKeyOf(const HttpRequest &request);

/// The failure of \p reply below HTTP; nothing if an HTTP answer of any status arrived.
std::optional<Error> errorOf(const QNetworkReply &reply);

/// Whether \p host (or all of them) is listed in \p noProxy.
bool isWithoutProxy(std::string_view host, std::string_view noProxy);

} // namespace tiphys::git
