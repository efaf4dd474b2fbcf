// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/chosen_tools.h"

#include "base/glob.h"
#include "compose/local_tools.h"
#include "object/yaml.h"
#include "store/folder_tree.h"
#include "store/workspace.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>

namespace tiphys::compose {

constexpr std::int64_t kMostSettings = 1'000'000;

Expected<std::vector<std::string>> chosenApplications(std::string_view text)
{
    const Expected<object::Value> file = object::parseYaml(text);
    if (!file)
        return std::unexpected(file.error());
    const object::Value names = file->isMap() ? (*file)["use"] : object::Value();
    if (!names.isList() || file->size() != 1)
        return failure(ErrorCode::InvalidInput, "it must hold 'use', a list of names of applications, and nothing else");
    std::vector<std::string> chosen;
    for (const object::Value &name : names.items()) {
        if (!name.isString() || !Glob::compile(name.stringOr()))
            return failure(ErrorCode::InvalidInput, "'use' must be a list of names of applications");
        chosen.emplace_back(name.stringOr());
    }
    return chosen;
}

Expected<std::unique_ptr<render::ExternalTools>> userTools()
{
    if (const char *all = std::getenv("TIPHYS_RENDER_TOOLS"); all && std::string_view(all) == "use")
        return localTools({"*"}, {});
    const std::filesystem::path folder = store::userConfigFolder();
    const std::filesystem::path path = folder / "tools.yaml";
    std::error_code problem;
    if (folder.empty() || !std::filesystem::exists(path, problem))
        return localTools({}, {});
    const Expected<std::string> text = store::fileContent(path.string(), kMostSettings);
    if (!text)
        return std::unexpected(text.error());
    Expected<std::vector<std::string>> names = chosenApplications(*text);
    if (!names)
        return std::unexpected(names.error().in(path.string()));
    return localTools(std::move(*names), {});
}

} // namespace tiphys::compose
