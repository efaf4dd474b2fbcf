// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rollout_table.h"

#include "models/rollout_text.h"
#include "models/status_text.h"
#include "models/text.h"

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::RolloutRow;
using service::RolloutRowPtr;

namespace {

using Column = RolloutTable::Column;

bool isBefore(const RolloutRow &a, const RolloutRow &b)
{
    const int first = rolloutUrgency(a);
    const int second = rolloutUrgency(b);
    if (first != second)
        return first < second;
    if (first == 0 && a.waitSince != b.waitSince)
        return a.waitSince < b.waitSince; // who waits longest comes first
    return a.id.name != b.id.name ? a.id.name < b.id.name : a.id < b.id;
}

QString searchText(const RolloutRow &row)
{
    QStringList parts{text(row.id.name), text(row.id.ns), text(row.id.context), text(row.app.name)};
    for (const std::string &image : row.images)
        parts << text(image);
    return parts.join(u'\n');
}

} // namespace

RolloutTable::RolloutTable(QObject *parent) : RowListModel(parent) {}

void RolloutTable::apply(const service::RolloutsPtr &snapshot)
{
    if (m_snapshot && replaceRows(snapshot))
        return;
    m_snapshot = snapshot;
    arrange();
}

bool RolloutTable::replaceRows(const service::RolloutsPtr &next)
{
    const std::vector<RolloutRowPtr> &before = m_snapshot->rows;
    if (before.size() != next->rows.size() || m_places.size() != before.size())
        return false;
    std::vector<std::size_t> changed;
    std::vector<int> moved;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] == next->rows[i])
            continue;
        const RolloutRow &old = *before[i];
        const RolloutRow &row = *next->rows[i];
        if (old.id != row.id || (!m_words.isEmpty() && (old.images != row.images || old.app.name != row.app.name)))
            return false;
        changed.push_back(i);
        if (m_places[i] >= 0 && (rolloutUrgency(old) != rolloutUrgency(row) || old.waitSince != row.waitSince))
            moved.push_back(static_cast<int>(i));
    }
    m_snapshot = next;
    if (!moved.empty()) {
        move(moved);
        return true;
    }
    for (const std::size_t i : changed) {
        if (m_places[i] >= 0)
            replaceRow(m_places[i], next->rows[i]);
    }
    return true;
}

void RolloutTable::applyClusters(const service::ClustersSnapshot &clusters)
{
    std::set<std::string> stale = contextsOutOfReach(clusters);
    if (stale == m_staleContexts)
        return;
    m_staleContexts = std::move(stale);
    touchAll();
}

void RolloutTable::setFilter(const QString &words)
{
    const QStringList next = words.split(u' ', Qt::SkipEmptyParts);
    if (next == m_words)
        return;
    m_words = next;
    arrange();
}

void RolloutTable::setNow(service::WallTime now)
{
    m_now = now;
    touchColumn(static_cast<int>(Column::Wait));
}

int RolloutTable::waitingCount() const
{
    if (!m_snapshot)
        return 0;
    return static_cast<int>(std::ranges::count_if(
        m_snapshot->rows, [](const RolloutRowPtr &row) { return service::waitsForPerson(row->wait); }));
}

bool RolloutTable::isShown(const RolloutRow &row) const
{
    if (m_words.isEmpty())
        return true;
    const QString searched = searchText(row);
    return std::ranges::all_of(m_words,
                               [&](const QString &word) { return searched.contains(word, Qt::CaseInsensitive); });
}

bool RolloutTable::isBefore(int a, int b) const
{
    return models::isBefore(*m_snapshot->rows[static_cast<std::size_t>(a)],
                            *m_snapshot->rows[static_cast<std::size_t>(b)]);
}

void RolloutTable::move(const std::vector<int> &moved)
{
    const auto isFirst = [this](int a, int b) { return isBefore(a, b); };
    std::vector<bool> isMoved(m_places.size(), false);
    for (const int row : moved)
        isMoved[static_cast<std::size_t>(row)] = true;
    std::vector<int> sorted = moved;
    std::ranges::sort(sorted, isFirst);
    std::vector<int> stayed;
    stayed.reserve(m_order.size());
    std::ranges::copy_if(m_order, std::back_inserter(stayed),
                         [&](int row) { return !isMoved[static_cast<std::size_t>(row)]; });
    const std::vector<int> before = std::exchange(m_order, {});
    m_order.reserve(before.size());
    std::ranges::merge(stayed, sorted, std::back_inserter(m_order), isFirst);
    for (std::size_t line = 0; line < m_order.size(); ++line)
        m_places[static_cast<std::size_t>(m_order[line])] = static_cast<int>(line);
    std::vector<int> target;
    target.reserve(before.size());
    for (const int row : before)
        target.push_back(m_places[static_cast<std::size_t>(row)]);
    setRows(shownRows(), target);
}

void RolloutTable::arrange()
{
    const std::size_t count = m_snapshot ? m_snapshot->rows.size() : 0;
    m_order.clear();
    m_order.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (isShown(*m_snapshot->rows[i]))
            m_order.push_back(static_cast<int>(i));
    }
    std::ranges::sort(m_order, [this](int a, int b) { return isBefore(a, b); });
    m_places.assign(count, -1);
    for (std::size_t line = 0; line < m_order.size(); ++line)
        m_places[static_cast<std::size_t>(m_order[line])] = static_cast<int>(line);
    setRows(shownRows());
}

std::vector<RolloutRowPtr> RolloutTable::shownRows() const
{
    std::vector<RolloutRowPtr> rows;
    rows.reserve(m_order.size());
    for (const int row : m_order)
        rows.push_back(m_snapshot->rows[static_cast<std::size_t>(row)]);
    return rows;
}

int RolloutTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant RolloutTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const RolloutRow &row = *rowAt(index.row());
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole: return display(row, column);
    case Qt::ToolTipRole: return tooltip(row, column);
    case Qt::AccessibleTextRole:
        if (column == Column::Name)
            return u"%1, %2, %3"_s.arg(text(row.id.name), statusWord(row.phase), messageText(row));
        if (column == Column::Steps) {
            const QString now = tooltip(row, column);
            return now.isEmpty() ? display(row, column) : QString(display(row, column) + u", "_s + now);
        }
        return display(row, column);
    default: return {};
    }
}

QString RolloutTable::display(const RolloutRow &row, Column column) const
{
    switch (column) {
    case Column::Status: return statusWord(row.phase);
    case Column::Name: return text(row.id.name);
    case Column::Cluster: return text(row.id.context);
    case Column::Steps: return row.isBlueGreen ? tr("blue-green") : stepText(row);
    case Column::Traffic:
        return row.isUpdating ? tr("%1 new version", "share of the traffic").arg(percent(row.weight, row.maxWeight))
                              : QString();
    case Column::Images: return imagesText(row);
    case Column::Wait: return row.fate != service::ActFate::None ? fateText(row) : waitText(row, m_now);
    case Column::Acts: return {};
    }
    return {};
}

QString RolloutTable::tooltip(const RolloutRow &row, Column column) const
{
    switch (column) {
    case Column::Status:
        return QString(statusWord(row.phase) + u": "_s + explanation(row.phase) + u'\n' + messageText(row));
    case Column::Name: return QString(text(row.id.context + " / " + row.id.ns + " / " + row.id.name));
    case Column::Steps: {
        const bool hasStep = row.stepIndex >= 0 && row.stepIndex < static_cast<int>(row.steps.size());
        return hasStep
                   ? tr("Now: %1").arg(stepSentence(row.steps[static_cast<std::size_t>(row.stepIndex)], row.maxWeight))
                   : QString();
    }
    case Column::Images: {
        QStringList lines;
        for (const std::string &image : row.stableImages)
            lines << tr("stable: %1").arg(text(image));
        for (const std::string &image : row.images)
            lines << tr("wanted: %1").arg(text(image));
        return lines.join(u'\n');
    }
    case Column::Wait: {
        const QString exact = exactTimeText(row.waitSince);
        return exact.isEmpty() ? messageText(row) : QString(messageText(row) + u'\n' + tr("since %1").arg(exact));
    }
    case Column::Cluster:
    case Column::Traffic: return display(row, column);
    case Column::Acts: break;
    }
    return {};
}

QVariant RolloutTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Column::Status: return tr("Status");
    case Column::Name: return tr("Name");
    case Column::Cluster: return tr("Cluster");
    case Column::Steps: return tr("Steps");
    case Column::Traffic: return tr("Traffic");
    case Column::Images: return tr("Images");
    case Column::Wait: return tr("Waits");
    case Column::Acts: return {};
    }
    return {};
}

} // namespace tiphys::models
