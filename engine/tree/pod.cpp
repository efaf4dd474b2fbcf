// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/pod.h"

#include "crd/field_reader.h"

#include <algorithm>
#include <set>

namespace tiphys::tree {

namespace {

using crd::FieldReader;

struct ContainerState
{
    std::string name;
    std::int64_t restarts = 0;
    bool isReady = false;
    bool isStarted = false;
    bool isRunning = false;
    bool isWaiting = false;
    std::string waitingReason;
    bool isTerminated = false;
    std::string terminatedReason;
    std::int64_t exitCode = 0;
    std::int64_t signal = 0;
};

ContainerState readState(const FieldReader &reader)
{
    ContainerState container;
    container.name = reader.text("name");
    container.restarts = reader.integer("restartCount");
    container.isReady = reader.boolean("ready");
    container.isStarted = reader.boolean("started");
    const FieldReader state = reader.objectOrEmpty("state");
    container.isRunning = state.object("running").has_value();
    if (const std::optional<FieldReader> waiting = state.object("waiting")) {
        container.isWaiting = true;
        container.waitingReason = waiting->text("reason");
    }
    if (const std::optional<FieldReader> terminated = state.object("terminated")) {
        container.isTerminated = true;
        container.terminatedReason = terminated->text("reason");
        container.exitCode = terminated->integer("exitCode");
        container.signal = terminated->integer("signal");
    }
    return container;
}

struct Container
{
    std::string name;
    std::string image;
    bool isSidecar = false; ///< an init container that goes on running
};

Container readContainer(const FieldReader &reader)
{
    return {reader.text("name"), reader.text("image"), reader.text("restartPolicy") == "Always"};
}

std::string terminationText(const ContainerState &container)
{
    if (!container.terminatedReason.empty())
        return container.terminatedReason;
    if (container.signal != 0)
        return "Signal:" + std::to_string(container.signal);
    return "ExitCode:" + std::to_string(container.exitCode);
}

/// Counts containers and finds the word for the state of a pod, as kubectl does.
class PodStatus
{
public:
    explicit PodStatus(const FieldReader &pod) : m_status(pod.objectOrEmpty("status"))
    {
        const FieldReader spec = pod.objectOrEmpty("spec");
        m_inits = readList(spec, "initContainers", readContainer);
        m_containers = readList(spec, "containers", readContainer);
        m_initStates = readList(m_status, "initContainerStatuses", readState);
        m_states = readList(m_status, "containerStatuses", readState);
        m_phase = m_status.text("phase");
        m_isBeingDeleted = !pod.objectOrEmpty("metadata").any("deletionTimestamp").isNull();
        m_total =
            m_containers.size() + static_cast<std::size_t>(std::ranges::count(m_inits, true, &Container::isSidecar));
        readReason();
    }

    const std::string &phase() const { return m_phase; }
    const std::string &reason() const { return m_reason; }
    std::int64_t restarts() const { return m_restarts; }
    std::string readyText() const { return std::to_string(m_ready) + "/" + std::to_string(m_total); }
    std::vector<std::string> images() const
    {
        std::set<std::string> images;
        for (const Container &container : m_inits)
            images.insert(container.image);
        for (const Container &container : m_containers)
            images.insert(container.image);
        return {images.begin(), images.end()};
    }

private:
    void readReason()
    {
        const std::string ownReason = m_status.text("reason");
        m_reason = ownReason.empty() ? m_phase : ownReason;
        bool isInitialized = false;
        bool hasInitializedCondition = false;
        for (const FieldReader &condition : m_status.objects("conditions")) {
            const std::string type = condition.text("type");
            if (type == "PodScheduled" && condition.text("reason") == "SchedulingGated")
                m_reason = "SchedulingGated";
            if (type == "Initialized" && !hasInitializedCondition) {
                hasInitializedCondition = true;
                isInitialized = condition.text("status") == "True";
            }
        }
        if (!readInitContainers() || isInitialized)
            readContainers();
        if (m_isBeingDeleted && ownReason == "NodeLost")
            m_reason = "Unknown";
        else if (m_isBeingDeleted && m_phase != "Succeeded" && m_phase != "Failed")
            m_reason = "Terminating";
    }

    bool isSidecar(const std::string &name) const
    {
        return std::ranges::any_of(
            m_inits, [&](const Container &container) { return container.name == name && container.isSidecar; });
    }

    /// True while an init container stands in the way.
    bool readInitContainers()
    {
        for (std::size_t i = 0; i < m_initStates.size(); ++i) {
            const ContainerState &container = m_initStates[i];
            m_restarts += container.restarts;
            if (container.isTerminated && container.exitCode == 0)
                continue;
            if (isSidecar(container.name) && container.isStarted) {
                m_ready += container.isReady ? 1 : 0;
                continue;
            }
            if (container.isTerminated)
                m_reason = "Init:" + terminationText(container);
            else if (!container.waitingReason.empty() && container.waitingReason != "PodInitializing")
                m_reason = "Init:" + container.waitingReason;
            else
                m_reason = "Init:" + std::to_string(i) + "/" + std::to_string(m_inits.size());
            return true;
        }
        return false;
    }

    /// From the last to the first, so that the first container's trouble is shown.
    void readContainers()
    {
        bool hasRunning = false;
        for (auto container = m_states.rbegin(); container != m_states.rend(); ++container) {
            m_restarts += container->restarts;
            if (!container->waitingReason.empty()) {
                m_reason = container->waitingReason;
            } else if (container->isTerminated) {
                m_reason = terminationText(*container);
            } else if (container->isReady && container->isRunning) {
                hasRunning = true;
                ++m_ready;
            }
        }
        if (m_reason == "Completed" && hasRunning)
            m_reason = "Running";
    }

    FieldReader m_status;
    std::vector<Container> m_inits;
    std::vector<Container> m_containers;
    std::vector<ContainerState> m_initStates;
    std::vector<ContainerState> m_states;
    std::string m_phase;
    bool m_isBeingDeleted = false;
    std::string m_reason;
    std::size_t m_ready = 0;
    std::size_t m_total = 0;
    std::int64_t m_restarts = 0;
};

PodDetails readDetails(const FieldReader &pod)
{
    const PodStatus status(pod);
    PodDetails details;
    details.nodeName = pod.objectOrEmpty("spec").text("nodeName");
    details.phase = status.phase();
    details.images = status.images();
    details.requests = podRequests(pod.value());
    if (!status.reason().empty())
        details.info.push_back({"Status Reason", status.reason()});
    details.info.push_back({"Node", details.nodeName});
    details.info.push_back({"Containers", status.readyText()});
    if (status.restarts() > 0)
        details.info.push_back({"Restart Count", std::to_string(status.restarts())});
    if (!details.isTerminal()) {
        details.info.push_back({"cpu", std::to_string(details.requests["cpu"])});
        details.info.push_back({"memory", std::to_string(details.requests["memory"])});
    }
    return details;
}

} // namespace

std::optional<PodDetails> podDetailsOf(const object::Object &pod)
{
    Expected<PodDetails> details = crd::readDocument(pod.value(), {}, readDetails);
    if (!details)
        return std::nullopt;
    return std::move(*details);
}

} // namespace tiphys::tree
