// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/resource_branches.h"

#include "models/resource_tree.h"

#include <QTreeView>

namespace tiphys::ui {

namespace {

/// Calls \p visit with each branch below \p parent and its key, parents before children.
template <typename Visitor>
void visitBranches(const models::ResourceTree &tree, const QModelIndex &parent, const Visitor &visit)
{
    for (int row = 0; row < tree.rowCount(parent); ++row) {
        const QModelIndex index = tree.index(row, 0, parent);
        if (!tree.hasChildren(index))
            continue;
        visit(index, tree.nodeAt(index)->key);
        visitBranches(tree, index, visit);
    }
}

} // namespace

Branches branchesOf(const models::ResourceTree &tree)
{
    Branches branches;
    for (const service::TreeNode &node : tree.nodes()) {
        if (node.parent >= 0)
            branches.insert(tree.nodes()[static_cast<std::size_t>(node.parent)].key);
    }
    return branches;
}

Branches openBranchesOf(const QTreeView &list, const models::ResourceTree &tree)
{
    Branches open;
    visitBranches(tree, {}, [&](const QModelIndex &index, const object::ObjectKey &key) {
        if (list.isExpanded(index))
            open.insert(key);
    });
    return open;
}

void openOnly(QTreeView &list, const models::ResourceTree &tree, const Branches &open)
{
    visitBranches(tree, {}, [&](const QModelIndex &index, const object::ObjectKey &key) {
        list.setExpanded(index, open.contains(key));
    });
}

void openOthers(QTreeView &list, const models::ResourceTree &tree, const Branches &known)
{
    visitBranches(tree, {}, [&](const QModelIndex &index, const object::ObjectKey &key) {
        if (!known.contains(key))
            list.expand(index);
    });
}

} // namespace tiphys::ui
