// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_list_model.h"
#include "service/applications.h"

namespace tiphys::models {

/// Roles of DiffList, beyond Qt's.
enum class DiffRole {
    Change = Qt::UserRole + 1, ///< int of service::ChangeKind
    Cause,
    Counts,                    ///< "+2 −1"
    Error,                     ///< why it cannot be compared
    IsPruned,
    Kind,
};

/// The resources that differ.
class DiffList final : public RowListModel<service::ResourceDiff, object::ObjectKey>
{
    Q_OBJECT

public:
    explicit DiffList(QObject *parent = nullptr) : RowListModel(parent) {}

    /// \p ns is left out of the names.
    void apply(std::vector<service::ResourceDiff> diffs, const std::string &ns);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

protected:
    object::ObjectKey keyOf(const service::ResourceDiff &diff) const override { return diff.key; }

private:
    std::string m_ns;
};

/// "3 differ: sync would create 1, change 2, prune 0".
QString differencesText(const std::vector<service::ResourceDiff> &diffs);

} // namespace tiphys::models
