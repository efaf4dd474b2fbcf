// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/plugin/plugin_source.h"

#include "base/text.h"
#include "render/directory.h"
#include "render/plugin/plugin_discovery.h"

#include <algorithm>
#include <optional>

namespace tiphys::render {

using object::Object;
using object::Value;

namespace {

/// Whether plugins claim one folder, and with which variables they are asked.
class Claims
{
public:
    Claims(PluginHost &host, const FileTree &files, const std::string &folder, PluginEnvironment environment)
        : m_host(host), m_files(files), m_folder(folder), m_environment(std::move(environment))
    {
    }

    /// Errors: Denied, and why the discovery failed.
    Expected<bool> isClaimedBy(const Plugin &plugin) const
    {
        const PluginDiscovery &discovery = plugin.config.discovery;
        if (!discovery.fileName.empty())
            return anyPathMatches(m_files, m_folder, discovery.fileName);
        if (!discovery.glob.empty())
            return anyPathMatchesDeep(m_files, m_folder, discovery.glob);
        if (!discovery.command.isSet())
            return false;
        const Expected<std::string> printed =
            m_host.run({plugin, {discovery.command}, m_files, m_folder, m_environment});
        if (!printed)
            return std::unexpected(printed.error());
        return !printed->empty();
    }

    /// The first that claims the folder; null if none does. \p lastProblem: why the last one that failed did.
    Expected<const Plugin *> first(std::optional<Error> &lastProblem) const
    {
        for (const Plugin &plugin : m_host.plugins()) {
            const Expected<bool> claimed = isClaimedBy(plugin);
            if (claimed && *claimed)
                return &plugin;
            if (!claimed && claimed.error().code() == ErrorCode::Denied)
                return std::unexpected(
                    claimed.error().in("whether " + quoted(plugin.config.fullName()) + " renders this"));
            if (!claimed)
                lastProblem = claimed.error().in("plugin " + quoted(plugin.config.fullName()));
        }
        return nullptr;
    }

private:
    PluginHost &m_host;
    const FileTree &m_files;
    const std::string &m_folder;
    PluginEnvironment m_environment;
};

std::string problemsOf(const PluginHost &host)
{
    std::string text;
    for (const Error &problem : host.problems())
        text += "; " + problem.text();
    return text;
}

std::string namesOf(const PluginHost &host)
{
    std::vector<std::string> names;
    for (const Plugin &plugin : host.plugins())
        names.push_back(plugin.config.fullName());
    return names.empty() ? "there is none on this machine" : "there are: " + join(names, ", ");
}

Expected<const Plugin *> namedPlugin(const std::string &name, PluginHost &host, const Claims &claims)
{
    const auto found =
        std::ranges::find(host.plugins(), name, [](const Plugin &plugin) { return plugin.config.fullName(); });
    const std::string unknown =
        "could not find cmp-server plugin with name \"" + name + "\" supporting the given repository";
    if (found == host.plugins().end())
        return failure(ErrorCode::NotFound, unknown + " (" + namesOf(host) + ")" + problemsOf(host));
    if (!found->config.discovery.isDefined())
        return &*found;
    const Expected<bool> claimed = claims.isClaimedBy(*found);
    if (!claimed)
        return std::unexpected(claimed.error().in(unknown));
    if (!*claimed)
        return failure(ErrorCode::NotFound, unknown + ": its discovery does not match");
    return &*found;
}

/// A plugin and the variables it is run with.
struct ChosenPlugin
{
    const Plugin *plugin = nullptr;
    PluginEnvironment environment;
};

Expected<ChosenPlugin> chosenPlugin(const Value &source, const FileTree &files, const std::string &folder,
                                    const RenderContext &context)
{
    const std::string name(source.isMap() ? source["name"].stringOr() : std::string_view());
    if (!context.plugins)
        return failure(ErrorCode::Unsupported, "config management plugin "
                                                   + (name.empty() ? std::string() : quoted(name) + " ")
                                                   + "is not run here");
    Expected<PluginEnvironment> environment = pluginEnvironment(source, context);
    if (!environment)
        return std::unexpected(environment.error());
    const Claims claims(*context.plugins, files, folder, *environment);
    std::optional<Error> problem;
    const Expected<const Plugin *> plugin =
        name.empty() ? claims.first(problem) : namedPlugin(name, *context.plugins, claims);
    if (!plugin)
        return std::unexpected(plugin.error());
    if (!*plugin && problem)
        return std::unexpected(problem->in("could not find plugin supporting the given repository"));
    if (!*plugin)
        return failure(ErrorCode::NotFound, "could not find plugin supporting the given repository ("
                                                + namesOf(*context.plugins) + ")" + problemsOf(*context.plugins));
    if (const Expected<void> allowed = context.plugins->allow(**plugin); !allowed)
        return std::unexpected(allowed.error());
    return ChosenPlugin{*plugin, std::move(*environment)};
}

} // namespace

Expected<const Plugin *> discoveredPlugin(const FileTree &files, const std::string &folder,
                                          const RenderContext &context)
{
    if (!context.plugins || context.plugins->plugins().empty())
        return nullptr;
    Expected<PluginEnvironment> environment = pluginEnvironment({}, context);
    if (!environment)
        return std::unexpected(environment.error());
    std::optional<Error> ignoredProblem; // as there: a plugin that cannot tell does not claim anything
    return Claims(*context.plugins, files, folder, std::move(*environment)).first(ignoredProblem);
}

Expected<Rendered> renderPluginSource(const Value &source, const FileTree &files, const std::string &folder,
                                      const RenderContext &context)
{
    const Expected<ChosenPlugin> chosen = chosenPlugin(source, files, folder, context);
    if (!chosen)
        return std::unexpected(chosen.error());
    const Plugin &plugin = *chosen->plugin;
    const std::string where = "plugin " + quoted(plugin.config.fullName());
    std::vector<PluginCommand> commands;
    if (plugin.config.init.isSet())
        commands.push_back(plugin.config.init);
    commands.push_back(plugin.config.generate);
    const Expected<std::string> output =
        context.plugins->run({plugin, std::move(commands), files, folder, chosen->environment});
    if (!output)
        return std::unexpected(output.error().in(where));
    Expected<std::vector<Object>> objects = printedManifests(*output);
    if (!objects)
        return std::unexpected(objects.error().in("output of " + where));
    Rendered rendered{.type = SourceType::Plugin, .objects = {}, .warnings = {}};
    for (Object &object : *objects)
        rendered.objects.push_back({std::move(object), {}});
    return rendered;
}

Expected<std::vector<Value>> announcedParameters(const Value &source, const FileTree &files, const std::string &folder,
                                                 const RenderContext &context)
{
    const Expected<ChosenPlugin> chosen = chosenPlugin(source, files, folder, context);
    if (!chosen)
        return std::unexpected(chosen.error());
    const PluginConfig &config = chosen->plugin->config;
    std::vector<Value> announced;
    if (config.dynamicParameters.isSet()) {
        const std::string where = "plugin " + quoted(config.fullName());
        const Expected<std::string> printed =
            context.plugins->run({*chosen->plugin, {config.dynamicParameters}, files, folder, chosen->environment});
        if (!printed)
            return std::unexpected(printed.error().in("error executing dynamic parameter output command").in(where));
        Expected<std::vector<Value>> dynamic = readAnnouncements(*printed);
        if (!dynamic)
            return std::unexpected(dynamic.error().in("error unmarshaling dynamic parameter output").in(where));
        announced = std::move(*dynamic);
    }
    // Static ones last: they win.
    announced.insert(announced.end(), config.staticParameters.begin(), config.staticParameters.end());
    return announced;
}

} // namespace tiphys::render
