// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"
#include "render/plugin/plugin_config.h"
#include "render/plugin/plugin_environment.h"

#include <string>
#include <vector>

namespace tiphys::render {

/// A plugin that is known, and where it was read.
struct Plugin
{
    PluginConfig config;
    std::string file;
};

/// Commands of a plugin, to run one after the other in a checkout of their own.
struct PluginRun
{
    const Plugin &plugin;
    std::vector<PluginCommand> commands;
    const FileTree &files; ///< all of them are in the checkout
    std::string folder;    ///< below the checkout: the commands run here
    PluginEnvironment environment = {};
};

/// The config management plugins of this machine, and who may run them. Any thread.
class PluginHost
{
public:
    virtual ~PluginHost() = default;

    /// In the order in which Argo CD asks them: by the name of their socket.
    virtual const std::vector<Plugin> &plugins() const = 0;
    /// Files that should be plugins and are none, one error each.
    virtual const std::vector<Error> &problems() const = 0;
    /// Denied, with what to do, unless somebody allowed \p plugin to run; may ask.
    virtual Expected<void> allow(const Plugin &plugin) = 0;
    /// Takes that back for the plugin of the full name \p name; one that runs is not asked to go on.
    /// Errors: NotFound where there is none; Denied where it cannot be remembered: it may run in the next start then.
    virtual Expected<void> withdraw(const std::string &name) = 0;
    /// What the last command printed, less one line feed at its end; nothing is run that was not allowed.
    /// Errors: Denied; InvalidInput with exit code and standard error of the command that failed; NotFound, Timeout,
    /// LimitExceeded, Unavailable.
    virtual Expected<std::string> run(const PluginRun &run) = 0;
};

} // namespace tiphys::render
