// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/local_place.h"
#include "ports/repositories.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// \p others, with the files at \p root, of which \p included counts (includedFiles), wherever the repository and the target
/// revision of \p source are asked for. Errors: NotFound where \p root is no folder; those of includedFiles.
Expected<ports::RepositoriesPtr> withLocalFiles(ports::RepositoriesPtr others, const crd::ApplicationSource &source,
                                                const std::filesystem::path &root,
                                                const std::vector<std::string> &included);

} // namespace tiphys::cli
