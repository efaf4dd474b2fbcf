// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pass.h"

#include "object/merge_patch.h"
#include "rollout/affinity.h"
#include "rollout/names.h"
#include "rollout/number.h"
#include "rollout/pod_metadata.h"
#include "rollout/reading.h"
#include "rollout/reconcile.h"
#include "rollout/reference_validation.h"
#include "rollout/replica_set_annotations.h"
#include "rollout/template_repair.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// Until a pass is tried again that lacked an object.
constexpr std::int64_t kMissingMilliseconds = 10'000;

} // namespace

object::Gvk replicaSetGvk()
{
    return {"apps", "v1", "ReplicaSet"};
}

object::Gvk rolloutGvk()
{
    return {std::string(kGroup), std::string(kVersion), "Rollout"};
}

Decision reconcile(const Observed &observed, const Options &options, Moment now)
{
    const Rollout &rollout = observed.rollout;
    if (rollout.isBeingDeleted || rollout.instanceId() != options.instanceId)
        return {};
    return Pass(observed, options, now).run();
}

Decision replicaSetCreateFailure(const Observed &observed, std::string_view name, std::string_view problem, Moment now)
{
    return Pass(observed, Options(), now).createFailed(name, problem);
}

Pass::Pass(const Observed &observed, const Options &options, Moment now)
    : m_observed(observed), m_options(options), m_now(now)
{
}

Rollout &Pass::change()
{
    if (!m_changed)
        m_changed = m_observed.rollout;
    return *m_changed;
}

std::vector<Act> &Pass::acts()
{
    // Most passes that do something do two or three things. Memory for four is more than malloc keeps at hand.
    if (m_decision.acts.empty())
        m_decision.acts.reserve(3);
    return m_decision.acts;
}

Write &Pass::mergePatch(const object::Gvk &kind, std::string_view name)
{
    // Short texts are cheaper to copy when they are made than to assign later.
    return std::get<Write>(
        acts().emplace_back(std::in_place_type<Write>, Verb::MergePatch, kind, ro().ns, std::string(name)));
}

void Pass::event(bool isWarning, std::string_view reason, std::string message)
{
    acts().emplace_back(std::in_place_type<Event>, isWarning, std::string(reason), std::move(message));
}

void Pass::lookAgainIn(std::int64_t milliseconds)
{
    m_decision.lookAgainAt(m_now.plusMilliseconds(milliseconds));
}

void Pass::lookAgainAfter(Moment moment)
{
    // A moment that has not passed counts as waiting still: the first look that helps is just after it.
    m_decision.lookAgainAt(std::max(moment, m_now).plusMilliseconds(1));
}

bool Pass::isHalted() const
{
    return ro().isPaused || isInconclusivePaused();
}

Decision Pass::run()
{
    m_status.restartedAt = ro().status.restartedAt;
    m_status.alb = ro().status.alb;
    m_status.albs = ro().status.albs;
    Outcome outcome = prepare();
    if (outcome && m_decision.failure.empty() && !ro().replicas) {
        // Autoscalers read the field; the rest follows when it is there.
        write({.verb = Verb::MergePatch,
               .gvk = rolloutGvk(),
               .ns = ro().ns,
               .name = ro().name,
               .body = Value::map({{"spec", Value::map({{"replicas", 1}})}})});
        return std::move(m_decision);
    }
    if (outcome && m_decision.failure.empty())
        outcome = reconcile();
    if (!outcome) {
        m_decision.failure = outcome.error().text();
        // What is missing wakes the Rollout when it comes; trying soon and often would only repeat the event.
        if (outcome.error().code() == ErrorCode::NotFound)
            lookAgainIn(kMissingMilliseconds);
    }
    return std::move(m_decision);
}

Pass::Outcome Pass::prepare()
{
    std::string workloadProblem;
    if (ro().workload || entryAt(ro().annotations, kWorkloadGenerationAnnotation) != ro().annotations.end()) {
        Expected<Rollout> resolved = withWorkload(ro(), m_observed.workload);
        if (resolved) {
            m_changed = std::move(*resolved);
            writeWorkloadGeneration();
        } else {
            workloadProblem = resolved.error().message();
        }
    }
    claimReplicaSets();
    findReplicaSets();
    findExperiments();
    findRuns();
    if (!workloadProblem.empty()) {
        reportInvalid(workloadProblem);
        lookAgainIn(20'000);
        m_decision.failure = workloadProblem;
        return {};
    }
    if (!ro().specProblem.empty()) {
        reportInvalid(ro().specProblem);
        return failure(ErrorCode::InvalidInput, ro().specProblem);
    }
    // The controller stumbles over it in every pass, after its first writes.
    if (ro().hasTrafficRouting() && ro().maxTrafficWeight() == 0)
        return failure(ErrorCode::InvalidInput,
                       "trafficRouting.maxTrafficWeight is 0: no part of the traffic can be told");
    if (const std::optional<FieldError> problem = firstReferenceError(ro(), m_observed)) {
        reportInvalid(problem->text());
        return failure(ErrorCode::InvalidInput, problem->text());
    }
    if (!m_new) {
        if (const Outcome created = createNewReplicaSet(); !created)
            return created;
    }
    if (ro().status.isFullyPromoted() && m_pause.isAborted(ro()))
        m_pause.removeAbort();
    m_status.canary.weights = ro().status.canary.weights;
    return {};
}

void Pass::claimReplicaSets()
{
    for (const ReplicaSet &replicaSet : m_observed.replicaSets) {
        const bool isMine = replicaSet.ownerUid == ro().uid;
        if (!replicaSet.ownerUid.empty() && !isMine)
            continue;
        const bool isSelected = ro().selector.matches(replicaSet.labels);
        if (isMine && isSelected) {
            m_all.push_back(&replicaSet);
            continue;
        }
        if (isMine == isSelected || (!isMine && replicaSet.isBeingDeleted))
            continue;
        // An orphan that matches is adopted, a ReplicaSet that does not match any more is let go.
        const Value owner = isMine ? Value::map({{"$patch", "delete"}, {"uid", ro().uid}}) : ownerReferenceOf(ro());
        const Value metadata = Value::map({{"ownerReferences", Value::list({owner})}, {"uid", replicaSet.uid}});
        write({.verb = Verb::StrategicMergePatch,
               .gvk = replicaSetGvk(),
               .ns = ro().ns,
               .name = replicaSet.name,
               .body = Value::map({{"metadata", metadata}})});
        if (!isMine)
            m_all.push_back(&replicaSet);
    }
}

namespace {

/// The ReplicaSet of the current template, null if there is none yet.
const ReplicaSet *findNew(const Rollout &rollout, const ReplicaSets &all)
{
    const std::string hash = rollout.computedHash();
    const ReplicaSet *oldest = nullptr;
    for (const ReplicaSet *candidate : all) {
        if (isSame(candidate->hash, hash) && !hash.empty() && (!oldest || isCreatedBefore(*candidate, *oldest)))
            oldest = candidate;
    }
    if (oldest)
        return oldest;
    ReplicaSets sorted = all;
    std::ranges::sort(sorted, [](const ReplicaSet *a, const ReplicaSet *b) { return isCreatedBefore(*a, *b); });
    for (const ReplicaSet *candidate : sorted) {
        const std::optional<Object> plain = withPodMetadata(*candidate, std::nullopt);
        Value live = plain ? plain->path({"spec", "template"}) : candidate->podTemplate();
        const Value affinity = live.path({"spec", "affinity"});
        if (!affinity.isNull())
            live = live.withPath({"spec", "affinity"}, withoutInjectedAffinity(affinity, rollout));
        if (isSameTemplate(live, rollout.podTemplate.value))
            return candidate;
    }
    return nullptr;
}

} // namespace

void Pass::findReplicaSets()
{
    if (!m_new)
        m_new = findNew(ro(), m_all);
    m_older.clear();
    m_others.clear();
    for (const ReplicaSet *replicaSet : m_all) {
        if (!m_new || (replicaSet != m_new && replicaSet->uid != m_new->uid))
            m_older.push_back(replicaSet);
    }
    const std::string &stable = ro().status.stableRs;
    m_stable = m_new && !stable.empty() && m_new->hash == stable ? m_new : replicaSetWithHash(m_older, stable);
    for (const ReplicaSet *replicaSet : m_all) {
        const bool isStable = replicaSet == m_stable || (m_stable && replicaSet->name == m_stable->name);
        const bool isNew = replicaSet == m_new || (m_new && replicaSet->name == m_new->name);
        if (!isStable && !isNew)
            m_others.push_back(replicaSet);
    }
}

void Pass::reportInvalid(const std::string &problem)
{
    const std::string message = "The Rollout \"" + ro().name + "\" is invalid: " + problem;
    const Condition *previous = ro().status.condition("InvalidSpec");
    const bool isKnown = previous && previous->message == message;
    if (isKnown && ro().status.observedGeneration == ro().generation)
        return;
    Conditions conditions = ro().status.conditions;
    if (!isKnown) {
        conditions.remove("InvalidSpec");
        conditions.set(condition("InvalidSpec", "True", "InvalidSpec", message));
    }
    patchConditions(std::move(conditions));
}

Pass::Outcome Pass::reconcile()
{
    checkPaused();
    syncRevision();
    if (isScalingEvent())
        return replicasOnly();
    return ro().blueGreen ? blueGreen() : canary();
}

bool Pass::isScalingEvent() const
{
    const auto differs = [this](const ReplicaSet *replicaSet) {
        if (!replicaSet || replicaSet->replicas <= 0)
            return false;
        return replicaSet->desired && *replicaSet->desired != ro().desiredReplicas();
    };
    return differs(m_new) || differs(m_stable);
}

Pass::Outcome Pass::replicasOnly()
{
    syncRevision();
    Status status = ro().status;
    if (ro().blueGreen) {
        if (!service(ro().blueGreen->activeService))
            return {};
        reconcileBlueGreenReplicaSets();
        const ReplicaSet *active = replicaSetWithHash(m_all, status.blueGreen.activeSelector);
        status.hpaReplicas = active ? active->currentReplicas : currentReplicasOf(m_all);
        status.availableReplicas = active ? active->availableReplicas : availableReplicasOf(m_all);
    } else {
        reconcileCanaryReplicaSets();
        status.availableReplicas = availableReplicasOf(m_all);
        status.hpaReplicas = currentReplicasOf(m_all);
    }
    persist(status);
    return {};
}

void Pass::checkPaused()
{
    const Status &status = ro().status;
    const Condition *progress = status.condition("Progressing");
    const bool isPaused = !status.pauseConditions.empty() || ro().isPaused;
    const bool wasPaused = progress && isSame(progress->reason, "RolloutPaused");
    const bool wasAborted = progress && isSame(progress->reason, "RolloutAborted");
    std::optional<Conditions> changed;
    const auto set = [&](Condition condition) {
        if (!changed)
            changed = status.conditions;
        changed->set(std::move(condition));
    };
    if (isPaused != wasPaused && !wasAborted && !isComplete(status))
        set(isPaused ? condition("Progressing", "Unknown", "RolloutPaused", "Rollout is paused")
                     : condition("Progressing", "Unknown", "RolloutResumed", "Rollout is resumed"));
    if (!status.abort && wasAborted)
        set(condition("Progressing", "Unknown", "RolloutRetry", "Retrying Rollout after abort"));
    const Condition *paused = status.condition("Paused");
    if (isPaused != (paused && isSame(paused->status, "True")) && !wasAborted)
        set(condition("Paused", isPaused ? "True" : "False", "RolloutPaused", "Rollout is paused"));
    if (changed)
        patchConditions(*std::move(changed));
}

void Pass::syncRevision()
{
    if (!m_new || m_isRevisionSynced)
        return;
    std::int64_t newest = 0;
    for (const ReplicaSet *replicaSet : m_older)
        newest = std::max(newest, replicaSet->revision);
    const Value &affinity = m_new->affinity;
    const bool isMinReadyStale = m_new->minReadySeconds != ro().minReadySeconds;
    if (!areAnnotationsSynced(ro(), m_new->annotations, newest + 1) || isMinReadyStale
        || isInjectedAffinityStale(affinity, ro())) {
        const AnnotationSync sync = syncedAnnotations(ro(), m_new->annotations, newest + 1, IsNew::No);
        Value after = m_new->object.value()
                          .withPath({"metadata", "annotations"}, mapOf(sync.annotations))
                          .withPath({"spec", "minReadySeconds"}, Value(ro().minReadySeconds));
        const Value wanted = replicaSetAffinity(ro());
        if (wanted != affinity)
            after = wanted.isNull() ? after.withoutPath({"spec", "template", "spec", "affinity"})
                                    : after.withPath({"spec", "template", "spec", "affinity"}, wanted);
        patchReplicaSet(*m_new, object::mergePatchOf(m_new->object.value(), after));
        m_made.push_back(readReplicaSet(Object(after)));
        const ReplicaSet *before = m_new;
        m_new = &m_made.back();
        if (m_stable == before)
            m_stable = m_new;
        return;
    }
    m_isRevisionSynced = true;
    setRevision(textAt(m_new->annotations, kRevisionAnnotation));
    if (!ro().status.condition("Progressing")) {
        const Status before = ro().status;
        rollout::setCondition(change().status, condition("Progressing", "True", "FoundNewReplicaSet",
                                                         "Found new replica set \"" + m_new->name + "\""));
        patchStatus(before, ro().status);
    }
}

/// Whoever judges the Rollout compares the annotation with the status; also what leaves the template as it is, such as another
/// size of the workload, gives it another generation.
/// Source: argo-rollouts rollout/templateref.go (updateRolloutsReferenceAnnotation)@v1.9.3
void Pass::writeWorkloadGeneration()
{
    const std::string generation(textAt(ro().annotations, kWorkloadGenerationAnnotation));
    if (!ro().isTemplateFromWorkload || ro().object.annotation(kWorkloadGenerationAnnotation) == generation)
        return;
    const Value annotations = Value::map({{std::string(kWorkloadGenerationAnnotation), Value(generation)}});
    write({.verb = Verb::MergePatch,
           .gvk = rolloutGvk(),
           .ns = ro().ns,
           .name = ro().name,
           .body = Value::map({{"metadata", Value::map({{"annotations", annotations}})}})});
}

void Pass::setRevision(std::string_view revision)
{
    if (textAt(ro().annotations, kRevisionAnnotation) == revision)
        return;
    change().annotations.insert_or_assign(std::string(kRevisionAnnotation), std::string(revision));
    Value annotations = Value::map({{std::string(kRevisionAnnotation), Value(revision)}});
    // A Rollout that has a template of its own again follows no workload.
    if (!ro().workload && ro().object.annotation(kWorkloadGenerationAnnotation))
        annotations = annotations.with(kWorkloadGenerationAnnotation, Value());
    Value body = Value::map({{"metadata", Value::map({{"annotations", annotations}})}});
    // Clients that know its types could not read the Rollout as long as values that are none stay in it.
    if (ro().podTemplate.isMisfit || ro().isTemplateFromWorkload) {
        if (const std::optional<Value> repair = templateRepair(ro().object.path({"spec", "template"})))
            body = body.with("spec", Value::map({{"template", *repair}}));
    }
    write({.verb = Verb::MergePatch, .gvk = rolloutGvk(), .ns = ro().ns, .name = ro().name, .body = body});
    event(false, "RolloutUpdated", "Rollout updated to revision " + std::string(revision));
}

Object Pass::newReplicaSetObject(const std::string &hash, const std::string &revision) const
{
    Value podTemplate = ro().podTemplate.value;
    const Value affinity = replicaSetAffinity(ro());
    if (!affinity.isNull())
        podTemplate = podTemplate.withPath({"spec", "affinity"}, affinity);
    const Value labels = podTemplate.path({"metadata", "labels"}).with(kHashLabel, Value(hash));
    podTemplate = podTemplate.withPath({"metadata", "labels"}, labels);
    const Value selectorLabels = ro().selector.value["matchLabels"].with(kHashLabel, Value(hash));
    const AnnotationSync sync = syncedAnnotations(ro(), {}, decimalOf(revision).value_or(1), IsNew::Yes);
    const Value metadata = Value::map({{"name", ro().name + "-" + hash},
                                       {"namespace", ro().ns},
                                       {"labels", labels},
                                       {"annotations", mapOf(sync.annotations)},
                                       {"ownerReferences", Value::list({ownerReferenceOf(ro())})}});
    const Value selector = ro().selector.value.with("matchLabels", selectorLabels);
    const Value spec = ro().minReadySeconds != 0
                           ? Value::map({{"replicas", 0},
                                         {"minReadySeconds", ro().minReadySeconds},
                                         {"selector", selector},
                                         {"template", podTemplate}})
                           : Value::map({{"replicas", 0}, {"selector", selector}, {"template", podTemplate}});
    const Object object(
        Value::map({{"apiVersion", "apps/v1"}, {"kind", "ReplicaSet"}, {"metadata", metadata}, {"spec", spec}}));
    const bool isUpdate = m_stable != nullptr;
    std::optional<PodMetadata> podMetadata;
    if (ro().canary)
        podMetadata = isUpdate ? ro().canary->canaryMetadata : ro().canary->stableMetadata;
    else if (ro().blueGreen)
        podMetadata = isUpdate ? ro().blueGreen->previewMetadata : ro().blueGreen->activeMetadata;
    if (!podMetadata && !sync.annotations.contains(std::string(kEphemeralMetadataAnnotation)))
        return object;
    return withPodMetadata(readReplicaSet(object), podMetadata).value_or(object);
}

Pass::Outcome Pass::createNewReplicaSet()
{
    std::int64_t newest = 0;
    for (const ReplicaSet *replicaSet : m_older)
        newest = std::max(newest, replicaSet->revision);
    const std::string revision = std::to_string(newest + 1);
    const std::string hash = ro().computedHash();
    const Object object = newReplicaSetObject(hash, revision);
    const auto taken = std::ranges::find(m_observed.replicaSets, object.name(), &ReplicaSet::name);
    if (taken != m_observed.replicaSets.end()) {
        // Not the Rollout's, or of another template: the hash collides, another count gives another name.
        const Status before = ro().status;
        Status &status = change().status;
        status.collisionCount = status.collisionCount.value_or(0) + 1;
        patchStatus(before, status);
        return failure(ErrorCode::Conflict, "replicasets.apps \"" + std::string(object.name()) + "\" already exists");
    }
    write({.verb = Verb::Create,
           .gvk = replicaSetGvk(),
           .ns = ro().ns,
           .name = std::string(object.name()),
           .body = object.value(),
           .onFailure = OnFailure::ReportReplicaSet});
    m_made.push_back(readReplicaSet(object));
    m_made.back().created = m_now.timestamp();
    setRevision(revision);
    const std::string name(object.name());
    event(false, "NewReplicaSetCreated", "Created ReplicaSet " + name + " (revision " + revision + ")");
    const Status before = ro().status;
    rollout::setCondition(change().status, condition("Progressing", "True", "NewReplicaSetCreated",
                                                     "Created new replica set \"" + name + "\""));
    patchStatus(before, ro().status);
    m_new = &m_made.back();
    m_all.push_back(m_new);
    findReplicaSets();
    return {};
}

Decision Pass::createFailed(std::string_view name, std::string_view problem)
{
    const std::string message =
        "Failed to create new replica set \"" + std::string(name) + "\": " + std::string(problem);
    event(true, "ReplicaSetCreateError", message);
    Conditions conditions = ro().status.conditions;
    conditions.set(condition("Progressing", "False", "ReplicaSetCreateError", message));
    patchConditions(std::move(conditions));
    m_decision.failure = message;
    return std::move(m_decision);
}

void Pass::patchReplicaSet(const ReplicaSet &replicaSet, Value patch)
{
    static const object::Gvk kind = replicaSetGvk();
    Write &write = mergePatch(kind, replicaSet.name);
    write.body = std::move(patch);
    write.resourceVersion = replicaSet.resourceVersion;
}

} // namespace tiphys::rollout
