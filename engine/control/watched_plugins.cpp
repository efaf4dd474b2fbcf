// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/watched_plugins.h"

#include <algorithm>

namespace tiphys::control {

using render::Plugin;

void WatchedPlugins::note(const Plugin &plugin)
{
    const std::lock_guard lock(m_mutex);
    m_needed.insert(plugin.config.fullName());
}

Expected<void> WatchedPlugins::allow(const Plugin &plugin)
{
    note(plugin);
    return m_host.allow(plugin);
}

Expected<std::string> WatchedPlugins::run(const render::PluginRun &run)
{
    note(run.plugin);
    return m_host.run(run);
}

std::vector<std::string> WatchedPlugins::needed() const
{
    const std::lock_guard lock(m_mutex);
    return {m_needed.begin(), m_needed.end()};
}

bool areAllowed(const std::vector<std::string> &names, render::PluginHost *host)
{
    return std::ranges::all_of(names, [host](const std::string &name) {
        if (!host)
            return false;
        const auto found =
            std::ranges::find(host->plugins(), name, [](const Plugin &plugin) { return plugin.config.fullName(); });
        return found != host->plugins().end() && host->allow(*found).has_value();
    });
}

} // namespace tiphys::control
