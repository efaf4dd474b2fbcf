// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/pod_life.h"

#include "crd/timestamp.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr std::int64_t kStart = 1200;
constexpr std::int64_t kLate = 6000;
constexpr std::int64_t kJobEnd = 4000;

enum class Stage { Unscheduled, Creating, Pulling, PullFailed, Crashing, Unready, Ready, Succeeded, Failed };

struct Life
{
    Stage stage = Stage::Creating;
    std::int64_t restarts = 0;
    bool isFinal = false;
};

bool hasBrokenImage(const Object &pod)
{
    const Value containers = pod.path({"spec", "containers"});
    return std::ranges::any_of(
        containers.items(), [](const Value &container) { return container["image"].stringOr().ends_with(":broken"); });
}

Life lifeOf(const Object &pod, std::int64_t age)
{
    const std::string_view script = pod.annotation("tiphys.dev/pod").value_or("");
    const bool endures = pod.path({"spec", "restartPolicy"}).stringOr("Always") == "Always";
    if (script == "pending")
        return {.stage = Stage::Unscheduled, .isFinal = true};
    if (age < kStart)
        return {.stage = Stage::Creating};
    if (hasBrokenImage(pod))
        return age < 2 * kStart ? Life{.stage = Stage::Pulling} : Life{.stage = Stage::PullFailed, .isFinal = true};
    if (script == "crash" || (script == "fail" && endures)) {
        const std::int64_t restarts = 1 + (age >= 20'000) + (age >= 60'000) + (age >= 180'000) + (age >= 600'000);
        return {.stage = Stage::Crashing, .restarts = restarts, .isFinal = restarts == 5};
    }
    if (script == "fail")
        return {.stage = Stage::Failed, .isFinal = true};
    if (script == "late" && age < kLate)
        return {.stage = Stage::Unready};
    if (!endures)
        return age < kJobEnd ? Life{.stage = Stage::Ready} : Life{.stage = Stage::Succeeded, .isFinal = true};
    return {.stage = Stage::Ready, .isFinal = true};
}

std::string addressOf(const Object &pod)
{
    const std::uint64_t hash = Value(pod.uid()).hash();
    return "10.244." + std::to_string(hash % 200) + "." + std::to_string(2 + hash / 200 % 250);
}

Value condition(std::string_view type, bool isTrue, std::string_view time, std::string_view reason = "",
                std::string_view message = "")
{
    Value value = Value::map({{"type", type},
                              {"status", isTrue ? "True" : "False"},
                              {"lastProbeTime", nullptr},
                              {"lastTransitionTime", time}});
    if (!reason.empty())
        value = value.with("reason", reason);
    return message.empty() ? value : value.with("message", message);
}

Value waiting(std::string_view reason, const std::string &message)
{
    Value state = Value::map({{"reason", reason}});
    return Value::map({{"waiting", message.empty() ? state : state.with("message", message)}});
}

Value terminated(int code, std::string_view reason, std::string_view time)
{
    return Value::map(
        {{"terminated",
          Value::map({{"exitCode", code}, {"reason", reason}, {"startedAt", time}, {"finishedAt", time}})}});
}

Value stateOf(const Life &life, const Object &pod, const Value &container, std::string_view time)
{
    const std::string image(container["image"].stringOr());
    switch (life.stage) {
    case Stage::Unscheduled:
    case Stage::Creating: return waiting("ContainerCreating", "");
    case Stage::Pulling: return waiting("ErrImagePull", "failed to resolve reference \"" + image + "\": not found");
    case Stage::PullFailed: return waiting("ImagePullBackOff", "Back-off pulling image \"" + image + "\"");
    case Stage::Crashing:
        return waiting("CrashLoopBackOff",
                       "back-off restarting failed container=" + std::string(container["name"].stringOr())
                           + " pod=" + std::string(pod.name()) + "_" + std::string(pod.ns()));
    case Stage::Unready:
    case Stage::Ready: return Value::map({{"running", Value::map({{"startedAt", time}})}});
    case Stage::Succeeded: return terminated(0, "Completed", time);
    case Stage::Failed: return terminated(1, "Error", time);
    }
    return {};
}

std::string_view phaseOf(Stage stage)
{
    switch (stage) {
    case Stage::Crashing:
    case Stage::Unready:
    case Stage::Ready: return "Running";
    case Stage::Succeeded: return "Succeeded";
    case Stage::Failed: return "Failed";
    default: return "Pending";
    }
}

Value statusOf(const Value &container, const Value &state, std::int64_t restarts)
{
    const bool isRunning = state.contains("running");
    return Value::map({{"name", container["name"]},
                       {"image", container["image"]},
                       {"imageID", isRunning ? "demo://image" : ""},
                       {"ready", false},
                       {"restartCount", restarts},
                       {"started", isRunning},
                       {"state", state},
                       {"lastState", Value::map({})}});
}

Value containerStatuses(const Object &pod, const Life &life, std::string_view time)
{
    std::vector<Value> statuses;
    const Value containers = pod.path({"spec", "containers"});
    for (const Value &container : containers.items()) {
        Value status = statusOf(container, stateOf(life, pod, container, time), life.restarts)
                           .with("ready", life.stage == Stage::Ready);
        if (life.stage == Stage::Crashing)
            status = status.with("lastState", terminated(1, "Error", time));
        statuses.push_back(status);
    }
    return Value::list(statuses);
}

/// Those of init containers: done before the others begin, but for sidecars, which end with them.
Value initStatuses(const Object &pod, const Life &life, std::string_view time)
{
    std::vector<Value> statuses;
    const Value containers = pod.path({"spec", "initContainers"});
    for (const Value &container : containers.items()) {
        const bool goesOn = container["restartPolicy"].stringOr() == "Always" && life.stage != Stage::Succeeded
                            && life.stage != Stage::Failed;
        const Value state = life.stage == Stage::Creating ? waiting("PodInitializing", "")
                            : goesOn                      ? Value::map({{"running", Value::map({{"startedAt", time}})}})
                                                          : terminated(0, "Completed", time);
        statuses.push_back(statusOf(container, state, 0).with("ready", life.stage != Stage::Creating));
    }
    return Value::list(statuses);
}

} // namespace

PodState podStateAt(const Object &pod, std::int64_t age)
{
    const Life life = lifeOf(pod, age);
    const std::string_view created = pod.creationTimestamp();
    if (life.stage == Stage::Unscheduled) {
        return {Value::map({{"phase", "Pending"},
                            {"conditions", Value::list({condition("PodScheduled", false, created, "Unschedulable",
                                                                  "0/2 nodes are available: 2 Insufficient cpu.")})},
                            {"qosClass", "BestEffort"}}),
                true};
    }
    const auto moment = crd::timestampOf(created);
    const std::string started = crd::Timestamp{(moment ? moment->seconds : 0) + 1}.text();
    const bool isReady = life.stage == Stage::Ready;
    const bool isOver = life.stage == Stage::Succeeded;
    const std::string_view why = isReady ? "" : isOver ? "PodCompleted" : "ContainersNotReady";
    Value status = Value::map(
        {{"phase", phaseOf(life.stage)},
         {"conditions",
          Value::list({condition("PodReadyToStartContainers", true, created), condition("Initialized", true, created),
                       condition("Ready", isReady, started, why), condition("ContainersReady", isReady, started, why),
                       condition("PodScheduled", true, created)})},
         {"hostIP", "10.0.0.2"},
         {"startTime", created},
         {"containerStatuses", containerStatuses(pod, life, started)},
         {"qosClass", "BestEffort"}});
    if (const Value initial = initStatuses(pod, life, started); !initial.isEmpty())
        status = status.with("initContainerStatuses", initial);
    if (life.stage != Stage::Creating) {
        const std::string address = addressOf(pod);
        status = status.with("podIP", address).with("podIPs", Value::list({Value::map({{"ip", address}})}));
    }
    return {status, life.isFinal};
}

bool isPodReady(const Object &pod)
{
    const Value conditions = pod.path({"status", "conditions"});
    return std::ranges::any_of(conditions.items(), [](const Value &each) {
        return each["type"].stringOr() == "Ready" && each["status"].stringOr() == "True";
    });
}

} // namespace tiphys::demo
