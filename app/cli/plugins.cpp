// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/plugins.h"

#include "base/text.h"
#include "cli/terminal.h"
#include "compose/local_plugins.h"
#include "store/workspace.h"

#include <cstdio>
#include <string>

namespace tiphys::cli {

using object::Value;

std::shared_ptr<render::PluginHost> pluginHost(const PluginFlags &flags, PluginPlaces places)
{
    if (flags.areOff)
        return nullptr;
    compose::PluginChoice choice{.files = flags.files,
                                 .workspace = places == PluginPlaces::UserAndWorkspace ? "." : "",
                                 .userFolder = store::userConfigFolder(),
                                 .allowed = flags.allowed,
                                 .ask = {},
                                 .milliseconds = flags.timeoutSeconds * 1000};
    if (isTerminal())
        choice.ask = isAnsweredYes;
    std::shared_ptr<render::PluginHost> host = compose::localPlugins(std::move(choice));
    // Whoever looked for a claim before has warned.
    for (const Error &problem : flags.mayClaim ? host->problems() : std::vector<Error>())
        std::fputs(("warning: " + problem.text() + "\n").c_str(), stderr);
    return host;
}

Expected<Value> pluginSourceOf(const PluginFlags &flags)
{
    if (flags.name.empty() && flags.env.empty())
        return Value();
    std::vector<Value> env;
    for (const std::string &entry : flags.env) {
        const auto equals = entry.find('=');
        if (equals == std::string::npos || equals == 0)
            return failure(ErrorCode::InvalidInput, "--plugin-env wants NAME=VALUE, not " + tiphys::quoted(entry));
        env.push_back(Value::map({{"name", entry.substr(0, equals)}, {"value", entry.substr(equals + 1)}}));
    }
    Value plugin = Value::map({});
    if (!flags.name.empty())
        plugin = plugin.with("name", flags.name);
    return env.empty() ? plugin : plugin.with("env", Value::list(env));
}

} // namespace tiphys::cli
