// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/usage_check.h"

#include "cli/action_values.h"
#include "cli/resource_flag.h"
#include "crd/duration.h"
#include "crd/timestamp.h"

#include <algorithm>

namespace tiphys::cli {

using Command = Invocation::Command;

namespace {

template <typename T>
std::string problemOf(const Expected<T> &read)
{
    return read ? std::string() : read.error().text();
}

std::string logProblem(const AppFlags &flags)
{
    if (!flags.since.empty()) {
        const Expected<crd::Duration> since = crd::goDurationOf(flags.since);
        if (!since || since->nanoseconds <= 0)
            return "--since takes a time like 5m or 1h30m, not '" + flags.since + "'";
    }
    return problemOf(resourceKeys(flags.resources));
}

std::string createProblem(const Invocation &invocation)
{
    const AppFlags &flags = invocation.app;
    const bool hasSource = !flags.repository.empty() || invocation.source.spec.hasHydrator();
    return flags.file.empty() && (flags.name.empty() || !hasSource) ? "app create needs NAME and --repo, or -f FILE" : std::string();
}

std::string sourceProblem(const Invocation &invocation)
{
    const SourceFlags &flags = invocation.source;
    const bool isRemoval = invocation.command == Command::AppUnset;
    const bool changesSource = isRemoval ? !flags.removal.isEmpty() : !flags.edit.isEmpty() || !flags.valuesFile.empty();
    if (!changesSource && flags.spec.isEmpty())
        return isRemoval ? "say at least one parameter to take away" : "say at least one parameter to set";
    if (changesSource && flags.spec.hasHydrator())
        return "an application has a source or a source hydrator: change one of them at a time";
    return {};
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
    return in.empty() || crd::goDurationOf(in) ? std::string() : "--in takes a time like 30s, 5m or 1h, not '" + in + "'";
}

std::string simulationProblem(const std::string &at)
{
    return at.empty() || crd::timestampOf(at) ? std::string() : "--at takes a time of the form 2006-01-02T15:04:05Z, not '" + at + "'";
}

std::string useProblem(const ClusterFlags &flags)
{
    if (flags.server.empty())
        return "SERVER is empty";
    return flags.context.empty() != flags.isForgotten ? "name a CONTEXT, or --forget" : std::string();
}

} // namespace

std::string usageProblem(const Invocation &invocation)
{
    switch (invocation.command) {
    case Command::AppSync: return problemOf(resourceKeys(invocation.app.resources));
    case Command::AppLogs: return logProblem(invocation.app);
    case Command::AppActions: {
        const std::string problem = problemOf(resourceKeys(invocation.app.resources));
        return problem.empty() ? problemOf(actionOptions(invocation.action.parameters)) : problem;
    }
    case Command::AppCreate: return createProblem(invocation);
    case Command::AppSet:
    case Command::AppUnset: return sourceProblem(invocation);
    case Command::RolloutSetImage: return imageProblem(invocation.rollout.images);
    case Command::RolloutRestart: return restartProblem(invocation.rollout.in);
    case Command::RolloutSimulate: return simulationProblem(invocation.rollout.at);
    case Command::ClusterUse: return useProblem(invocation.cluster);
    default: return {};
    }
}

} // namespace tiphys::cli
