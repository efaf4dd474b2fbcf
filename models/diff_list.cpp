// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/diff_list.h"

#include "models/reviewed_diffs.h"
#include "models/text.h"

using namespace Qt::StringLiterals;

namespace tiphys::models {

void DiffList::apply(std::vector<service::ResourceDiff> diffs, const std::string &ns)
{
    m_ns = ns;
    std::map<object::ObjectKey, QString> kept;
    if (!m_prints.empty()) {
        std::map<object::ObjectKey, const service::ResourceDiff *> before;
        for (const service::ResourceDiff &diff : rows())
            before.emplace(diff.key, &diff);
        for (const service::ResourceDiff &diff : diffs) {
            const auto print = m_prints.find(diff.key);
            const auto old = before.find(diff.key);
            if (print != m_prints.end() && old != before.end() && *old->second == diff)
                kept.insert(*print);
        }
    }
    m_prints = std::move(kept);
    setRows(std::move(diffs));
}

void DiffList::setScope(const QString &scope)
{
    if (scope == m_scope)
        return;
    m_scope = scope;
    m_prints.clear();
    touchAll();
}

void DiffList::setReviewed(std::set<QString> prints)
{
    m_reviewed = std::move(prints);
    touchAll();
}

const QString &DiffList::printOf(int row) const
{
    QString &print = m_prints[rowAt(row).key];
    if (print.isEmpty())
        print = diffPrint(rowAt(row), m_scope);
    return print;
}

bool DiffList::isReviewed(int row) const
{
    return !m_reviewed.empty() && m_reviewed.contains(printOf(row));
}

void DiffList::setReviewed(int row, bool isReviewed)
{
    const QString print = printOf(row);
    if (isReviewed == m_reviewed.contains(print))
        return;
    if (isReviewed)
        m_reviewed.insert(print);
    else
        m_reviewed.erase(print);
    Q_EMIT dataChanged(index(row, 0), index(row, 0), {Qt::CheckStateRole, Qt::AccessibleTextRole});
    Q_EMIT reviewed(print, isReviewed);
}

int DiffList::reviewedCount() const
{
    int count = 0;
    for (int row = 0; row < rowCount(); ++row)
        count += isReviewed(row) ? 1 : 0;
    return count;
}

bool DiffList::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || role != Qt::CheckStateRole)
        return false;
    setReviewed(index.row(), value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags DiffList::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = RowListModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsUserCheckable : flags;
}

int DiffList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 1;
}

QVariant DiffList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const service::ResourceDiff &diff = rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return resourceText(diff.key, m_ns);
    case Qt::CheckStateRole: return static_cast<int>(isReviewed(index.row()) ? Qt::Checked : Qt::Unchecked);
    case Qt::AccessibleTextRole: {
        QStringList words{resourceText(diff.key, m_ns)};
        if (!diff.error.empty())
            words << tr("cannot be compared");
        else
            words << text(diff.cause) << tr("%1 lines added, %2 removed", "counts").arg(diff.added).arg(diff.removed);
        words.removeAll(QString());
        const QString name = words.join(u", "_s);
        return isReviewed(index.row()) ? tr("%1, reviewed", "a difference").arg(name) : name;
    }
    case Qt::ToolTipRole:
        return QString(text(diff.key.text()) + (diff.cause.empty() ? QString() : u'\n' + sentence(diff.cause)));
    case static_cast<int>(DiffRole::Change): return static_cast<int>(diff.change);
    case static_cast<int>(DiffRole::Cause): return text(diff.cause);
    case static_cast<int>(DiffRole::Counts): return u"+%1 −%2"_s.arg(diff.added).arg(diff.removed);
    case static_cast<int>(DiffRole::Error): return text(diff.error);
    case static_cast<int>(DiffRole::IsPruned): return diff.isPruned;
    case static_cast<int>(DiffRole::Kind): return text(diff.key.kind);
    default: return {};
    }
}

QString differencesText(const std::vector<service::ResourceDiff> &diffs)
{
    int created = 0;
    int changed = 0;
    int removed = 0;
    for (const service::ResourceDiff &diff : diffs) {
        created += diff.change == service::ChangeKind::Added ? 1 : 0;
        changed += diff.change == service::ChangeKind::Changed ? 1 : 0;
        removed += diff.change == service::ChangeKind::Removed ? 1 : 0;
    }
    if (diffs.empty())
        return DiffList::tr("Live and desired state are the same");
    QStringList acts;
    if (created > 0)
        acts << DiffList::tr("create %1", "what a sync would do").arg(created);
    if (changed > 0)
        acts << DiffList::tr("change %1", "what a sync would do").arg(changed);
    if (removed > 0)
        acts << DiffList::tr("prune %1", "what a sync would do").arg(removed);
    const QString differing = DiffList::tr("%n resource(s) differ", nullptr, static_cast<int>(diffs.size()));
    return acts.isEmpty() ? differing
                          : DiffList::tr("%1: sync would %2", "3 resources differ: sync would create 1, change 2")
                                .arg(differing, acts.join(u", "_s));
}

} // namespace tiphys::models
