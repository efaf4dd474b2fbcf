// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"

#include <set>

class QTreeView;

namespace tiphys::models {
class ResourceTree;
}

namespace tiphys::ui {

/// Resources of a list that others hang below.
using Branches = std::set<object::ObjectKey>;

/// All branches of \p tree.
Branches branchesOf(const models::ResourceTree &tree);
/// Those that are open in \p list, which shows \p tree.
Branches openBranchesOf(const QTreeView &list, const models::ResourceTree &tree);
/// Opens exactly those of \p open.
void openOnly(QTreeView &list, const models::ResourceTree &tree, const Branches &open);
/// Opens those that are none of \p known; what the person has closed of these stays so.
void openOthers(QTreeView &list, const models::ResourceTree &tree, const Branches &known);

} // namespace tiphys::ui
