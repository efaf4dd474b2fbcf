// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/libgit2.h"

namespace tiphys::git {

/// Makes everything that is read of \p repository (objects, parents, trees that are compared, revisions that are parsed) go
/// through a reader of our own where it is a file of its own: libgit2 1.9 never returns from reading a loose object that is
/// cut off. Such a one is InvalidInput.
Expected<void> readLooseObjectsOurselves(git_repository *repository);

} // namespace tiphys::git
