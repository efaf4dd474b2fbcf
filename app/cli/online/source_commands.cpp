// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "control/source_change.h"
#include "object/json.h"
#include "object/yaml.h"
#include "policy/project.h"
#include "store/folder_tree.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace tiphys::cli {

using Command = Invocation::Command;
using object::Value;

namespace {

/// What `app set` changes of the source; a file of values is read.
Expected<crd::SourceEdit> sourceEditOf(const SourceFlags &flags)
{
    crd::SourceEdit edit = flags.edit;
    if (!flags.valuesFile.empty()) {
        const Expected<std::string> text = store::fileContent(flags.valuesFile);
        if (!text)
            return std::unexpected(text.error());
        edit.values = *text;
    }
    return edit;
}

/// The patch of the source that \p flags change; an empty list where they change none.
Expected<Value> sourcePatchOf(const crd::Application &app, const SourceFlags &flags, bool isRemoval)
{
    const Expected<crd::SourceEdit> edit = isRemoval ? crd::SourceEdit{} : sourceEditOf(flags);
    if (!edit)
        return std::unexpected(edit.error());
    if (isRemoval ? flags.removal.isEmpty() : edit->isEmpty())
        return Value::list(std::vector<Value>());
    const Expected<int> position = sourcePositionOf(app.spec, flags);
    if (!position)
        return std::unexpected(position.error());
    const Expected<crd::ApplicationSource> source = crd::sourceAt(app.spec, *position);
    if (!source)
        return std::unexpected(source.error());
    const crd::SourcePlace place = crd::sourcePlaceOf(app.spec);
    const Expected<crd::ApplicationSource> changed =
        isRemoval ? crd::without(*source, flags.removal, place) : crd::edited(*source, *edit, app.status.sourceType, place);
    if (!changed)
        return std::unexpected(changed.error());
    return crd::sourcePatch(app.spec, *position, *changed);
}

/// One patch of everything that \p invocation changes.
Expected<Value> patchOf(const crd::Application &app, const Invocation &invocation)
{
    const SourceFlags &flags = invocation.source;
    const bool isRemoval = invocation.command == Command::AppUnset;
    const Expected<Value> source = sourcePatchOf(app, flags, isRemoval);
    if (!source)
        return source;
    const Expected<Value> spec = crd::edited(app.spec.value, flags.spec);
    if (!spec)
        return spec;
    const Value rest = crd::specPatch(app.spec.value, *spec);
    std::vector<Value> operations(source->items().begin(), source->items().end());
    std::ranges::copy(rest.items(), std::back_inserter(operations));
    return Value::list(operations);
}

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

void warnOfFlagsWithoutEffect(const crd::SpecEdit &edit)
{
    if ((edit.retryDuration || edit.retryMaxDuration || edit.retryFactor) && edit.retryLimit.value_or(0) <= 0)
        std::fputs("warning: --sync-retry-backoff-… counts only together with --sync-retry-limit above 0\n", stderr);
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
        return print(name + " has these parameters already\n");
    if (isDryRun)
        print("# JSON Patch of " + name + "\n" + object::toYaml(change.patch));
    print(name + (isDryRun ? ": the server would accept it; nothing was changed\n" : " updated\n"));
}

} // namespace

Async<int> runAppSource(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const crd::Application &app = named->app;
    const Expected<Value> patch = patchOf(app, invocation);
    if (!patch)
        co_return std::unexpected(patch.error());
    warnOfFlagsWithoutEffect(invocation.source.spec);
    const Expected<control::SourceChange> change = co_await control::plannedSpecChange(named->session->cluster(), app, *patch, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    if (const Expected<void> checked = checkSpec(*named->session, *change, invocation.source.validates); !checked)
        co_return std::unexpected(checked.error());
    for (const std::string &warning : change->warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    const ports::DryRun dryRun = invocation.app.isDryRun ? ports::DryRun::All : ports::DryRun::No;
    const Expected<crd::Application> stored =
        co_await control::writeSourceChange(named->session->cluster(), *change, dryRun, cancel);
    if (!stored)
        co_return std::unexpected(stored.error());
    printChange(*change, stored->object, invocation);
    co_return 0;
}

} // namespace tiphys::cli
