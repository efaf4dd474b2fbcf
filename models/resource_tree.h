// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <QAbstractItemModel>

#include <vector>

namespace tiphys::models {

/// Roles of ResourceTree, beyond Qt's.
enum class TreeRole {
    Kind = Qt::UserRole + 1,
    Health,  ///< int of service::HealthStatus
    Sync,    ///< int of service::SyncStatus, -1 where the application does not manage the object itself
    IsFaint, ///< not in the cluster, not seen yet, or orphaned
};

/// The objects of an application as a tree; keeps selection and expansion when news come.
class ResourceTree final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum class Column { Name, Health, Sync, Information, Age };
    static constexpr int kColumns = 5;

    using QAbstractItemModel::QAbstractItemModel;

    /// \p nodes: parents before children; \p ns is the application's namespace, left out of names.
    void apply(std::vector<service::TreeNode> nodes, const std::string &ns);
    void setNow(service::WallTime now);
    const std::vector<service::TreeNode> &nodes() const { return m_nodes; }
    QModelIndex indexOf(const object::ObjectKey &key) const;
    /// The node of \p index, null for none.
    const service::TreeNode *nodeAt(const QModelIndex &index) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const std::vector<int> &childrenOf(int node) const { return m_children[static_cast<std::size_t>(node + 1)]; }
    void link();

    std::vector<service::TreeNode> m_nodes;
    std::vector<std::vector<int>> m_children; ///< of the root, then of each node
    std::vector<int> m_rows;                  ///< each node's row below its parent
    std::string m_ns;
    service::WallTime m_now = 0;
};

/// What the health of a node comes from, in one line: the error of an Unknown one, beginning with the line of the script that
/// failed so that a narrow place never cuts it ("script line 3: attempt to index…"), else what is wrong with its pods
/// ("2 of 3 pods: CrashLoopBackOff…"); "" if neither is known.
QString healthCause(const service::TreeNode &node);
/// A node in words, for who does not see its marks: "Deployment web, Degraded, OutOfSync, 2 of 3 pods: CrashLoopBackOff…". \p ns as
/// in ResourceTree::apply.
QString spokenNode(const service::TreeNode &node, const std::string &ns);
/// Marks of what a node is beside its statuses: "hook PreSync…", "to be pruned", "not in the cluster"; "" if ordinary.
QString nodeNote(const service::TreeNode &node);
/// What of the tree has not come yet, and what it shows meanwhile; "" if it is complete.
QString arrivalText(const service::AppDetail &detail);
/// Why nothing is shown where \p detail is of an Application that is not there, or may not be seen; "" where there is one.
QString absenceText(const service::AppDetail &detail);

} // namespace tiphys::models
