// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/render_cache.h"

#include "control/watched_plugins.h"
#include "object/json.h"
#include "render/external_tools.h"
#include "render/file_modes.h"
#include "render/helm/template_cache.h"
#include "render/instance_name.h"
#include "render/source_type.h"

#include <atomic>
#include <optional>

namespace tiphys::control {

using render::FileContent;
using render::FileEntry;
using render::FileKind;

namespace {

constexpr std::size_t kTemplateBytes = std::size_t(16) << 20;

bool isBelow(std::string_view path, std::string_view folder)
{
    return folder.empty() || path == folder
           || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

/// Sees whether everything that is read stands in one folder, or is a folder on the way to it.
class WatchedTree final : public render::FileTree, public render::FileModes
{
public:
    WatchedTree(const render::FileTree &files, std::string folder) : m_files(files), m_folder(std::move(folder)) {}

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
        note(folder);
        return m_files.list(folder);
    }
    Expected<FileEntry> entry(std::string_view path) const override
    {
        Expected<FileEntry> found = m_files.entry(path);
        const bool isOnTheWay = found && found->kind == FileKind::Folder && isBelow(m_folder, path);
        if (!isOnTheWay)
            note(path);
        return found;
    }
    Expected<FileContent> read(std::string_view path) const override
    {
        note(path);
        return m_files.read(path);
    }

    bool isExecutable(std::string_view path) const override { return render::isExecutable(m_files, path); }

    bool staysInside() const { return !m_leaves; }

private:
    void note(std::string_view path) const
    {
        if (!isBelow(path, m_folder))
            m_leaves = true;
    }

    const render::FileTree &m_files;
    std::string m_folder;
    mutable std::atomic<bool> m_leaves = false;
};

/// Everything that rendering depends on, with \p content naming the files.
std::string keyOf(const RenderRequest &request, std::string_view content)
{
    std::string key = request.repoUrl;
    for (const std::string_view part : {content, std::string_view(request.instance)}) {
        key += '\n';
        key += part;
    }
    return key + '\n' + object::toJson(request.source);
}

bool areToolsChosen(const RenderRequest &request)
{
    return request.context.tools
           && request.context.tools->areChosenFor(
               std::string(render::applicationNameOf(request.context.environment.appName)));
}

/// What else than the files counts for the rendering of one commit.
std::string contextKey(const RenderRequest &request, bool areToolsUsed)
{
    const render::BuildEnvironment &environment = request.context.environment;
    std::string text = request.revision;
    for (const std::string &part :
         {environment.appName, environment.appNamespace, environment.project, request.references,
          request.context.kubeVersion, request.context.kustomizeBuildOptions})
        text += "\n" + part;
    if (areToolsUsed)
        text += "\ntools";
    std::size_t versions = request.context.apiVersions.size();
    for (const std::string &version : request.context.apiVersions)
        versions = versions * 31 + std::hash<std::string>()(version);
    return text + "\n" + std::to_string(versions);
}

/// The object id of the folder that the source names; "" where it has none.
std::string folderId(const RenderRequest &request, const std::string &folder)
{
    const Expected<FileEntry> entry = request.files->entry(folder);
    return entry && entry->kind == FileKind::Folder ? entry->id : std::string();
}

} // namespace

Expected<RenderedPtr> renderedAnew(const RenderRequest &request)
{
    Expected<render::Rendered> rendered =
        render::renderSource(request.source, *request.files, request.instance, request.context);
    if (!rendered)
        return std::unexpected(rendered.error());
    return std::make_shared<const render::Rendered>(std::move(*rendered));
}

std::shared_ptr<render::TemplateCache> TemplateLoans::borrow()
{
    std::shared_ptr<render::TemplateCache> cache;
    {
        const std::lock_guard lock(m_shelf->mutex);
        if (!m_shelf->caches.empty()) {
            cache = std::move(m_shelf->caches.back());
            m_shelf->caches.pop_back();
        }
    }
    if (!cache)
        cache = std::make_shared<render::TemplateCache>(kTemplateBytes);
    render::TemplateCache *lent = cache.get();
    return {lent, [shelf = m_shelf, cache = std::move(cache)](render::TemplateCache *) {
                const std::lock_guard lock(shelf->mutex);
                shelf->caches.push_back(cache);
            }};
}

Expected<RenderedPtr> RenderCache::rendered(const RenderRequest &request)
{
    const bool areToolsUsed = areToolsChosen(request);
    const std::string byCommit = keyOf(request, contextKey(request, areToolsUsed));
    render::PluginHost *const plugins = request.context.plugins;
    if (const Kept known = request.rendersAnew ? Kept() : find(byCommit, plugins); known.rendered)
        return known.rendered;
    const Expected<std::string> folder = render::cleanPath(request.source["path"].stringOr());
    const std::string id = folder ? folderId(request, *folder) : std::string();
    const std::string byFolder = id.empty() ? std::string() : keyOf(request, "tree " + id);
    if (const Kept known = byFolder.empty() || request.rendersAnew ? Kept() : find(byFolder, plugins); known.rendered) {
        store(byCommit, known);
        return known.rendered;
    }
    const auto watched = std::make_shared<WatchedTree>(*request.files, folder ? *folder : std::string());
    RenderRequest watchedRequest = request;
    watchedRequest.files = watched;
    std::optional<WatchedPlugins> watchedPlugins;
    if (plugins)
        watchedRequest.context.plugins = &watchedPlugins.emplace(*plugins);
    if (!watchedRequest.context.templates)
        watchedRequest.context.templates = m_templates.borrow();
    Expected<RenderedPtr> rendered = renderedAnew(watchedRequest);
    if (!rendered)
        return rendered;
    {
        const std::lock_guard lock(m_mutex);
        ++m_counts.rendered;
    }
    const Kept kept{*rendered, watchedPlugins ? watchedPlugins->needed() : std::vector<std::string>()};
    if (areToolsChosen(request) == areToolsUsed) // it may have been changed meanwhile
        store(byCommit, kept);
    if (!byFolder.empty() && (*rendered)->type == render::SourceType::Directory && watched->staysInside())
        store(byFolder, kept);
    return rendered;
}

RenderCache::Kept RenderCache::find(const std::string &key, render::PluginHost *plugins)
{
    Kept kept;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_entries.find(key);
        if (found == m_entries.end())
            return {};
        m_uses.splice(m_uses.end(), m_uses, found->second.use);
        kept = found->second.kept;
    }
    // A person may have taken back what was allowed then.
    if (!areAllowed(kept.plugins, plugins))
        return {};
    const std::lock_guard lock(m_mutex);
    ++m_counts.reused;
    return kept;
}

void RenderCache::store(const std::string &key, const Kept &kept)
{
    const std::lock_guard lock(m_mutex);
    const auto [entry, isNew] = m_entries.try_emplace(key);
    entry->second.kept = kept;
    if (!isNew)
        return;
    entry->second.use = m_uses.insert(m_uses.end(), key);
    if (m_entries.size() > m_most) {
        m_entries.erase(m_uses.front());
        m_uses.pop_front();
    }
}

RenderCache::Counts RenderCache::counts() const
{
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

} // namespace tiphys::control
