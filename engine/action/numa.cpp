// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/rules.h"

#include <array>

namespace tiphys::action {

using object::Value;

namespace {

constexpr std::string_view kPauseIcon = "fa-solid fa-fw fa-pause";
constexpr std::string_view kPlayIcon = "fa-solid fa-fw fa-play";
constexpr std::string_view kUpgradeState = "numaplane.numaproj.io/upgrade-state";

/// Where the specification of the running thing lies: in the object, or in its template.
struct Place
{
    std::string_view holder; ///< "": the object itself
    std::string_view owner;  ///< kind of the Rollout whose children are not paused by hand
};

Value below(ScriptObject &object, const Place &place, std::string_view first, std::string_view second)
{
    if (place.holder.empty())
        return object.get({"spec", first}).isNull() ? Value() : object.get({"spec", first, second});
    if (first == "metadata" && object.get({"spec", place.holder, "metadata"}).isNull())
        return {};
    if (first == "metadata")
        return object.get({"spec", place.holder, "metadata", second});
    return object.get({"spec", place.holder, "spec", first}).isNull()
               ? Value()
               : object.get({"spec", place.holder, "spec", first, second});
}

bool isOwnedBy(ScriptObject &object, std::string_view kind)
{
    const Value owners = object.get({"metadata", "ownerReferences"});
    for (const Value &owner : owners.items()) {
        if (owner["kind"].stringOr() == kind)
            return true;
    }
    return false;
}

std::string_view label(ScriptObject &object, std::string_view name, Value &kept)
{
    kept = object.get({"metadata", "labels"}).isNull() ? Value() : object.get({"metadata", "labels", name});
    return kept.stringOr();
}

/// pause, and the two ways to go on.
void offerPausing(Offers &offers, const Place &place, bool isAllowed)
{
    bool mayPause = false;
    bool mayGoSlow = false;
    bool mayGoFast = false;
    if (isAllowed) {
        ScriptObject &object = offers.object();
        const bool isPaused = below(object, place, "lifecycle", "desiredPhase") == Value("Paused");
        mayPause = !isPaused;
        if (isPaused) {
            const Value annotations = below(object, place, "metadata", "annotations");
            const Value strategies = annotations["numaflow.numaproj.io/allowed-resume-strategies"];
            mayGoFast = strategies == Value("fast") || strategies == Value("slow, fast");
            mayGoSlow = strategies != Value("fast");
        }
    }
    offers.addUnless(!mayPause, "pause", kPauseIcon);
    offers.addUnless(!mayGoSlow, "unpause-gradual", kPlayIcon, "Unpause (gradual)");
    offers.addUnless(!mayGoFast, "unpause-fast", kPlayIcon, "Unpause (fast)");
}

void offerPromoting(Offers &offers, std::string_view displayName)
{
    Value kept;
    const std::string_view state = label(offers.object(), kUpgradeState, kept);
    const bool isUpgrading = state == "in-progress" || state == "trial";
    const bool isAsked = label(offers.object(), "numaplane.numaproj.io/force-promote", kept) == "true";
    offers.addUnless(!isUpgrading || isAsked, "force-promote", "fa-solid fa-fw fa-forward", displayName);
}

constexpr Place kMonoVertex{"", "MonoVertexRollout"};
constexpr Place kPipeline{"", "PipelineRollout"};
constexpr Place kMonoVertexRollout{"monoVertex", ""};
constexpr Place kPipelineRollout{"pipeline", ""};

void discoverBuffer(Offers &offers)
{
    offerPromoting(offers, {});
}

void discoverMonoVertex(Offers &offers)
{
    offerPausing(offers, kMonoVertex, !isOwnedBy(offers.object(), kMonoVertex.owner));
    offerPromoting(offers, "Force Promote");
}

void discoverPipeline(Offers &offers)
{
    Value kept;
    const std::string state(label(offers.object(), kUpgradeState, kept));
    const bool isExpired = state == "recyclable-expired";
    offerPausing(offers, kPipeline, isExpired || !isOwnedBy(offers.object(), kPipeline.owner));
    offerPromoting(offers, "Force Promote");
    offers.addUnless(!isExpired && state != "recyclable", "delete", "fa-solid fa-fw fa-trash", "Delete");
}

void discoverMonoVertexRollout(Offers &offers)
{
    offerPausing(offers, kMonoVertexRollout, true);
}

void discoverPipelineRollout(Offers &offers)
{
    ScriptObject &object = offers.object();
    offerPausing(offers, kPipelineRollout, true);
    const bool isDraining = !object.get({"status"}).isNull()
                            && object.get({"status", "upgradeInProgress"}) == Value("PipelinePauseAndDrain");
    const bool isAllowed =
        !object.get({"metadata", "annotations"}).isNull()
        && object.get({"metadata", "annotations", "numaplane.numaproj.io/allow-data-loss"}) == Value("true");
    offers.addUnless(!isDraining, "allow-data-loss", "fa-solid fa-fw fa-unlock", "Allow (Possible) Data Loss");
    offers.addUnless(!isAllowed, "disallow-data-loss", "fa-solid fa-fw fa-lock", "Disallow Data Loss");
}

void forcePromote(Run &run)
{
    run.object.ensureTable({"metadata", "labels"});
    run.object.set({"metadata", "labels", "numaplane.numaproj.io/force-promote"}, "true");
}

void pause(Run &run)
{
    run.object.ensureTable({"spec", "lifecycle"});
    run.object.set({"spec", "lifecycle", "desiredPhase"}, "Paused");
}

void run(Run &run)
{
    run.object.set({"spec", "lifecycle", "desiredPhase"}, "Running");
}

void runWithoutReplicas(Run &action)
{
    run(action);
    action.object.set({"spec", "replicas"}, {});
}

void runPipeline(Run &action, std::string_view strategy)
{
    run(action);
    annotate(action, "numaflow.numaproj.io/resume-strategy", strategy);
}

template <const Place &place>
void pauseTemplate(Run &run)
{
    run.object.ensureTable({"spec", place.holder, "spec", "lifecycle"});
    run.object.set({"spec", place.holder, "spec", "lifecycle", "desiredPhase"}, "Paused");
}

template <const Place &place, bool isFast>
void runTemplate(Run &run)
{
    run.object.set({"spec", place.holder, "spec", "lifecycle", "desiredPhase"}, "Running");
    run.object.ensureTable({"spec", "strategy"});
    run.object.ensureTable({"spec", "strategy", "pauseResume"});
    run.object.set({"spec", "strategy", "pauseResume", "fastResume"}, isFast);
}

constexpr std::array<NamedAction, 1> kBufferActions{{{"force-promote", forcePromote}}};
constexpr std::array<NamedAction, 4> kMonoVertexActions{{{"pause", pause},
                                                         {"unpause-fast", run},
                                                         {"unpause-gradual", runWithoutReplicas},
                                                         {"force-promote", forcePromote}}};
constexpr std::array<NamedAction, 5> kPipelineActions{
    {{"pause", pause},
     {"unpause-fast", [](Run &action) { runPipeline(action, "fast"); }},
     {"unpause-gradual", [](Run &action) { runPipeline(action, "slow"); }},
     {"force-promote", forcePromote},
     {"delete", [](Run &action) { annotate(action, "numaplane.numaproj.io/marked-for-deletion", "true"); }}}};
constexpr std::array<NamedAction, 3> kMonoVertexRolloutActions{
    {{"pause", pauseTemplate<kMonoVertexRollout>},
     {"unpause-fast", runTemplate<kMonoVertexRollout, true>},
     {"unpause-gradual", runTemplate<kMonoVertexRollout, false>}}};
constexpr std::array<NamedAction, 5> kPipelineRolloutActions{
    {{"pause", pauseTemplate<kPipelineRollout>},
     {"unpause-fast", runTemplate<kPipelineRollout, true>},
     {"unpause-gradual", runTemplate<kPipelineRollout, false>},
     {"allow-data-loss", [](Run &action) { annotate(action, "numaplane.numaproj.io/allow-data-loss", "true"); }},
     {"disallow-data-loss", [](Run &action) { annotate(action, "numaplane.numaproj.io/allow-data-loss", "false"); }}}};

constexpr std::array<KindActions, 5> kKinds{
    {{"numaflow.numaproj.io", "InterStepBufferService", discoverBuffer, kBufferActions},
     {"numaflow.numaproj.io", "MonoVertex", discoverMonoVertex, kMonoVertexActions},
     {"numaflow.numaproj.io", "Pipeline", discoverPipeline, kPipelineActions},
     {"numaplane.numaproj.io", "MonoVertexRollout", discoverMonoVertexRollout, kMonoVertexRolloutActions},
     {"numaplane.numaproj.io", "PipelineRollout", discoverPipelineRollout, kPipelineRolloutActions}}};

} // namespace

std::span<const KindActions> numaActions()
{
    return kKinds;
}

} // namespace tiphys::action
