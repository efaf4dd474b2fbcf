// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/comparison.h"

#include <QAbstractItemModel>

#include <set>
#include <vector>

namespace tiphys::models {

/// How the result of a comparison is arranged.
enum class CompareGrouping { Application, Kind, IdenticalChange };

/// Roles of ComparisonTree, beyond Qt's.
enum class CompareRole {
    Change = Qt::UserRole + 1, ///< int of service::ChangeKind; -1 for an error
    Counts,                    ///< "+2 −1" of a resource, "4" of a group
    Kind,                      ///< of a resource, "" of a group
    Secondary,
};

/// Result of a comparison as groups of resources; errors are items of their own.
class ComparisonTree final : public QAbstractItemModel
{
    Q_OBJECT

public:
    using QAbstractItemModel::QAbstractItemModel;

    /// Shows another comparison, or the same in another arrangement.
    void apply(const service::ComparisonPtr &comparison, CompareGrouping grouping);
    /// The difference of a resource's line, null for a group. Valid until the next apply().
    const service::ResourceDiff *diffAt(const QModelIndex &index) const;
    /// diffPrint() of what was reviewed.
    void setReviewed(std::set<QString> prints);
    int reviewedCount() const;
    int resourceCount() const;
    /// Why the application of a group could not be compared, "" if it could.
    QString errorAt(const QModelIndex &index) const;
    /// First line that has a difference.
    QModelIndex firstResource() const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    /// The tick of a group is that of all its resources.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// The person looked through changes, or takes that back.
    void reviewed(const QStringList &prints, bool isReviewed);

private:
    struct Item
    {
        const service::ComparedResource *resource = nullptr;
        QString title;
        QString secondary;
        QString print = {};
    };
    struct Group
    {
        QString title;
        QString secondary;
        QString error;
        int change = static_cast<int>(service::ChangeKind::Changed);
        std::vector<Item> items;
    };
    Qt::CheckState stateOf(const Group &group) const;
    /// Tells views that all ticks may have turned: equal changes of several applications have one print.
    void touchTicks();
    std::vector<Group> groupsByApplication() const;
    std::vector<Group> groupsBy(CompareGrouping grouping) const;

    service::ComparisonPtr m_comparison;
    std::vector<Group> m_groups;
    std::set<QString> m_reviewed;
};

/// "12 of 1,000 applications differ · 31 resources · 4 added · 1 removed · 0.3 s".
QString comparisonText(const service::Comparison &comparison);
/// The applications that are not compared, and why; "" if all are.
QString notComparedText(const service::Comparison &comparison);
/// The comparison as a unified patch, and as Markdown for a pull request.
QString patchOf(const service::Comparison &comparison);
QString markdownOf(const service::Comparison &comparison);

} // namespace tiphys::models
