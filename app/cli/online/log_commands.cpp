// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/task_scope.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "control/app_views.h"
#include "control/tree_view.h"
#include "crd/duration.h"

#include <algorithm>
#include <cstdio>

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::ObjectKey;
using object::Value;

namespace {

/// Followed at the same time at most; more would open more connections than servers like.
constexpr std::size_t kMostFollowed = 50;

struct LogStream
{
    ports::ObjectRef pod;
    std::string container;
    std::string prefix; ///< of each line
};

/// True if \p node or something above it is among \p wanted, or all are.
bool isBelow(const control::TreeView &view, const service::TreeNode &node, const std::vector<ObjectKey> &wanted)
{
    const service::TreeNode *at = &node;
    while (!wanted.empty()) {
        const bool isNamed = std::ranges::any_of(wanted, [&](const ObjectKey &key) {
            return key.kind == at->key.kind && key.name == at->key.name && key.group == at->key.group;
        });
        if (isNamed || at->parent < 0)
            return isNamed;
        at = &view.nodes[static_cast<std::size_t>(at->parent)];
    }
    return true;
}

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
        if (!since || since->nanoseconds <= 0)
            return failure(ErrorCode::InvalidInput, "--since takes a time like 5m or 1h30m, not '" + flags.since + "'");
        options.sinceSeconds = std::max<std::int64_t>(1, (since->nanoseconds + 500'000'000) / 1'000'000'000);
    }
    return options;
}

/// One stream for each container of \p pods, or for the one that is named.
Async<std::vector<LogStream>> streamsOf(ports::ClusterPtr cluster, std::vector<ports::ObjectRef> pods, std::string container,
                                        CancelToken cancel)
{
    std::vector<LogStream> streams;
    for (const ports::ObjectRef &pod : pods) {
        if (!container.empty()) {
            streams.push_back({pod, container, {}});
            continue;
        }
        const Expected<Object> object = co_await cluster->get(pod, {}, cancel);
        const Value containers = object ? object->path({"spec", "containers"}) : Value();
        for (const Value &each : containers.items())
            streams.push_back({pod, std::string(each["name"].stringOr()), {}});
        // Who may not read the pod may still read the log of its only container.
        if (containers.isEmpty())
            streams.push_back({pod, {}, {}});
    }
    if (streams.size() > 1) {
        for (LogStream &stream : streams)
            stream.prefix = stream.pod.name + (stream.container.empty() ? "" : " " + stream.container) + ": ";
    }
    co_return streams;
}

/// Prints one log until its end; a log that cannot be read is reported, \p readable counts the others.
Async<void> printLog(ports::ClusterPtr cluster, LogStream stream, ports::LogOptions options, std::shared_ptr<int> readable,
                     CancelToken cancel)
{
    options.container = stream.container;
    const auto onLines = [prefix = stream.prefix, follows = options.follows, readable](std::vector<std::string> lines) {
        std::string text;
        for (const std::string &line : lines)
            text.append(prefix).append(line).append("\n");
        print(text);
        if (follows)
            flushOutput();
    };
    const Expected<void> end = co_await cluster->logs(stream.pod, options, onLines, cancel);
    if (end)
        ++*readable;
    else if (end.error().code() == ErrorCode::Cancelled)
        co_return std::unexpected(end.error());
    else
        fail(end.error().in("pod '" + stream.pod.name + "'"));
    co_return {};
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
    const Expected<control::EvaluationPtr> evaluation = co_await evaluate(session, *named, "", cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    const control::TreeView view = treeOf(*named, **evaluation);
    std::vector<ports::ObjectRef> pods;
    for (const service::TreeNode &node : view.nodes) {
        if (node.key.kind == "Pod" && node.key.group.empty() && node.isLive && isBelow(view, node, *below))
            pods.push_back({{"", "v1", "pods", "Pod", true}, node.key.ns, node.key.name});
    }
    if (pods.empty())
        co_return failure(ErrorCode::NotFound, "application '" + named->id.name + "' has no such pods");

    const ports::ClusterPtr cluster = (*destination)->cluster();
    const Expected<std::vector<LogStream>> streams = co_await streamsOf(cluster, pods, invocation.app.container, cancel);
    if (!streams)
        co_return std::unexpected(streams.error());
    if (options->follows && streams->size() > kMostFollowed)
        co_return failure(ErrorCode::InvalidInput,
                          std::to_string(streams->size()) + " containers cannot be followed at once (at most "
                              + std::to_string(kMostFollowed) + "); --resource and --container choose some");
    const auto readable = std::make_shared<int>(0);
    if (options->follows) {
        async::TaskScope scope(cancel);
        for (const LogStream &stream : *streams)
            scope.start(printLog(cluster, stream, *options, readable, scope.token()));
        const Expected<void> ended = co_await scope.drained();
        ignoreError(ended, "each log told its own");
        // Ctrl+C is how following ends.
        if (cancel.isCancelled())
            co_return 0;
    } else {
        for (const LogStream &stream : *streams) {
            const Expected<void> printed = co_await printLog(cluster, stream, *options, readable, cancel);
            if (!printed)
                co_return std::unexpected(printed.error());
        }
    }
    if (*readable == 0)
        co_return failure(ErrorCode::Unavailable, "no log of application '" + named->id.name + "' could be read");
    co_return 0;
}

} // namespace tiphys::cli
