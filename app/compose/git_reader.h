// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/repository.h"
#include "offline/comparison.h"

namespace tiphys::compose {

/// A repository on this machine for comparisons. Errors: as git::Repository::open.
Expected<std::shared_ptr<const offline::RepositoryReader>> openReader(const std::string &place);

} // namespace tiphys::compose
