// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "cli/invocation.h"
#include "object/value.h"
#include "render/plugin/plugin_host.h"

#include <memory>

namespace tiphys::cli {

/// Whose plugins count beside those that flags name and the user's own.
enum class PluginPlaces { User, UserAndWorkspace };

/// The plugins that \p flags and the places give, null with --no-plugins; plugin files that cannot be used are warned of.
/// Who is at a terminal is asked whether a plugin may run.
std::shared_ptr<render::PluginHost> pluginHost(const PluginFlags &flags, PluginPlaces places);

/// `source.plugin` as --config-management-plugin and --plugin-env give it; null without them.
/// Errors: InvalidInput for a variable without "=".
Expected<object::Value> pluginSourceOf(const PluginFlags &flags);

} // namespace tiphys::cli
