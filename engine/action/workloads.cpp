// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/rules.h"
#include "action/script_tables.h"

#include <array>

namespace tiphys::action {

using object::Value;

namespace {

constexpr std::string_view kRedo = "fa fa-fw fa-redo";
constexpr std::string_view kPlay = "fa fa-fw fa-play";
constexpr std::string_view kPause = "fa fa-fw fa-pause";

void restart(Run &run)
{
    run.object.ensureTable({"spec", "template", "metadata"});
    run.object.ensureTable({"spec", "template", "metadata", "annotations"});
    run.object.set({"spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"}, timeText(run));
}

void scale(Run &run)
{
    const std::string text = run.argument("replicas");
    const std::optional<double> replicas = scriptNumberOf(text);
    if (!replicas)
        return run.object.fail("invalid number: " + text);
    run.object.set({"spec", "replicas"}, scriptView(*replicas));
}

void pause(Run &run)
{
    run.object.set({"spec", "paused"}, true);
}

void unpause(Run &run)
{
    run.object.set({"spec", "paused"}, {});
}

void discoverDaemonSet(Offers &offers)
{
    offers.add("restart", kRedo);
}

void discoverStatefulSet(Offers &offers)
{
    offers.add("restart", kRedo);
    offers.add("scale", "fa fa-fw fa-plus-circle").parameters = {{"replicas", ""}};
}

void discoverDeployment(Offers &offers)
{
    discoverStatefulSet(offers);
    const Value paused = offers.object().get({"spec", "paused"});
    offers.addUnless(paused, "pause", "fa fa-fw fa-pause-circle");
    offers.addUnless(!isTruthy(paused), "resume", "fa fa-fw fa-play-circle");
}

void createJob(Run &run)
{
    const TimeParts time = timeParts(run.options.now);
    Value metadata = copied(run, {"spec", "jobTemplate", "metadata"});
    const std::string name = std::string(run.object.get({"metadata", "name"}).stringOr()) + "-" + time.year.substr(2)
                             + time.month + time.day + time.hour + time.minute;
    metadata = metadata.with("name", name);
    const Value ns = run.object.get({"metadata", "namespace"});
    metadata = ns.isNull() ? metadata.without("namespace") : metadata.with("namespace", ns);
    metadata = metadata.withPath({"annotations", "cronjob.kubernetes.io/instantiate"}, "manual");
    const Value owner = ownerReference(run).with("blockOwnerDeletion", true).with("controller", true);
    metadata = metadata.with("ownerReferences", Value::list({owner}));
    Value job = Value::map({{"apiVersion", "batch/v1"}, {"kind", "Job"}, {"metadata", metadata}});
    const Value spec = copied(run, {"spec", "jobTemplate", "spec"});
    run.created.push_back(spec.isNull() ? job : job.with("spec", spec));
}

void discoverCronJob(Offers &offers)
{
    offers.add("create-job", "fa fa-fw fa-plus", "Create Job");
    if (offers.object().isTruthy({"spec", "suspend"}))
        offers.add("resume", kPlay);
    else
        offers.add("suspend", kPause);
}

bool isFinished(ScriptObject &job)
{
    if (job.get({"status"}).isNull())
        return false;
    const Value conditions = job.get({"status", "conditions"});
    if (!conditions.isNull() && !conditions.isList() && !conditions.isMap())
        job.fail("bad argument #1 to pairs (table expected, got " + std::string(scriptTypeName(conditions)) + ")");
    const auto ends = [&](const Value &condition) {
        if (!condition.isMap() && !condition.isList())
            job.fail("attempt to index a non-table object(" + std::string(scriptTypeName(condition))
                     + ") with key 'type'");
        const std::string_view type = condition["type"].stringOr();
        return condition["status"].stringOr() == "True"
               && (type == "Complete" || type == "Failed" || type == "FailureTarget" || type == "SuccessCriteriaMet");
    };
    bool isOver = false;
    for (const Value &condition : conditions.items())
        isOver = ends(condition) || isOver;
    for (const auto &[key, condition] : conditions.entries())
        isOver = ends(condition) || isOver;
    return isOver;
}

void terminate(Run &run)
{
    if (isFinished(run.object) || run.object.get({"status"}).isNull())
        return;
    const Value condition = Value::map({{"lastTransitionTime", timeText(run)},
                                        {"message", "Job was terminated explicitly through Argo CD"},
                                        {"reason", "ManuallyTerminated"},
                                        {"status", "True"},
                                        {"type", "FailureTarget"}});
    const Value before = run.object.get({"status", "conditions"});
    if (before.isMap() && before.size() > 0)
        return run.object.fail("cannot encode mixed or invalid key types");
    run.object.set({"status", "conditions"}, before.isList() ? before.appended(condition) : Value::list({condition}));
}

void discoverJob(Offers &offers)
{
    ScriptObject &job = offers.object();
    if (isFinished(job))
        return;
    if (job.isTruthy({"spec", "suspend"}))
        offers.add("resume", kPlay);
    else
        offers.add("suspend", kPause);
    if (!job.get({"status"}).isNull())
        offers.add("terminate", "fa fa-fw fa-stop");
}

constexpr std::array<NamedAction, 1> kDaemonSet{{{"restart", restart}}};
constexpr std::array<NamedAction, 2> kStatefulSet{{{"restart", restart}, {"scale", scale}}};
constexpr std::array<NamedAction, 4> kDeployment{
    {{"restart", restart}, {"scale", scale}, {"pause", pause}, {"resume", unpause}}};
constexpr std::array<NamedAction, 3> kCronJob{{{"create-job", createJob}, {"suspend", suspend}, {"resume", resume}}};
constexpr std::array<NamedAction, 3> kJob{{{"suspend", suspend}, {"resume", resume}, {"terminate", terminate}}};

constexpr std::array<KindActions, 5> kKinds{{{"apps", "DaemonSet", discoverDaemonSet, kDaemonSet},
                                             {"apps", "StatefulSet", discoverStatefulSet, kStatefulSet},
                                             {"apps", "Deployment", discoverDeployment, kDeployment},
                                             {"batch", "CronJob", discoverCronJob, kCronJob},
                                             {"batch", "Job", discoverJob, kJob}}};

} // namespace

std::span<const KindActions> workloadActions()
{
    return kKinds;
}

} // namespace tiphys::action
