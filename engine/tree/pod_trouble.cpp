// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/pod_trouble.h"

#include <algorithm>
#include <map>

namespace tiphys::tree {

namespace {

using object::Value;

std::string_view textOf(const Value &map, std::string_view key)
{
    return map[key].stringOr();
}

/// "exit 137 OOMKilled"; the reason is left out where it says no more than the code. Empty for a good end.
std::string exitText(const Value &terminated)
{
    if (!terminated.isMap())
        return {};
    const std::int64_t code = terminated["exitCode"].intOr(0);
    const std::int64_t signal = terminated["signal"].intOr(0);
    const std::string_view reason = textOf(terminated, "reason");
    if (code == 0 && signal == 0 && (reason.empty() || reason == "Completed"))
        return {};
    std::string text = signal != 0 ? "signal " + std::to_string(signal) : "exit " + std::to_string(code);
    if (!reason.empty() && reason != "Error" && reason != "Completed")
        text += " " + std::string(reason);
    return text;
}

bool isStarting(std::string_view waitingReason)
{
    return waitingReason.empty() || waitingReason == "ContainerCreating" || waitingReason == "PodInitializing";
}

void append(std::string &text, std::string_view part)
{
    if (part.empty())
        return;
    if (!text.empty())
        text += ", ";
    text += part;
}

/// What is wrong with one container, without its name.
std::string containerTrouble(const Value &status)
{
    const Value state = status["state"];
    const std::string lastEnd = exitText(status["lastState"]["terminated"]);
    std::string text;
    if (const Value waiting = state["waiting"]; waiting.isMap()) {
        if (!isStarting(textOf(waiting, "reason")))
            append(text, textOf(waiting, "reason"));
        append(text, lastEnd);
        return text;
    }
    if (const Value terminated = state["terminated"]; terminated.isMap())
        return exitText(terminated);
    if (state["running"].isMap() && !status["ready"].boolOr(true)) {
        append(text, lastEnd.empty() ? "not ready" : "restarted");
        append(text, lastEnd);
    }
    return text;
}

std::string troubleOfContainers(const Value &statuses)
{
    for (const Value &status : statuses.items()) {
        std::string text = containerTrouble(status);
        if (text.empty())
            continue;
        if (const std::string_view name = textOf(status, "name"); !name.empty())
            append(text, "container " + std::string(name));
        return text;
    }
    return {};
}

/// Why no node takes the pod: "Unschedulable: 0/3 nodes are available".
std::string schedulingTrouble(const Value &status)
{
    const Value conditions = status["conditions"];
    for (const Value &condition : conditions.items()) {
        if (textOf(condition, "type") != "PodScheduled" || textOf(condition, "status") != "False")
            continue;
        const std::string_view reason = textOf(condition, "reason");
        const std::string_view message = textOf(condition, "message");
        std::string text(reason.empty() ? "not scheduled" : reason);
        return message.empty() ? text : text + ": " + std::string(message);
    }
    return {};
}

} // namespace

std::string podTrouble(const object::Object &pod)
{
    const Value status = pod.value()["status"];
    if (textOf(status, "phase") == "Succeeded")
        return {};
    if (std::string text = schedulingTrouble(status); !text.empty())
        return text;
    const Value inits = status["initContainerStatuses"];
    if (std::string text = troubleOfContainers(inits); !text.empty())
        return text;
    const Value containers = status["containerStatuses"];
    if (std::string text = troubleOfContainers(containers); !text.empty())
        return text;
    std::string text(textOf(status, "reason"));
    if (textOf(status, "phase") == "Failed")
        append(text, text.empty() ? "failed" : textOf(status, "message"));
    return text;
}

std::string podsTrouble(const std::vector<object::Object> &pods)
{
    std::map<std::string, std::size_t> counts;
    std::size_t counted = 0;
    for (const object::Object &pod : pods) {
        if (textOf(pod.value()["status"], "phase") == "Succeeded")
            continue;
        ++counted;
        if (std::string trouble = podTrouble(pod); !trouble.empty())
            ++counts[trouble];
    }
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::ranges::greater(), [](const auto &one) { return one.second; });
    std::string text;
    for (const auto &[trouble, count] : sorted) {
        text += text.empty() ? "" : "; ";
        text +=
            std::to_string(count) + " of " + std::to_string(counted) + (counted == 1 ? " pod: " : " pods: ") + trouble;
    }
    return text;
}

} // namespace tiphys::tree
