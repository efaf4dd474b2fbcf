// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/spec_change.h"

#include "cli/commands.h"
#include "control/source_change.h"
#include "object/json.h"
#include "object/yaml.h"
#include "policy/project.h"

#include <algorithm>
#include <cstdio>

namespace tiphys::cli {

namespace {

/// What keeps \p app from being compared, as far as it is known without asking its cluster.
std::vector<std::string> problemsOf(const control::ContextSession &home, const crd::Application &app)
{
    const Expected<policy::EffectiveProject> project = home.projectOf(app);
    if (!project)
        return {project.error().message()};
    const crd::Destination &destination = app.spec.destination;
    const Expected<std::string> server = policy::destinationServer(home.registry(), destination);
    const bool isKnown = server && !server->empty();
    std::vector<std::string> problems;
    for (const crd::Condition &condition :
         policy::specConditions(app, *project, isKnown ? std::optional(home.destinationCluster(destination, nullptr)) : std::nullopt))
        problems.push_back(condition.message);
    if (!isKnown && !policy::destinationProblem(destination))
        problems.push_back(server ? "there are no clusters with this name: " + destination.name : server.error().message());
    return problems;
}

/// Refuses what would keep the application from being compared and did not before, as Argo CD's server does.
/// Source: argo-cd server/application/application.go (validateAndNormalizeApp)@v3.5.1
Expected<void> checkSpec(const control::ContextSession &home, const control::SourceChange &change, bool isDemanded)
{
    if (change.isEmpty())
        return {};
    const Expected<crd::Application> after = crd::applicationOf(change.after);
    if (!after)
        return std::unexpected(after.error());
    const std::vector<std::string> before = problemsOf(home, change.app);
    for (const std::string &problem : problemsOf(home, *after)) {
        if (std::ranges::contains(before, problem))
            continue;
        // Without the Secrets of repositories and clusters it is not known what the project permits.
        if (isDemanded && home.registry().unseen.empty())
            return failure(ErrorCode::InvalidInput, "application spec for " + std::string(change.app.name()) + " is invalid: " + problem);
        std::fputs(("warning: " + problem + "\n").c_str(), stderr);
    }
    return {};
}

bool isOfParameters(Invocation::Command command)
{
    return command == Invocation::Command::AppSet || command == Invocation::Command::AppUnset;
}

void printChange(const control::SourceChange &change, const object::Object &stored, const Invocation &invocation)
{
    const bool isDryRun = invocation.app.isDryRun;
    if (invocation.output == Output::Json)
        return print(object::toJson(stored.value(), {.style = object::JsonStyle::Indented, .order = object::KeyOrder::Kept}) + "\n");
    if (invocation.output == Output::Yaml)
        return print(object::toYaml(stored.value()));
    const std::string name = "application " + std::string(change.app.ns()) + "/" + std::string(change.app.name());
    if (change.isEmpty())
        return print(name + (isOfParameters(invocation.command) ? " has these parameters already\n" : " is so already\n"));
    if (isDryRun)
        print("# JSON Patch of " + name + "\n" + object::toYaml(change.patch));
    print(name + (isDryRun ? ": the server would accept it; nothing was changed\n" : " updated\n"));
}

} // namespace

Async<int> specChanged(NamedApp named, object::Value patch, const Invocation &invocation, CancelToken cancel)
{
    const Expected<control::SourceChange> change = co_await control::plannedSpecChange(named.session->cluster(), named.app, patch, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    // Nobody would write it: what else is wrong with it does not matter.
    if (!change->refusal.empty())
        co_return failure(ErrorCode::Denied, change->refusal);
    if (const Expected<void> checked = checkSpec(*named.session, *change, invocation.source.validates); !checked)
        co_return std::unexpected(checked.error());
    for (const std::string &warning : change->warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    const ports::DryRun dryRun = invocation.app.isDryRun ? ports::DryRun::All : ports::DryRun::No;
    const Expected<crd::Application> stored =
        co_await control::writeSourceChange(named.session->cluster(), *change, dryRun, cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    printChange(*change, stored->object, invocation);
    co_return 0;
}

} // namespace tiphys::cli
