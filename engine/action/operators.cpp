// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/rules.h"

#include <array>

namespace tiphys::action {

using object::Value;

namespace {

constexpr std::string_view kPauseCircle = "fa fa-fw fa-pause-circle";
constexpr std::string_view kPlayCircle = "fa fa-fw fa-play-circle";
constexpr std::string_view kPaused = "autoscaling.keda.sh/paused";
constexpr std::string_view kPausedReplicas = "autoscaling.keda.sh/paused-replicas";

/// The annotation \p name of objects that may be without any.
Value annotation(ScriptObject &object, std::string_view name)
{
    return object.isTruthy({"metadata"}) && object.isTruthy({"metadata", "annotations"})
               ? object.get({"metadata", "annotations", name})
               : Value();
}

// External Secrets

bool isNeverRefreshed(const Value &interval)
{
    const std::string text =
        interval.isNumber() ? scriptNumberText(*interval.asNumber()) : std::string(interval.stringOr());
    for (const std::string_view unit : {"", "ns", "us", "µs", "ms", "s", "m", "h"}) {
        if (text == "0" + std::string(unit))
            return true;
    }
    return false;
}

void discoverExternalSecret(Offers &offers)
{
    const bool isNever = isNeverRefreshed(offers.object().get({"spec", "refreshInterval"}));
    offers.addUnless(isNever && offers.object().get({"spec", "refreshPolicy"}) != Value("OnChange"), "refresh");
}

void discoverPushSecret(Offers &offers)
{
    offers.addUnless(isNeverRefreshed(offers.object().get({"spec", "refreshInterval"})), "push");
}

void forceSync(Run &run)
{
    annotate(run, "force-sync", timeText(run));
}

// KEDA

void discoverScaledJob(Offers &offers)
{
    const bool isPaused = annotation(offers.object(), kPaused) == Value("true");
    offers.addUnless(isPaused, "pause", kPauseCircle);
    offers.addUnless(!isPaused, "resume", kPlayCircle);
}

void discoverScaledObject(Offers &offers)
{
    const bool isSwitchedOff = annotation(offers.object(), kPaused) == Value("true");
    const Value replicas = annotation(offers.object(), kPausedReplicas);
    const bool isPaused = isSwitchedOff || !replicas.isNull();
    offers.addUnless(isPaused, "pause", kPauseCircle);
    offers.addUnless(isSwitchedOff, "paused-replicas", kPauseCircle).parameters = {
        {"replicas", std::string(replicas.stringOr("0"))}};
    offers.addUnless(!isPaused, "resume", kPlayCircle);
}

void pauseScaling(Run &run)
{
    run.object.ensureTable({"metadata"});
    annotate(run, kPaused, "true");
}

void pauseAtReplicas(Run &run)
{
    run.object.ensureTable({"metadata"});
    run.object.ensureTable({"metadata", "annotations"});
    const std::string text = run.argument("replicas");
    const std::optional<double> replicas = scriptNumberOf(text);
    if (!replicas || *replicas < 0)
        return run.object.fail("invalid number: " + text + " (must be >= 0)");
    annotate(run, kPausedReplicas, scriptNumberText(*replicas));
}

void resumeScaling(Run &run)
{
    if (!run.object.isTruthy({"metadata"}) || !run.object.isTruthy({"metadata", "annotations"}))
        return;
    run.object.set({"metadata", "annotations", kPaused}, {});
    run.object.set({"metadata", "annotations", kPausedReplicas}, {});
}

void resumeJobScaling(Run &run)
{
    if (run.object.isTruthy({"metadata"}) && run.object.isTruthy({"metadata", "annotations"}))
        run.object.set({"metadata", "annotations", kPaused}, {});
}

// MariaDB

void discoverMariaDb(Offers &offers)
{
    ScriptObject &object = offers.object();
    if (object.isTruthy({"spec"}) && object.get({"spec", "suspend"}) == Value(true))
        offers.add("resume", "fa fa-fw fa-play", "Resume");
    else
        offers.add("suspend", "fa fa-fw fa-pause", "Suspend");
}

void suspendMariaDb(Run &run)
{
    if (!run.object.get({"spec"}).isNull())
        suspend(run);
}

// Strimzi

void discoverPodSet(Offers &offers)
{
    ScriptObject &object = offers.object();
    const bool isRolling =
        !object.get({"metadata", "annotations"}).isNull()
        && object.get({"metadata", "annotations", "strimzi.io/manual-rolling-update"}) == Value("true");
    offers.addUnless(isRolling, "rolling-update");
}

void rollPods(Run &run)
{
    annotate(run, "strimzi.io/manual-rolling-update", "true");
}

// CloudNativePG

void discoverPostgres(Offers &offers)
{
    ScriptObject &cluster = offers.object();
    offers.add("restart", "fa fa-fw fa-recycle", "Rollout restart Cluster");
    offers.add("reload", "fa fa-fw fa-rotate-right", "Reload all Configuration");
    const bool hasHealthy =
        cluster.isTruthy({"status", "instancesStatus"}) && cluster.isTruthy({"status", "instancesStatus", "healthy"});
    offers
        .addUnless(!hasHealthy || cluster.length({"status", "instancesStatus", "healthy"}) < 2, "promote",
                   "fa fa-fw fa-angles-up", "Promote Replica to Primary")
        .parameters = {{"instance", "any"}};
    if (annotation(cluster, "cnpg.io/reconciliationLoop") == Value("disabled"))
        offers.add("resume", "fa fa-fw fa-play", "Resume Reconciliation");
    else
        offers.add("suspend", "fa fa-fw fa-pause", "Suspend Reconciliation");
}

/// The healthy instance that \p wanted asks for: "any" is the one after the primary.
Value chosenInstance(ScriptObject &cluster, const std::string &wanted)
{
    const Value healthy = cluster.get({"status", "instancesStatus", "healthy"});
    const bool isNumber = wanted != "any" && scriptNumberOf(wanted).has_value();
    if (!healthy.isList() && !(isNumber && healthy.isNull()))
        cluster.fail("bad argument #1 to ipairs (table expected, got " + std::string(scriptTypeName(healthy)) + ")");
    if (wanted == "any") {
        const Value primary = cluster.get({"status", "currentPrimary"});
        for (std::size_t index = 0; index < healthy.size(); ++index) {
            if (healthy.at(index) == primary)
                return healthy.at((index + 1) % healthy.size());
        }
        return healthy.at(0);
    }
    const std::string name =
        isNumber ? std::string(cluster.get({"metadata", "name"}).stringOr()) + "-" + wanted : wanted;
    for (const Value &instance : healthy.items()) {
        if (instance == Value(name))
            return instance;
    }
    return {};
}

void promote(Run &run)
{
    const std::string wanted = run.argument("instance");
    const Value instance = chosenInstance(run.object, wanted);
    if (instance.isNull())
        return run.object.fail("Could not find a healthy instance matching the criteria: " + wanted);
    run.object.set({"status", "targetPrimary"}, instance);
    run.object.set({"status", "targetPrimaryTimestamp"}, timeText(run));
    run.object.set({"status", "phase"}, "Switchover in progress");
    run.object.set({"status", "phaseReason"}, "Switching over to " + std::string(instance.stringOr()));
}

template <const std::string_view &name>
void annotateTime(Run &run)
{
    run.object.ensureTable({"metadata"});
    annotate(run, name, timeText(run));
}

constexpr std::string_view kReloadedAt = "cnpg.io/reloadedAt";
constexpr std::string_view kRestartedAt = "kubectl.kubernetes.io/restartedAt";
constexpr std::string_view kReconciliationLoop = "cnpg.io/reconciliationLoop";

void stopReconciling(Run &run)
{
    run.object.ensureTable({"metadata"});
    annotate(run, kReconciliationLoop, "disabled");
}

void startReconciling(Run &run)
{
    run.object.ensureTable({"metadata"});
    annotate(run, kReconciliationLoop, {});
}

// GitOps Promoter, Percona

void discoverPullRequest(Offers &offers)
{
    offers.addUnless(offers.object().get({"spec", "state"}) != Value("open"), "merge", "fa fa-fw fa-code-merge",
                     "Merge PR");
}

void merge(Run &run)
{
    run.object.set({"spec", "state"}, "merged");
}

void discoverMongo(Offers &offers)
{
    const bool isPaused = offers.object().get({"spec", "pause"}) == Value(true);
    offers.addUnless(isPaused, "pause", kPauseCircle);
    offers.addUnless(!isPaused, "unpause", kPlayCircle);
}

void unpauseMongo(Run &run)
{
    run.object.set({"spec", "pause"}, false);
}

constexpr std::array<NamedAction, 1> kExternalSecret{{{"refresh", forceSync}}};
constexpr std::array<NamedAction, 1> kPushSecret{{{"push", forceSync}}};
constexpr std::array<NamedAction, 2> kScaledJob{{{"pause", pauseScaling}, {"resume", resumeJobScaling}}};
constexpr std::array<NamedAction, 3> kScaledObject{
    {{"pause", pauseScaling}, {"paused-replicas", pauseAtReplicas}, {"resume", resumeScaling}}};
constexpr std::array<NamedAction, 2> kMariaDb{{{"suspend", suspendMariaDb}, {"resume", resume}}};
constexpr std::array<NamedAction, 1> kPodSet{{{"rolling-update", rollPods}}};
constexpr std::array<NamedAction, 5> kPostgres{{{"promote", promote},
                                                {"reload", annotateTime<kReloadedAt>},
                                                {"restart", annotateTime<kRestartedAt>},
                                                {"suspend", stopReconciling},
                                                {"resume", startReconciling}}};
constexpr std::array<NamedAction, 1> kPullRequest{{{"merge", merge}}};
// "pause" is offered, but the original has no script of that name either.
constexpr std::array<NamedAction, 1> kMongo{{{"unpause", unpauseMongo}}};

constexpr std::array<KindActions, 9> kKinds{
    {{"external-secrets.io", "ExternalSecret", discoverExternalSecret, kExternalSecret},
     {"external-secrets.io", "PushSecret", discoverPushSecret, kPushSecret},
     {"keda.sh", "ScaledJob", discoverScaledJob, kScaledJob},
     {"keda.sh", "ScaledObject", discoverScaledObject, kScaledObject},
     {"k8s.mariadb.com", "MariaDB", discoverMariaDb, kMariaDb},
     {"core.strimzi.io", "StrimziPodSet", discoverPodSet, kPodSet},
     {"postgresql.cnpg.io", "Cluster", discoverPostgres, kPostgres},
     {"promoter.argoproj.io", "PullRequest", discoverPullRequest, kPullRequest},
     {"psmdb.percona.com", "PerconaServerMongoDB", discoverMongo, kMongo}}};

} // namespace

std::span<const KindActions> operatorActions()
{
    return kKinds;
}

} // namespace tiphys::action
