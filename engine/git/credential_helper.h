// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/credentials.h"

#include "base/error.h"

#include <functional>
#include <stop_token>
#include <string>

namespace tiphys::git {

/// Asks the person whether `git credential fill` may be run for a URL (shown without password). A stop request ends the
/// waiting with a no; the question stays for the next one.
using CredentialConsent = std::function<bool(const std::string &shownUrl, std::stop_token cancel)>;

/// User and password for \p url (http or https) from the credential helpers that the user has set up for `git`, whose
/// configuration of any repository does not count. Nothing is run without \p consent. Blocks.
/// Errors: Denied (no consent), NotFound (no git), Unauthorized (no helper knows the URL), Cancelled.
Expected<Credentials> credentialsFromGit(const std::string &url, const CredentialConsent &consent,
                                         std::stop_token cancel = {});

} // namespace tiphys::git
