// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/pod_log.h"

#include "base/text.h"
#include "crd/timestamp.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

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

} // namespace

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
    const std::int64_t count = std::clamp<std::int64_t>((options.now / 1000 - start->seconds) / 10 + 2, 2, 500);
    const std::int64_t first = options.tailLines < 0 ? 0 : std::max<std::int64_t>(0, count - options.tailLines);
    std::string text;
    for (std::int64_t i = first; i < count; ++i) {
        if (options.hasTimestamps)
            text += crd::Timestamp{start->seconds + std::max<std::int64_t>(0, i - 1) * 10}.text() + " ";
        text += lineOf(i, pod) + "\n";
    }
    return text;
}

} // namespace tiphys::demo
