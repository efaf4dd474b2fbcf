// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/customizations.h"

#include "cli/module.h"
#include "cli/named_file.h"
#include "compare/settings_file.h"
#include "process/lua_worker.h"
#include "store/workspace.h"

namespace tiphys::cli {

using object::Value;

namespace {

/// \p named, else the settings file of the workspace around the working folder.
Expected<std::optional<store::WorkspaceFile>> settingsFile(const std::string &named)
{
    if (named.empty())
        return store::workspaceSettings(".");
    Expected<std::string> text = namedFile(named, "the ConfigMap argocd-cm", "--customizations");
    if (!text)
        return std::unexpected(text.error());
    return store::WorkspaceFile{named, std::move(*text)};
}

} // namespace

Expected<Customizations> Customizations::read(const std::string &file, const char *program)
{
    Customizations customizations;
    customizations.engine = std::make_unique<process::LuaWorker>(programFile(program));
    const Expected<std::optional<store::WorkspaceFile>> source = settingsFile(file);
    if (!source)
        return std::unexpected(source.error());
    if (!*source)
        return customizations;
    const Expected<Value> data = compare::settingsDataIn((*source)->text);
    if (!data)
        return std::unexpected(data.error().in((*source)->path));
    Expected<compare::CompareSettings> settings = compare::compareSettingsOf(*data);
    if (!settings)
        return std::unexpected(settings.error().in((*source)->path));
    customizations.settings = std::move(*settings);
    return customizations;
}

} // namespace tiphys::cli
