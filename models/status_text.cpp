// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/status_text.h"

#include "models/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace tiphys::models {

namespace {

struct Status
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Status)
};

} // namespace

using service::HealthStatus;
using service::Level;
using service::OperationPhase;
using service::Reachability;
using service::Reconciler;
using service::SyncStatus;
using service::Urgency;

QString statusWord(SyncStatus status)
{
    return text(service::word(status));
}

QString statusWord(HealthStatus status)
{
    return text(service::word(status));
}

QString statusWord(OperationPhase phase)
{
    return text(service::word(phase));
}

QString explanation(SyncStatus status)
{
    switch (status) {
    case SyncStatus::Synced: return Status::tr("The cluster has what Git asks for.");
    case SyncStatus::OutOfSync: return Status::tr("The cluster differs from what Git asks for.");
    case SyncStatus::Unknown: return Status::tr("Git and cluster could not be compared.");
    }
    return {};
}

QString explanation(HealthStatus status)
{
    switch (status) {
    case HealthStatus::Healthy: return Status::tr("All resources work as they should.");
    case HealthStatus::Suspended: return Status::tr("A resource is suspended or paused on purpose.");
    case HealthStatus::Progressing: return Status::tr("Not healthy yet, but still on the way there.");
    case HealthStatus::Missing: return Status::tr("A resource that Git asks for is not in the cluster.");
    case HealthStatus::Degraded: return Status::tr("A resource failed, or did not get healthy in time.");
    case HealthStatus::Unknown: return Status::tr("The health could not be told.");
    case HealthStatus::None: return Status::tr("This kind has no health.");
    }
    return {};
}

QString explanation(OperationPhase phase)
{
    switch (phase) {
    case OperationPhase::None: return Status::tr("No operation has run.");
    case OperationPhase::Running: return Status::tr("An operation is running now.");
    case OperationPhase::Terminating: return Status::tr("The running operation was asked to stop.");
    case OperationPhase::Succeeded: return Status::tr("The last operation did all it was asked to do.");
    case OperationPhase::Failed: return Status::tr("The last operation failed for at least one resource.");
    case OperationPhase::Error: return Status::tr("The last operation could not be carried out.");
    }
    return {};
}

QString explanation(Urgency urgency)
{
    switch (urgency) {
    case Urgency::FailedOperation: return Status::tr("An operation failed, or the application has an error.");
    case Urgency::Degraded: return Status::tr("A resource is degraded.");
    case Urgency::StuckDeletion: return Status::tr("It is being deleted and does not go away.");
    case Urgency::OutOfSyncAutomated: return Status::tr("It differs from Git although automated sync is on.");
    case Urgency::Missing: return Status::tr("A resource is missing in the cluster.");
    case Urgency::Progressing: return Status::tr("It takes longer than it should.");
    case Urgency::OutOfSyncManual: return Status::tr("It differs from Git and waits for a sync.");
    case Urgency::Unknown: return Status::tr("Its state cannot be told.");
    case Urgency::None: return Status::tr("Nothing to do.");
    }
    return {};
}

QString reconcilerText(Reconciler reconciler)
{
    switch (reconciler) {
    case Reconciler::Controller: return Status::tr("Argo CD controller");
    case Reconciler::Local: return Status::tr("this desktop");
    case Reconciler::OtherDesktop: return Status::tr("another desktop");
    case Reconciler::Nobody: return Status::tr("nobody");
    case Reconciler::ControllerUnknown: return Status::tr("controller unknown");
    }
    return {};
}

QString explanation(Reconciler reconciler)
{
    switch (reconciler) {
    case Reconciler::Controller:
        return Status::tr("An Argo CD controller in the cluster compares and syncs. Tiphys asks it to act.");
    case Reconciler::Local:
        return Status::tr("The engine on this desktop compares and syncs. It stops when Tiphys is closed.");
    case Reconciler::OtherDesktop: return Status::tr("Tiphys on another machine holds the lease and does the work.");
    case Reconciler::Nobody:
        return Status::tr("No controller runs and the local engine is off: nothing is synced. Switch the local "
                          "engine on under Clusters.");
    case Reconciler::ControllerUnknown:
        return Status::tr("It cannot be seen whether a controller works on this cluster, so the local engine keeps "
                          "its hands off.");
    }
    return {};
}

QString reachabilityText(const service::ClusterState &cluster, service::WallTime now)
{
    const QString seen = agoText(cluster.lastSeen, now);
    switch (cluster.reachability) {
    case Reachability::NotContacted: return Status::tr("not contacted");
    case Reachability::Connecting:
        return seen.isEmpty() ? Status::tr("connecting…") : Status::tr("last seen %1 · connecting…").arg(seen);
    case Reachability::Live: return Status::tr("live");
    case Reachability::Stale:
        return seen.isEmpty() ? Status::tr("no answer") : Status::tr("no answer, last seen %1").arg(seen);
    case Reachability::Unreachable: return Status::tr("unreachable");
    case Reachability::Denied: return Status::tr("access denied");
    case Reachability::SignInNeeded: return Status::tr("sign-in needed");
    }
    return {};
}

bool isOutOfReach(Reachability reachability)
{
    return reachability == Reachability::Stale || reachability == Reachability::Unreachable
           || reachability == Reachability::SignInNeeded;
}

std::set<std::string> contextsOutOfReach(const service::ClustersSnapshot &clusters)
{
    std::set<std::string> contexts;
    for (const service::ClusterState &cluster : clusters.clusters) {
        // Seen before it has answered: what is shown is of last time.
        const bool isOfLastTime = cluster.reachability == Reachability::Connecting && cluster.lastSeen > 0;
        if (isOutOfReach(cluster.reachability) || isOfLastTime)
            contexts.insert(cluster.context);
    }
    return contexts;
}

QString awaitedText(const service::ClustersSnapshot &clusters)
{
    QStringList lines;
    for (const service::ClusterState &cluster : clusters.clusters) {
        if (cluster.reachability == Reachability::Connecting && !cluster.message.empty())
            lines << Status::tr("%1: %2", "context, what it waits for")
                         .arg(text(cluster.context), sentence(cluster.message));
    }
    return lines.join(u'\n');
}

QString levelText(Level level)
{
    switch (level) {
    case Level::ReadOnly: return Status::tr("Read-only");
    case Level::Normal: return Status::tr("Normal");
    case Level::Protected: return Status::tr("Protected");
    }
    return {};
}

QString explanation(Level level)
{
    switch (level) {
    case Level::ReadOnly: return Status::tr("Nothing on this context can be changed from here.");
    case Level::Normal: return Status::tr("Acts are carried out after their dialog.");
    case Level::Protected: return Status::tr("Each act has to be confirmed, naming the cluster.");
    }
    return {};
}

} // namespace tiphys::models
