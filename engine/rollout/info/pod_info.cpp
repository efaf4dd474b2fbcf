// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/info/pod_info.h"

#include <set>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// "Signal:9" or "ExitCode:1" of a terminated container without a reason.
std::string exitText(const Value &terminated)
{
    const std::int64_t signal = terminated["signal"].intOr(0);
    return signal != 0 ? "Signal:" + std::to_string(signal)
                       : "ExitCode:" + std::to_string(terminated["exitCode"].intOr(0));
}

/// Init containers that go on beside the others.
std::set<std::string_view> sidecarsOf(const Value &initContainers)
{
    std::set<std::string_view> names;
    for (const Value &container : initContainers.items()) {
        if (container["restartPolicy"].stringOr() == "Always")
            names.insert(container["name"].stringOr());
    }
    return names;
}

/// The state of the first init container that is not done; nothing once all are.
std::optional<std::string> initReason(const Value &spec, const Value &status, int &restarts)
{
    const Value initContainers = spec["initContainers"];
    const std::set<std::string_view> sidecars = sidecarsOf(initContainers);
    const Value statuses = status["initContainerStatuses"];
    int index = -1;
    for (const Value &container : statuses.items()) {
        ++index;
        restarts += static_cast<int>(container["restartCount"].intOr(0));
        const Value terminated = container.path({"state", "terminated"});
        if (terminated.isMap()) {
            if (terminated["exitCode"].intOr(0) == 0)
                continue;
            const std::string_view reason = terminated["reason"].stringOr();
            return "Init:" + (reason.empty() ? exitText(terminated) : std::string(reason));
        }
        if (sidecars.contains(container["name"].stringOr()) && container["started"].boolOr(false)) {
            if (container["ready"].boolOr(false))
                continue;
            return std::nullopt;
        }
        const std::string_view waiting = container.path({"state", "waiting", "reason"}).stringOr();
        if (!waiting.empty() && waiting != "PodInitializing")
            return "Init:" + std::string(waiting);
        return "Init:" + std::to_string(index) + "/" + std::to_string(initContainers.size());
    }
    return std::nullopt;
}

/// The state that the containers give; counts the ready ones.
std::string containersReason(const Value &statuses, std::string reason, PodInfo &info)
{
    bool hasRunning = false;
    for (std::size_t i = statuses.size(); i-- > 0;) {
        const Value container = statuses.at(i);
        info.restarts += static_cast<int>(container["restartCount"].intOr(0));
        const Value state = container["state"];
        const Value terminated = state["terminated"];
        if (const std::string_view waiting = state.path({"waiting", "reason"}).stringOr(); !waiting.empty()) {
            reason = waiting;
        } else if (terminated.isMap()) {
            const std::string_view told = terminated["reason"].stringOr();
            reason = told.empty() ? exitText(terminated) : std::string(told);
        } else if (container["ready"].boolOr(false) && state["running"].isMap()) {
            hasRunning = true;
            ++info.ready;
        }
    }
    return reason == "Completed" && hasRunning ? "Running" : reason;
}

} // namespace

PodInfo podInfo(const Object &pod)
{
    const Value spec = pod.value()["spec"];
    const Value status = pod.value()["status"];
    PodInfo info{.name = std::string(pod.name()),
                 .created = std::string(pod.creationTimestamp()),
                 .status = {},
                 .containers = static_cast<int>(spec["containers"].size())};
    const std::string_view told = status["reason"].stringOr();
    const std::optional<std::string> initializing = initReason(spec, status, info.restarts);
    if (initializing) {
        info.status = *initializing;
    } else {
        info.restarts = 0;
        info.status = containersReason(status["containerStatuses"],
                                       std::string(told.empty() ? status["phase"].stringOr() : told), info);
    }
    if (pod.isBeingDeleted())
        info.status = told == "NodeLost" ? "Unknown" : "Terminating";
    return info;
}

} // namespace tiphys::rollout
