// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/joined.h"
#include "object/builder.h"
#include "rollout/names.h"
#include "rollout/pass.h"
#include "rollout/reading.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tiphys::rollout {

using namespace object::literals;
using object::Value;

namespace {

/// A patch that scales fits into it.
constexpr std::size_t kScaleRoom = 352;

} // namespace

bool Pass::scale(const ReplicaSet &replicaSet, int replicas)
{
    std::array<char, 24> digits; // more than a number of 32 bits has
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ro().desiredReplicas()).ptr;
    const std::string_view desired(digits.data(), end);
    const bool isSizeStale = replicaSet.replicas != replicas;
    const bool dropsDeadline = replicas == 0 && replicaSet.hasDeadline() && !delaysScaleDownOnAbort();
    const bool isAnnotationStale =
        !isSame(replicaSet.desiredText, desired) || (ro().desiredReplicas() == 0 && dropsDeadline);
    if (!isSizeStale && !isAnnotationStale)
        return false;
    object::Builder patch(kScaleRoom);
    patch.beginMap();
    patch.key("metadata"_key);
    patch.beginMap();
    patch.key("annotations"_key);
    patch.beginMap();
    patch.key(kDesiredReplicasAnnotation);
    patch.string(desired);
    if (dropsDeadline) {
        patch.key(kScaleDownDeadlineAnnotation);
        patch.null();
    }
    patch.endMapOfDistinct();
    patch.endMapOfDistinct();
    patch.key("spec"_key);
    patch.beginMap();
    patch.key("replicas"_key);
    patch.integer(replicas);
    patch.endMapOfDistinct();
    patch.endMapOfDistinct();
    patchReplicaSet(replicaSet, patch.finish());
    if (!isSizeStale)
        return false;
    event(false, "ScalingReplicaSet",
          joined({"Scaled ", replicaSet.replicas < replicas ? "up" : "down", " ReplicaSet ", replicaSet.name,
                  " (revision ", std::to_string(replicaSet.revision), ") from ", std::to_string(replicaSet.replicas),
                  " to ", std::to_string(replicas)}));
    return true;
}

CanaryCounts Pass::basicCounts() const
{
    const bool isKnown =
        m_counts && m_counts->newRs == m_new && m_counts->stableRs == m_stable && m_counts->others == m_others.size();
    if (!isKnown)
        m_counts = KnownCounts{.newRs = m_new,
                               .stableRs = m_stable,
                               .others = m_others.size(),
                               .counts = basicCanaryCounts(ro(), m_new, m_stable, m_others)};
    return m_counts->counts;
}

bool Pass::delaysScaleDownOnAbort() const
{
    if (!m_pause.isAborted(ro()) || !m_stable)
        return false;
    if (ro().canary && !ro().canary->trafficRouting)
        return false;
    const AbortDelay delay = abortScaleDownDelay(ro());
    if (!delay.seconds)
        return false;
    const bool scalesStable = ro().canary && ro().canary->dynamicStableScale;
    return !scalesStable || delay.isSet;
}

void Pass::removeDeadline(const ReplicaSet &replicaSet)
{
    if (!replicaSet.hasDeadline())
        return;
    const Value operation =
        Value::map({{"op", "remove"}, {"path", "/metadata/annotations/" + std::string(kScaleDownDeadlineAnnotation)}});
    write({.verb = Verb::JsonPatch,
           .gvk = replicaSetGvk(),
           .ns = ro().ns,
           .name = replicaSet.name,
           .body = Value::list({operation})});
}

void Pass::addDeadline(const ReplicaSet &replicaSet, int seconds)
{
    if (seconds == 0) {
        removeDeadline(replicaSet);
        return;
    }
    const Value operation = Value::map({{"op", "add"},
                                        {"path", "/metadata/annotations/" + std::string(kScaleDownDeadlineAnnotation)},
                                        {"value", m_now.plusSeconds(seconds).text()}});
    write({.verb = Verb::JsonPatch,
           .gvk = replicaSetGvk(),
           .ns = ro().ns,
           .name = replicaSet.name,
           .body = Value::list({operation})});
}

void Pass::removeDeadlines()
{
    const ReplicaSet *removed = nullptr;
    if (m_new && !delaysScaleDownOnAbort()) {
        removeDeadline(*m_new);
        removed = m_new;
    }
    if (m_stable && (!removed || m_stable->name != removed->name))
        removeDeadline(*m_stable);
}

bool Pass::reconcileNewReplicaSet()
{
    if (!m_new)
        return false;
    int replicas = 0;
    if (ro().blueGreen)
        replicas = previewReplicas(ro(), m_all, *m_new);
    else if (ro().canary->trafficRouting)
        replicas =
            routedCanaryCounts(ro(), m_new, m_stable, m_status.canary.weights ? &*m_status.canary.weights : nullptr)
                .canary;
    else
        replicas = basicCounts().canary;
    if (delaysScaleDownOnAbort()) {
        if (!m_new->hasDeadline()) {
            // The stable pods must all be there before the clock starts.
            if (m_stable->availableReplicas == ro().desiredReplicas()) {
                const int delay = *abortScaleDownDelay(ro()).seconds;
                addDeadline(*m_new, delay);
                lookAgainAfter(m_now.plusSeconds(delay));
            }
            return false;
        }
        if (const auto deadline = crd::timestampOf(m_new->deadline)) {
            if (Moment::of(*deadline) > m_now) {
                lookAgainAfter(Moment::of(*deadline));
                return false;
            }
            replicas = 0;
        }
    }
    const bool isScaled = scale(*m_new, replicas);
    scaleWorkloadProgressively(replicas);
    return isScaled;
}

void Pass::scaleWorkload(int replicas)
{
    const int wanted = std::max(replicas, 0);
    const std::int64_t current =
        m_observed.workload ? m_observed.workload->path({"spec", "replicas"}).intOr(1) : wanted;
    if (current == wanted)
        return;
    write({.verb = Verb::MergePatch,
           .gvk = {"apps", "v1", "Deployment"},
           .ns = ro().ns,
           .name = ro().workload->name,
           .body = Value::map({{"spec", Value::map({{"replicas", wanted}})}}),
           .onFailure = OnFailure::Ignore});
}

void Pass::scaleWorkloadProgressively(int newReplicas)
{
    if (!ro().workload || ro().workload->scaleDown != "progressively" || m_new->revision != 1)
        return;
    if (ro().status.phase == "Healthy")
        scaleWorkload(0);
    else if (ro().status.readyReplicas > 0 || m_new->replicas > newReplicas)
        scaleWorkload(ro().desiredReplicas() - ro().status.readyReplicas);
}

bool Pass::reconcileOthers()
{
    std::vector<ReplicaSet> olds;
    for (const ReplicaSet *replicaSet : m_others) {
        if (replicaSet->replicas > 0)
            olds.push_back(*replicaSet);
    }
    if (olds.empty())
        return false;
    return ro().canary ? scaleDownOldCanaries(std::move(olds)) : scaleDownOldBlueGreens(std::move(olds));
}

std::optional<int> Pass::cleanUpUnhealthy(std::vector<ReplicaSet> &olds)
{
    std::ranges::sort(olds, isCreatedBefore);
    int removed = 0;
    for (ReplicaSet &old : olds) {
        if (old.replicas == old.availableReplicas)
            continue;
        // Pods that are about to go count as available still: what was taken away a moment ago would be taken twice.
        if (old.replicas < old.availableReplicas)
            return std::nullopt;
        removed += old.replicas - old.availableReplicas;
        scale(old, old.availableReplicas);
        old.replicas = old.availableReplicas;
        old.desiredText = std::to_string(ro().desiredReplicas());
    }
    return removed;
}

namespace {

/// Newest revision first.
void sortByRevision(std::vector<ReplicaSet> &replicaSets)
{
    std::ranges::stable_sort(replicaSets, [](const ReplicaSet &a, const ReplicaSet &b) {
        if (a.hasRevision != b.hasRevision)
            return a.hasRevision;
        if (a.revision != b.revision)
            return a.revision > b.revision;
        return a.created > b.created;
    });
}

} // namespace

bool Pass::scaleDownOldCanaries(std::vector<ReplicaSet> olds)
{
    const std::optional<int> unhealthy = cleanUpUnhealthy(olds);
    if (!unhealthy)
        return false;
    int removed = *unhealthy;
    int mostDown = availableReplicasOf(m_all) - (ro().desiredReplicas() - maxUnavailableOf(ro()));
    if (mostDown <= 0)
        return false;
    sortByRevision(olds);
    int waiting = 0;
    for (const ReplicaSet &old : olds) {
        if (ro().hasTrafficRouting() && isReferenced(old))
            continue;
        if (mostDown <= 0)
            break;
        if (old.replicas == 0)
            continue;
        const int replicas = oldCanaryReplicas(old, mostDown, waiting);
        if (old.replicas == replicas)
            continue;
        scale(old, replicas);
        mostDown -= old.replicas - replicas;
        removed += old.replicas - replicas;
    }
    return removed > 0;
}

int Pass::oldCanaryReplicas(const ReplicaSet &replicaSet, int mostDown, int &waiting)
{
    if (!ro().hasTrafficRouting())
        return std::max(0, replicaSet.replicas - mostDown);
    // What is neither stable nor canary in mid-update gets no traffic.
    if (!ro().status.isFullyPromoted() && !replicaSet.hasDeadline())
        return 0;
    return ro().canary->dynamicStableScale ? 0 : delayedScaleDown(replicaSet, waiting, replicaSet.replicas);
}

bool Pass::scaleDownOldBlueGreens(std::vector<ReplicaSet> olds)
{
    if (isInconclusivePaused())
        return false;
    const BlueGreen &strategy = *ro().blueGreen;
    const AnalysisRun *run = m_runs.postPromotion;
    const bool isProven = run && run->status.phase == AnalysisPhase::Successful;
    if (strategy.postPromotionAnalysis && !strategy.scaleDownDelaySeconds && !skipsPostPromotion(run) && !isProven)
        return false;
    sortByRevision(olds);
    bool isScaled = false;
    int waiting = 0;
    for (const ReplicaSet &old : olds) {
        if (isReferenced(old))
            continue;
        const int replicas = delayedScaleDown(old, waiting, ro().desiredReplicas());
        if (old.replicas == replicas)
            continue;
        scale(old, replicas);
        isScaled = true;
    }
    return isScaled;
}

int Pass::delayedScaleDown(const ReplicaSet &replicaSet, int &waiting, int kept)
{
    const int limit = scaleDownRevisionLimit(ro());
    if (!replicaSet.hasDeadline()) {
        if (replicaSet.replicas == 0 || waiting >= limit)
            return 0;
        ++waiting;
        const int delay = scaleDownDelay(ro());
        addDeadline(replicaSet, delay);
        // Without a delay the pods stay, as they do with the controller, which looks at them without a pause.
        if (delay > 0)
            lookAgainAfter(m_now.plusSeconds(delay));
        return replicaSet.replicas;
    }
    if (++waiting > limit)
        return 0;
    const std::optional<crd::Timestamp> deadline = crd::timestampOf(replicaSet.deadline);
    if (!deadline || Moment::of(*deadline) <= m_now)
        return 0;
    lookAgainAfter(Moment::of(*deadline));
    return kept;
}

bool Pass::isReferencedByDestinationRule(std::string_view hash) const
{
    if (!ro().hasTrafficRouting())
        return false;
    const std::string_view name =
        ro().canary->trafficRouting->value.path({"istio", "destinationRule", "name"}).stringOr();
    if (name.empty())
        return false;
    const object::Object *rule = m_observed.routerObject("networking.istio.io", "DestinationRule", ro().ns, name);
    if (!rule)
        return false;
    const Value subsets = rule->path({"spec", "subsets"});
    for (const Value &subset : subsets.items()) {
        if (subset.path({"labels", kHashLabel}).stringOr() == hash)
            return true;
    }
    return false;
}

bool Pass::isReferenced(const ReplicaSet &replicaSet) const
{
    const std::string &hash = replicaSet.hash;
    if (hash.empty())
        return false;
    const Status &status = ro().status;
    if (hash == status.stableRs || hash == status.currentPodHash || hash == status.blueGreen.activeSelector
        || hash == status.blueGreen.previewSelector)
        return true;
    const std::optional<TrafficWeights> &weights = status.canary.weights;
    if (weights && (hash == weights->canary.podTemplateHash || hash == weights->stable.podTemplateHash))
        return true;
    // What the status says may lag behind.
    const auto selects = [this, &hash](const std::string &name) {
        const Service *found = name.empty() ? nullptr : service(name);
        return found && found->hash == hash;
    };
    if (ro().canary && (selects(ro().canary->canaryService) || selects(ro().canary->stableService)))
        return true;
    if (ro().blueGreen && (selects(ro().blueGreen->activeService) || selects(ro().blueGreen->previewService)))
        return true;
    return isReferencedByDestinationRule(hash);
}

void Pass::cleanUpHistory()
{
    ReplicaSets candidates;
    for (const ReplicaSet *replicaSet : m_others) {
        if (!replicaSet->isBeingDeleted)
            candidates.push_back(replicaSet);
    }
    const int surplus = static_cast<int>(candidates.size()) - ro().historyLimit();
    if (surplus <= 0)
        return;
    std::ranges::sort(candidates, [](const ReplicaSet *a, const ReplicaSet *b) { return isCreatedBefore(*a, *b); });
    for (int i = 0; i < surplus && i < static_cast<int>(candidates.size()); ++i) {
        const ReplicaSet &old = *candidates[static_cast<std::size_t>(i)];
        if (old.currentReplicas != 0 || old.replicas != 0 || old.generation > old.observedGeneration)
            continue;
        write({.verb = Verb::Delete,
               .gvk = replicaSetGvk(),
               .ns = ro().ns,
               .name = old.name,
               .onFailure = OnFailure::IgnoreIfAbsent});
        if (old.hash.empty())
            continue;
        for (const AnalysisRun *run : m_otherRuns) {
            if (textAt(run->labels, kHashLabel) == old.hash)
                deleteRun(*run);
        }
        for (const Experiment *experiment : m_otherExperiments) {
            if (textAt(experiment->labels, kHashLabel) == old.hash)
                deleteExperiment(*experiment);
        }
    }
}

} // namespace tiphys::rollout
