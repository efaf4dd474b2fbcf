// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/status_patch.h"
#include "control/evaluation.h"
#include "service/applications.h"

namespace tiphys::control {

/// What of the tree the front end shows, and what status.summary says.
struct TreeView
{
    std::vector<service::TreeNode> nodes; ///< parents before children
    compare::TreeNews news;               ///< what the tree says for the status
};

/// The tree of an evaluated application. Pure.
TreeView treeViewOf(const crd::Application &app, const Evaluation &evaluation,
                    const std::optional<policy::EffectiveProject> &project);

} // namespace tiphys::control
