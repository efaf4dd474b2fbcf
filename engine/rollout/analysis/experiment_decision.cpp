// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/analysis.h"

#include "base/text.h"
#include "object/merge_patch.h"
#include "rollout/analysis/experiment_status.h"
#include "rollout/analysis_build.h"
#include "rollout/members.h"
#include "rollout/names.h"
#include "rollout/reading.h"
#include "rollout/template_hash.h"

#include <algorithm>
#include <set>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// How often a name that another's ReplicaSet has is looked at.
constexpr int kTakenNameSeconds = 10;

class ExperimentPass
{
public:
    ExperimentPass(const ExperimentObserved &observed, Moment now)
        : m_observed(observed), m_experiment(observed.experiment), m_now(now), m_status(observed.experiment.status),
          m_isTerminating(isTerminating(observed.experiment, observed.experiment.status))
    {
    }

    Decision decide()
    {
        if (m_experiment.isBeingDeleted)
            return {};
        if (const std::string invalid = invalidReasonOf(m_experiment); !invalid.empty()) {
            setInvalid(m_status, invalid, m_now);
            persist();
            return std::move(m_decision);
        }
        for (const ExperimentTemplate &part : m_experiment.templates)
            reconcileTemplate(part);
        for (const ExperimentAnalysis &analysis : m_experiment.analyses)
            reconcileRun(analysis);
        concludeExperiment(m_experiment, m_status, m_now);
        planNext();
        persist();
        return std::move(m_decision);
    }

private:
    static object::Gvk replicaSetGvk() { return {"apps", "v1", "ReplicaSet"}; }
    static object::Gvk serviceGvk() { return {"", "v1", "Service"}; }
    static object::Gvk runGvk() { return {std::string(kGroup), std::string(kVersion), "AnalysisRun"}; }

    void write(Write write) { m_decision.acts.emplace_back(std::move(write)); }
    void event(bool isWarning, std::string reason, std::string message, std::optional<object::ObjectKey> about = {})
    {
        m_decision.acts.emplace_back(Event{isWarning, std::move(reason), std::move(message), std::move(about)});
    }
    const std::string *refusal(const std::string &kind, const std::string &name) const
    {
        const auto found = m_observed.refusals.find(kind + "/" + name);
        return found == m_observed.refusals.end() ? nullptr : &found->second;
    }

    bool isOwn(const Object &object, const std::string &part) const
    {
        return controllerUid(object) == m_experiment.uid
               && object.annotation(kExperimentNameAnnotation).value_or("") == m_experiment.name
               && object.annotation(kExperimentTemplateAnnotation).value_or("") == part;
    }

    const ReplicaSet *replicaSetOf(const std::string &part) const
    {
        const auto found = std::ranges::find_if(m_observed.replicaSets,
                                                [&](const ReplicaSet &set) { return isOwn(set.object, part); });
        return found == m_observed.replicaSets.end() ? nullptr : &*found;
    }

    const Service *serviceOf(const std::string &part) const
    {
        const auto found = std::ranges::find_if(m_observed.services,
                                                [&](const Service &service) { return isOwn(service.object, part); });
        return found == m_observed.services.end() ? nullptr : &*found;
    }

    Value ownerReference() const
    {
        return Value::map({{"apiVersion", kApiVersion},
                           {"kind", "Experiment"},
                           {"name", m_experiment.name},
                           {"uid", m_experiment.uid},
                           {"controller", true},
                           {"blockOwnerDeletion", true}});
    }

    Value annotationsOf(const std::string &part) const
    {
        return Value::map({{kExperimentNameAnnotation, m_experiment.name}, {kExperimentTemplateAnnotation, part}});
    }

    // --- templates

    void reconcileTemplate(const ExperimentTemplate &part)
    {
        const ExperimentTemplateStatus *known = templateStatusOf(m_experiment.status, part.name);
        ExperimentTemplateStatus status = known ? *known : ExperimentTemplateStatus{.name = part.name};
        const ExperimentTemplateStatus before = status;
        const int desired = replicasOf(m_experiment, part);
        const ReplicaSet *set = replicaSetOf(part.name);
        if (!set) {
            createReplicaSet(part, status);
        } else {
            if (status.message == takenMessage(part, set->name))
                status.message.clear();
            reconcileService(part, *set, desired, status);
            ReplicaSet seen = *set;
            if (desired == 0)
                delayScaleDown(seen);
            if (seen.replicas != desired) {
                scale(seen, part, desired, status);
                status.lastTransitionTime = m_now.timestamp();
            }
        }
        status.replicas = status.updatedReplicas = set ? set->currentReplicas : 0;
        status.readyReplicas = set ? set->readyReplicas : 0;
        status.availableReplicas = set ? set->availableReplicas : 0;
        if (before.replicas != status.replicas || before.readyReplicas != status.readyReplicas
            || before.availableReplicas != status.availableReplicas || before.updatedReplicas != status.updatedReplicas)
            status.lastTransitionTime = m_now.timestamp();
        if (!isCompleted(status.status))
            judge(part, desired, status);
        if (before.status != status.status)
            reportTemplate(part, before, status);
        setTemplateStatus(m_status, status);
    }

    void judge(const ExperimentTemplate &part, int desired, ExperimentTemplateStatus &status) const
    {
        if (desired == status.availableReplicas) {
            const std::optional<Moment> end = endOf(m_experiment, m_experiment.status);
            status.status =
                (end && m_now > *end) || m_isTerminating ? TemplatePhase::Successful : TemplatePhase::Running;
            return;
        }
        const int deadline = m_experiment.progressDeadlineSeconds.value_or(kExperimentDeadlineSeconds);
        const Moment from = status.lastTransitionTime ? Moment::of(*status.lastTransitionTime) : m_now;
        if (m_now > from.plusSeconds(deadline)) {
            status.status = TemplatePhase::Failed;
            status.message =
                "Template '" + part.name + "' exceeded its progressDeadlineSeconds (" + std::to_string(deadline) + ")";
        } else {
            status.status = m_isTerminating ? TemplatePhase::Successful : TemplatePhase::Progressing;
        }
    }

    void reportTemplate(const ExperimentTemplate &part, const ExperimentTemplateStatus &before,
                        const ExperimentTemplateStatus &status)
    {
        std::string message = "Template '" + part.name + "' transitioned from " + std::string(text(before.status))
                              + " -> " + std::string(text(status.status));
        if (!status.message.empty())
            message += ": " + status.message;
        const bool isWarning = status.status == TemplatePhase::Failed || status.status == TemplatePhase::Error;
        event(isWarning, "Template" + std::string(text(status.status)), message);
    }

    void createReplicaSet(const ExperimentTemplate &part, ExperimentTemplateStatus &status)
    {
        const std::string name = m_experiment.name + "-" + part.name;
        if (const std::string *refused = refusal("ReplicaSet", name)) {
            event(false, "ReplicaSetCreateError", "Failed to create new replica set \"" + name + "\": " + *refused);
            status.status = TemplatePhase::Error;
            status.message = "Failed to create ReplicaSet for template '" + part.name + "': " + *refused;
            return;
        }
        if (std::ranges::contains(m_observed.replicaSets, name, &ReplicaSet::name)) {
            waitForName(part, name, status);
            return;
        }
        Value pod = part.podTemplate.withoutPath({"metadata", "labels", kHashLabel});
        const std::string hash = readPodTemplate(pod).hash(status.collisionCount);
        pod = pod.withPath({"metadata", "labels", kHashLabel}, hash);
        const Value metadata = Value::map({{"name", name},
                                           {"namespace", m_experiment.ns},
                                           {"labels", pod.path({"metadata", "labels"})},
                                           {"annotations", annotationsOf(part.name)},
                                           {"ownerReferences", Value::list({ownerReference()})}});
        Members spec;
        spec.add("replicas", Value(0)).number("minReadySeconds", part.minReadySeconds);
        spec.add("selector", part.selector.withPath({"matchLabels", kHashLabel}, hash)).add("template", pod);
        write({.verb = Verb::Create,
               .gvk = replicaSetGvk(),
               .ns = m_experiment.ns,
               .name = name,
               .body = Value::map(
                   {{"apiVersion", "apps/v1"}, {"kind", "ReplicaSet"}, {"metadata", metadata}, {"spec", spec.map()}}),
               .onFailure = OnFailure::EndPass});
        status.lastTransitionTime = m_now.timestamp();
    }

    static std::string takenMessage(const ExperimentTemplate &part, const std::string &name)
    {
        return "Failed to create ReplicaSet for template '" + part.name + "': replicasets.apps \"" + name
               + "\" already exists";
    }

    /// Another's ReplicaSet has \p name. It may go, as that of an experiment of the same name before does: until then there is
    /// no progress, and the deadline ends it. The controller asks for it in every pass, and each adds to its status.
    void waitForName(const ExperimentTemplate &part, const std::string &name, ExperimentTemplateStatus &status)
    {
        if (isCompleted(status.status))
            return;
        if (!status.lastTransitionTime)
            status.lastTransitionTime = m_now.timestamp();
        m_decision.lookAgainAt(m_now.plusSeconds(kTakenNameSeconds));
        if (const std::string message = takenMessage(part, name); status.message != message) {
            status.message = message;
            event(false, "ReplicaSetCreateError",
                  "Failed to create new replica set \"" + name + "\": replicasets.apps \"" + name
                      + "\" already exists");
        }
    }

    void delayScaleDown(ReplicaSet &set)
    {
        const int delay = m_experiment.scaleDownDelaySeconds.value_or(kExperimentScaleDownDelaySeconds);
        const std::string path = "/metadata/annotations/" + std::string(kScaleDownDeadlineAnnotation);
        if (delay == 0 ? !set.hasDeadline() : set.hasDeadline())
            return;
        const std::string deadline = delay == 0 ? std::string() : m_now.plusSeconds(delay).text();
        const Value operation = delay == 0 ? Value::map({{"op", "remove"}, {"path", path}})
                                           : Value::map({{"op", "add"}, {"path", path}, {"value", deadline}});
        write({.verb = Verb::JsonPatch,
               .gvk = replicaSetGvk(),
               .ns = m_experiment.ns,
               .name = set.name,
               .body = Value::list({operation}),
               .onFailure = OnFailure::Ignore});
        set.deadline = deadline;
    }

    void scale(const ReplicaSet &set, const ExperimentTemplate &part, int desired, ExperimentTemplateStatus &status)
    {
        if (desired == 0) {
            const auto deadline = crd::timestampOf(set.deadline);
            if (deadline && Moment::of(*deadline) > m_now) {
                m_decision.lookAgainAt(Moment::of(*deadline));
                desired = part.replicas.value_or(1);
            }
        }
        if (set.replicas == desired)
            return;
        const std::string direction = set.replicas < desired ? "up" : "down";
        if (const std::string *refused = refusal("ReplicaSet", set.name)) {
            event(true, "ReplicaSetUpdateError", "Failed to scale " + set.name + " " + direction + ": " + *refused);
            status.status = TemplatePhase::Error;
            status.message = "Unable to scale ReplicaSet for template '" + part.name + "' to desired replica count '"
                             + std::to_string(desired) + "': " + *refused;
            return;
        }
        write({.verb = Verb::MergePatch,
               .gvk = replicaSetGvk(),
               .ns = m_experiment.ns,
               .name = set.name,
               .body = Value::map({{"spec", Value::map({{"replicas", Value(desired)}})}}),
               .resourceVersion = set.resourceVersion});
        event(false, "ScalingReplicaSet",
              "Scaled " + direction + " ReplicaSet " + set.name + " from " + std::to_string(set.replicas) + " to "
                  + std::to_string(desired));
    }

    void reconcileService(const ExperimentTemplate &part, const ReplicaSet &set, int desired,
                          ExperimentTemplateStatus &status)
    {
        const Service *service = serviceOf(part.name);
        if (part.hasService && desired != 0) {
            createService(part, set, service, status);
        } else if (service && (!part.hasService || set.availableReplicas == 0)) {
            write({.verb = Verb::Delete,
                   .gvk = serviceGvk(),
                   .ns = m_experiment.ns,
                   .name = service->name,
                   .onFailure = OnFailure::IgnoreIfAbsent});
        }
        // A pass that was cut off may have taken it away already.
        if (!(part.hasService && desired != 0) && (!part.hasService || set.availableReplicas == 0)) {
            status.serviceName.clear();
            status.podTemplateHash.clear();
        }
    }

    void createService(const ExperimentTemplate &part, const ReplicaSet &set, const Service *service,
                       ExperimentTemplateStatus &status)
    {
        std::vector<Value> ports;
        const Value containers = set.podTemplate().path({"spec", "containers"});
        for (const Value &container : containers.items()) {
            const Value declared = container["ports"];
            for (const Value &port : declared.items())
                ports.push_back(Members()
                                    .text("name", port["name"].stringOr())
                                    .text("protocol", port["protocol"].stringOr())
                                    .add("port", port["containerPort"])
                                    .add("targetPort", port["containerPort"])
                                    .map());
        }
        if (ports.empty())
            return;
        const std::string name = part.serviceName.empty() ? set.name : part.serviceName;
        if (!service) {
            const bool isTaken = std::ranges::contains(m_observed.services, name, &Service::name);
            const std::string *refused = refusal("Service", name);
            if (isTaken || refused) {
                status.status = TemplatePhase::Error;
                status.message =
                    "Failed to create Service " + name + " for template '" + part.name + "': "
                    + (refused ? "cannot create service: " + *refused
                               : "service " + name + " already exists and is not owned by experiment template "
                                     + part.name);
                return;
            }
            const Value metadata = Value::map({{"name", name},
                                               {"namespace", m_experiment.ns},
                                               {"annotations", annotationsOf(part.name)},
                                               {"ownerReferences", Value::list({ownerReference()})}});
            const Value spec = Value::map({{"selector", mapOf(set.labels)}, {"ports", Value::list(ports)}});
            write({.verb = Verb::Create,
                   .gvk = serviceGvk(),
                   .ns = m_experiment.ns,
                   .name = name,
                   .body = Value::map(
                       {{"apiVersion", "v1"}, {"kind", "Service"}, {"metadata", metadata}, {"spec", spec}})});
        }
        status.serviceName = service ? service->name : name;
        status.podTemplateHash = set.hash;
    }

    // --- analyses

    void reconcileRun(const ExperimentAnalysis &analysis)
    {
        const ExperimentRunStatus *known = runStatusOf(m_experiment.status, analysis.name);
        ExperimentRunStatus status = known ? *known : ExperimentRunStatus{.name = analysis.name};
        const AnalysisPhase before = status.phase;
        if (!m_experiment.status.availableAt)
            verifyTemplate(analysis, status);
        else if (status.analysisRun.empty())
            startRun(analysis, status);
        else if (!isCompleted(status.phase))
            followRun(analysis, status);
        if (before != status.phase && status.phase != AnalysisPhase::None)
            reportRun(analysis, before, status);
        setRunStatus(m_status, status);
    }

    void reportRun(const ExperimentAnalysis &analysis, AnalysisPhase before, const ExperimentRunStatus &status)
    {
        std::string message = "AnalysisRun '" + analysis.name + "' transitioned from " + std::string(text(before))
                              + " -> " + std::string(text(status.phase));
        if (!status.message.empty())
            message += ": " + status.message;
        const std::string reason = "AnalysisRun" + std::string(text(status.phase));
        event(isCompleted(status.phase) && status.phase != AnalysisPhase::Successful, reason, message);
        for (const object::OwnerReference &owner : m_experiment.object.ownerReferences()) {
            if (owner.kind == "Rollout")
                event(true, reason, message,
                      object::ObjectKey{std::string(kGroup), "Rollout", m_experiment.ns, owner.name});
        }
    }

    std::string missingTemplate(const TemplateReference &reference) const
    {
        const std::string resource = reference.isClusterScoped ? "clusteranalysistemplates" : "analysistemplates";
        return resource + ".argoproj.io \"" + reference.name + "\" not found";
    }

    const AnalysisTemplate *templateOf(const TemplateReference &reference) const
    {
        const auto found = std::ranges::find_if(m_observed.templates, [&reference](const AnalysisTemplate &part) {
            return part.name == reference.name && part.isClusterScoped == reference.isClusterScoped;
        });
        return found == m_observed.templates.end() ? nullptr : &*found;
    }

    /// Why \p reference, or what is nested in it, cannot be used; "" if all of it is there.
    std::string missingOf(const TemplateReference &reference, std::set<const AnalysisTemplate *> &seen) const
    {
        const AnalysisTemplate *found = templateOf(reference);
        if (!found)
            return missingTemplate(reference);
        if (!seen.insert(found).second)
            return {};
        for (const TemplateReference &nested : found->templates) {
            if (const std::string missing = missingOf(nested, seen); !missing.empty())
                return missing;
        }
        return {};
    }

    void verifyTemplate(const ExperimentAnalysis &analysis, ExperimentRunStatus &status) const
    {
        if (templateOf(analysis.reference))
            return;
        status.phase = AnalysisPhase::Error;
        status.message =
            std::string(analysis.reference.isClusterScoped ? "ClusterAnalysisTemplate" : "AnalysisTemplate")
            + " verification failed for analysis '" + analysis.name + "': " + missingTemplate(analysis.reference);
    }

    void startRun(const ExperimentAnalysis &analysis, ExperimentRunStatus &status)
    {
        if (m_isTerminating)
            return;
        const Expected<std::string> created = createRun(analysis);
        if (!created) {
            status.phase = AnalysisPhase::Error;
            status.message =
                "Failed to create AnalysisRun for analysis '" + analysis.name + "': " + created.error().message();
            return;
        }
        status.phase = AnalysisPhase::Pending;
        status.analysisRun = *created;
    }

    Expected<std::vector<RunArgument>> arguments(const ExperimentAnalysis &analysis) const
    {
        std::vector<RunArgument> known;
        const auto add = [&known](std::string name, std::string value) {
            known.push_back({.name = std::move(name), .value = std::move(value), .valueFrom = {}});
        };
        if (const auto &since = m_experiment.status.availableAt) {
            add("experiment.availableAt", since->text());
            if (const std::optional<Moment> end = endOf(m_experiment, m_experiment.status))
                add("experiment.finishedAt", end->text());
        }
        for (const ExperimentTemplate &part : m_experiment.templates) {
            if (const ReplicaSet *set = replicaSetOf(part.name)) {
                add("templates." + part.name + ".podTemplateHash", set->hash);
                add("templates." + part.name + ".replicaset.name", set->name);
            }
        }
        std::vector<RunArgument> result;
        for (const RunArgument &argument : analysis.arguments) {
            RunArgument resolved{.name = argument.name, .value = {}, .valueFrom = {}};
            if (argument.value) {
                const Expected<std::string> value = withArguments(*argument.value, known, "");
                if (!value)
                    return std::unexpected(value.error());
                resolved.value = *value;
            }
            result.push_back(std::move(resolved));
        }
        return result;
    }

    /// True if \p run goes on, or has ended since the experiment runs: it was made by a pass that did not come to its end.
    bool isOfThisTry(const AnalysisRun &run) const
    {
        const auto &since = m_experiment.status.availableAt;
        return !isCompleted(run.status.phase) || (since && run.created && run.created->seconds >= since->seconds);
    }

    /// The name of the run.
    Expected<std::string> createRun(const ExperimentAnalysis &analysis)
    {
        const Expected<std::vector<RunArgument>> values = arguments(analysis);
        if (!values)
            return std::unexpected(values.error());
        std::set<const AnalysisTemplate *> seen;
        if (const std::string missing = missingOf(analysis.reference, seen); !missing.empty())
            return failure(ErrorCode::NotFound, missing);
        Observed observed;
        observed.templates = m_observed.templates;
        const Expected<Templates> templates = templatesOf({analysis.reference}, observed);
        if (!templates)
            return std::unexpected(templates.error());
        const Expected<FlatTemplate> flat =
            runTemplate(*templates, *values, m_experiment.dryRun, m_experiment.measurementRetention);
        if (!flat)
            return std::unexpected(flat.error());
        const Value spec = runSpec(*flat);
        const std::string base = m_experiment.name + "-" + analysis.name;
        std::string name = base;
        for (int collisions = 1;; ++collisions) {
            const auto taken = std::ranges::find(m_observed.analysisRuns, name, &AnalysisRun::name);
            if (taken == m_observed.analysisRuns.end())
                break;
            if (isOfThisTry(*taken) && taken->ownerUid == m_experiment.uid
                && isSameRunSpec(taken->object.value()["spec"], spec))
                return name;
            name = base + "." + std::to_string(collisions);
        }
        if (const std::string *refused = refusal("AnalysisRun", name))
            return failure(ErrorCode::InvalidInput, *refused);
        crd::TextMap labels = m_experiment.runMetadata.labels;
        if (const auto instance = textAt(m_experiment.labels, kInstanceIdLabel); !instance.empty())
            labels.emplace(kInstanceIdLabel, instance);
        Members metadata;
        metadata.text("name", name).text("namespace", m_experiment.ns);
        if (!labels.empty())
            metadata.add("labels", mapOf(labels));
        if (!m_experiment.runMetadata.annotations.empty())
            metadata.add("annotations", mapOf(m_experiment.runMetadata.annotations));
        metadata.add("ownerReferences", Value::list({ownerReference()}));
        write({.verb = Verb::Create,
               .gvk = runGvk(),
               .ns = m_experiment.ns,
               .name = name,
               .body = Value::map({{"apiVersion", kApiVersion},
                                   {"kind", "AnalysisRun"},
                                   {"metadata", metadata.map()},
                                   {"spec", spec}})});
        return name;
    }

    void followRun(const ExperimentAnalysis &analysis, ExperimentRunStatus &status)
    {
        const auto run = std::ranges::find(m_observed.analysisRuns, status.analysisRun, &AnalysisRun::name);
        if (run == m_observed.analysisRuns.end()) {
            status.phase = AnalysisPhase::Error;
            status.message = "analysisruns.argoproj.io \"" + status.analysisRun + "\" not found";
            return;
        }
        if (!m_isTerminating) {
            status.phase = run->status.phase;
            status.message = run->status.message;
        } else if (!isCompleted(run->status.phase) && !run->isTerminated) {
            event(false, "AnalysisRunTerminating", "Terminating " + analysis.name + " (" + run->name + ")");
            if (const std::string *refused = refusal("AnalysisRun", run->name)) {
                status.phase = AnalysisPhase::Error;
                status.message = *refused;
                return;
            }
            write({.verb = Verb::MergePatch,
                   .gvk = runGvk(),
                   .ns = m_experiment.ns,
                   .name = run->name,
                   .body = Value::map({{"spec", Value::map({{"terminate", true}})}}),
                   .onFailure = OnFailure::IgnoreIfAbsent});
        }
    }

    // --- the end of a pass

    void planNext()
    {
        Experiment after = m_experiment;
        after.status = m_status;
        if (isTerminating(after, m_status))
            return;
        if (const std::optional<Moment> end = endOf(after, m_status); end && m_now <= *end)
            m_decision.lookAgainAt(end->plusMilliseconds(1));
        const int deadline = m_experiment.progressDeadlineSeconds.value_or(kExperimentDeadlineSeconds);
        for (const ExperimentTemplate &part : m_experiment.templates) {
            const ExperimentTemplateStatus *status = templateStatusOf(m_status, part.name);
            if (!status || (status->status != TemplatePhase::Progressing && status->status != TemplatePhase::Running))
                continue;
            if (status->availableReplicas != replicasOf(after, part) && status->lastTransitionTime)
                m_decision.lookAgainAt(
                    Moment::of(*status->lastTransitionTime).plusSeconds(deadline).plusMilliseconds(1));
        }
    }

    void persist()
    {
        const Value patch = object::mergePatchOf(valueOf(m_experiment.status), valueOf(m_status));
        if (patch.isEmpty())
            return;
        write({.verb = Verb::MergePatch,
               .gvk = {std::string(kGroup), std::string(kVersion), "Experiment"},
               .ns = m_experiment.ns,
               .name = m_experiment.name,
               .body = Value::map({{"status", patch}})});
        if (m_experiment.status.phase == m_status.phase)
            return;
        event(isCompleted(m_status.phase) && m_status.phase != AnalysisPhase::Successful,
              "Experiment" + std::string(text(m_status.phase)),
              "Experiment transitioned from " + std::string(text(m_experiment.status.phase)) + " -> "
                  + std::string(text(m_status.phase)));
    }

    const ExperimentObserved &m_observed;
    const Experiment &m_experiment;
    Moment m_now;
    ExperimentStatus m_status;
    Decision m_decision;
    bool m_isTerminating;
};

} // namespace

Decision decideExperiment(const ExperimentObserved &observed, Moment now)
{
    return ExperimentPass(observed, now).decide();
}

} // namespace tiphys::rollout
