// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/evaluation.h"
#include "service/applications.h"

#include <optional>
#include <set>
#include <vector>

namespace tiphys::control {

/// What has been seen of an application before it was compared.
struct Seen
{
    Evaluation
        evaluation; ///< its live objects, cluster-scoped ones as metadata, and how they are judged; no comparison
    std::set<object::ObjectKey> missing;             ///< resources of its status that are known not to be there
    std::optional<policy::EffectiveProject> project; ///< without orphans; nothing: not known
};

/// The resources that the status of \p app lists, with the sync and health that it says (TreeNode::isStored); what of them
/// has been \p seen is told as it is, with all below it. Pure.
std::vector<service::TreeNode> storedTreeOf(const crd::Application &app, Seen seen);

} // namespace tiphys::control
