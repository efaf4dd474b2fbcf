// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/run_on.h"
#include "base/glob.h"
#include "control/destination_list.h"
#include "control/engine_core.h"
#include "render/plugin/plugin_host.h"

#include <algorithm>
#include <iterator>
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
        plugins.push_back({.name = plugin.config.fullName(),
                           .path = plugin.file,
                           .version = {},
                           .problem = allowed ? std::string() : allowed.error().text()});
    }
    for (const Error &problem : host.problems())
        plugins.push_back({.name = {}, .path = {}, .version = {}, .problem = problem.text()});
    return plugins;
}

/// Runs them for their versions.
std::vector<service::ToolProgram> programsOf(const render::ToolChoice &choice)
{
    std::vector<service::ToolProgram> programs;
    for (const render::ToolProgram &program : choice.programs())
        programs.push_back(
            {.name = program.name, .path = program.path, .version = program.version, .problem = program.problem});
    return programs;
}

service::ToolChoices choicesOf(const render::ToolChoice &choice)
{
    service::ToolChoices choices{.programs = {},
                                 .plugins = {},
                                 .names = choice.names(),
                                 .areForced = choice.areForced(),
                                 .file = choice.file(),
                                 .problem = choice.problem()};
    choices.programs = programsOf(choice);
    return choices;
}

/// The same for one application.
service::ToolUse useOf(const render::ToolChoice &choice, const std::string &application)
{
    service::ToolUse use{
        .programs = programsOf(choice), .chosenBy = {}, .areForced = choice.areForced(), .problem = choice.problem()};
    std::ranges::copy_if(choice.names(), std::back_inserter(use.chosenBy),
                         [&](const std::string &name) { return globMatches(name, application); });
    if (use.problem.empty() && choice.file().empty())
        use.problem = "the folder of the user's settings is not known";
    return use;
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

Async<service::ToolUse> EngineCore::toolUse(std::string application)
{
    const std::shared_ptr<render::ToolChoice> choice = m_parts.toolChoice;
    if (!choice)
        co_return std::unexpected(noToolChoice());
    const Expected<service::ToolUse> use =
        co_await async::runOn(&m_pool, [choice, application] { return useOf(*choice, application); });
    co_return use;
}

Async<service::Done> EngineCore::chooseTools(std::string name, bool areUsed)
{
    const std::shared_ptr<render::ToolChoice> choice = m_parts.toolChoice;
    if (!choice)
        co_return std::unexpected(noToolChoice());
    const Expected<void> kept =
        co_await async::runOn(&m_pool, [choice, name, areUsed] { return choice->choose(name, areUsed); });
    if (!kept)
        co_return std::unexpected(kept.error());
    lookAgainAtPages();
    co_return service::Done{};
}

Async<service::Done> EngineCore::withdrawPlugin(std::string name)
{
    const std::shared_ptr<render::PluginHost> plugins = m_parts.plugins;
    if (!plugins)
        co_return failure(ErrorCode::Unsupported, "this program was started without a way to run plugins");
    const Expected<void> withdrawn =
        co_await async::runOn(&m_pool, [plugins, name] { return plugins->withdraw(name); });
    lookAgainAtPages();
    if (!withdrawn && withdrawn.error().code() == ErrorCode::Denied)
        co_return std::unexpected(withdrawn.error().in("it does not run until this program ends"));
    if (!withdrawn)
        co_return std::unexpected(withdrawn.error());
    co_return service::Done{};
}

void EngineCore::lookAgainAtPages()
{
    for (const auto &[app, page] : m_pages)
        page->applicationChanged();
}

} // namespace tiphys::control
