// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/builder.h"
#include "object/merge_patch.h"
#include "rollout/short_list.h"
#include "rollout/status.h"

#include <type_traits>

namespace tiphys::rollout {

using namespace object::literals;
using object::Builder;
using object::LiteralKey;
using object::Value;

namespace {

/// Most patches of a status fit into it. A chunk of it is still small enough for malloc to have one at hand.
constexpr std::size_t kPatchRoom = 896;

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
        for (const LiteralKey key : m_gone) {
            m_builder.key(key);
            m_builder.null();
        }
        m_builder.endMapOfDistinct();
    }

    /// A member that is there if \p isHeld; \p write gets the older one as well, null if there is none.
    template <typename T, typename Held, typename Write>
    Fields &add(LiteralKey key, T Whole::*member, Held isHeld, Write write)
    {
        return addPart(key, m_before ? &(m_before->*member) : nullptr, m_now.*member, isHeld, write);
    }
    /// The same for a part that is \p before in the older state, and \p now.
    template <typename T, typename Held, typename Write>
    Fields &addPart(LiteralKey key, const T *before, const T &now, Held isHeld, Write write)
    {
        if (before && isEqual(*before, now))
            return *this;
        const bool wasHeld = before && isHeld(*before);
        if (isHeld(now)) {
            m_builder.key(key);
            write(wasHeld ? before : nullptr, now);
        } else if (wasHeld) {
            m_gone.push_back(key);
        }
        return *this;
    }

    /// A text that is there even if it is empty.
    Fields &anyText(LiteralKey key, std::string Whole::*member)
    {
        return add(key, member, [](const std::string &) { return true; }, writesText());
    }
    Fields &text(LiteralKey key, std::string Whole::*member)
    {
        return add(key, member, [](const std::string &text) { return !text.empty(); }, writesText());
    }
    Fields &anyNumber(LiteralKey key, int Whole::*member)
    {
        return add(key, member, [](int) { return true; }, writesNumber());
    }
    Fields &number(LiteralKey key, int Whole::*member)
    {
        return add(key, member, [](int number) { return number != 0; }, writesNumber());
    }
    Fields &number(LiteralKey key, std::optional<int> Whole::*member)
    {
        return add(
            key, member, [](const std::optional<int> &number) { return number.has_value(); },
            [this](const auto *, const std::optional<int> &number) { m_builder.integer(*number); });
    }
    Fields &flag(LiteralKey key, bool Whole::*member)
    {
        return add(
            key, member, [](bool flag) { return flag; }, [this](const bool *, bool flag) { m_builder.boolean(flag); });
    }
    Fields &flag(LiteralKey key, std::optional<bool> Whole::*member)
    {
        return add(
            key, member, [](const std::optional<bool> &flag) { return flag.has_value(); },
            [this](const auto *, const std::optional<bool> &flag) { m_builder.boolean(*flag); });
    }
    Fields &time(LiteralKey key, std::optional<crd::Timestamp> Whole::*member)
    {
        return add(
            key, member, [](const auto &time) { return time.has_value(); },
            [this](const auto *, const std::optional<crd::Timestamp> &time) {
                m_builder.string(crd::TimestampText(*time));
            });
    }
    /// A map that is always there.
    template <typename Part, typename Write>
    Fields &map(LiteralKey key, Part Whole::*member, Write write)
    {
        return add(
            key, member, [](const Part &) { return true; },
            [this, write](const Part *before, const Part &now) { write(m_builder, before, now); });
    }
    template <typename Part, typename Write>
    Fields &map(LiteralKey key, std::optional<Part> Whole::*member, Write write)
    {
        return add(
            key, member, [](const auto &part) { return part.has_value(); },
            [this, write](const std::optional<Part> *before, const std::optional<Part> &now) {
                write(m_builder, before ? &**before : nullptr, *now);
            });
    }
    template <typename Parts, typename Write>
    Fields &list(LiteralKey key, Parts Whole::*member, Write write)
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
    Fields &value(LiteralKey key, Value Whole::*member, Held isHeld)
    {
        return add(key, member, isHeld, [this](const Value *before, const Value &now) {
            const bool isChange = before && before->isMap() && now.isMap();
            m_builder.value(isChange ? object::mergePatchOf(*before, now) : now);
        });
    }

private:
    template <typename T>
    static bool isEqual(const T &a, const T &b)
    {
        if constexpr (std::is_same_v<T, std::string>)
            return isSame(a, b);
        else
            return a == b;
    }
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
    ShortList<LiteralKey> m_gone;
};

void writeRun(Builder &builder, const AnalysisRunReference *before, const AnalysisRunReference &now)
{
    Fields(builder, before, now)
        .anyText("name"_key, &AnalysisRunReference::name)
        .add(
            "status"_key, &AnalysisRunReference::status, [](AnalysisPhase) { return true; },
            [&builder](const AnalysisPhase *, AnalysisPhase phase) { builder.string(text(phase)); })
        .text("message"_key, &AnalysisRunReference::message)
        .end();
}

void writeDestination(Builder &builder, const WeightDestination *before, const WeightDestination &now)
{
    Fields(builder, before, now)
        .anyNumber("weight"_key, &WeightDestination::weight)
        .text("serviceName"_key, &WeightDestination::serviceName)
        .text("podTemplateHash"_key, &WeightDestination::podTemplateHash)
        .end();
}

void writeWeights(Builder &builder, const TrafficWeights *before, const TrafficWeights &now)
{
    Fields(builder, before, now)
        .map("canary"_key, &TrafficWeights::canary, writeDestination)
        .map("stable"_key, &TrafficWeights::stable, writeDestination)
        .list("additional"_key, &TrafficWeights::additional,
              [](Builder &into, const WeightDestination &destination) { writeDestination(into, nullptr, destination); })
        .flag("verified"_key, &TrafficWeights::verified)
        .end();
}

void writeCanary(Builder &builder, const CanaryStatus *before, const CanaryStatus &now)
{
    Fields(builder, before, now)
        .map("currentStepAnalysisRunStatus"_key, &CanaryStatus::stepRun, writeRun)
        .map("currentBackgroundAnalysisRunStatus"_key, &CanaryStatus::backgroundRun, writeRun)
        .text("currentExperiment"_key, &CanaryStatus::currentExperiment)
        .map("weights"_key, &CanaryStatus::weights, writeWeights)
        .text("stablePingPong"_key, &CanaryStatus::stablePingPong)
        .list("stepPluginStatuses"_key, &CanaryStatus::stepPlugins,
              [](Builder &into, const StepPluginStatus &plugin) { into.value(plugin.value); })
        .end();
}

void writeBlueGreen(Builder &builder, const BlueGreenStatus *before, const BlueGreenStatus &now)
{
    Fields(builder, before, now)
        .text("previewSelector"_key, &BlueGreenStatus::previewSelector)
        .text("activeSelector"_key, &BlueGreenStatus::activeSelector)
        .flag("scaleUpPreviewCheckPoint"_key, &BlueGreenStatus::scaleUpPreviewCheckPoint)
        .map("prePromotionAnalysisRunStatus"_key, &BlueGreenStatus::prePromotionRun, writeRun)
        .map("postPromotionAnalysisRunStatus"_key, &BlueGreenStatus::postPromotionRun, writeRun)
        .end();
}

void writePause(Builder &builder, const PauseCondition &pause)
{
    builder.beginMap();
    builder.key("reason"_key);
    builder.string(pause.reason);
    builder.key("startTime"_key);
    builder.string(crd::TimestampText(pause.startTime));
    builder.endMapOfDistinct();
}

void writeCondition(Builder &builder, const Condition &condition)
{
    // Most conditions stay as they are from one status to the next: nothing of them is made again.
    if (!condition.stands.isNull())
        return builder.value(condition.stands);
    const auto add = [&builder](LiteralKey key, std::string_view text) {
        builder.key(key);
        builder.string(text);
    };
    builder.beginMap();
    add("type"_key, condition.type);
    add("status"_key, condition.status);
    const crd::TimestampText updated(condition.lastUpdateTime);
    add("lastUpdateTime"_key, updated);
    if (condition.lastTransitionTime == condition.lastUpdateTime)
        add("lastTransitionTime"_key, updated);
    else
        add("lastTransitionTime"_key, crd::TimestampText(condition.lastTransitionTime));
    add("reason"_key, condition.reason);
    add("message"_key, condition.message);
    builder.endMapOfDistinct();
}

void writeStatus(Builder &builder, const Status *before, const Status &now)
{
    Fields(builder, before, now)
        .flag("abort"_key, &Status::abort)
        .list("pauseConditions"_key, &Status::pauseConditions, writePause)
        .flag("controllerPause"_key, &Status::controllerPause)
        .time("abortedAt"_key, &Status::abortedAt)
        .text("currentPodHash"_key, &Status::currentPodHash)
        .text("currentStepHash"_key, &Status::currentStepHash)
        .number("replicas"_key, &Status::replicas)
        .number("updatedReplicas"_key, &Status::updatedReplicas)
        .number("readyReplicas"_key, &Status::readyReplicas)
        .number("availableReplicas"_key, &Status::availableReplicas)
        .number("currentStepIndex"_key, &Status::currentStepIndex)
        .number("collisionCount"_key, &Status::collisionCount)
        .text("observedGeneration"_key, &Status::observedGeneration)
        .list("conditions"_key, &Status::conditions, writeCondition)
        .map("canary"_key, &Status::canary, writeCanary)
        .map("blueGreen"_key, &Status::blueGreen, writeBlueGreen)
        .number("HPAReplicas"_key, &Status::hpaReplicas)
        .text("selector"_key, &Status::selector)
        .text("stableRS"_key, &Status::stableRs)
        .time("restartedAt"_key, &Status::restartedAt)
        .flag("promoteFull"_key, &Status::promoteFull)
        .text("phase"_key, &Status::phase)
        .text("message"_key, &Status::message)
        .text("workloadObservedGeneration"_key, &Status::workloadObservedGeneration)
        .value("alb"_key, &Status::alb, [](const Value &alb) { return !alb.isNull(); })
        .value("albs"_key, &Status::albs, [](const Value &albs) { return !albs.isEmpty(); })
        .end();
}

} // namespace

Value valueOf(const Status &status)
{
    Builder builder;
    writeStatus(builder, nullptr, status);
    return builder.finish();
}

Value patchOf(const Status &before, const StatusVerdict &verdict)
{
    Builder builder(kPatchRoom);
    builder.beginMap();
    builder.key("status"_key);
    const auto isHeld = [](const auto &part) { return !part.empty(); };
    const auto writeText = [&builder](const std::string *, const std::string &text) { builder.string(text); };
    const auto writeConditions = [&builder](const Conditions *, const Conditions &conditions) {
        builder.beginList();
        for (const Condition &condition : conditions)
            writeCondition(builder, condition);
        builder.endList();
    };
    Fields(builder, &before, before)
        .addPart("observedGeneration"_key, &before.observedGeneration, verdict.observedGeneration, isHeld, writeText)
        .addPart("conditions"_key, &before.conditions, verdict.conditions, isHeld, writeConditions)
        .addPart("phase"_key, &before.phase, verdict.phase, isHeld, writeText)
        .addPart("message"_key, &before.message, verdict.message, isHeld, writeText)
        .end();
    builder.endMapOfDistinct();
    return builder.finish();
}

Value patchOf(const Status &before, const Status &after)
{
    Builder builder(kPatchRoom);
    builder.beginMap();
    builder.key("status"_key);
    writeStatus(builder, &before, after);
    builder.endMapOfDistinct();
    return builder.finish();
}

} // namespace tiphys::rollout
