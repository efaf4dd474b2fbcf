// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/application_tools.h"

#include "compose/chosen_tools.h"
#include "compose/local_tools.h"
#include "store/workspace.h"

namespace tiphys::cli {

Expected<std::unique_ptr<render::ExternalTools>> applicationTools(const std::string &diskRoot)
{
    const Expected<std::optional<store::WorkspaceFile>> file = store::workspaceTools(".");
    if (!file)
        return std::unexpected(file.error());
    if (!*file)
        return nullptr;
    Expected<std::vector<std::string>> names = compose::chosenApplications((*file)->text);
    if (!names)
        return std::unexpected(names.error().in((*file)->path));
    return compose::localTools(std::move(*names), diskRoot);
}

} // namespace tiphys::cli
