// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/action_place.h"

namespace tiphys::control {

namespace {

/// "project/name"; the namespace stands between where it is not the control plane's.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (Application.RBACName)@v3.5.1
std::string rbacName(const crd::Application &app, const std::string &controlPlaneNamespace)
{
    const std::string ns(app.ns());
    const std::string place = ns.empty() || ns == controlPlaneNamespace ? "" : ns + "/";
    return app.spec.effectiveProject() + "/" + place + std::string(app.name());
}

} // namespace

ActionPlace actionPlaceOf(const ContextSession &home, const ContextSession &destination, const crd::Application &app,
                          const ObserverParts &parts)
{
    ActionPlace place;
    place.cluster = destination.cluster();
    place.settings = std::make_shared<const compare::CompareSettings>(home.settings());
    place.lua = parts.lua;
    place.pool = parts.pool;
    if (const Expected<policy::EffectiveProject> project = home.projectOf(app))
        place.project = *project;
    place.destination = home.destinationCluster(app.spec.destination, &destination);
    place.application = rbacName(app, home.controlPlaneNamespace());
    return place;
}

} // namespace tiphys::control
