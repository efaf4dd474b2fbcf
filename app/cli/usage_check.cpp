// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/usage_check.h"

#include "cli/action_values.h"
#include "cli/resource_flag.h"
#include "crd/duration.h"
#include "crd/timestamp.h"
#include "object/json.h"

#include <algorithm>

namespace tiphys::cli {

using Command = Invocation::Command;

namespace {

template <typename T>
std::string problemOf(const Expected<T> &read)
{
    return read ? std::string() : read.error().text();
}

/// Which applications: names, or what chooses among all.
std::string choiceProblem(const std::string &command, const AppFlags &flags, bool takesProjects)
{
    const bool isChosen = !flags.selector.empty() || !flags.projects.empty();
    if (flags.names.empty() && !isChosen)
        return command + (takesProjects ? " needs NAME, --selector or --project" : " needs NAME or --selector");
    if (!flags.names.empty() && isChosen)
        return command + " takes names, or " + (takesProjects ? "--selector and --project" : "--selector")
               + ", not both";
    return {};
}

/// Forms of --resource where ! in front excludes.
std::string patternProblem(const std::vector<std::string> &patterns)
{
    for (const std::string &pattern : patterns) {
        const std::string problem = problemOf(resourceKeys({pattern.starts_with('!') ? pattern.substr(1) : pattern}));
        if (!problem.empty())
            return problem;
    }
    return {};
}

std::string revisionsProblem(const AppFlags &flags)
{
    const std::size_t places = flags.sourcePositions.size() + flags.sourceNames.size();
    if (flags.revisions.empty() && places == 0)
        return {};
    if (!flags.sourcePositions.empty() && !flags.sourceNames.empty())
        return "name sources by --source-positions or by --source-names, not by both";
    if (flags.revisions.size() != places)
        return "each --revisions needs its --source-positions or --source-names";
    return flags.revision.empty() ? std::string() : "--revision is for one source, --revisions for several";
}

std::string labelProblem(const std::vector<std::string> &labels)
{
    for (const std::string &text : labels) {
        if (std::ranges::count(text, '=') != 1 || text.starts_with('='))
            return "--label takes NAME=VALUE, not '" + text + "'";
    }
    return {};
}

std::string syncProblem(const AppFlags &flags)
{
    if (flags.names.size() != 1
        && (!flags.revisions.empty() || !flags.sourcePositions.empty() || !flags.sourceNames.empty()))
        return "--revisions is for one application, by its name";
    for (const std::string &problem :
         {choiceProblem("app sync", flags, true), patternProblem(flags.resources), revisionsProblem(flags)}) {
        if (!problem.empty())
            return problem;
    }
    if (!flags.local.folder.empty() && flags.names.size() != 1)
        return "--local is for one application";
    if (const std::string problem = labelProblem(flags.labels); !problem.empty())
        return problem;
    for (const std::string &text : flags.info) {
        if (text.find('=') == std::string::npos || text.starts_with('='))
            return "--info takes NAME=VALUE, not '" + text + "'";
    }
    return {};
}

std::string waitProblem(const AppFlags &flags)
{
    const std::string problem = choiceProblem("app wait", flags, false);
    return problem.empty() ? patternProblem(flags.resources) : problem;
}

std::string actionsProblem(const Invocation &invocation)
{
    if (invocation.app.name.empty())
        return "app actions takes NAME, list NAME, or run NAME ACTION";
    const std::string problem = problemOf(resourceKeys(invocation.app.resources));
    return problem.empty() ? problemOf(actionOptions(invocation.action.parameters)) : problem;
}

std::string logProblem(const AppFlags &flags)
{
    if (!flags.since.empty()) {
        const Expected<crd::Duration> since = crd::goDurationOf(flags.since);
        if (!since || since->nanoseconds <= 0)
            return "--since takes a time like 5m or 1h30m, not '" + flags.since + "'";
    }
    if (!flags.until.empty() && !crd::timestampOf(flags.until))
        return "--until-time takes a time like 2026-01-31T12:30:00Z, not '" + flags.until + "'";
    return problemOf(resourceKeys(flags.resources));
}

std::string createProblem(const Invocation &invocation)
{
    const AppFlags &flags = invocation.app;
    const bool hasSource = !invocation.source.edit.repoUrl.value_or("").empty() || invocation.source.spec.hasHydrator();
    if (flags.file.empty() && (flags.name.empty() || !hasSource))
        return "app create needs NAME and --repo, or -f FILE";
    return labelProblem(flags.labels);
}

std::string sourceProblem(const Invocation &invocation)
{
    const SourceFlags &flags = invocation.source;
    const bool isRemoval = invocation.command == Command::AppUnset;
    const bool changesSource =
        isRemoval ? !flags.removal.isEmpty() : !flags.edit.isEmpty() || !flags.valuesFile.empty();
    if (!changesSource && flags.spec.isEmpty())
        return isRemoval ? "say at least one parameter to take away" : "say at least one parameter to set";
    if (changesSource && flags.spec.hasHydrator())
        return "an application has a source or a source hydrator: change one of them at a time";
    return {};
}

std::string additionProblem(const SourceFlags &flags)
{
    return flags.edit.isEmpty() && flags.valuesFile.empty()
               ? "say what the source is: --repo, and --path, --helm-chart or --ref"
               : std::string();
}

std::string removalProblem(const SourceFlags &flags)
{
    return flags.name.empty() && flags.position <= 0 ? "app remove-source needs --source-position or --source-name"
                                                     : std::string();
}

std::string patchProblem(const PatchFlags &flags)
{
    const Expected<object::Value> patch = object::parseJson(flags.text);
    if (!patch)
        return "--patch: " + patch.error().text();
    if (flags.isMerge)
        return patch->isMap() ? std::string() : "--patch takes a map of fields with --type merge";
    return patch->isList() ? std::string() : "--patch takes a list of operations; --type merge takes a map of fields";
}

std::string resourcePatchProblem(const ResourceFlags &flags)
{
    const Expected<object::Value> patch = object::parseJson(flags.patch);
    if (!patch)
        return "--patch: " + patch.error().text();
    if (flags.patchType == "application/json-patch+json")
        return patch->isList() ? std::string()
                               : "--patch takes a list of operations with --patch-type application/json-patch+json";
    return patch->isMap() ? std::string() : "--patch takes a map of fields with --patch-type " + flags.patchType;
}

std::string imageProblem(const std::vector<std::string> &images)
{
    for (const std::string &pair : images) {
        const auto equal = pair.find('=');
        if (equal == std::string::npos || equal == 0 || equal + 1 == pair.size())
            return "'" + pair + "' must have the form CONTAINER=IMAGE";
    }
    return {};
}

std::string restartProblem(const std::string &in)
{
    return in.empty() || crd::goDurationOf(in) ? std::string()
                                               : "--in takes a time like 30s, 5m or 1h, not '" + in + "'";
}

std::string simulationProblem(const std::string &at)
{
    return at.empty() || crd::timestampOf(at) ? std::string()
                                              : "--at takes a time of the form 2006-01-02T15:04:05Z, not '" + at + "'";
}

std::string useProblem(const ClusterFlags &flags)
{
    if (flags.server.empty())
        return "SERVER is empty";
    return flags.context.empty() != flags.isForgotten ? "name a CONTEXT, or --forget" : std::string();
}

/// The names in their order, each once.
std::vector<std::string> onceEach(const std::vector<std::string> &names)
{
    std::vector<std::string> once;
    for (const std::string &name : names) {
        if (!std::ranges::contains(once, name))
            once.push_back(name);
    }
    return once;
}

} // namespace

void settle(Invocation &invocation)
{
    AppFlags &flags = invocation.app;
    flags.names = onceEach(flags.names);
    if (flags.names.size() == 1)
        flags.name = flags.names.front();
    if (!flags.propagation.empty() && flags.cascade != "none")
        flags.cascade = flags.propagation;
    // As argocd has it: there "" is any group.
    std::optional<std::string> &group = invocation.appAction.group;
    if (invocation.command == Command::AppGetResource && group && group->empty())
        group.reset();
    const std::vector<std::string> &words = invocation.appAction.words;
    if (words.size() == 1)
        flags.name = words[0];
    if (words.size() == 2 && words[0] == "list")
        flags.name = words[1];
    if (words.size() == 3 && words[0] == "run") {
        flags.name = words[1];
        invocation.action.name = words[2];
    }
}

std::string usageProblem(const Invocation &invocation)
{
    switch (invocation.command) {
    // A variable that is not set must not make a comparison of nothing.
    case Command::Diff: return invocation.diff.a.empty() ? "A is empty" : std::string();
    case Command::AppSync: return syncProblem(invocation.app);
    case Command::AppDiff:
    case Command::AppManifests: return revisionsProblem(invocation.app);
    case Command::AppWait: return waitProblem(invocation.app);
    case Command::AppDelete: return choiceProblem("app delete", invocation.app, false);
    case Command::AppLogs: return logProblem(invocation.app);
    case Command::AppActions: return actionsProblem(invocation);
    case Command::AppCreate: return createProblem(invocation);
    case Command::AppSet:
    case Command::AppUnset: return sourceProblem(invocation);
    case Command::AppAddSource: return additionProblem(invocation.source);
    case Command::AppRemoveSource: return removalProblem(invocation.source);
    case Command::AppPatch: return patchProblem(invocation.patch);
    case Command::AppPatchResource: return resourcePatchProblem(invocation.resource);
    case Command::RolloutSetImage: return imageProblem(invocation.rollout.images);
    case Command::RolloutRestart: return restartProblem(invocation.rollout.in);
    case Command::RolloutSimulate: return simulationProblem(invocation.rollout.at);
    case Command::ClusterUse: return useProblem(invocation.cluster);
    default: return {};
    }
}

} // namespace tiphys::cli
