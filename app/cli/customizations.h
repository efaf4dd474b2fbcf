// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/settings.h"
#include "script/lua_engine.h"

#include <memory>
#include <string>

namespace tiphys::cli {

/// What a file says about health and actions, and who runs its scripts.
struct Customizations
{
    compare::CompareSettings settings;
    std::unique_ptr<script::LuaEngine> engine; ///< starts nothing before it is used

    /// The settings in \p file: the ConfigMap argocd-cm, or only its data; for "" the settings file of the workspace
    /// around the working folder, if it has one. \p program is how this program was called. Errors: of reading, and InvalidInput that names the key.
    static Expected<Customizations> read(const std::string &file, const char *program);
};

} // namespace tiphys::cli
