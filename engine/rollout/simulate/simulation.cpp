// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/simulate/simulation.h"

#include "base/text.h"
#include "rollout/names.h"
#include "rollout/reconcile.h"
#include "rollout/simulate/router_objects.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::ObjectKey;
using object::Value;

namespace {

constexpr int kMostPasses = 20'000;
constexpr int kMostPassesAtOnce = 200;
constexpr int kMostFailures = 30;
constexpr std::int64_t kMostReplicas = 100'000; ///< of one ReplicaSet: each pod is followed by itself
constexpr std::int64_t kRetrySeconds = 5;
constexpr std::int64_t kMostSeconds = 90 * 24 * 3600;
constexpr std::int64_t kFormerSeconds = 7 * 24 * 3600; ///< how long the revision before is there
constexpr const char *kFormerAnnotation = "tiphys.dev/simulated-revision";
constexpr const char *kDefaultNamespace = "default";

ObjectKey rolloutKey(const std::string &ns, const std::string &name)
{
    return {std::string(kGroup), "Rollout", ns, name};
}

Object serviceFor(const Rollout &rollout, const std::string &name)
{
    return Object(Value::map({{"apiVersion", "v1"},
                              {"kind", "Service"},
                              {"metadata", Value::map({{"name", name}, {"namespace", rollout.ns}})},
                              {"spec", Value::map({{"selector", rollout.selector.value["matchLabels"]}})}}));
}

Object templateFor(const Rollout &rollout, const TemplateReference &reference)
{
    const Value metric = Value::map({{"name", reference.name}, {"provider", Value::map({{"web", Value::map({})}})}});
    Value metadata = Value::map({{"name", reference.name}});
    if (!reference.isClusterScoped)
        metadata = metadata.with("namespace", rollout.ns);
    return Object(Value::map({{"apiVersion", kApiVersion},
                              {"kind", reference.isClusterScoped ? "ClusterAnalysisTemplate" : "AnalysisTemplate"},
                              {"metadata", metadata},
                              {"spec", Value::map({{"metrics", Value::list({metric})}})}}));
}

Object workloadFor(const Rollout &rollout)
{
    const Value labels = Value::map({{"app", rollout.workload->name}});
    const Value container = Value::map({{"name", "main"}, {"image", "unknown"}});
    const Value podTemplate = Value::map({{"metadata", Value::map({{"labels", labels}})},
                                          {"spec", Value::map({{"containers", Value::list({container})}})}});
    const Value head =
        Value::map({{"apiVersion", rollout.workload->apiVersion},
                    {"kind", rollout.workload->kind},
                    {"metadata", Value::map({{"name", rollout.workload->name}, {"namespace", rollout.ns}})}});
    if (rollout.workload->kind == "PodTemplate")
        return Object(head.with("template", podTemplate));
    return Object(head.with(
        "spec", Value::map({{"selector", Value::map({{"matchLabels", labels}})}, {"template", podTemplate}})));
}

/// \p object as it was before \p rollout had a revision: a Service of it selects no version yet.
Object withoutVersion(const Object &object, const Rollout &rollout)
{
    const bool isManaged = object.kind() == "Service" && object.annotation(kManagedByAnnotation) == rollout.name;
    return isManaged ? Object(object.value().withoutPath({"spec", "selector", kHashLabel})) : object;
}

/// Errors: InvalidInput for more \p replicas than are simulated; \p field names where they stand.
Expected<void> checkReplicas(std::int64_t replicas, const std::string &field)
{
    if (replicas <= kMostReplicas)
        return {};
    return failure(ErrorCode::InvalidInput, field + " is " + std::to_string(replicas) + ": at most "
                                                + std::to_string(kMostReplicas) + " are simulated");
}

/// Errors: Unsupported for a step plugin, which only a controller runs: the update would stand there for ever.
Expected<void> checkSteps(const Rollout &rollout)
{
    const std::vector<Step> steps = rollout.canary ? rollout.canary->steps : std::vector<Step>();
    const auto found = std::ranges::find_if(steps, [](const Step &step) { return step.plugin.has_value(); });
    if (found == steps.end())
        return {};
    return failure(ErrorCode::Unsupported, "spec.strategy.canary.steps[" + std::to_string(found - steps.begin())
                                               + "].plugin: step plugin " + quoted(found->plugin->name)
                                               + " cannot be simulated");
}

/// Runs one Rollout on a virtual cluster.
class Simulator
{
public:
    Simulator(const Rollout &rollout, const SimulationOptions &options)
        : m_options(options), m_cluster(options.behaviour), m_name(rollout.name), m_ns(rollout.ns), m_now(options.start)
    {
        m_result.rollout = rollout.ns + "/" + rollout.name;
        m_result.maxWeight = rollout.maxTrafficWeight();
        m_result.start = options.start;
        m_engine.instanceId = rollout.instanceId();
    }

    Expected<Simulation> run(const std::vector<Object> &objects, const Rollout &wanted);

private:
    void fill(const std::vector<Object> &objects, const Rollout &wanted);
    void invent(const Object &object);
    Expected<void> deployFormer(const Rollout &wanted);
    void markFormerWorkload(const Rollout &wanted);
    void update(const Rollout &wanted);
    Expected<void> settle();
    Expected<void> checkReplicaSets() const;
    Expected<void> passesAtNow(std::optional<Moment> &lookAgain);
    bool mayTryAgain(const std::string &obstacle);
    bool promote();
    bool waitsForPerson() const;
    void record(const Decision &decision, bool isPromotion);
    Rollout current() const { return m_cluster.observe(m_name).rollout; }

    SimulationOptions m_options;
    Options m_engine;
    VirtualCluster m_cluster;
    std::string m_name;
    std::string m_ns;
    Moment m_now;
    bool m_isRecording = false;
    std::string m_failure; ///< of the last pass that had one
    int m_failures = 0;    ///< passes in a row that ended with it
    Object m_workload;     ///< that has the pods' template, as it is wanted; null: none has
    Simulation m_result;
};

void Simulator::invent(const Object &object)
{
    if (m_cluster.find(object.key()))
        return;
    m_cluster.put(object, m_now);
    m_result.invented.push_back(object.key().text());
}

std::vector<TemplateReference> templatesOf(const Rollout &rollout)
{
    std::vector<TemplateReference> result;
    const auto add = [&result](const std::optional<AnalysisReference> &reference) {
        if (reference)
            result.insert(result.end(), reference->templates.begin(), reference->templates.end());
    };
    if (rollout.blueGreen) {
        add(rollout.blueGreen->prePromotionAnalysis);
        add(rollout.blueGreen->postPromotionAnalysis);
    }
    if (rollout.canary) {
        add(rollout.canary->analysis);
        for (const Step &step : rollout.canary->steps) {
            add(step.analysis);
            for (const ExperimentAnalysisStep &analysis :
                 step.experiment ? step.experiment->analyses : std::vector<ExperimentAnalysisStep>())
                result.push_back(analysis.reference);
        }
    }
    return result;
}

void Simulator::fill(const std::vector<Object> &objects, const Rollout &wanted)
{
    for (const Object &object : objects) {
        if (object.kind() == "Rollout") {
            const bool isSelf = object.name() == m_name && (object.ns().empty() || object.ns() == m_ns);
            if (object.group() == kGroup && !isSelf)
                m_result.leftOut.push_back(object.key().text());
            continue;
        }
        const bool isClusterScoped = object.kind() == "ClusterAnalysisTemplate";
        m_cluster.put(
            withoutVersion(object.ns().empty() && !isClusterScoped ? object.withNamespace(m_ns) : object, wanted),
            m_now);
    }
    std::vector<std::string> services;
    if (wanted.blueGreen)
        services = {wanted.blueGreen->activeService, wanted.blueGreen->previewService};
    if (wanted.canary) {
        services = {wanted.canary->stableService, wanted.canary->canaryService};
        if (wanted.canary->pingPong)
            services.insert(services.end(),
                            {wanted.canary->pingPong->pingService, wanted.canary->pingPong->pongService});
    }
    for (const std::string &name : services) {
        if (!name.empty())
            invent(serviceFor(wanted, name));
    }
    for (const TemplateReference &reference : templatesOf(wanted))
        invent(templateFor(wanted, reference));
    for (const Object &object : routerObjectsFor(wanted))
        invent(object);
}

bool Simulator::waitsForPerson() const
{
    const Rollout rollout = current();
    if (rollout.status.pauseConditions.empty() || rollout.isPaused)
        return false;
    if (rollout.status.pauseCondition(kBlueGreenPause))
        return rollout.blueGreen && !rollout.blueGreen->autoPromotionEnabled.value_or(true);
    const Step *step = rollout.currentStep();
    if (rollout.status.pauseCondition(kCanaryPauseStep))
        return step && step->pause && !step->pause->duration;
    return true;
}

bool Simulator::promote()
{
    if (m_options.promoteAfterSeconds <= 0 || !waitsForPerson())
        return false;
    m_cluster.mergePatch(rolloutKey(m_ns, m_name), Value::map({{"status", Value::map({{"pauseConditions", Value()}})}}),
                         m_now);
    record({}, true);
    return true;
}

void Simulator::record(const Decision &decision, bool isPromotion)
{
    if (!m_isRecording)
        return;
    const Observed observed = m_cluster.observe(m_name);
    const Rollout &rollout = observed.rollout;
    SimulatedPass pass{.time = m_now, .decision = decision, .isPromotion = isPromotion};
    pass.step = rollout.stepIndex();
    pass.steps = rollout.canary ? rollout.canary->stepCount() : 0;
    if (const Step *step = rollout.currentStep())
        pass.stepText = textOf(*step);
    if (rollout.status.canary.weights)
        pass.weight = rollout.status.canary.weights->canary.weight;
    for (const ReplicaSet &replicaSet : observed.replicaSets) {
        // Those of an experiment have the same templates, hence the same hashes.
        if (replicaSet.ownerUid != rollout.uid)
            continue;
        if (replicaSet.hash == rollout.status.stableRs) {
            pass.stableReplicas = replicaSet.replicas;
            pass.stableAvailable = replicaSet.availableReplicas;
        }
        if (replicaSet.hash == rollout.status.currentPodHash) {
            pass.newReplicas = replicaSet.replicas;
            pass.newAvailable = replicaSet.availableReplicas;
        }
    }
    pass.isStableNew = rollout.status.stableRs == rollout.status.currentPodHash;
    pass.phase = rollout.status.phase;
    pass.message = rollout.status.message;
    m_result.passes.push_back(std::move(pass));
}

/// A controller tries again for ever; here an obstacle that stays ends the simulation.
bool Simulator::mayTryAgain(const std::string &obstacle)
{
    m_failures = obstacle == m_failure ? m_failures + 1 : 1;
    m_failure = obstacle;
    return m_failures < kMostFailures;
}

/// A canary scale, a preview or an experiment has a number of its own.
Expected<void> Simulator::checkReplicaSets() const
{
    for (const auto &[key, object] : m_cluster.objects()) {
        if (key.kind != "ReplicaSet")
            continue;
        const std::int64_t replicas = object.path({"spec", "replicas"}).intOr(1);
        if (const Expected<void> checked = checkReplicas(replicas, "spec.replicas of ReplicaSet " + quoted(key.name));
            !checked)
            return checked;
    }
    return {};
}

Expected<void> Simulator::passesAtNow(std::optional<Moment> &lookAgain)
{
    std::string said;
    for (int pass = 0; pass < kMostPassesAtOnce; ++pass) {
        if (const Expected<void> checked = checkReplicaSets(); !checked)
            return checked;
        const bool isChanged = m_cluster.runControllers(m_now);
        const Decision decision = reconcile(m_cluster.observe(m_name), m_engine, m_now);
        lookAgain = decision.lookAgain;
        if (const Expected<void> applied = m_cluster.apply(decision, m_now); !applied)
            return applied;
        if (!decision.acts.empty())
            record(decision, false);
        if (const std::vector<Event> events = decision.events(); !events.empty())
            said = ": " + events.back().message;
        if (!decision.failure.empty()) {
            lookAgain = decision.lookAgain.value_or(m_now.plusSeconds(kRetrySeconds));
            return mayTryAgain(decision.failure) ? Expected<void>()
                                                 : failure(ErrorCode::InvalidInput, decision.failure);
        }
        m_failures = 0;
        if (decision.acts.empty() && !isChanged)
            return {};
    }
    return failure(ErrorCode::LimitExceeded, "the Rollout does not come to rest" + said);
}

Expected<void> Simulator::settle()
{
    const Moment last = m_options.start.plusSeconds(kMostSeconds);
    while (m_now < last && m_result.passes.size() < kMostPasses) {
        std::optional<Moment> next;
        if (const Expected<void> done = passesAtNow(next); !done)
            return done;
        if (const std::optional<Moment> event = m_cluster.nextEvent(m_now); event && (!next || *event < *next))
            next = event;
        if (m_options.promoteAfterSeconds > 0 && waitsForPerson()) {
            m_now = m_now.plusSeconds(m_options.promoteAfterSeconds);
            promote();
            continue;
        }
        if (!next)
            return {};
        m_now = std::max(*next, m_now.plusMilliseconds(1));
    }
    return failure(ErrorCode::LimitExceeded, "the Rollout does not come to rest within 90 days");
}

/// The revision before, which is there for a while already: the same Rollout with another annotation on its pods.
Expected<void> Simulator::deployFormer(const Rollout &wanted)
{
    m_now = m_options.start.plusSeconds(-kFormerSeconds);
    Value former = wanted.object.value()
                       .without("status")
                       .withPath({"metadata", "namespace"}, Value(m_ns))
                       .withPath({"spec", "paused"}, Value(false));
    if (wanted.workload)
        markFormerWorkload(wanted);
    else
        former = former.withPath({"spec", "template", "metadata", "annotations", kFormerAnnotation}, "before");
    m_cluster.put(Object(former), m_now);
    return settle();
}

/// The same where the pods' template is a workload's.
void Simulator::markFormerWorkload(const Rollout &wanted)
{
    const object::Gvk gvk = object::gvkOf(wanted.workload->apiVersion, wanted.workload->kind);
    const object::ObjectKey key{gvk.group, gvk.kind, m_ns, wanted.workload->name};
    invent(workloadFor(wanted));
    m_workload = *m_cluster.find(key);
    const Value whole = m_workload.value();
    m_cluster.put(
        Object(gvk.kind == "PodTemplate"
                   ? whole.withPath({"template", "metadata", "annotations", kFormerAnnotation}, "before")
                   : whole.withPath({"spec", "template", "metadata", "annotations", kFormerAnnotation}, "before")),
        m_now);
}

/// The Rollout as it is wanted, from now on.
void Simulator::update(const Rollout &wanted)
{
    if (!m_workload.isNull()) {
        const Value metadata = m_cluster.find(m_workload.key())->value()["metadata"];
        const std::int64_t generation = metadata["generation"].intOr(1) + 1;
        m_cluster.put(Object(m_workload.value().with("metadata", metadata.with("generation", Value(generation)))),
                      m_now);
    }
    const Value before = m_cluster.find(rolloutKey(m_ns, m_name))->value();
    m_cluster.put(Object(wanted.object.value().with("metadata", before["metadata"]).with("status", before["status"])),
                  m_now);
}

Expected<Simulation> Simulator::run(const std::vector<Object> &objects, const Rollout &wanted)
{
    fill(objects, wanted);
    for (const std::string &name : m_options.behaviour.failedTemplates) {
        if (!m_cluster.find({std::string(kGroup), "AnalysisTemplate", m_ns, name})
            && !m_cluster.find({std::string(kGroup), "ClusterAnalysisTemplate", "", name}))
            return failure(ErrorCode::InvalidInput, "no analysis template " + quoted(name) + " to fail");
    }
    if (const Expected<void> deployed = deployFormer(wanted); !deployed)
        return std::unexpected(deployed.error());
    m_now = m_options.start;
    m_isRecording = true;
    update(wanted);
    if (const Expected<void> settled = settle(); !settled)
        return std::unexpected(settled.error());
    const Rollout rollout = current();
    m_result.phase = rollout.status.phase;
    m_result.message = rollout.status.message;
    return std::move(m_result);
}

} // namespace

Expected<Simulation> simulate(const std::vector<Object> &objects, const SimulationOptions &options)
{
    const auto found = std::ranges::find_if(
        objects, [](const Object &object) { return object.kind() == "Rollout" && object.group() == kGroup; });
    if (found == objects.end())
        return failure(ErrorCode::InvalidInput, "no Rollout among the objects");
    const Rollout rollout = readRollout(found->ns().empty() ? found->withNamespace(kDefaultNamespace) : *found);
    if (!rollout.specProblem.empty())
        return failure(ErrorCode::InvalidInput, rollout.specProblem);
    if (const Expected<void> checked = checkReplicas(rollout.desiredReplicas(), "spec.replicas"); !checked)
        return std::unexpected(checked.error());
    if (const Expected<void> checked = checkSteps(rollout); !checked)
        return std::unexpected(checked.error());
    return Simulator(rollout, options).run(objects, rollout);
}

} // namespace tiphys::rollout
