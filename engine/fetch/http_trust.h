// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/http.h"

#include <QNetworkProxy>
#include <QSslConfiguration>

namespace tiphys::fetch {

/// The TLS configuration for \p security. Errors: InvalidInput for PEM texts that hold nothing readable.
Expected<QSslConfiguration> tlsOf(const ports::HttpSecurity &security);

/// The proxy that \p url names: http or socks5. Errors: InvalidInput, Unsupported for other schemes.
Expected<QNetworkProxy> proxyOf(const std::string &url);

} // namespace tiphys::fetch
