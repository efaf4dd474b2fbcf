// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/chosen_tools.h"

#include "base/glob.h"
#include "compose/local_tools.h"
#include "object/value.h"
#include "object/yaml.h"
#include "store/folder_tree.h"
#include "store/private_file.h"
#include "store/workspace.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <utility>

namespace tiphys::compose {

namespace {

constexpr std::int64_t kMostSettings = 1'000'000;

/// "" where the folder of the user's settings is not known.
std::filesystem::path choiceFile()
{
    const std::filesystem::path folder = store::userConfigFolder();
    return folder.empty() ? folder : folder / "tools.yaml";
}

bool areAllForced()
{
    const char *all = std::getenv("TIPHYS_RENDER_TOOLS");
    return all && std::string_view(all) == "use";
}

/// What the file has; none where there is no file. Errors: that name the file.
Expected<std::vector<std::string>> keptNames()
{
    const std::filesystem::path path = choiceFile();
    std::error_code problem;
    if (path.empty() || !std::filesystem::exists(path, problem))
        return std::vector<std::string>();
    const Expected<std::string> text = store::fileContent(path.string(), kMostSettings);
    if (!text)
        return std::unexpected(text.error());
    Expected<std::vector<std::string>> names = chosenApplications(*text);
    if (!names)
        return std::unexpected(names.error().in(path.string()));
    return names;
}

} // namespace

Expected<std::vector<std::string>> chosenApplications(std::string_view text)
{
    const Expected<object::Value> file = object::parseYaml(text);
    if (!file)
        return std::unexpected(file.error());
    const object::Value names = file->isMap() ? (*file)["use"] : object::Value();
    if (!names.isList() || file->size() != 1)
        return failure(ErrorCode::InvalidInput,
                       "it must hold 'use', a list of names of applications, and nothing else");
    std::vector<std::string> chosen;
    for (const object::Value &name : names.items()) {
        if (!name.isString() || !Glob::compile(name.stringOr()))
            return failure(ErrorCode::InvalidInput, "'use' must be a list of names of applications");
        chosen.emplace_back(name.stringOr());
    }
    return chosen;
}

namespace {

class UserTools final : public render::ExternalTools, public render::ToolChoice
{
public:
    UserTools() : m_tools(localTools({}, {})), m_areForced(areAllForced())
    {
        Expected<std::vector<std::string>> names = keptNames();
        if (names)
            m_names = std::move(*names);
        else
            m_problem = names.error().text();
    }

    bool areChosenFor(const std::string &application) const override
    {
        const std::lock_guard lock(m_mutex);
        return m_areForced ? !application.empty() : isChosen(m_names, application);
    }
    Expected<render::Rendered> chart(const render::FileTree &files, const std::string &folder,
                                     const render::HelmOptions &options) override
    {
        return m_tools->chart(files, folder, options);
    }
    Expected<render::Rendered> kustomization(const render::FileTree &files, const std::string &folder,
                                             const render::KustomizeCall &call) override
    {
        return m_tools->kustomization(files, folder, call);
    }

    std::vector<render::ToolProgram> programs() const override { return toolPrograms(); }
    std::vector<std::string> names() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_names;
    }
    bool areForced() const override { return m_areForced; }
    std::string file() const override { return choiceFile().string(); }
    std::string problem() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_problem;
    }

    Expected<void> choose(const std::string &name, bool areUsed) override
    {
        if (areUsed && (name.empty() || !Glob::compile(name)))
            return failure(ErrorCode::InvalidInput,
                           "'" + name + "' is no name of an application and no pattern of names");
        const std::lock_guard lock(m_mutex);
        const std::filesystem::path file = choiceFile();
        if (file.empty())
            return failure(ErrorCode::NotFound, "the folder of the user's settings is not known");
        Expected<std::vector<std::string>> names = keptNames();
        if (!names)
            return std::unexpected(names.error());
        std::erase(*names, name);
        if (areUsed)
            names->push_back(name);
        std::vector<object::Value> values;
        for (const std::string &each : *names)
            values.emplace_back(each);
        const object::Value settings = object::Value::map({{"use", object::Value::list(values)}});
        if (const Expected<void> kept = store::replacePrivateFile(file, object::toYaml(settings)); !kept)
            return kept;
        m_names = std::move(*names);
        m_problem.clear();
        return {};
    }

private:
    std::unique_ptr<render::ExternalTools> m_tools; ///< whatever they are chosen for
    bool m_areForced;
    mutable std::mutex m_mutex; ///< guards what follows: applications are rendered side by side
    std::vector<std::string> m_names;
    std::string m_problem;
};

} // namespace

ChangeableTools changeableTools()
{
    const auto tools = std::make_shared<UserTools>();
    return {.tools = tools, .choice = tools};
}

Expected<std::shared_ptr<render::ExternalTools>> userTools()
{
    const ChangeableTools user = changeableTools();
    if (const std::string problem = user.choice->problem(); !problem.empty() && !user.choice->areForced())
        return failure(ErrorCode::InvalidInput, problem);
    return user.tools;
}

} // namespace tiphys::compose
