// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"
#include "render/render_context.h"
#include "render/rendered.h"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tiphys::control {

using RenderedPtr = std::shared_ptr<const render::Rendered>;

/// One source to render.
struct RenderRequest
{
    std::string repoUrl;
    std::string revision;                          ///< resolved
    object::Value source;                          ///< of the Application
    std::shared_ptr<const render::FileTree> files; ///< of \c revision
    std::string instance;                          ///< Application::instanceName
    render::RenderContext context = {};
    std::string references = {}; ///< names the files of context.references
    bool rendersAnew = false;    ///< what was rendered before does not count; the new one is kept
};

/// What render::renderSource gives.
Expected<RenderedPtr> renderedAnew(const RenderRequest &request);

/// Templates that were read, lent to one rendering at a time: each of the renderings that run side by side has its own, and
/// keeps what the one before has read. Bounded by the number of threads and the size of each. Any thread.
class TemplateLoans
{
public:
    /// A cache for one rendering; it comes back when the pointer goes away, which may outlive this.
    std::shared_ptr<render::TemplateCache> borrow();

private:
    struct Shelf
    {
        std::mutex mutex; ///< guards the caches: renderings end on pool threads
        std::vector<std::shared_ptr<render::TemplateCache>> caches;
    };
    std::shared_ptr<Shelf> m_shelf = std::make_shared<Shelf>();
};

/// Sources that were rendered, so that many looks at one commit render once. Plain directories are kept for further
/// commits too, as long as these leave the folder as it was. Only successes are kept. Templates are kept as well, for charts
/// that change in part and for those that many applications use. What plugins took part in counts only while they may run.
/// Bounded. Any thread.
class RenderCache
{
public:
    explicit RenderCache(std::size_t mostSources = 4096) : m_most(mostSources) {}

    /// The source rendered, now or before. Two threads may render the same at once; both answers are equal.
    Expected<RenderedPtr> rendered(const RenderRequest &request);

    /// How often a source was rendered anew, and how often it was at hand.
    struct Counts
    {
        std::uint64_t rendered = 0;
        std::uint64_t reused = 0;
    };
    Counts counts() const;

private:
    struct Kept
    {
        RenderedPtr rendered;
        std::vector<std::string> plugins; ///< that were asked or run for it
    };
    struct Entry
    {
        Kept kept;
        std::list<std::string>::iterator use;
    };
    /// What is kept under \p key and may be shown; nothing else has a rendering.
    Kept find(const std::string &key, render::PluginHost *plugins);
    void store(const std::string &key, const Kept &kept);

    TemplateLoans m_templates;
    mutable std::mutex m_mutex; ///< guards everything below: pool threads render side by side
    std::size_t m_most;
    std::map<std::string, Entry, std::less<>> m_entries;
    std::list<std::string> m_uses; ///< keys, the one used longest ago first
    Counts m_counts;
};

} // namespace tiphys::control
