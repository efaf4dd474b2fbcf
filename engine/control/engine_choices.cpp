// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/run_on.h"
#include "control/destination_list.h"
#include "control/engine_core.h"
#include "render/plugin/plugin_host.h"

#include <utility>

/// What the engine answers about the choices of the person for this machine.
namespace tiphys::control {

namespace {

/// Which plugins there are, and whether each may run; what should be one and is none has no name.
std::vector<service::ToolProgram> pluginsOf(render::PluginHost &host)
{
    std::vector<service::ToolProgram> plugins;
    for (const render::Plugin &plugin : host.plugins()) {
        const Expected<void> allowed = host.allow(plugin);
        plugins.push_back({.name = plugin.config.fullName(), .path = plugin.file, .version = {}, .problem = allowed ? std::string() : allowed.error().text()});
    }
    for (const Error &problem : host.problems())
        plugins.push_back({.name = {}, .path = {}, .version = {}, .problem = problem.text()});
    return plugins;
}

/// Runs the programs.
service::ToolChoices choicesOf(const render::ToolChoice &choice)
{
    service::ToolChoices choices{.programs = {}, .plugins = {}, .names = choice.names(), .areForced = choice.areForced(), .file = choice.file(), .problem = choice.problem()};
    for (const render::ToolProgram &program : choice.programs())
        choices.programs.push_back({.name = program.name, .path = program.path, .version = program.version, .problem = program.problem});
    return choices;
}

Error noToolChoice()
{
    return {ErrorCode::Unsupported, "this program was started without a way to run helm and kustomize"};
}

} // namespace

Expected<std::vector<service::DestinationContext>> EngineCore::destinationContexts() const
{
    std::vector<DestinationUses> uses;
    for (const auto &[context, session] : m_sessions) {
        DestinationUses use{.home = context, .registry = session->registry(), .registered = {}, .destinations = {}};
        if (m_engines.contains(context)) {
            use.registered = [home = session.get()](const std::string &server) -> Expected<void> {
                const Expected<ports::ClusterAccess> access = home->registeredCluster(server);
                return access ? Expected<void>() : std::unexpected(access.error());
            };
        }
        for (const auto &[id, known] : session->apps()) {
            if (known.app)
                use.destinations.push_back(known.app->spec.destination);
        }
        uses.push_back(std::move(use));
    }
    return destinationList(uses, tickedContexts(), m_parts.chosenContexts);
}

Async<service::ToolChoices> EngineCore::toolChoices()
{
    const std::shared_ptr<render::ToolChoice> choice = m_parts.toolChoice;
    if (!choice)
        co_return std::unexpected(noToolChoice());
    const std::shared_ptr<render::PluginHost> plugins = m_parts.plugins;
    const Expected<service::ToolChoices> choices = co_await async::runOn(&m_pool, [choice, plugins] {
        service::ToolChoices found = choicesOf(*choice);
        if (plugins)
            found.plugins = pluginsOf(*plugins);
        return found;
    });
    co_return choices;
}

Async<service::Done> EngineCore::chooseTools(std::string name, bool areUsed)
{
    const std::shared_ptr<render::ToolChoice> choice = m_parts.toolChoice;
    if (!choice)
        co_return std::unexpected(noToolChoice());
    const Expected<void> kept = co_await async::runOn(&m_pool, [choice, name, areUsed] { return choice->choose(name, areUsed); });
    if (!kept)
        co_return std::unexpected(kept.error());
    for (const auto &[app, page] : m_pages)
        page->applicationChanged();
    co_return service::Done{};
}

} // namespace tiphys::control
