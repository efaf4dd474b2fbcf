// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/intent/intent.h"
#include "service/rollouts.h"

#include <optional>
#include <string>
#include <vector>

/// Rollouts as front ends see them, told from objects alone.
namespace tiphys::control {

/// The line of \p rollout in \p context; rights, application and stable images are left to the caller.
service::RolloutRow rolloutRowOf(const object::Object &rollout, const std::string &context);
/// A step as people read it.
service::RolloutStep rolloutStepOf(const object::Value &step);
/// Images of a pod template.
std::vector<std::string> imagesOfTemplate(const object::Value &podTemplate);

/// The kubectl plugin's act for \p act; nothing for Undo and SetImage.
std::optional<rollout::Intent> intentOf(service::RolloutAct act);
/// Which right an act needs.
const service::Permission &rightFor(service::RolloutAct act, const service::RolloutRights &rights);
/// Rights and state together: may \p act be done to \p rollout now, and if not, why not.
service::Permission actPermission(service::RolloutAct act, const object::Object &rollout,
                                  const service::RolloutRights &rights);
/// An act and what it was to make of the Rollout.
struct AskedAct
{
    service::RolloutRequest request;
    crd::Timestamp restartAt;                 ///< of Restart
    std::optional<object::Object> undoTarget; ///< of Undo: the ReplicaSet whose template comes back
};
/// Whether \p asked has taken effect: what it was to make is what \p rollout and \p podTemplate (of the object that
/// holds it, see workloadOf) say now.
bool hasTakenEffect(const AskedAct &asked, const object::Object &rollout, const object::Value &podTemplate);

} // namespace tiphys::control
