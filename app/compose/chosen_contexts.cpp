// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/chosen_contexts.h"

#include "object/yaml.h"
#include "store/folder_tree.h"
#include "store/private_file.h"
#include "store/workspace.h"

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace tiphys::compose {

namespace {

constexpr std::string_view kFile = "contexts.yaml";
constexpr std::int64_t kMostBytes = 1'000'000;

std::string withoutSlash(std::string_view server)
{
    while (server.ends_with('/'))
        server.remove_suffix(1);
    return std::string(server);
}

} // namespace

Expected<ContextChoices> contextChoicesIn(std::string_view text)
{
    const Expected<object::Value> file = object::parseYaml(text);
    if (!file)
        return std::unexpected(file.error());
    const object::Value contexts = file->isMap() ? (*file)["contexts"] : object::Value();
    if (!contexts.isMap() || file->size() != 1)
        return failure(ErrorCode::InvalidInput,
                       "it must hold 'contexts', a map from API addresses to contexts, and nothing else");
    ContextChoices choices;
    for (const auto &[server, context] : contexts.entries()) {
        if (!context.isString() || context.stringOr().empty())
            return failure(ErrorCode::InvalidInput, "the context for " + std::string(server) + " must be a text");
        choices[withoutSlash(server)] = std::string(context.stringOr());
    }
    return choices;
}

Expected<ContextChoices> chosenContexts()
{
    const std::filesystem::path folder = store::userConfigFolder();
    const std::filesystem::path path = folder / kFile;
    std::error_code problem;
    if (folder.empty() || !std::filesystem::exists(path, problem))
        return ContextChoices();
    const Expected<std::string> text = store::fileContent(path.string(), kMostBytes);
    if (!text)
        return std::unexpected(text.error());
    Expected<ContextChoices> choices = contextChoicesIn(*text);
    if (!choices)
        return std::unexpected(choices.error().in(path.string()));
    return choices;
}

Expected<void> chooseContext(std::string_view server, const std::string &context)
{
    const std::filesystem::path folder = store::userConfigFolder();
    if (folder.empty())
        return failure(ErrorCode::NotFound, "the folder of the user's settings is not known");
    Expected<ContextChoices> choices = chosenContexts();
    if (!choices)
        return std::unexpected(choices.error());
    if (context.empty())
        choices->erase(withoutSlash(server));
    else
        (*choices)[withoutSlash(server)] = context;
    std::vector<std::pair<std::string, object::Value>> entries;
    for (const auto &[address, name] : *choices)
        entries.emplace_back(address, object::Value(name));
    const object::Value file = object::Value::map({{"contexts", object::Value::map(entries)}});
    return store::replacePrivateFile(folder / kFile, object::toYaml(file));
}

} // namespace tiphys::compose
