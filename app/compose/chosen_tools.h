// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/external_tools.h"
#include "render/tool_choice.h"

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
Expected<std::shared_ptr<render::ExternalTools>> userTools();

/// Tools, and the choice for which applications they are.
struct ChangeableTools
{
    std::shared_ptr<render::ExternalTools> tools;
    std::shared_ptr<render::ToolChoice> choice;
};

/// The same for a program in which the choice can be looked at and changed; the file is read now and when it is changed.
/// Neither is null: a file that cannot be read is the choice's problem, and chooses nothing.
ChangeableTools changeableTools();

} // namespace tiphys::compose
