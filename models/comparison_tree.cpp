// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparison_tree.h"

#include "models/diff_text.h"
#include "models/reviewed_diffs.h"
#include "models/text.h"

#include <QLocale>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::AppChange;
using service::ChangeKind;
using service::ComparedApp;
using service::ComparedResource;
using service::Comparison;

namespace {

int changeOf(AppChange change)
{
    switch (change) {
    case AppChange::Changed: return static_cast<int>(ChangeKind::Changed);
    case AppChange::Added: return static_cast<int>(ChangeKind::Added);
    case AppChange::Removed: return static_cast<int>(ChangeKind::Removed);
    case AppChange::Error: return -1;
    }
    return -1;
}

QString changeWord(ChangeKind change)
{
    switch (change) {
    case ChangeKind::Changed: return ComparisonTree::tr("changed");
    case ChangeKind::Added: return ComparisonTree::tr("added");
    case ChangeKind::Removed: return ComparisonTree::tr("removed");
    }
    return {};
}

} // namespace

void ComparisonTree::apply(const service::ComparisonPtr &comparison, CompareGrouping grouping)
{
    beginResetModel();
    m_comparison = comparison;
    m_groups.clear();
    if (m_comparison)
        m_groups = grouping == CompareGrouping::Application ? groupsByApplication() : groupsBy(grouping);
    for (Group &group : m_groups) {
        for (Item &item : group.items)
            item.print = diffPrint(*item.resource);
    }
    endResetModel();
}

void ComparisonTree::setReviewed(std::set<QString> prints)
{
    m_reviewed = std::move(prints);
    touchTicks();
}

void ComparisonTree::touchTicks()
{
    for (int row = 0; row < rowCount(); ++row) {
        const QModelIndex group = index(row, 0);
        if (const int count = rowCount(group); count > 0)
            Q_EMIT dataChanged(index(0, 0, group), index(count - 1, 0, group),
                               {Qt::CheckStateRole, Qt::AccessibleTextRole});
    }
    if (!m_groups.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0), {Qt::CheckStateRole});
}

int ComparisonTree::resourceCount() const
{
    int count = 0;
    for (const Group &group : m_groups)
        count += static_cast<int>(group.items.size());
    return count;
}

int ComparisonTree::reviewedCount() const
{
    const auto isReviewed = [this](const Item &item) { return m_reviewed.contains(item.print); };
    std::ptrdiff_t count = 0;
    for (const Group &group : m_groups)
        count += std::ranges::count_if(group.items, isReviewed);
    return static_cast<int>(count);
}

Qt::CheckState ComparisonTree::stateOf(const Group &group) const
{
    const auto reviewed =
        std::ranges::count_if(group.items, [this](const Item &item) { return m_reviewed.contains(item.print); });
    if (reviewed == 0)
        return Qt::Unchecked;
    return static_cast<std::size_t>(reviewed) == group.items.size() ? Qt::Checked : Qt::PartiallyChecked;
}

bool ComparisonTree::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || role != Qt::CheckStateRole)
        return false;
    const bool isReviewed = value.toInt() == Qt::Checked;
    const bool isGroup = index.internalId() == 0;
    const QModelIndex groupIndex = isGroup ? index : parent(index);
    const std::vector<Item> &items = m_groups[static_cast<std::size_t>(groupIndex.row())].items;
    const int first = isGroup ? 0 : index.row();
    const int last = isGroup ? static_cast<int>(items.size()) - 1 : index.row();
    QStringList turned;
    for (int row = first; row <= last; ++row) {
        const QString &print = items[static_cast<std::size_t>(row)].print;
        if (isReviewed ? m_reviewed.insert(print).second : m_reviewed.erase(print) > 0)
            turned << print;
    }
    if (turned.isEmpty())
        return true;
    touchTicks();
    Q_EMIT reviewed(turned, isReviewed);
    return true;
}

Qt::ItemFlags ComparisonTree::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    const bool hasTick =
        index.isValid() && (index.internalId() != 0 || !m_groups[static_cast<std::size_t>(index.row())].items.empty());
    return hasTick ? flags | Qt::ItemIsUserCheckable : flags;
}

std::vector<ComparisonTree::Group> ComparisonTree::groupsByApplication() const
{
    std::vector<Group> groups;
    for (const ComparedApp &app : m_comparison->applications) {
        Group group;
        group.title = text(app.name);
        group.secondary = text(app.path);
        group.error = text(app.error);
        group.change = changeOf(app.change);
        for (const ComparedResource &resource : app.resources)
            group.items.push_back({&resource, resourceText(resource.key), {}});
        // What disappears is what one has to see first.
        std::ranges::stable_sort(group.items, std::greater(),
                                 [](const Item &item) { return item.resource->change == ChangeKind::Removed; });
        groups.push_back(std::move(group));
    }
    return groups;
}

std::vector<ComparisonTree::Group> ComparisonTree::groupsBy(CompareGrouping grouping) const
{
    std::map<QString, Group> byKey;
    std::vector<Group> errors;
    for (const ComparedApp &app : m_comparison->applications) {
        if (!app.error.empty()) {
            errors.push_back({text(app.name), text(app.path), text(app.error), -1, {}});
            continue;
        }
        for (const ComparedResource &resource : app.resources) {
            const bool isKind = grouping == CompareGrouping::Kind;
            const QString key =
                isKind ? text(resource.key.kind) : QString::number(resource.identity, 16) + text(resource.key.kind);
            Group &group = byKey[key];
            group.title = text(resource.key.kind);
            group.change = static_cast<int>(resource.change);
            group.items.push_back({&resource, resourceText(resource.key), text(app.name)});
        }
    }
    std::vector<Group> groups = std::move(errors);
    for (auto &[key, group] : byKey) {
        if (grouping == CompareGrouping::IdenticalChange) {
            const ComparedResource &first = *group.items.front().resource;
            if (group.items.size() > 1)
                group.title = tr("%1: the same change in %n object(s)", nullptr, static_cast<int>(group.items.size()))
                                  .arg(text(first.key.kind));
            else
                group.title = resourceText(first.key);
        }
        groups.push_back(std::move(group));
    }
    std::ranges::stable_sort(groups, std::greater(),
                             [](const Group &group) { return group.error.isEmpty() ? group.items.size() : 1'000'000; });
    return groups;
}

QModelIndex ComparisonTree::firstResource() const
{
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        if (!m_groups[i].items.empty())
            return index(0, 0, index(static_cast<int>(i), 0));
    }
    return {};
}

const service::ResourceDiff *ComparisonTree::diffAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return nullptr;
    return &m_groups[index.internalId() - 1].items[static_cast<std::size_t>(index.row())].resource->diff;
}

QString ComparisonTree::errorAt(const QModelIndex &index) const
{
    return index.isValid() && index.internalId() == 0 ? m_groups[static_cast<std::size_t>(index.row())].error
                                                      : QString();
}

QModelIndex ComparisonTree::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex ComparisonTree::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(index.internalId()) - 1, 0, static_cast<quintptr>(0));
}

int ComparisonTree::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != 0 || parent.column() > 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].items.size());
}

int ComparisonTree::columnCount(const QModelIndex &) const
{
    return 1;
}

QVariant ComparisonTree::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (index.internalId() == 0) {
        const Group &group = m_groups[static_cast<std::size_t>(index.row())];
        switch (role) {
        case Qt::DisplayRole: return group.title;
        case Qt::CheckStateRole: return group.items.empty() ? QVariant() : QVariant(static_cast<int>(stateOf(group)));
        case Qt::ToolTipRole: return group.error.isEmpty() ? group.secondary : sentence(utf8(group.error));
        case static_cast<int>(CompareRole::Change): return group.change;
        case static_cast<int>(CompareRole::Secondary): return group.error.isEmpty() ? group.secondary : group.error;
        case static_cast<int>(CompareRole::Counts):
            return group.error.isEmpty() ? QLocale().toString(group.items.size()) : QString();
        default: return {};
        }
    }
    const Item &item = m_groups[index.internalId() - 1].items[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return item.title;
    case Qt::ToolTipRole: return text(item.resource->key.text());
    case Qt::CheckStateRole: return static_cast<int>(m_reviewed.contains(item.print) ? Qt::Checked : Qt::Unchecked);
    case Qt::AccessibleTextRole: {
        const QString name = item.title + u", "_s + changeWord(item.resource->change);
        return m_reviewed.contains(item.print) ? tr("%1, reviewed", "a difference").arg(name) : name;
    }
    case static_cast<int>(CompareRole::Change): return static_cast<int>(item.resource->change);
    case static_cast<int>(CompareRole::Kind): return text(item.resource->key.kind);
    case static_cast<int>(CompareRole::Secondary): return item.secondary;
    case static_cast<int>(CompareRole::Counts):
        return u"+%1 −%2"_s.arg(item.resource->diff.added).arg(item.resource->diff.removed);
    default: return {};
    }
}

QString comparisonText(const Comparison &comparison)
{
    int differing = 0;
    int errors = 0;
    int resources = 0;
    int added = 0;
    int removed = 0;
    for (const ComparedApp &app : comparison.applications) {
        ++(app.change == AppChange::Error ? errors : differing);
        for (const ComparedResource &resource : app.resources) {
            ++resources;
            added += resource.change == ChangeKind::Added ? 1 : 0;
            removed += resource.change == ChangeKind::Removed ? 1 : 0;
        }
    }
    QStringList parts{ComparisonTree::tr("%1 of %n application(s) differ", nullptr, comparison.applicationCount)
                          .arg(QLocale().toString(differing)),
                      ComparisonTree::tr("%n resource(s)", nullptr, resources)};
    if (added > 0)
        parts << ComparisonTree::tr("%n added", nullptr, added);
    if (removed > 0)
        parts << ComparisonTree::tr("%n removed", nullptr, removed);
    if (errors > 0)
        parts << ComparisonTree::tr("%n error(s)", nullptr, errors);
    if (const std::size_t others = comparison.pinned.size() + comparison.elsewhere.size(); others > 0)
        parts << ComparisonTree::tr("%1 not compared", "a number of applications")
                     .arg(QLocale().toString(static_cast<qulonglong>(others)));
    parts << ComparisonTree::tr("%1 s", "seconds that it took")
                 .arg(QLocale().toString(static_cast<double>(comparison.milliseconds) / 1000, 'f', 1));
    return parts.join(u" · "_s);
}

QString notComparedText(const Comparison &comparison)
{
    QStringList parts;
    const auto add = [&](const QString &why, const std::vector<std::string> &names) {
        QStringList list;
        for (const std::string &name : names)
            list << text(name);
        if (!list.isEmpty())
            parts << why.arg(list.join(u", "_s));
    };
    add(ComparisonTree::tr("Not compared, since they are pinned to another revision: %1"), comparison.pinned);
    add(ComparisonTree::tr("Not compared, since they are of other repositories: %1"), comparison.elsewhere);
    return parts.join(u'\n');
}

QString patchOf(const Comparison &comparison)
{
    QString patch;
    for (const ComparedApp &app : comparison.applications) {
        for (const ComparedResource &resource : app.resources)
            patch += patchOf(resource.diff.lines, text(app.name + "/" + resource.key.path()), resource.change);
    }
    return patch;
}

QString markdownOf(const Comparison &comparison)
{
    QString page = u"**%1 → %2**\n\n%3\n"_s.arg(
        shortRevision(comparison.a.commit.revision.empty() ? comparison.a.requested : comparison.a.commit.revision),
        shortRevision(comparison.b.commit.revision.empty() ? comparison.b.requested : comparison.b.commit.revision),
        comparisonText(comparison));
    for (const ComparedApp &app : comparison.applications) {
        page += u"\n### %1\n"_s.arg(text(app.name));
        if (!app.error.empty())
            page += u"\n> %1\n"_s.arg(sentence(app.error));
        for (const ComparedResource &resource : app.resources) {
            page += u"\n<details><summary>%1 (%2, +%3 −%4)</summary>\n\n```diff\n%5```\n\n</details>\n"_s.arg(
                resourceText(resource.key), changeWord(resource.change), QString::number(resource.diff.added),
                QString::number(resource.diff.removed), hunksOf(resource.diff.lines));
        }
    }
    if (!comparison.unmatchedFiles.empty()) {
        page += u'\n'
                + ComparisonTree::tr("%n changed file(s) in no application:", nullptr,
                                     static_cast<int>(comparison.unmatchedFiles.size()))
                + u'\n';
        for (const std::string &file : comparison.unmatchedFiles)
            page += u"- `%1`\n"_s.arg(text(file));
    }
    if (const QString others = notComparedText(comparison); !others.isEmpty())
        page += u'\n' + others + u'\n';
    return page;
}

} // namespace tiphys::models
