// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/log_follower.h"
#include "control/log_containers.h"
#include "crd/duration.h"

#include <algorithm>

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::ObjectKey;

namespace {

constexpr int kUsualLines = 100;

Expected<ports::LogOptions> optionsOf(const AppFlags &flags)
{
    ports::LogOptions options;
    options.follows = flags.follows;
    options.isPrevious = flags.showsPrevious;
    options.hasTimestamps = flags.hasTimestamps;
    // Lines that are sought may stand anywhere.
    const int lines = flags.tailLines.value_or(flags.logFilter.empty() && flags.until.empty() ? kUsualLines : -1);
    if (lines >= 0)
        options.tailLines = lines;
    if (flags.sinceSeconds > 0)
        options.sinceSeconds = flags.sinceSeconds;
    if (!flags.since.empty()) {
        const Expected<crd::Duration> since = crd::goDurationOf(flags.since);
        if (!since)
            return std::unexpected(since.error().in("--since"));
        options.sinceSeconds = std::max<std::int64_t>(1, (since->nanoseconds + 500'000'000) / 1'000'000'000);
    }
    return options;
}

/// One stream for each container of \p pods that \p choice takes; one that is named is asked for in every pod.
std::vector<LogStream> streamsOf(const std::vector<Object> &pods, const ContainerChoice &choice)
{
    std::vector<LogStream> streams;
    for (const Object &pod : pods) {
        const LogStream stream{{{"", "v1", "pods", "Pod", true}, std::string(pod.ns()), std::string(pod.name())},
                               std::string(pod.uid()),
                               choice.name};
        std::vector<service::LogContainer> containers =
            choice.name.empty() ? control::logContainersOf(pod) : std::vector<service::LogContainer>();
        std::erase_if(containers, [&](const service::LogContainer &each) { return !choice.takes(each); });
        // In the order in which they start.
        std::ranges::stable_partition(containers, [](const service::LogContainer &each) {
            return each.kind == service::LogContainer::Kind::Init || each.kind == service::LogContainer::Kind::Sidecar;
        });
        if (containers.empty())
            streams.push_back(stream);
        for (const service::LogContainer &each : containers)
            streams.push_back({stream.pod, stream.uid, each.name});
    }
    return streams;
}

/// Whose pods the flags choose: those of --resource, as far as --group, --kind, --namespace and --name describe something above
/// them, too.
/// Errors: InvalidInput.
/// Source: argo-cd server/application/application.go (isTheSelectedOne)@v3.5.1
Expected<std::vector<AppPods::Wanted>> wantedOf(const Invocation &invocation)
{
    const Expected<std::vector<ObjectKey>> named = resourceKeys(invocation.app.resources);
    if (!named)
        return std::unexpected(named.error());
    std::vector<AppPods::Wanted> wanted;
    if (!named->empty())
        wanted.push_back([keys = *named](const ObjectKey &key) { return isAmong(keys, key); });
    wanted.push_back([flags = invocation.appAction](const ObjectKey &key) {
        const auto isAny = [](const std::string &asked, const std::string &value) {
            return asked.empty() || asked == value;
        };
        return isAny(flags.group.value_or(""), key.group) && isAny(flags.kind, key.kind) && isAny(flags.ns, key.ns)
               && isAny(flags.name, key.name);
    });
    return wanted;
}

LineFilter filterOf(const AppFlags &flags)
{
    const bool isInverse = flags.logFilter.starts_with('!');
    return {.text = flags.logFilter.substr(isInverse ? 1 : 0),
            .isInverse = isInverse,
            .matchesCase = flags.matchesCase,
            .until = flags.until.empty() ? std::nullopt : control::lineTimeOf(flags.until)};
}

} // namespace

Async<int> runAppLogs(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ports::LogOptions> options = optionsOf(invocation.app);
    if (!options)
        co_return std::unexpected(options.error());
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<std::vector<AppPods::Wanted>> below = wantedOf(invocation);
    if (!below)
        co_return std::unexpected(below.error());
    const Expected<ContextSession *> destination =
        co_await session.destinationOf(named->app.spec.destination, named->session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    if (!*destination)
        co_return failure(ErrorCode::NotFound, "no context for the destination cluster");
    AppPods source(session, *named, *destination, *below);
    const Expected<std::vector<Object>> pods = co_await source.now(cancel);
    if (!pods)
        co_return std::unexpected(pods.error());
    if (pods->empty())
        co_return failure(ErrorCode::NotFound, "application '" + named->id.name + "' has no such pods");

    const ports::ClusterPtr cluster = (*destination)->cluster();
    const ContainerChoice choice{.name = invocation.app.container, .isEveryKind = invocation.app.hasAllContainers};
    const std::vector<LogStream> streams = streamsOf(*pods, choice);
    if (options->follows && streams.size() > LogFollower::kMost)
        co_return failure(ErrorCode::InvalidInput,
                          std::to_string(streams.size()) + " containers cannot be followed at once (at most "
                              + std::to_string(LogFollower::kMost) + "); --resource and --container choose some");
    const auto output = std::make_shared<LogOutput>();
    output->isNamed = streams.size() > 1;
    output->filter = filterOf(invocation.app);
    if (options->follows) {
        LogFollower follower(cluster, choice, output);
        const Expected<void> ended = co_await follower.follow(source, *pods, streams, *options, cancel);
        ignoreError(ended, "each log told its own");
        // Ctrl+C is how following ends.
        if (cancel.isCancelled())
            co_return 0;
    } else {
        for (const LogStream &stream : streams) {
            const Expected<void> printed = co_await printLog(cluster, stream, *options, output, cancel);
            if (!printed)
                co_return std::unexpected(printed.error());
        }
    }
    if (output->readable == 0)
        co_return failure(ErrorCode::Unavailable, "no log of application '" + named->id.name + "' could be read");
    co_return 0;
}

} // namespace tiphys::cli
