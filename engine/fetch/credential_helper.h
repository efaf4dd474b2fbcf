// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fetch/credential_files.h"

#include <string>

namespace tiphys::fetch {

/// What the program docker-credential-NAME gives for \p host. Runs it and waits, at most ten seconds: pool threads only.
/// Errors: NotFound (no program, no credentials), Timeout, InvalidInput; never with what it printed.
Expected<RegistryLogin> loginFromHelper(const std::string &name, const std::string &host);

} // namespace tiphys::fetch
