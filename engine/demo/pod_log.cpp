// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/pod_log.h"

#include "base/text.h"
#include "crd/timestamp.h"

#include <algorithm>
#include <vector>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr std::int64_t kMostLines = 500;
constexpr std::int64_t kSecondsPerLine = 10;

std::string lineOf(std::int64_t index, const Object &pod)
{
    static constexpr const char *kPaths[] = {"/", "/api/items", "/healthz", "/api/cart", "/metrics"};
    if (index == 0)
        return "level=info msg=\"starting\" pod=" + std::string(pod.name());
    if (index == 1)
        return "level=info msg=\"listening\" address=:8080";
    return "level=info msg=\"request\" method=GET path=" + std::string(kPaths[index % 5])
           + " status=200 duration=" + std::to_string(2 + index * 7 % 23) + "ms";
}

std::string initLineOf(std::int64_t index, const Object &pod)
{
    return index == 0 ? "level=info msg=\"preparing\" pod=" + std::string(pod.name())
                      : std::string("level=info msg=\"prepared\"");
}

std::vector<std::string> namesOf(const Value &containers)
{
    std::vector<std::string> names;
    for (const Value &container : containers.items())
        names.emplace_back(container["name"].stringOr());
    return names;
}

/// The state of the init container that is called so; null if there is none.
Value initStateOf(const Object &pod, std::string_view name)
{
    const Value statuses = pod.path({"status", "initContainerStatuses"});
    for (const Value &status : statuses.items()) {
        if (status["name"].stringOr() == name)
            return status["state"];
    }
    return {};
}

/// The container whose log is asked for. Errors: as podLog.
Answer<std::string> containerOf(const Object &pod, const std::string &asked)
{
    const std::vector<std::string> names = namesOf(pod.path({"spec", "containers"}));
    const std::vector<std::string> initial = namesOf(pod.path({"spec", "initContainers"}));
    if (asked.empty() && names.size() > 1)
        return std::unexpected(
            badRequest("a container name must be specified for pod " + std::string(pod.name()) + ", choose one of: ["
                       + join(names, " ") + "]"
                       + (initial.empty() ? "" : " or one of the init containers: [" + join(initial, " ") + "]")));
    if (asked.empty() && !names.empty())
        return names.front();
    if (!std::ranges::contains(names, asked) && !std::ranges::contains(initial, asked))
        return std::unexpected(badRequest("container " + asked + " is not valid for pod " + std::string(pod.name())));
    return asked;
}

Answer<std::string> previousLog(const Object &pod, const std::string &container)
{
    const Value statuses = pod.path({"status", "containerStatuses"});
    for (const Value &status : statuses.items()) {
        if (status["name"].stringOr() == container && !status["lastState"]["terminated"].isNull())
            return lineOf(0, pod) + "\nlevel=error msg=\"cannot go on\" exitCode="
                   + std::to_string(status["lastState"]["terminated"]["exitCode"].intOr(1)) + "\n";
    }
    return std::unexpected(badRequest("previous terminated container \"" + container + "\" in pod \""
                                      + std::string(pod.name()) + "\" not found"));
}

} // namespace

std::int64_t podLogLines(const Object &pod, ports::WallTime now)
{
    const auto start = crd::timestampOf(pod.path({"status", "startTime"}).stringOr());
    return start ? std::max<std::int64_t>(2, (now / 1000 - start->seconds) / kSecondsPerLine + 2) : 0;
}

bool isInitLogOver(const Object &pod, std::string_view container)
{
    return initStateOf(pod, container).contains("terminated");
}

Answer<std::string> podLog(const Object &pod, const LogOptions &options)
{
    const Answer<std::string> container = containerOf(pod, options.container);
    if (!container)
        return container;
    const auto start = crd::timestampOf(pod.path({"status", "startTime"}).stringOr());
    const std::string_view phase = pod.path({"status", "phase"}).stringOr();
    const Value initial = initStateOf(pod, *container);
    const bool isWaiting = initial.isNull() ? phase == "Pending" : initial.contains("waiting");
    if (!start || isWaiting)
        return std::unexpected(
            badRequest("container \"" + *container + "\" in pod \"" + std::string(pod.name())
                       + "\" is waiting to start: " + (initial.isNull() ? "ContainerCreating" : "PodInitializing")));
    if (options.isPrevious)
        return previousLog(pod, *container);
    const bool isDone = isInitLogOver(pod, *container);
    const std::int64_t count = isDone ? 2 : podLogLines(pod, options.now);
    std::int64_t first = std::max({options.firstLine, count - kMostLines, std::int64_t(0)});
    if (options.tailLines >= 0)
        first = std::max(first, count - options.tailLines);
    std::string text;
    for (std::int64_t i = first; i < count; ++i) {
        const std::int64_t written = start->seconds + std::max<std::int64_t>(0, i - 1) * kSecondsPerLine;
        if (options.sinceSeconds >= 0 && written < options.now / 1000 - options.sinceSeconds)
            continue;
        if (options.hasTimestamps)
            text += crd::Timestamp{written}.text() + " ";
        text += (isDone ? initLineOf(i, pod) : lineOf(i, pod)) + "\n";
    }
    return text;
}

} // namespace tiphys::demo
