// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/intent/intent.h"

#include "rollout/template_hash.h"

#include <algorithm>
#include <charconv>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kPodHash = "rollouts-pod-template-hash";

/// The fields that acts look at.
struct State
{
    Value status;
    bool isCanary = false;
    std::int64_t steps = 0;
    std::optional<std::int64_t> index;
    bool isPausedBySpec = false;
    bool isPausedByController = false;
    bool isFullyPromoted = false;
    bool isAborted = false;
};

State stateOf(const Object &rollout)
{
    State state;
    state.status = rollout.value()["status"];
    const Value canary = rollout.path({"spec", "strategy", "canary"});
    state.isCanary = canary.isMap();
    state.steps = static_cast<std::int64_t>(canary["steps"].size());
    state.index = state.status["currentStepIndex"].asInt();
    state.isPausedBySpec = rollout.path({"spec", "paused"}).boolOr(false);
    state.isPausedByController = state.status["pauseConditions"].size() > 0;
    const std::string_view stable = state.status["stableRS"].stringOr();
    state.isFullyPromoted = !stable.empty() && stable == state.status["currentPodHash"].stringOr();
    state.isAborted = state.status["abort"].boolOr(false);
    return state;
}

/// A JSON Patch under construction.
class Operations
{
public:
    Operations &test(std::string_view path, const Value &value)
    {
        m_list.push_back(Value::map({{"op", "test"}, {"path", path}, {"value", value}}));
        return *this;
    }
    /// Sets a member of a map that exists.
    Operations &set(std::string_view path, const Value &value)
    {
        m_list.push_back(Value::map({{"op", "add"}, {"path", path}, {"value", value}}));
        return *this;
    }
    Operations &remove(std::string_view path)
    {
        m_list.push_back(Value::map({{"op", "remove"}, {"path", path}}));
        return *this;
    }
    Value list() const { return Value::list(m_list); }

private:
    std::vector<Value> m_list;
};

/// A patch of the status that holds only while the Rollout stands where it was seen.
Operations statusOperations(const Object &rollout)
{
    Operations operations;
    const Value status = rollout.value()["status"];
    if (!status.isMap())
        operations.set("/status", Value::map({}));
    if (const Value hash = status["currentPodHash"]; !hash.isNull())
        operations.test("/status/currentPodHash", hash);
    if (const Value index = status["currentStepIndex"]; !index.isNull())
        operations.test("/status/currentStepIndex", index);
    return operations;
}

IntentPatch unpause()
{
    return {false, Operations().test("/spec/paused", true).set("/spec/paused", false).list()};
}

bool isStepInconclusive(const State &state)
{
    return state.status.path({"canary", "currentStepAnalysisRunStatus", "status"}).stringOr() == "Inconclusive"
           && state.status["controllerPause"].boolOr(false);
}

std::vector<IntentPatch> promotePatches(const Object &rollout, const State &state)
{
    std::vector<IntentPatch> patches;
    if (state.isPausedByController) {
        Operations operations = statusOperations(rollout);
        operations.remove("/status/pauseConditions");
        if (isStepInconclusive(state) && state.index)
            operations.set("/status/controllerPause", false)
                .set("/status/currentStepIndex", std::min(*state.index + 1, state.steps));
        patches.push_back({true, operations.list()});
    }
    if (state.isPausedBySpec)
        patches.push_back(unpause());
    return patches;
}

IntentPatch stepPatch(const Object &rollout, const State &state, std::int64_t index)
{
    Operations operations = statusOperations(rollout);
    if (state.isPausedByController)
        operations.remove("/status/pauseConditions");
    operations.set("/status/currentStepIndex", index);
    return {true, operations.list()};
}

IntentPatch statusFlag(const Object &rollout, std::string_view path, bool value)
{
    Operations operations = statusOperations(rollout);
    operations.set(path, value);
    return {true, operations.list()};
}

std::int64_t revisionOf(const Object &object)
{
    const std::string_view text = object.annotation("rollout.argoproj.io/revision").value_or("");
    std::int64_t revision = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), revision);
    return problem == std::errc() && end == text.data() + text.size() ? revision : 0;
}

std::optional<std::string> stepRefusal(const State &state)
{
    if (!state.isCanary)
        return "only a canary has steps";
    if (state.steps == 0)
        return "it has no steps";
    if (state.index.value_or(0) >= state.steps)
        return "all its steps are done";
    return std::nullopt;
}

} // namespace

std::string_view word(Intent intent)
{
    switch (intent) {
    case Intent::Promote: return "promote";
    case Intent::PromoteFull: return "promote-full";
    case Intent::SkipStep: return "skip-step";
    case Intent::SkipAllSteps: return "skip-all-steps";
    case Intent::Pause: return "pause";
    case Intent::Resume: return "resume";
    case Intent::Abort: return "abort";
    case Intent::Retry: return "retry";
    case Intent::Restart: return "restart";
    }
    return "";
}

Seen seenOf(const Object &rollout)
{
    const Value status = rollout.value()["status"];
    return {std::string(status["currentPodHash"].stringOr()), status["currentStepIndex"].asInt()};
}

std::optional<std::string> refusalOf(Intent intent, const Object &rollout)
{
    const State state = stateOf(rollout);
    switch (intent) {
    case Intent::Promote:
    case Intent::Resume:
        if (!state.isPausedByController && !state.isPausedBySpec)
            return "it is not paused";
        return std::nullopt;
    case Intent::PromoteFull:
        if (state.isFullyPromoted)
            return "it is fully promoted";
        return std::nullopt;
    case Intent::SkipStep:
    case Intent::SkipAllSteps: return stepRefusal(state);
    case Intent::Pause:
        if (state.isPausedBySpec)
            return "it is paused already";
        return std::nullopt;
    case Intent::Abort:
        if (state.isAborted)
            return "it is aborted already";
        if (state.isFullyPromoted)
            return "it is fully promoted: there is no update to abort";
        return std::nullopt;
    case Intent::Retry:
        if (!state.isAborted)
            return "it is not aborted";
        return std::nullopt;
    case Intent::Restart: return std::nullopt;
    }
    return std::nullopt;
}

Expected<std::vector<IntentPatch>> patchesFor(Intent intent, const Object &rollout, const Seen &seen,
                                              crd::Timestamp restartAt)
{
    const std::string name = "rollout '" + std::string(rollout.name()) + "'";
    if (seenOf(rollout) != seen)
        return failure(ErrorCode::Conflict, name + " moved on since it was looked at: nothing was sent");
    if (const std::optional<std::string> refusal = refusalOf(intent, rollout))
        return failure(ErrorCode::InvalidInput, "cannot " + std::string(word(intent)) + " " + name + ": " + *refusal);
    const State state = stateOf(rollout);
    switch (intent) {
    case Intent::Promote:
    case Intent::Resume: return promotePatches(rollout, state);
    case Intent::PromoteFull: {
        std::vector patches{statusFlag(rollout, "/status/promoteFull", true)};
        if (state.isPausedBySpec)
            patches.push_back(unpause());
        return patches;
    }
    case Intent::SkipStep:
        return std::vector{stepPatch(rollout, state, std::min(state.index.value_or(0) + 1, state.steps))};
    case Intent::SkipAllSteps: return std::vector{stepPatch(rollout, state, state.steps)};
    case Intent::Pause: return std::vector{IntentPatch{false, Operations().set("/spec/paused", true).list()}};
    case Intent::Abort: return std::vector{statusFlag(rollout, "/status/abort", true)};
    case Intent::Retry: return std::vector{statusFlag(rollout, "/status/abort", false)};
    case Intent::Restart:
        return std::vector{IntentPatch{false, Operations().set("/spec/restartAt", restartAt.text()).list()}};
    }
    return failure(ErrorCode::Internal, "an intent without a patch");
}

Expected<Object> undoTarget(const Object &rollout, const std::vector<Object> &replicaSets, std::int64_t revision)
{
    std::vector<const Object *> owned;
    for (const Object &set : replicaSets) {
        const std::vector<object::OwnerReference> owners = set.ownerReferences();
        if (std::ranges::contains(owners, rollout.uid(), &object::OwnerReference::uid))
            owned.push_back(&set);
    }
    std::ranges::sort(owned, std::greater(), [](const Object *set) { return revisionOf(*set); });
    if (revision > 0) {
        const auto found = std::ranges::find(owned, revision, [](const Object *set) { return revisionOf(*set); });
        if (found == owned.end())
            return failure(ErrorCode::NotFound,
                           "unable to find specified revision " + std::to_string(revision) + " in history");
        return **found;
    }
    const auto found =
        std::ranges::find_if(owned, [&](const Object *set) { return revisionOf(*set) < revisionOf(*owned.front()); });
    // A number below 0 names no revision, nor the one before.
    if (revision < 0 || found == owned.end())
        return failure(ErrorCode::NotFound, "no revision found for rollout \"" + std::string(rollout.name()) + "\"");
    return **found;
}

std::optional<IntentPatch> undoPatch(const Value &current, const Object &replicaSet)
{
    const std::vector<std::string_view> label{"metadata", "labels", kPodHash};
    const Value wanted = replicaSet.path({"spec", "template"}).withoutPath(label);
    // What the API server filled in is no difference: put back, it would be drift for Git.
    if (wanted == current.withoutPath(label) || isSameTemplate(wanted, current))
        return std::nullopt;
    return IntentPatch{false,
                       Value::list({Value::map({{"op", "replace"}, {"path", "/spec/template"}, {"value", wanted}})})};
}

} // namespace tiphys::rollout
