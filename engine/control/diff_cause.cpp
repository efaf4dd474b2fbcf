// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/diff_cause.h"

#include "control/app_views.h"

namespace tiphys::control {

namespace {

/// Writers whose changes are part of normal operation.
bool isReconciler(std::string_view manager)
{
    return manager.starts_with("argocd") || manager.starts_with("tiphys") || manager == "kube-controller-manager"
           || manager == "kubelet" || manager == "kube-scheduler";
}

} // namespace

std::string changeCauseOf(const object::Object &live, service::WallTime lastSync)
{
    const object::Value entries = live.path({"metadata", "managedFields"});
    if (entries.size() == 0)
        return {};
    std::string manager;
    service::WallTime newest = 0;
    for (const object::Value &entry : entries.items()) {
        const std::string_view name = entry["manager"].stringOr();
        if (isReconciler(name) || entry["subresource"].stringOr() == "status")
            continue;
        const service::WallTime time = wallTimeOf(entry["time"].stringOr());
        // Times have whole seconds: the same second as the sync counts as after it.
        if (time >= lastSync && time >= newest) {
            newest = time;
            manager = name;
        }
    }
    return manager.empty() ? "changed in Git since the last sync" : "changed in the cluster by " + manager;
}

} // namespace tiphys::control
