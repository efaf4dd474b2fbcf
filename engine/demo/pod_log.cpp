// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/pod_log.h"

#include "base/text.h"
#include "crd/timestamp.h"

#include <algorithm>

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
    return "level=info msg=\"request\" method=GET path=" + std::string(kPaths[index % 5]) +
           " status=200 duration=" + std::to_string(2 + index * 7 % 23) + "ms";
}

Answer<std::string> previousLog(const Object &pod, const std::string &container)
{
    const Value statuses = pod.path({"status", "containerStatuses"});
    for (const Value &status : statuses.items()) {
        if (status["name"].stringOr() == container && !status["lastState"]["terminated"].isNull())
            return lineOf(0, pod) + "\nlevel=error msg=\"cannot go on\" exitCode=" +
                   std::to_string(status["lastState"]["terminated"]["exitCode"].intOr(1)) + "\n";
    }
    return std::unexpected(badRequest("previous terminated container \"" + container + "\" in pod \"" +
                                      std::string(pod.name()) + "\" not found"));
}

} // namespace

std::int64_t podLogLines(const Object &pod, ports::WallTime now)
{
    const auto start = crd::timestampOf(pod.path({"status", "startTime"}).stringOr());
    return start ? std::max<std::int64_t>(2, (now / 1000 - start->seconds) / kSecondsPerLine + 2) : 0;
}

Answer<std::string> podLog(const Object &pod, const LogOptions &options)
{
    std::vector<std::string> names;
    const Value containers = pod.path({"spec", "containers"});
    for (const Value &container : containers.items())
        names.emplace_back(container["name"].stringOr());
    std::string container = options.container;
    if (container.empty() && names.size() > 1)
        return std::unexpected(badRequest("a container name must be specified for pod " + std::string(pod.name()) +
                                          ", choose one of: [" + join(names, " ") + "]"));
    if (container.empty() && !names.empty())
        container = names.front();
    if (!std::ranges::contains(names, container))
        return std::unexpected(
            badRequest("container " + container + " is not valid for pod " + std::string(pod.name())));
    const auto start = crd::timestampOf(pod.path({"status", "startTime"}).stringOr());
    const std::string_view phase = pod.path({"status", "phase"}).stringOr();
    if (!start || phase == "Pending")
        return std::unexpected(badRequest("container \"" + container + "\" in pod \"" + std::string(pod.name()) +
                                          "\" is waiting to start: ContainerCreating"));
    if (options.isPrevious)
        return previousLog(pod, container);
    const std::int64_t count = podLogLines(pod, options.now);
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
        text += lineOf(i, pod) + "\n";
    }
    return text;
}

} // namespace tiphys::demo
