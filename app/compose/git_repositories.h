// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/credential_helper.h"
#include "ports/clock.h"
#include "ports/repositories.h"

class QThreadPool;

namespace tiphys::compose {

/// Repositories by address: local ones are read where they are, others from a mirror below the cache folder, reached
/// with this user's own ways (ssh agent and keys, credential helpers after \p mayAskHelper).
ports::RepositoriesPtr gitRepositories(const std::string &cacheFolder, git::CredentialConsent mayAskHelper,
                                       QThreadPool *pool, std::shared_ptr<const ports::Clock> clock);

} // namespace tiphys::compose
