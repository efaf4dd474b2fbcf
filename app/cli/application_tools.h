// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/external_tools.h"

#include <memory>
#include <string>

namespace tiphys::cli {

/// The tools that `.tiphys/tools.yaml` of the workspace around the working folder chooses for applications; null if there is
/// no such file. \p diskRoot is where the files that are rendered stand on this machine, "" if they are those of commits.
/// Errors: InvalidInput that names the file.
Expected<std::unique_ptr<render::ExternalTools>> applicationTools(const std::string &diskRoot = {});

} // namespace tiphys::cli
