// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/reconciler_choice.h"

#include "base/text.h"
#include "control/app_views.h"

#include <algorithm>

namespace tiphys::control {

using service::Reconciler;

ReconcilerChoice reconcilerOf(const ReconcilerEvidence &evidence, service::WallTime now)
{
    if (evidence.controllerWorkloads && !evidence.controllerWorkloads->empty())
        return {Reconciler::Controller,
                "an Argo CD application controller is installed: " + join(*evidence.controllerWorkloads, ", "), false};
    if (evidence.lastForeignStatus > 0 && now - evidence.lastForeignStatus < kRecentStatus)
        return {Reconciler::Controller, "a controller wrote status within the last 10 minutes", false};
    const bool isSeen = evidence.controllerWorkloads && evidence.canReadManagers;
    if (!isSeen && !evidence.isDeclaredFree)
        return {Reconciler::ControllerUnknown,
                "it cannot be seen whether an Argo CD controller is at work, because its workloads "
                    + (evidence.unseenWhy.empty() ? "may not be listed" : "are not known: " + evidence.unseenWhy),
                false};
    if (!evidence.controllersElsewhere.empty())
        return {Reconciler::ControllerUnknown,
                "it cannot be seen whether a controller of another namespace looks after it: "
                    + join(evidence.controllersElsewhere, ", "),
                false};
    if (!evidence.otherPlane.empty())
        return {Reconciler::Nobody,
                "it belongs to the control plane in namespace " + evidence.otherPlane
                    + ", and this program works for the one in " + evidence.ourPlane,
                false};
    if (!evidence.leaseHolder.empty() && evidence.leaseHolder != evidence.ourIdentity)
        return {Reconciler::OtherDesktop, "the engine of " + evidence.leaseHolder + " is at work", false};
    if (evidence.isLocalOn)
        return {Reconciler::Local, "this engine is at work", true};
    // Another program of this user holds it, or one that was killed a moment ago: only a new engine finds that out.
    if (!evidence.leaseHolder.empty())
        return {Reconciler::OtherDesktop, "the engine of " + evidence.leaseHolder + " is at work in another program",
                true};
    return {Reconciler::Nobody, "no Argo CD controller is installed and the local engine is off", true};
}

namespace {

/// Does \p fields tell of more than an operation: who stops one, by whatever program, writes its phase and is no controller.
bool tellsOfReconciling(const object::Value &fields)
{
    const object::Value status = fields["f:status"];
    return std::ranges::any_of(
        status.entries(), [](const auto &entry) { return entry.first != "f:operationState" && entry.first != "."; });
}

} // namespace

service::WallTime foreignStatusTime(const object::Object &application)
{
    service::WallTime newest = 0;
    const object::Value entries = application.path({"metadata", "managedFields"});
    for (const object::Value &entry : entries.items()) {
        const std::string_view manager = entry["manager"].stringOr();
        if (manager == kEngineFieldManager || !tellsOfReconciling(entry["fieldsV1"]))
            continue;
        newest = std::max(newest, wallTimeOf(entry["time"].stringOr()));
    }
    return newest;
}

bool namesItsPlaneHere(const object::Object &application)
{
    const object::Value entries = application.path({"metadata", "managedFields"});
    for (const object::Value &entry : entries.items()) {
        if (entry["manager"].stringOr() == kEngineFieldManager
            && entry.path({"fieldsV1", "f:status"}).contains("f:controllerNamespace"))
            return true;
    }
    return false;
}

bool isApplicationController(const object::Object &workload)
{
    return workload.label("app.kubernetes.io/name") == kApplicationController
           || workload.name() == kApplicationController;
}

} // namespace tiphys::control
