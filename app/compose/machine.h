// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/credential_source.h"

#include <string>

namespace tiphys::compose {

/// How this machine signs Leases: "user@host".
std::string engineIdentity();
/// Folder for mirrors and other things that can be made again: $TIPHYS_CACHE, else the user's cache folder.
std::string cacheFolder();
/// Consent for credential plugins where somebody typed the command that needs them.
kube::ExecConsent allowExecPlugins();

} // namespace tiphys::compose
