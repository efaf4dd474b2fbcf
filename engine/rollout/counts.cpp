// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/counts.h"

#include "rollout/number.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tiphys::rollout {

namespace {

const IntOrText &surgeOf(const Canary &canary)
{
    static const IntOrText quarter = IntOrText::ofText("25");
    return canary.maxSurge ? *canary.maxSurge : quarter;
}

const IntOrText &unavailableOf(const Rollout &rollout)
{
    static const IntOrText quarter = IntOrText::ofText("25");
    if (rollout.blueGreen && rollout.blueGreen->maxUnavailable)
        return *rollout.blueGreen->maxUnavailable;
    if (rollout.canary && rollout.canary->maxUnavailable)
        return *rollout.canary->maxUnavailable;
    return quarter;
}

/// Pods that a canary may have above spec.replicas, and lack below.
struct Leeway
{
    int surge = 0;
    int unavailable = 0;
};

Leeway leewayOf(const Rollout &rollout)
{
    const int replicas = rollout.desiredReplicas();
    const std::optional<int> surge = podsOf(surgeOf(*rollout.canary), replicas, Rounding::Up);
    const std::optional<int> unavailable = podsOf(unavailableOf(rollout), replicas, Rounding::Down);
    // One that cannot be read ("12.5%") leaves none of either.
    if (!surge || !unavailable)
        return {};
    // Both may round to 0, which would stop every update.
    return {.surge = *surge, .unavailable = *surge == 0 && *unavailable == 0 ? 1 : *unavailable};
}

int mostUnavailable(const Leeway &leeway, int replicas)
{
    return replicas == 0 ? 0 : std::min(leeway.unavailable, replicas);
}

template <typename Count>
int sumOf(const ReplicaSets &replicaSets, Count count)
{
    std::int64_t sum = 0;
    for (const ReplicaSet *replicaSet : replicaSets) {
        if (replicaSet)
            sum += replicaSet->*count;
    }
    return clampedInt(sum);
}

} // namespace

int specReplicasOf(const ReplicaSets &replicaSets)
{
    return sumOf(replicaSets, &ReplicaSet::replicas);
}

int availableReplicasOf(const ReplicaSets &replicaSets)
{
    return sumOf(replicaSets, &ReplicaSet::availableReplicas);
}

int currentReplicasOf(const ReplicaSets &replicaSets)
{
    return sumOf(replicaSets, &ReplicaSet::currentReplicas);
}

int readyReplicasOf(const ReplicaSets &replicaSets)
{
    return sumOf(replicaSets, &ReplicaSet::readyReplicas);
}

int maxSurgeOf(const Rollout &rollout)
{
    return rollout.canary ? leewayOf(rollout).surge : 0;
}

int maxUnavailableOf(const Rollout &rollout)
{
    const int replicas = rollout.desiredReplicas();
    if (replicas == 0)
        return 0;
    if (rollout.canary)
        return mostUnavailable(leewayOf(rollout), replicas);
    return std::min(podsOf(unavailableOf(rollout), replicas, Rounding::Down).value_or(0), replicas);
}

bool isProgressEnough(const Canary &canary, const ReplicaSet *replicaSet, int desired)
{
    const std::optional<ProgressThreshold> &threshold = canary.replicaProgressThreshold;
    if (!threshold || !replicaSet || threshold->value < 0)
        return replicaSet && desired == replicaSet->replicas && desired == replicaSet->availableReplicas;
    if (!threshold->isPercent)
        return replicaSet->availableReplicas >= threshold->value;
    if (desired == 0)
        return true;
    const double percent = static_cast<double>(replicaSet->availableReplicas) / static_cast<double>(desired) * 100;
    return percent >= threshold->value || std::abs(percent - threshold->value) <= 1e-10;
}

int currentSetWeight(const Rollout &rollout)
{
    if (rollout.status.abort)
        return 0;
    if (!rollout.currentStep())
        return rollout.maxTrafficWeight();
    for (int i = rollout.stepIndex(); i >= 0; --i) {
        const Step &step = rollout.canary->steps[static_cast<std::size_t>(i)];
        if (step.setWeight)
            return *step.setWeight;
    }
    return 0;
}

namespace {

int podsOfWeight(int replicas, int weight, int maxWeight)
{
    return clampedInt(
        std::ceil(static_cast<double>(weight) * static_cast<double>(replicas) / static_cast<double>(maxWeight)));
}

/// The setCanaryScale in force; null if weights decide.
const CanaryScaleStep *canaryScaleOf(const Rollout &rollout)
{
    if (!rollout.hasTrafficRouting())
        return nullptr;
    if (rollout.status.abort && abortScaleDownDelay(rollout).seconds)
        return nullptr;
    if (!rollout.currentStep())
        return nullptr;
    for (int i = rollout.stepIndex(); i >= 0; --i) {
        const std::optional<CanaryScaleStep> &scale = rollout.canary->steps[static_cast<std::size_t>(i)].setCanaryScale;
        if (scale)
            return scale->matchesTrafficWeight ? nullptr : &*scale;
    }
    return nullptr;
}

/// A number of canary pods, or a weight that gives it.
struct CanaryTarget
{
    std::optional<int> replicas;
    int weight = 0;
};

CanaryTarget canaryTargetOf(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs)
{
    const Status &status = rollout.status;
    if (status.promoteFull || status.stableRs.empty() || status.isFullyPromoted())
        return {.replicas = {}, .weight = rollout.maxTrafficWeight()};
    if (const CanaryScaleStep *scale = canaryScaleOf(rollout)) {
        if (scale->replicas)
            return {.replicas = scale->replicas, .weight = 0};
        if (scale->weight)
            return {.replicas = {}, .weight = *scale->weight};
    }
    return {.replicas = {}, .weight = desiredCanaryWeight(rollout, newRs, stableRs)};
}

bool isTied(int weight, int maxWeight, std::int64_t total)
{
    const double exact = static_cast<double>(total) * (static_cast<double>(weight) / static_cast<double>(maxWeight));
    return exact - std::trunc(exact) == 0.5;
}

/// Pods that may be counted on while others go.
int countedForScaleDown(const ReplicaSet *replicaSet, bool ignoresAvailability)
{
    if (!replicaSet)
        return 0;
    if (replicaSet->replicas < replicaSet->availableReplicas || ignoresAvailability)
        return replicaSet->replicas;
    return replicaSet->availableReplicas;
}

struct Drain
{
    int drain = 0; ///< the side that shrinks
    int other = 0; ///< the side that grows
};

Drain withinLimits(const ReplicaSet *drainRs, const ReplicaSet *otherRs, Drain counts, int most, int minAvailable)
{
    int available = drainRs ? std::min(drainRs->availableReplicas, counts.drain) : 0;
    if (!otherRs)
        return counts;
    const auto excess = [&counts, most] {
        return clampedInt(std::max<std::int64_t>(0, std::int64_t{counts.other} + counts.drain - most));
    };
    counts.other -= excess();
    available += std::min(otherRs->availableReplicas, counts.other);
    const int lost = std::max(0, otherRs->availableReplicas - counts.other);
    counts.other += std::min(lost, std::max(0, minAvailable - available));
    counts.drain -= excess();
    return counts;
}

int drained(const ReplicaSet *replicaSet, int desired, int mostDown, int current)
{
    if (replicaSet && replicaSet->replicas > desired)
        return std::max(desired, replicaSet->replicas - mostDown);
    return current;
}

int atLeastMinPods(const Rollout &rollout, int count)
{
    if (count == 0 || !rollout.hasTrafficRouting() || !rollout.canary->minPodsPerReplicaSet)
        return count;
    return std::max(count, *rollout.canary->minPodsPerReplicaSet);
}

bool isOtherThan(const ReplicaSet *newRs, const ReplicaSet *stableRs)
{
    return stableRs && (!newRs || newRs->name != stableRs->name);
}

/// What is grown before anything may shrink: stable first.
CanaryCounts grown(const ReplicaSet *newRs, const ReplicaSet *stableRs, CanaryCounts desired, int room)
{
    CanaryCounts counts{.canary = newRs ? newRs->replicas : 0, .stable = stableRs ? stableRs->replicas : 0};
    if (stableRs && counts.stable < desired.stable && room > 0) {
        const int step = std::min(room, desired.stable - counts.stable);
        counts.stable += step;
        room -= step;
    }
    if (newRs && counts.canary < desired.canary && room > 0)
        counts.canary += std::min(room, desired.canary - counts.canary);
    return counts;
}

} // namespace

int desiredCanaryWeight(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs)
{
    if (!rollout.status.abort || !rollout.canary->dynamicStableScale || !newRs || !stableRs)
        return currentSetWeight(rollout);
    const int replicas = rollout.desiredReplicas();
    const int wanted = std::max(replicas - stableRs->availableReplicas, newRs->availableReplicas);
    for (auto step = rollout.canary->steps.rbegin(); step != rollout.canary->steps.rend(); ++step) {
        if (step->setWeight && podsOfWeight(replicas, *step->setWeight, rollout.maxTrafficWeight()) < wanted)
            return *step->setWeight;
    }
    return 0;
}

CanaryCounts approximateCounts(int replicas, int weight, int maxWeight, int maxSurge)
{
    if (replicas == 0)
        return {};
    const double exact = static_cast<double>(std::int64_t{replicas} * weight) / static_cast<double>(maxWeight);
    const int up = clampedInt(std::ceil(exact));
    const int down = clampedInt(std::floor(exact));
    const std::int64_t oneMore = std::int64_t{replicas} + 1;
    const bool mayBeZero = weight == maxWeight || weight == 0 || (replicas == 1 && maxSurge == 0);
    CanaryCounts best{.canary = 0, .stable = replicas};
    double bestDelta = std::numeric_limits<double>::infinity();
    const auto consider = [&](int canary, std::int64_t total) {
        const double actual = static_cast<double>(std::int64_t{canary} * maxWeight) / static_cast<double>(total);
        const double delta = std::abs(actual - static_cast<double>(weight));
        if (delta < bestDelta) {
            bestDelta = delta;
            best = {.canary = canary, .stable = clampedInt(total - canary)};
        }
    };
    if (up < replicas || mayBeZero)
        consider(up, replicas);
    if (!isTied(weight, maxWeight, replicas) && (down != 0 || mayBeZero))
        consider(down, replicas);
    if (maxSurge > 0) {
        consider(up, oneMore);
        if (!isTied(weight, maxWeight, oneMore) && (down != 0 || mayBeZero))
            consider(down, oneMore);
    }
    return best;
}

CanaryCounts basicCanaryCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs,
                               const ReplicaSets &others)
{
    const int replicas = rollout.desiredReplicas();
    const Leeway leeway = leewayOf(rollout);
    const int surge = leeway.surge;
    const bool scalesStable = isOtherThan(newRs, stableRs);
    CanaryCounts desired{.canary = replicas, .stable = 0};
    if (scalesStable)
        desired = approximateCounts(replicas, canaryTargetOf(rollout, newRs, stableRs).weight,
                                    rollout.maxTrafficWeight(), surge);
    const ReplicaSet *scaledStable = scalesStable ? stableRs : nullptr;
    const int most = clampedInt(std::int64_t{replicas} + surge);
    const std::int64_t running = std::int64_t{specReplicasOf(others)} + specReplicasOf({newRs, scaledStable});
    const CanaryCounts counts = grown(newRs, scaledStable, desired, clampedInt(most - running));
    // Older ones go first.
    if (specReplicasOf(others) > 0)
        return counts;
    const int minAvailable = clampedInt(std::int64_t{replicas} - mostUnavailable(leeway, replicas));
    const bool isIncreasing = !newRs || desired.canary >= newRs->replicas;
    const int counted = clampedInt(std::int64_t{countedForScaleDown(newRs, !isIncreasing)}
                                   + countedForScaleDown(stableRs, isIncreasing));
    if (counted <= minAvailable)
        return counts;
    const int mostDown = clampedInt(std::int64_t{counted} - minAvailable);
    if (!isIncreasing) {
        const Drain drain{.drain = drained(newRs, desired.canary, mostDown, counts.canary), .other = counts.stable};
        const Drain result = withinLimits(newRs, stableRs, drain, most, minAvailable);
        return {.canary = result.drain, .stable = result.other};
    }
    if (!scalesStable)
        return counts;
    const Drain drain{.drain = drained(stableRs, desired.stable, mostDown, counts.stable), .other = counts.canary};
    const Drain result = withinLimits(stableRs, newRs, drain, most, minAvailable);
    return {.canary = result.other, .stable = result.drain};
}

CanaryCounts routedCanaryCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs,
                                const TrafficWeights *weights)
{
    const int replicas = rollout.desiredReplicas();
    const int whole = rollout.maxTrafficWeight();
    const CanaryTarget target = canaryTargetOf(rollout, newRs, stableRs);
    CanaryCounts counts;
    counts.canary =
        target.replicas ? *target.replicas : atLeastMinPods(rollout, podsOfWeight(replicas, target.weight, whole));
    if (!rollout.canary->dynamicStableScale)
        return {.canary = counts.canary, .stable = replicas};
    counts.stable = podsOfWeight(replicas, whole - target.weight, whole);
    if (weights) {
        counts.stable = std::max(counts.stable, podsOfWeight(replicas, weights->stable.weight, whole));
        if (rollout.status.abort)
            counts.canary = std::max(counts.canary, podsOfWeight(replicas, weights->canary.weight, whole));
    }
    return {.canary = atLeastMinPods(rollout, counts.canary), .stable = atLeastMinPods(rollout, counts.stable)};
}

bool isAtDesiredCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs,
                       const ReplicaSets &others, const TrafficWeights *weights)
{
    return isAtCounts(rollout, newRs, stableRs, others,
                      rollout.hasTrafficRouting() ? routedCanaryCounts(rollout, newRs, stableRs, weights)
                                                  : basicCanaryCounts(rollout, newRs, stableRs, others));
}

bool isAtCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs, const ReplicaSets &others,
                CanaryCounts desired)
{
    const bool isRouted = rollout.hasTrafficRouting();
    if (!isProgressEnough(*rollout.canary, newRs, desired.canary))
        return false;
    if (!isRouted || !rollout.canary->dynamicStableScale) {
        if (!stableRs || stableRs->replicas != desired.stable || stableRs->currentReplicas != desired.stable)
            return false;
    }
    return isRouted || availableReplicasOf(others) == 0;
}

int previewReplicas(const Rollout &rollout, const ReplicaSets &all, const ReplicaSet &newRs)
{
    const int replicas = rollout.desiredReplicas();
    const Status &status = rollout.status;
    if (!rollout.blueGreen->previewReplicaCount)
        return replicas;
    const ReplicaSet *active = replicaSetWithHash(all, status.blueGreen.activeSelector);
    if (!active || active->name == newRs.name || status.promoteFull)
        return replicas;
    if (newRs.hash != status.currentPodHash)
        return *rollout.blueGreen->previewReplicaCount;
    const bool isPaused = rollout.isPaused || !status.pauseConditions.empty();
    if (!isPaused && status.blueGreen.scaleUpPreviewCheckPoint)
        return replicas;
    return *rollout.blueGreen->previewReplicaCount;
}

const ReplicaSet *replicaSetWithHash(const ReplicaSets &all, std::string_view hash)
{
    if (hash.empty())
        return nullptr;
    const auto found = std::ranges::find_if(
        all, [hash](const ReplicaSet *replicaSet) { return replicaSet && replicaSet->hash == hash; });
    return found == all.end() ? nullptr : *found;
}

int scaleDownDelay(const Rollout &rollout)
{
    if (rollout.hasTrafficRouting())
        return rollout.canary->scaleDownDelaySeconds.value_or(30);
    return rollout.blueGreen ? rollout.blueGreen->scaleDownDelaySeconds.value_or(30) : 0;
}

AbortDelay abortScaleDownDelay(const Rollout &rollout)
{
    std::optional<int> given;
    if (rollout.blueGreen)
        given = rollout.blueGreen->abortScaleDownDelaySeconds;
    else if (rollout.hasTrafficRouting())
        given = rollout.canary->abortScaleDownDelaySeconds;
    else
        return {.seconds = 0, .isSet = false};
    if (given && *given == 0)
        return {.seconds = std::nullopt, .isSet = true};
    return {.seconds = given.value_or(30), .isSet = given.has_value()};
}

int scaleDownRevisionLimit(const Rollout &rollout)
{
    if (rollout.blueGreen && rollout.blueGreen->scaleDownDelayRevisionLimit)
        return *rollout.blueGreen->scaleDownDelayRevisionLimit;
    if (rollout.canary && rollout.canary->scaleDownDelayRevisionLimit)
        return *rollout.canary->scaleDownDelayRevisionLimit;
    return std::numeric_limits<std::int32_t>::max();
}

bool isSaturated(const Rollout &rollout, const ReplicaSet *replicaSet)
{
    const int replicas = rollout.desiredReplicas();
    return replicaSet && replicaSet->replicas == replicas && replicaSet->desired == replicas
           && replicaSet->availableReplicas == replicas;
}

} // namespace tiphys::rollout
