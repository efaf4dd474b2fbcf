// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/external_tools.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// What happens to a kustomization before its build where the program kustomize renders it, in this order.
struct ToolEdits
{
    std::vector<std::vector<std::string>> commands; ///< arguments of kustomize ("edit", "set", …), one call each
    object::Value patches;                          ///< then put behind the patches of the file; empty: none
    std::vector<std::string> lastCommand;           ///< then the call that adds components; empty: none

    bool isEmpty() const { return commands.empty() && patches.isEmpty() && lastCommand.empty(); }
};

/// The edits that \p call asks for in \p folder of \p files.
/// Errors: InvalidInput for a replica count that is no number.
/// Source: argo-cd util/kustomize/kustomize.go (Build)@v3.5.1
Expected<ToolEdits> toolEditsOf(const KustomizeCall &call, const FileTree &files, std::string_view folder);

/// The text of a kustomization file with \p patches behind its own.
/// Errors: InvalidInput for a file that is no map, or whose patches are no list.
/// Source: argo-cd util/kustomize/kustomize.go (Build)@v3.5.1
Expected<std::string> withPatches(std::string_view file, const object::Value &patches);

} // namespace tiphys::render
