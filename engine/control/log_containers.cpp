// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/log_containers.h"

#include "control/log_place.h"
#include "crd/timestamp.h"

#include <algorithm>
#include <string_view>

namespace tiphys::control {

using object::Object;
using object::Value;
using service::LogContainer;

namespace {

void takeEnd(LogContainer &container, const Value &terminated)
{
    container.exitCode = static_cast<int>(terminated["exitCode"].intOr(0));
    if (const auto time = crd::timestampOf(terminated["finishedAt"].stringOr()))
        container.endedAt = time->seconds * 1000;
}

void takeStatus(LogContainer &container, const Value &status)
{
    container.restarts = static_cast<int>(status["restartCount"].intOr(0));
    container.hasLog = hasLog(status);
    const Value last = status.path({"lastState", "terminated"});
    container.hasPrevious = container.restarts > 0 && !last.isNull();
    if (!last.isNull())
        takeEnd(container, last);
    const Value waiting = status.path({"state", "waiting"});
    const Value terminated = status.path({"state", "terminated"});
    if (!status.path({"state", "running"}).isNull()) {
        container.state = LogContainer::State::Running;
    } else if (!terminated.isNull()) {
        container.state = LogContainer::State::Ended;
        container.reason = terminated["reason"].stringOr();
        takeEnd(container, terminated);
    } else {
        container.state = LogContainer::State::Waiting;
        container.reason = waiting["reason"].stringOr();
    }
}

void add(std::vector<LogContainer> &containers, const Value &specs, const Value &statuses, LogContainer::Kind kind)
{
    for (const Value &spec : specs.items()) {
        LogContainer container;
        container.name = spec["name"].stringOr();
        const bool isSidecar = kind == LogContainer::Kind::Init && spec["restartPolicy"].stringOr() == "Always";
        container.kind = isSidecar ? LogContainer::Kind::Sidecar : kind;
        for (const Value &status : statuses.items()) {
            if (status["name"].stringOr() == container.name)
                takeStatus(container, status);
        }
        containers.push_back(std::move(container));
    }
}

} // namespace

std::vector<LogContainer> logContainersOf(const Object &pod)
{
    std::vector<LogContainer> containers;
    add(containers, pod.path({"spec", "containers"}), pod.path({"status", "containerStatuses"}),
        LogContainer::Kind::Ordinary);
    add(containers, pod.path({"spec", "initContainers"}), pod.path({"status", "initContainerStatuses"}),
        LogContainer::Kind::Init);
    add(containers, pod.path({"spec", "ephemeralContainers"}), pod.path({"status", "ephemeralContainerStatuses"}),
        LogContainer::Kind::Ephemeral);
    return containers;
}

std::optional<LogContainer> logContainerOf(const Object &pod, const std::string &name)
{
    const std::string wanted = name.empty() ? defaultContainerOf(pod) : name;
    const std::vector<LogContainer> containers = logContainersOf(pod);
    const auto found = std::ranges::find(containers, wanted, &LogContainer::name);
    return found == containers.end() ? std::nullopt : std::optional(*found);
}

std::string defaultContainerOf(const Object &pod)
{
    const std::vector<LogContainer> containers = logContainersOf(pod);
    const std::string_view named =
        pod.annotation("kubectl.kubernetes.io/default-container").value_or(std::string_view());
    if (std::ranges::contains(containers, named, &LogContainer::name))
        return std::string(named);
    return containers.empty() ? std::string() : containers.front().name;
}

bool isFinishedPod(const Object &pod)
{
    const std::string_view phase = pod.path({"status", "phase"}).stringOr();
    return phase == "Succeeded" || phase == "Failed";
}

} // namespace tiphys::control
