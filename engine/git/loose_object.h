// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/libgit2.h"

#include <optional>
#include <string>

namespace tiphys::git {

/// An object read from a file of its own.
struct LooseObject
{
    git_object_t type = GIT_OBJECT_INVALID;
    std::string content;
};

/// The object \p id as a file below \p objectsFolder; nothing where there is no such file.
/// InvalidInput if the file is cut off or damaged. (libgit2 1.9 never returns from reading a loose object that is cut
/// off, so these are read here.)
Expected<std::optional<LooseObject>> looseObject(const std::string &objectsFolder, const git_oid &id);

/// Makes everything that libgit2 itself reads of \p repository (parents, trees it compares, revisions it parses) go
/// through looseObject where it is a file of its own.
Expected<void> readLooseObjectsOurselves(git_repository *repository);

} // namespace tiphys::git
