// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// A program and what it is called with; nothing where \c command is empty.
struct PluginCommand
{
    std::vector<std::string> command; ///< the program first
    std::vector<std::string> args;    ///< added behind

    bool isSet() const { return !command.empty(); }
    /// Program and arguments in one list.
    std::vector<std::string> words() const;
    /// The same as it would be typed: words with spaces in double quotes.
    /// Source: argo-cd util/exec/exec.go (GetCommandArgsToLog)@v3.5.1
    std::string text() const;
};

/// How a plugin says that a source is its own: the first that is set decides.
struct PluginDiscovery
{
    std::string fileName;  ///< pattern of Go's filepath.Glob
    std::string glob;      ///< the same with `**/` and `{a,b}`
    PluginCommand command; ///< says so by printing something

    bool isDefined() const { return !fileName.empty() || !glob.empty() || command.isSet(); }
};

/// A file of kind ConfigManagementPlugin.
struct PluginConfig
{
    std::string name;
    std::string version; ///< may be ""
    PluginCommand init;  ///< may be unset
    PluginCommand generate;
    PluginDiscovery discovery;
    std::vector<object::Value>
        staticParameters; ///< announcements: name, title, tooltip, required, itemType, collectionType, string, array, map
    PluginCommand dynamicParameters; ///< prints further announcements as JSON
    bool preservesFileMode = false;

    /// The name that Applications use: "name-version", or "name" without a version.
    std::string fullName() const { return version.empty() ? name : name + "-" + version; }
};

/// The plugin that \p text describes. Errors: InvalidInput with the field.
/// Source: argo-cd cmpserver/plugin/config.go (ReadPluginConfig, ValidatePluginConfig)@v3.5.1
Expected<PluginConfig> readPluginConfig(std::string_view text);

/// The announcements in the JSON \p text that a plugin's dynamic command printed.
/// Errors: InvalidInput for what is no list of announcements.
Expected<std::vector<object::Value>> readAnnouncements(std::string_view text);

} // namespace tiphys::render
