// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/application_tools.h"

#include "base/glob.h"
#include "base/text.h"
#include "cli/tools.h"
#include "object/yaml.h"
#include "store/workspace.h"
#include "store/written_tree.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

namespace tiphys::cli {

using object::Value;
using render::Rendered;

namespace {

using Checkout = std::shared_ptr<const store::TemporaryFolder>;

Expected<Rendered> renderedBy(Expected<ToolAnswer> answer, render::SourceType type)
{
    if (!answer)
        return std::unexpected(answer.error());
    Rendered rendered{.type = type, .objects = {}, .warnings = {}};
    for (object::Object &object : answer->objects)
        rendered.objects.push_back({std::move(object), {}});
    return rendered;
}

class WorkspaceTools final : public render::ExternalTools
{
public:
    WorkspaceTools(std::vector<std::string> names, std::string diskRoot) : m_names(std::move(names)), m_diskRoot(std::move(diskRoot)) {}

    bool areChosenFor(const std::string &application) const override
    {
        return !application.empty() && std::ranges::any_of(m_names, [&](const std::string &name) { return globMatches(name, application); });
    }

    Expected<Rendered> chart(const render::FileTree &files, const std::string &folder, const render::HelmOptions &options) override
    {
        Checkout keeps;
        const Expected<std::string> place = onDisk(files, folder, keeps);
        return place ? renderedBy(helmAnswer(*place, options), render::SourceType::Helm) : std::unexpected(place.error());
    }

    Expected<Rendered> kustomization(const render::FileTree &files, const std::string &folder, const std::string &buildOptions) override
    {
        Checkout keeps;
        const Expected<std::string> place = onDisk(files, folder, keeps);
        return place ? renderedBy(kustomizeAnswer(*place, buildOptions), render::SourceType::Kustomize) : std::unexpected(place.error());
    }

private:
    /// Where \p folder of \p files stands; \p keeps holds what was written for it.
    Expected<std::string> onDisk(const render::FileTree &files, const std::string &folder, Checkout &keeps)
    {
        if (!m_diskRoot.empty())
            return (std::filesystem::path(m_diskRoot) / folder).string();
        const Expected<Checkout> checkout = checkoutOf(files);
        if (!checkout)
            return std::unexpected(checkout.error());
        keeps = *checkout;
        return (keeps->path() / folder).string();
    }

    Expected<Checkout> checkoutOf(const render::FileTree &files)
    {
        const std::lock_guard lock(m_mutex);
        const Expected<render::FileEntry> root = files.entry("");
        const std::string id = root ? root->id : std::string();
        if (const auto known = m_checkouts.find(id); !id.empty() && known != m_checkouts.end())
            return known->second;
        Expected<std::unique_ptr<store::TemporaryFolder>> made = store::TemporaryFolder::make();
        if (!made)
            return std::unexpected(made.error());
        if (const Expected<void> written = store::writeTree(files, (*made)->path()); !written)
            return std::unexpected(written.error());
        Checkout checkout = std::move(*made);
        if (!id.empty())
            m_checkouts.emplace(id, checkout);
        return checkout;
    }

    std::vector<std::string> m_names;
    std::string m_diskRoot;
    std::mutex m_mutex;                         ///< guards the checkouts: applications are rendered side by side
    std::map<std::string, Checkout> m_checkouts; ///< by the id of their root: the two commits of a comparison
};

} // namespace

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
    return std::make_unique<WorkspaceTools>(std::move(*names), diskRoot);
}

} // namespace tiphys::cli
