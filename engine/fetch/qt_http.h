// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/http.h"

namespace tiphys::fetch {

/// Qt's network stack behind ports::Http. One network manager per trust: the first TLS configuration of a host wins
/// inside a manager.
ports::HttpPtr qtHttp();

} // namespace tiphys::fetch
