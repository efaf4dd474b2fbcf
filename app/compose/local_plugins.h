// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/plugin/plugin_host.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::compose {

/// Which plugins there are, and who allows them.
struct PluginChoice
{
    std::vector<std::string> files;   ///< named by the user; they come first
    std::filesystem::path workspace;  ///< a folder in a workspace whose plugins count; "" for none
    std::filesystem::path userFolder; ///< settings of the user: plugins below it, and what was allowed; "" for none
    std::vector<std::string> allowed; ///< full names that may run, "*" for all; it is remembered
    /// Asks somebody, giving the question; empty: there is nobody. Called from one thread at a time.
    std::function<bool(const std::string &question)> ask = {};
    int milliseconds = 90'000; ///< for all commands of one run
};

/// The config management plugins of this machine. Of two with one full name the first counts: files, workspace, user. What
/// is no plugin is a problem of the host. Nothing runs without consent, which is bound to the plugin's file and its content.
std::shared_ptr<render::PluginHost> localPlugins(PluginChoice choice);

} // namespace tiphys::compose
