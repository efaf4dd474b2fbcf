// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/builder.h"
#include "object/merge_patch.h"
#include "rollout/short_list.h"
#include "rollout/status.h"

namespace tiphys::rollout {

using object::Builder;
using object::Value;

namespace {

/// Writes the members of a map: those that are not zero or, beside an older state, what makes this one of it. The order
/// of the calls is that of the members; those that are gone come last, as nulls.
template <typename Whole>
class Fields
{
public:
    Fields(Builder &builder, const Whole *before, const Whole &now) : m_builder(builder), m_before(before), m_now(now)
    {
        m_builder.beginMap();
    }

    void end()
    {
        for (const char *key : m_gone) {
            m_builder.key(key);
            m_builder.null();
        }
        m_builder.endMap();
    }

    /// A member that is there if \p isHeld; \p write gets the older one as well, null if there is none.
    template <typename T, typename Held, typename Write>
    Fields &add(const char *key, T Whole::*member, Held isHeld, Write write)
    {
        const T &now = m_now.*member;
        if (m_before && m_before->*member == now)
            return *this;
        const bool wasHeld = m_before && isHeld(m_before->*member);
        if (isHeld(now)) {
            m_builder.key(key);
            write(wasHeld ? &(m_before->*member) : nullptr, now);
        } else if (wasHeld) {
            m_gone.push_back(key);
        }
        return *this;
    }

    /// A text that is there even if it is empty.
    Fields &anyText(const char *key, std::string Whole::*member)
    {
        return add(key, member, [](const std::string &) { return true; }, writesText());
    }
    Fields &text(const char *key, std::string Whole::*member)
    {
        return add(key, member, [](const std::string &text) { return !text.empty(); }, writesText());
    }
    Fields &anyNumber(const char *key, int Whole::*member)
    {
        return add(key, member, [](int) { return true; }, writesNumber());
    }
    Fields &number(const char *key, int Whole::*member)
    {
        return add(key, member, [](int number) { return number != 0; }, writesNumber());
    }
    Fields &number(const char *key, std::optional<int> Whole::*member)
    {
        return add(
            key, member, [](const std::optional<int> &number) { return number.has_value(); },
            [this](const auto *, const std::optional<int> &number) { m_builder.integer(*number); });
    }
    Fields &flag(const char *key, bool Whole::*member)
    {
        return add(
            key, member, [](bool flag) { return flag; }, [this](const bool *, bool flag) { m_builder.boolean(flag); });
    }
    Fields &flag(const char *key, std::optional<bool> Whole::*member)
    {
        return add(
            key, member, [](const std::optional<bool> &flag) { return flag.has_value(); },
            [this](const auto *, const std::optional<bool> &flag) { m_builder.boolean(*flag); });
    }
    Fields &time(const char *key, std::optional<crd::Timestamp> Whole::*member)
    {
        return add(
            key, member, [](const auto &time) { return time.has_value(); },
            [this](const auto *, const std::optional<crd::Timestamp> &time) { m_builder.string(time->text()); });
    }
    /// A map that is always there.
    template <typename Part, typename Write>
    Fields &map(const char *key, Part Whole::*member, Write write)
    {
        return add(
            key, member, [](const Part &) { return true; },
            [this, write](const Part *before, const Part &now) { write(m_builder, before, now); });
    }
    template <typename Part, typename Write>
    Fields &map(const char *key, std::optional<Part> Whole::*member, Write write)
    {
        return add(
            key, member, [](const auto &part) { return part.has_value(); },
            [this, write](const std::optional<Part> *before, const std::optional<Part> &now) {
                write(m_builder, before ? &**before : nullptr, *now);
            });
    }
    template <typename Parts, typename Write>
    Fields &list(const char *key, Parts Whole::*member, Write write)
    {
        return add(
            key, member, [](const Parts &parts) { return !parts.empty(); },
            [this, write](const Parts *, const Parts &parts) {
                m_builder.beginList();
                for (const auto &part : parts)
                    write(m_builder, part);
                m_builder.endList();
            });
    }
    /// A value that is kept as it was written.
    template <typename Held>
    Fields &value(const char *key, Value Whole::*member, Held isHeld)
    {
        return add(key, member, isHeld, [this](const Value *before, const Value &now) {
            const bool isChange = before && before->isMap() && now.isMap();
            m_builder.value(isChange ? object::mergePatchOf(*before, now) : now);
        });
    }

private:
    auto writesText()
    {
        return [this](const std::string *, const std::string &text) { m_builder.string(text); };
    }
    auto writesNumber()
    {
        return [this](const int *, int number) { m_builder.integer(number); };
    }

    Builder &m_builder;
    const Whole *m_before;
    const Whole &m_now;
    ShortList<const char *> m_gone;
};

void writeRun(Builder &builder, const AnalysisRunReference *before, const AnalysisRunReference &now)
{
    Fields(builder, before, now)
        .anyText("name", &AnalysisRunReference::name)
        .add(
            "status", &AnalysisRunReference::status, [](AnalysisPhase) { return true; },
            [&builder](const AnalysisPhase *, AnalysisPhase phase) { builder.string(text(phase)); })
        .text("message", &AnalysisRunReference::message)
        .end();
}

void writeDestination(Builder &builder, const WeightDestination *before, const WeightDestination &now)
{
    Fields(builder, before, now)
        .anyNumber("weight", &WeightDestination::weight)
        .text("serviceName", &WeightDestination::serviceName)
        .text("podTemplateHash", &WeightDestination::podTemplateHash)
        .end();
}

void writeWeights(Builder &builder, const TrafficWeights *before, const TrafficWeights &now)
{
    Fields(builder, before, now)
        .map("canary", &TrafficWeights::canary, writeDestination)
        .map("stable", &TrafficWeights::stable, writeDestination)
        .list("additional", &TrafficWeights::additional,
              [](Builder &into, const WeightDestination &destination) { writeDestination(into, nullptr, destination); })
        .flag("verified", &TrafficWeights::verified)
        .end();
}

void writeCanary(Builder &builder, const CanaryStatus *before, const CanaryStatus &now)
{
    Fields(builder, before, now)
        .map("currentStepAnalysisRunStatus", &CanaryStatus::stepRun, writeRun)
        .map("currentBackgroundAnalysisRunStatus", &CanaryStatus::backgroundRun, writeRun)
        .text("currentExperiment", &CanaryStatus::currentExperiment)
        .map("weights", &CanaryStatus::weights, writeWeights)
        .text("stablePingPong", &CanaryStatus::stablePingPong)
        .list("stepPluginStatuses", &CanaryStatus::stepPlugins,
              [](Builder &into, const StepPluginStatus &plugin) { into.value(plugin.value); })
        .end();
}

void writeBlueGreen(Builder &builder, const BlueGreenStatus *before, const BlueGreenStatus &now)
{
    Fields(builder, before, now)
        .text("previewSelector", &BlueGreenStatus::previewSelector)
        .text("activeSelector", &BlueGreenStatus::activeSelector)
        .flag("scaleUpPreviewCheckPoint", &BlueGreenStatus::scaleUpPreviewCheckPoint)
        .map("prePromotionAnalysisRunStatus", &BlueGreenStatus::prePromotionRun, writeRun)
        .map("postPromotionAnalysisRunStatus", &BlueGreenStatus::postPromotionRun, writeRun)
        .end();
}

void writePause(Builder &builder, const PauseCondition &pause)
{
    builder.beginMap();
    builder.key("reason");
    builder.string(pause.reason);
    builder.key("startTime");
    builder.string(pause.startTime.text());
    builder.endMap();
}

void writeCondition(Builder &builder, const Condition &condition)
{
    // Most conditions stay as they are from one status to the next: nothing of them is made again.
    if (!condition.stands.isNull())
        return builder.value(condition.stands);
    const auto add = [&builder](const char *key, std::string_view text) {
        builder.key(key);
        builder.string(text);
    };
    builder.beginMap();
    add("type", condition.type);
    add("status", condition.status);
    const std::string updated = condition.lastUpdateTime.text();
    add("lastUpdateTime", updated);
    if (condition.lastTransitionTime == condition.lastUpdateTime)
        add("lastTransitionTime", updated);
    else
        add("lastTransitionTime", condition.lastTransitionTime.text());
    add("reason", condition.reason);
    add("message", condition.message);
    builder.endMap();
}

void writeStatus(Builder &builder, const Status *before, const Status &now)
{
    Fields(builder, before, now)
        .flag("abort", &Status::abort)
        .list("pauseConditions", &Status::pauseConditions, writePause)
        .flag("controllerPause", &Status::controllerPause)
        .time("abortedAt", &Status::abortedAt)
        .text("currentPodHash", &Status::currentPodHash)
        .text("currentStepHash", &Status::currentStepHash)
        .number("replicas", &Status::replicas)
        .number("updatedReplicas", &Status::updatedReplicas)
        .number("readyReplicas", &Status::readyReplicas)
        .number("availableReplicas", &Status::availableReplicas)
        .number("currentStepIndex", &Status::currentStepIndex)
        .number("collisionCount", &Status::collisionCount)
        .text("observedGeneration", &Status::observedGeneration)
        .list("conditions", &Status::conditions, writeCondition)
        .map("canary", &Status::canary, writeCanary)
        .map("blueGreen", &Status::blueGreen, writeBlueGreen)
        .number("HPAReplicas", &Status::hpaReplicas)
        .text("selector", &Status::selector)
        .text("stableRS", &Status::stableRs)
        .time("restartedAt", &Status::restartedAt)
        .flag("promoteFull", &Status::promoteFull)
        .text("phase", &Status::phase)
        .text("message", &Status::message)
        .text("workloadObservedGeneration", &Status::workloadObservedGeneration)
        .value("alb", &Status::alb, [](const Value &alb) { return !alb.isNull(); })
        .value("albs", &Status::albs, [](const Value &albs) { return !albs.isEmpty(); })
        .end();
}

} // namespace

Value valueOf(const Status &status)
{
    Builder builder;
    writeStatus(builder, nullptr, status);
    return builder.finish();
}

Value patchOf(const Status &before, const Status &after)
{
    Builder builder;
    builder.beginMap();
    builder.key("status");
    writeStatus(builder, &before, after);
    builder.endMap();
    return builder.finish();
}

} // namespace tiphys::rollout
