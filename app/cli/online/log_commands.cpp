// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/log_follower.h"
#include "crd/duration.h"

#include <algorithm>

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::ObjectKey;
using object::Value;

namespace {

Expected<ports::LogOptions> optionsOf(const AppFlags &flags)
{
    ports::LogOptions options;
    options.follows = flags.follows;
    options.isPrevious = flags.showsPrevious;
    options.hasTimestamps = flags.hasTimestamps;
    if (flags.tailLines >= 0)
        options.tailLines = flags.tailLines;
    if (!flags.since.empty()) {
        const Expected<crd::Duration> since = crd::goDurationOf(flags.since);
        if (!since)
            return std::unexpected(since.error().in("--since"));
        options.sinceSeconds = std::max<std::int64_t>(1, (since->nanoseconds + 500'000'000) / 1'000'000'000);
    }
    return options;
}

/// One stream for each container of \p pods, or for \p container alone.
std::vector<LogStream> streamsOf(const std::vector<Object> &pods, const std::string &container)
{
    std::vector<LogStream> streams;
    for (const Object &pod : pods) {
        const LogStream stream{{{"", "v1", "pods", "Pod", true}, std::string(pod.ns()), std::string(pod.name())}, std::string(pod.uid()), container};
        const Value containers = container.empty() ? pod.path({"spec", "containers"}) : Value();
        if (containers.isEmpty())
            streams.push_back(stream);
        for (const Value &each : containers.items())
            streams.push_back({stream.pod, stream.uid, std::string(each["name"].stringOr())});
    }
    return streams;
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
    const Expected<std::vector<ObjectKey>> below = resourceKeys(invocation.app.resources);
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
    const std::vector<LogStream> streams = streamsOf(*pods, invocation.app.container);
    if (options->follows && streams.size() > LogFollower::kMost)
        co_return failure(ErrorCode::InvalidInput,
                          std::to_string(streams.size()) + " containers cannot be followed at once (at most "
                              + std::to_string(LogFollower::kMost) + "); --resource and --container choose some");
    const auto output = std::make_shared<LogOutput>();
    output->isNamed = streams.size() > 1;
    if (options->follows) {
        LogFollower follower(cluster, invocation.app.container, output);
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
