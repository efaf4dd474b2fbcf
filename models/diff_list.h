// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_list_model.h"
#include "service/applications.h"

#include <QString>

#include <map>
#include <set>

namespace tiphys::models {

/// Roles of DiffList, beyond Qt's.
enum class DiffRole {
    Change = Qt::UserRole + 1, ///< int of service::ChangeKind
    Cause,
    Counts, ///< "+2 −1"
    Error,  ///< why it cannot be compared
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
    /// Where the differences stand: part of what a reviewed one is known by.
    void setScope(const QString &scope);
    /// diffPrint() of what was reviewed.
    void setReviewed(std::set<QString> prints);
    bool isReviewed(int row) const;
    void setReviewed(int row, bool isReviewed);
    int reviewedCount() const;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// The person looked through a difference, or takes that back.
    void reviewed(const QString &print, bool isReviewed);

protected:
    object::ObjectKey keyOf(const service::ResourceDiff &diff) const override { return diff.key; }

private:
    const QString &printOf(int row) const;

    std::string m_ns;
    QString m_scope;
    std::set<QString> m_reviewed;
    mutable std::map<object::ObjectKey, QString> m_prints; ///< of the rows that were asked for
};

/// "3 resources differ: sync would create 1, change 2"; what it would do to none is left out.
QString differencesText(const std::vector<service::ResourceDiff> &diffs);

} // namespace tiphys::models
