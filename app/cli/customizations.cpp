// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/customizations.h"

#include "cli/module.h"
#include "object/yaml.h"
#include "process/lua_worker.h"
#include "store/folder_tree.h"

namespace tiphys::cli {

using object::Value;

Expected<Customizations> Customizations::read(const std::string &file, const char *program)
{
    Customizations customizations;
    customizations.engine = std::make_unique<process::LuaWorker>(programFile(program));
    if (file.empty())
        return customizations;
    const Expected<std::string> text = store::fileContent(file);
    if (!text)
        return std::unexpected(text.error());
    const Expected<Value> document = object::parseYaml(*text);
    if (!document)
        return std::unexpected(document.error().in(file));
    if (!document->isMap())
        return failure(ErrorCode::InvalidInput, file + " is neither a ConfigMap nor the data of one");
    const bool isConfigMap = (*document)["kind"].stringOr() == "ConfigMap";
    Expected<compare::CompareSettings> settings =
        compare::compareSettingsOf(isConfigMap ? (*document)["data"] : *document);
    if (!settings)
        return std::unexpected(settings.error().in(file));
    customizations.settings = std::move(*settings);
    return customizations;
}

} // namespace tiphys::cli
