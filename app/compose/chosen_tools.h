// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/external_tools.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::compose {

/// The names and patterns of applications in the \p text of a file that chooses tools, `use: [NAME, …]`.
/// Errors: InvalidInput for anything else.
Expected<std::vector<std::string>> chosenApplications(std::string_view text);

/// The tools for the applications of clusters that this user chose them for: `tools.yaml` in the folder of the user's
/// settings, or all of them where TIPHYS_RENDER_TOOLS is "use". Never null. Errors: InvalidInput that names the file.
Expected<std::unique_ptr<render::ExternalTools>> userTools();

} // namespace tiphys::compose
