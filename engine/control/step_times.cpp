// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/step_times.h"

#include "base/text.h"
#include "control/app_views.h"
#include "rollout/names.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace tiphys::control {

using object::Object;
using object::Value;
using service::StepTimes;
using service::WallTime;

namespace {

std::optional<int> numberAt(std::string_view text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end != text.data() ? std::optional(number) : std::nullopt;
}

/// The times of one update, put together from what is left of it.
class Course
{
public:
    Course(const rollout::RolloutObjects &objects, const std::vector<Object> &events)
        : m_objects(objects), m_rollout(objects.rollout),
          m_hash(m_rollout.path({"status", "currentPodHash"}).stringOr()),
          m_revision(m_rollout.annotation(rollout::kRevisionAnnotation).value_or(""))
    {
        for (const Object &event : events) {
            if (event.path({"involvedObject", "uid"}).stringOr() == m_rollout.uid())
                m_events.push_back(event);
        }
        m_begin = lastOf("RolloutUpdated", [this](std::string_view message) {
            return message == "Rollout updated to revision " + m_revision;
        });
        m_earliest = m_begin > 0 ? m_begin : createdOfNewVersion();
        // An update that was retried begins anew, and no event tells of it.
        const WallTime aborted = lastOf("RolloutAborted", [this](std::string_view message) {
            return message.starts_with("Rollout aborted update to revision " + m_revision);
        });
        if (aborted > 0) {
            m_begin = 0;
            m_earliest = aborted;
        }
    }

    std::vector<StepTimes> times()
    {
        if (m_rollout.path({"spec", "strategy", "blueGreen"}).isMap())
            addSwitch();
        else
            addSteps();
        std::vector<StepTimes> times;
        for (const auto &[index, known] : m_known) {
            if (known.startedAt > 0 || known.endedAt > 0)
                times.push_back(known);
        }
        return times;
    }

private:
    static WallTime momentOf(const Object &event)
    {
        for (const std::string_view field : {"lastTimestamp", "eventTime", "firstTimestamp"}) {
            if (const WallTime time = wallTimeOf(event.value()[field].stringOr()); time > 0)
                return time;
        }
        return 0;
    }

    /// Of events that were told together the last one has its words.
    static std::string_view messageOf(const Object &event)
    {
        constexpr std::string_view kCombined = "(combined from similar events): ";
        std::string_view message = event.value()["message"].stringOr();
        if (message.starts_with(kCombined))
            message.remove_prefix(kCombined.size());
        return message;
    }

    /// The last event of a reason and of a message that \p isMeant since the update began; 0 if there is none.
    template <typename Meant>
    WallTime lastOf(std::string_view reason, Meant isMeant) const
    {
        WallTime last = 0;
        for (const Object &event : m_events) {
            if (event.value()["reason"].stringOr() == reason && isMeant(messageOf(event)))
                last = std::max(last, momentOf(event));
        }
        return last >= m_earliest ? last : 0;
    }

    WallTime createdOfNewVersion() const
    {
        for (const Object &set : m_objects.replicaSets) {
            const bool isOwn = std::ranges::any_of(set.ownerReferences(), [this](const object::OwnerReference &owner) {
                return owner.uid == m_rollout.uid();
            });
            if (isOwn && set.label(rollout::kHashLabel) == m_hash)
                return wallTimeOf(set.creationTimestamp());
        }
        return 0;
    }

    StepTimes &at(int index)
    {
        StepTimes &times = m_known[index];
        times.index = index;
        return times;
    }

    void addSteps()
    {
        const std::int64_t steps =
            static_cast<std::int64_t>(m_rollout.path({"spec", "strategy", "canary", "steps"}).size());
        const std::int64_t current = std::min(m_rollout.path({"status", "currentStepIndex"}).intOr(0), steps);
        if (m_begin > 0 && steps > 0)
            at(0).startedAt = m_begin;
        WallTime before = m_earliest;
        for (int index = 0; index < static_cast<int>(current); ++index) {
            // Steps that were skipped are told of by events of earlier updates at most.
            const std::string start =
                "Rollout step " + std::to_string(index + 1) + "/" + std::to_string(steps) + " completed";
            const WallTime end = lastOf("RolloutStepCompleted",
                                        [&start](std::string_view message) { return message.starts_with(start); });
            if (end == 0 || end < before)
                continue;
            before = end;
            at(index).endedAt = end;
            if (index + 1 < steps)
                at(index + 1).startedAt = end;
        }
        addExperiments(current);
        addPlugins(current);
    }

    /// Experiments are named "rollout-hash-revision-step", with a number behind where that was taken.
    void addExperiments(std::int64_t current)
    {
        const std::string prefix = std::string(m_rollout.name()) + "-";
        for (const Object &experiment : m_objects.experiments) {
            const bool isOwn =
                std::ranges::any_of(experiment.ownerReferences(), [this](const object::OwnerReference &owner) {
                    return owner.uid == m_rollout.uid();
                });
            if (!isOwn || !experiment.name().starts_with(prefix) || experiment.label(rollout::kHashLabel) != m_hash
                || experiment.annotation(rollout::kRevisionAnnotation).value_or("") != m_revision)
                continue;
            const auto parts = split(experiment.name().substr(prefix.size()), '-');
            const std::optional<int> index = parts.size() < 3 ? std::nullopt : numberAt(parts[2]);
            const WallTime created = wallTimeOf(experiment.creationTimestamp());
            if (!index || *index > current || created < m_earliest
                || (m_fromExperiments.contains(*index) && m_fromExperiments[*index] > created))
                continue;
            m_fromExperiments[*index] = created;
            StepTimes &times = at(*index);
            times.startedAt = created;
            if (const WallTime end = endOf(experiment); end > 0)
                times.endedAt = end;
        }
    }

    static WallTime endOf(const Object &experiment)
    {
        const Value conditions = experiment.path({"status", "conditions"});
        for (const Value &condition : conditions.items()) {
            if (condition["type"].stringOr() == "Progressing" && condition["status"].stringOr() == "False")
                return wallTimeOf(condition["lastTransitionTime"].stringOr());
        }
        return 0;
    }

    void addPlugins(std::int64_t current)
    {
        const Value statuses = m_rollout.path({"status", "canary", "stepPluginStatuses"});
        for (const Value &status : statuses.items()) {
            const std::int64_t index = status["index"].intOr(-1);
            if (index < 0 || index > current || status["operation"].stringOr() != "Run")
                continue;
            StepTimes &times = at(static_cast<int>(index));
            if (const WallTime start = wallTimeOf(status["startedAt"].stringOr()); start > 0)
                times.startedAt = start;
            if (const WallTime end = wallTimeOf(status["finishedAt"].stringOr()); end > 0)
                times.endedAt = end;
        }
    }

    void addSwitch()
    {
        const std::string to = " to '" + m_hash + "'";
        const std::string from =
            "Switched selector for service '"
            + std::string(m_rollout.path({"spec", "strategy", "blueGreen", "activeService"}).stringOr()) + "' ";
        const bool isSwitched = m_rollout.path({"status", "blueGreen", "activeSelector"}).stringOr() == m_hash;
        WallTime paused =
            lastOf("RolloutPaused", [](std::string_view message) { return message.contains("BlueGreenPause"); });
        const Value conditions = m_rollout.path({"status", "pauseConditions"});
        for (const Value &condition : conditions.items()) {
            if (condition["reason"].stringOr() == "BlueGreenPause")
                paused = wallTimeOf(condition["startTime"].stringOr());
        }
        const WallTime switched = !isSwitched ? 0 : lastOf("SwitchService", [&](std::string_view message) {
            return message.starts_with(from) && message.ends_with(to);
        });
        at(0) = {0, m_begin, paused};
        at(1) = {1, paused, paused > 0 ? switched : 0};
        at(2) = {2, 0, switched};
    }

    const rollout::RolloutObjects &m_objects;
    const Object &m_rollout;
    std::string m_hash;
    std::string m_revision;
    std::vector<Object> m_events;
    WallTime m_begin = 0;    ///< of the update, 0 if nothing tells it
    WallTime m_earliest = 0; ///< what is older belongs to another update
    std::map<int, StepTimes> m_known;
    std::map<int, WallTime> m_fromExperiments;
};

} // namespace

std::vector<StepTimes> stepTimesOf(const rollout::RolloutObjects &objects, const std::vector<Object> &events)
{
    return Course(objects, events).times();
}

} // namespace tiphys::control
