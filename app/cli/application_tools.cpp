// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/application_tools.h"

#include "base/glob.h"
#include "compose/local_tools.h"
#include "object/yaml.h"
#include "store/workspace.h"

namespace tiphys::cli {

using object::Value;

Expected<std::vector<std::string>> chosenApplications(std::string_view text)
{
    const Expected<Value> file = object::parseYaml(text);
    if (!file)
        return std::unexpected(file.error());
    const Value names = file->isMap() ? (*file)["use"] : Value();
    if (!names.isList() || file->size() != 1)
        return failure(ErrorCode::InvalidInput, "it must hold 'use', a list of names of applications, and nothing else");
    std::vector<std::string> chosen;
    for (const Value &name : names.items()) {
        if (!name.isString() || !Glob::compile(name.stringOr()))
            return failure(ErrorCode::InvalidInput, "'use' must be a list of names of applications");
        chosen.emplace_back(name.stringOr());
    }
    return chosen;
}

Expected<std::unique_ptr<render::ExternalTools>> applicationTools(const std::string &diskRoot)
{
    const Expected<std::optional<store::WorkspaceFile>> file = store::workspaceTools(".");
    if (!file)
        return std::unexpected(file.error());
    if (!*file)
        return nullptr;
    Expected<std::vector<std::string>> names = chosenApplications((*file)->text);
    if (!names)
        return std::unexpected(names.error().in((*file)->path));
    return compose::localTools(std::move(*names), diskRoot);
}

} // namespace tiphys::cli
