// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "health/checks.h"
#include "health/typed.h"

#include <algorithm>

namespace tiphys::health {

namespace {

using crd::FieldReader;

struct Container
{
    std::string name;
    bool isWaiting = false;
    std::string waitingReason;
    std::string waitingMessage;
    bool isTerminated = false;
    std::string terminatedReason;
    std::string terminatedMessage;
    std::int64_t exitCode = 0;
    bool wasTerminated = false; ///< an earlier run ended
};

Container readContainer(const FieldReader &reader)
{
    Container container;
    container.name = reader.text("name");
    const FieldReader state = reader.objectOrEmpty("state");
    if (const std::optional<FieldReader> waiting = state.object("waiting")) {
        container.isWaiting = true;
        container.waitingReason = waiting->text("reason");
        container.waitingMessage = waiting->text("message");
    }
    if (const std::optional<FieldReader> terminated = state.object("terminated")) {
        container.isTerminated = true;
        container.terminatedReason = terminated->text("reason");
        container.terminatedMessage = terminated->text("message");
        container.exitCode = terminated->integer("exitCode");
    }
    container.wasTerminated = reader.objectOrEmpty("lastState").object("terminated").has_value();
    return container;
}

bool isStuck(const Container &container)
{
    const std::string &reason = container.waitingReason;
    return container.isWaiting
           && (reason.starts_with("Err") || reason.ends_with("Error") || reason.ends_with("BackOff"));
}

std::string failMessage(const Container &container)
{
    if (!container.isTerminated)
        return {};
    if (!container.terminatedMessage.empty())
        return container.terminatedMessage;
    if (container.terminatedReason == "OOMKilled")
        return container.terminatedReason;
    if (container.exitCode != 0)
        return "container \"" + container.name + "\" failed with exit code " + std::to_string(container.exitCode);
    return {};
}

/// What happened to the first container that says so.
std::string failMessageOf(std::vector<Container> containers, const std::vector<Container> &more)
{
    containers.insert(containers.end(), more.begin(), more.end());
    for (const Container &container : containers) {
        const std::string message = failMessage(container);
        if (!message.empty())
            return message;
    }
    return {};
}

Health podOf(const FieldReader &object)
{
    const FieldReader status = object.objectOrEmpty("status");
    const std::string policy = object.objectOrEmpty("spec").text("restartPolicy");
    const std::string phase = status.text("phase");
    const std::string message = status.text("message");
    const std::vector<Container> inits = readList(status, "initContainerStatuses", readContainer);
    const std::vector<Container> containers = readList(status, "containerStatuses", readContainer);
    const std::vector<StatusCondition> conditions = conditionsOf(status);

    if (policy == "Always" && std::ranges::any_of(containers, isStuck)) {
        std::vector<std::string> messages;
        for (const Container &container : containers) {
            if (isStuck(container))
                messages.push_back(container.waitingMessage);
        }
        return degraded(join(messages, ", "));
    }
    if (phase == "Pending")
        return progressing(message);
    if (phase == "Succeeded")
        return healthy(message);
    if (phase == "Failed")
        return degraded(message.empty() ? failMessageOf(inits, containers) : message);
    if (phase == "Running" && policy == "Always") {
        const StatusCondition *ready = findCondition(conditions, "Ready");
        if (ready && ready->status == "True")
            return healthy(message);
        return std::ranges::any_of(containers, &Container::wasTerminated) ? degraded(message) : progressing(message);
    }
    if (phase == "Running" && (policy == "OnFailure" || policy == "Never"))
        return progressing(message);
    return unknown(message);
}

} // namespace

Expected<Health> podHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("Pod", object);
    return checkTyped("Pod", object, podOf);
}

} // namespace tiphys::health
