// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/local_place.h"
#include "ports/repositories.h"

namespace tiphys::cli {

/// \p others, with the files at \p root wherever the repository and the target revision of \p source are asked for.
/// Errors: NotFound where \p root is no folder.
Expected<ports::RepositoriesPtr> withLocalFiles(ports::RepositoriesPtr others, const crd::ApplicationSource &source,
                                                const std::filesystem::path &root);

} // namespace tiphys::cli
