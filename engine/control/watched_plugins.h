// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/plugin/plugin_host.h"

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

/// The plugins of \p host, with a note of those that one rendering needed the consent for. Any thread.
class WatchedPlugins final : public render::PluginHost
{
public:
    explicit WatchedPlugins(render::PluginHost &host) : m_host(host) {}

    const std::vector<render::Plugin> &plugins() const override { return m_host.plugins(); }
    const std::vector<Error> &problems() const override { return m_host.problems(); }
    Expected<void> allow(const render::Plugin &plugin) override;
    Expected<void> withdraw(const std::string &name) override { return m_host.withdraw(name); }
    Expected<std::string> run(const render::PluginRun &run) override;

    /// Full names, sorted.
    std::vector<std::string> needed() const;

private:
    void note(const render::Plugin &plugin);

    render::PluginHost &m_host;
    mutable std::mutex m_mutex; ///< guards the names
    std::set<std::string> m_needed;
};

/// True if each of the plugins called \p names is there and may run.
bool areAllowed(const std::vector<std::string> &names, render::PluginHost *host);

} // namespace tiphys::control
