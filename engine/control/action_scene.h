// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/action_place.h"
#include "service/resource_actions.h"

/// Resource actions as front ends ask for them.
namespace tiphys::control {

/// Where an action happens, and what stands around it.
struct ActionScene
{
    ActionPlace place;
    crd::Application app;
    std::string obstacle;     ///< what forbids every act, "" if nothing
    EvaluationPtr evaluation; ///< null where the application was not compared yet
};

/// The actions of the object \p key, read now; \p now in milliseconds since 1970.
Async<std::vector<service::OfferedAction>> offersOn(ActionScene scene, object::ObjectKey key, service::WallTime now,
                                                    CancelToken cancel);
/// What \p request would do.
Async<service::ActionPreview> previewOn(ActionScene scene, service::ActionRequest request, CancelToken cancel);
/// Does it. Errors: as carryOutAction; Conflict if it would do something else than was planned.
Async<service::ActionResult> runOn(ActionScene scene, service::ActionRequest request, CancelToken cancel);

/// What happens after \p plan to what it changed: self-heal, or a difference until Git follows.
std::vector<std::string> consequencesOf(const ActionScene &scene, const PlannedAction &plan);

} // namespace tiphys::control
