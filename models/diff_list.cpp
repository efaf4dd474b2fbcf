// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/diff_list.h"

#include "models/text.h"

using namespace Qt::StringLiterals;

namespace tiphys::models {

void DiffList::apply(std::vector<service::ResourceDiff> diffs, const std::string &ns)
{
    m_ns = ns;
    setRows(std::move(diffs));
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
    case Qt::AccessibleTextRole: return QString(resourceText(diff.key, m_ns) + u", "_s + text(diff.cause));
    case Qt::ToolTipRole: return QString(text(diff.key.text()) + (diff.cause.empty() ? QString() : u'\n' + sentence(diff.cause)));
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
    return DiffList::tr("%n resource(s) differ: sync would create %1, change %2, prune %3", nullptr, static_cast<int>(diffs.size()))
        .arg(created)
        .arg(changed)
        .arg(removed);
}

} // namespace tiphys::models
