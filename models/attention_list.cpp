// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/attention_list.h"

#include "models/application_table.h"
#include "models/rollout_text.h"
#include "models/status_text.h"
#include "models/text.h"

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

using Item = AttentionItem;
using service::Urgency;

Item::NextAct nextActOf(const service::AppRow &row)
{
    switch (row.urgency) {
    case Urgency::FailedOperation: return row.conditions.empty() ? Item::NextAct::ShowOperation : Item::NextAct::Open;
    case Urgency::OutOfSyncAutomated:
    case Urgency::OutOfSyncManual: return Item::NextAct::ShowDiff;
    case Urgency::Degraded:
    case Urgency::StuckDeletion:
    case Urgency::Missing:
    case Urgency::Progressing:
    case Urgency::Unknown:
    case Urgency::None: return Item::NextAct::Open;
    }
    return Item::NextAct::Open;
}

Item itemOf(const service::AppRow &row)
{
    Item item;
    item.key = text(row.id.address());
    item.title = text(row.id.name);
    item.cause = row.cause.empty() ? explanation(row.urgency) : sentence(row.cause);
    item.where = text(row.id.context) + u" · "_s + text(row.destinationNamespace);
    item.app = row.id;
    item.urgency = row.urgency;
    item.health = row.health;
    item.sync = row.sync;
    item.since = row.since;
    item.nextAct = nextActOf(row);
    return item;
}

Item groupOf(const std::vector<Item> &members, bool isExpanded)
{
    Item group = members.front();
    group.kind = Item::Kind::Group;
    group.key = u"group:%1:%2"_s.arg(static_cast<int>(group.urgency)).arg(group.cause);
    group.title = AttentionList::tr("%n application(s)", nullptr, static_cast<int>(members.size()));
    std::set<QString> contexts;
    for (const Item &member : members) {
        contexts.insert(text(member.app.context));
        group.since = std::max(group.since, member.since);
    }
    group.where = contexts.size() == 1 ? *contexts.begin()
                                       : AttentionList::tr("%n cluster(s)", nullptr, static_cast<int>(contexts.size()));
    group.count = static_cast<int>(members.size());
    group.nextAct = isExpanded ? Item::NextAct::Collapse : Item::NextAct::Expand;
    return group;
}

Item itemOf(const service::ClusterState &cluster)
{
    Item item;
    item.kind = Item::Kind::Cluster;
    item.key = u"cluster:"_s + text(cluster.context);
    item.title = text(cluster.context);
    service::ClusterState ageless = cluster;
    ageless.lastSeen = 0;
    const QString state = reachabilityText(ageless, 0);
    item.cause = cluster.message.empty() ? sentence(utf8(state)) : sentence(cluster.message);
    if (cluster.applicationCount > 0)
        item.cause =
            AttentionList::tr("%1 What is shown of its %n application(s) is old.", nullptr, cluster.applicationCount)
                .arg(item.cause);
    item.where = text(cluster.server);
    item.context = cluster.context;
    item.urgency = Urgency::FailedOperation;
    item.since = cluster.lastSeen;
    item.nextAct = Item::NextAct::Reconnect;
    return item;
}

/// A Rollout that needs a person.
std::optional<Item> itemOf(const service::RolloutRow &row)
{
    const bool isWaiting = service::waitsForPerson(row.wait);
    if (!isWaiting && row.phase != service::RolloutPhase::Degraded)
        return std::nullopt;
    Item item;
    item.kind = Item::Kind::Rollout;
    item.key = u"rollout:%1/%2/%3"_s.arg(text(row.id.context), text(row.id.ns), text(row.id.name));
    item.title = text(row.id.name);
    item.cause = messageText(row);
    item.where = text(row.id.context) + u" · "_s + text(row.id.ns);
    item.rollout = row.id;
    item.context = row.id.context;
    item.urgency = Urgency::Degraded;
    item.since = isWaiting && row.waitSince > 0 ? row.waitSince : row.since;
    item.nextAct = !isWaiting        ? Item::NextAct::OpenRollout
                   : row.isBlueGreen ? Item::NextAct::Switch
                                     : Item::NextAct::Promote;
    return item;
}

/// Order of lines: a Rollout that waits for a person comes after what is degraded.
int rankOf(const Item &item)
{
    return static_cast<int>(item.urgency) * 2 + (item.isWaitingRollout() ? 1 : 0);
}

bool needsAttention(const service::ClusterState &cluster)
{
    return isOutOfReach(cluster.reachability) || cluster.reachability == service::Reachability::Denied;
}

} // namespace

QString nextActText(AttentionItem::NextAct act)
{
    switch (act) {
    case Item::NextAct::Open: return AttentionList::tr("Open");
    case Item::NextAct::ShowDiff: return AttentionList::tr("Show differences");
    case Item::NextAct::ShowOperation: return AttentionList::tr("Show operation");
    case Item::NextAct::Expand: return AttentionList::tr("Show all");
    case Item::NextAct::Collapse: return AttentionList::tr("Fold");
    case Item::NextAct::Reconnect: return AttentionList::tr("Try again now");
    case Item::NextAct::Promote: return AttentionList::tr("Promote…");
    case Item::NextAct::Switch: return AttentionList::tr("Switch…");
    case Item::NextAct::OpenRollout: return AttentionList::tr("Open");
    }
    return {};
}

AttentionList::AttentionList(QObject *parent) : RowListModel(parent) {}

void AttentionList::apply(const service::ApplicationsPtr &applications, const service::ClustersPtr &clusters)
{
    if (applications == m_applications && clusters == m_clusters)
        return;
    m_applications = applications;
    m_clusters = clusters;
    update();
}

void AttentionList::applyRollouts(const service::RolloutsPtr &rollouts)
{
    if (rollouts == m_rollouts)
        return;
    m_rollouts = rollouts;
    update();
}

void AttentionList::setNow(service::WallTime now)
{
    m_now = now;
    touchColumn(0);
}

void AttentionList::toggle(const QString &key)
{
    if (!m_expanded.erase(key))
        m_expanded.insert(key);
    update();
}

void AttentionList::update()
{
    std::vector<Item> shown;
    m_count = 0;
    m_quiet = 0;
    std::set<std::string> offline;
    if (m_clusters) {
        for (const service::ClusterState &cluster : m_clusters->clusters) {
            if (!needsAttention(cluster))
                continue;
            offline.insert(cluster.context);
            shown.push_back(itemOf(cluster));
            ++m_count;
        }
    }
    std::map<std::pair<Urgency, QString>, std::vector<Item>> byCause;
    if (m_applications) {
        for (const service::AppRowPtr &row : m_applications->rows) {
            if (offline.contains(row->id.context))
                continue;
            if (row->urgency == Urgency::None) {
                ++m_quiet;
                continue;
            }
            Item item = itemOf(*row);
            const auto place = std::pair(item.urgency, item.cause);
            byCause[place].push_back(std::move(item));
            ++m_count;
        }
    }
    if (m_rollouts) {
        for (const service::RolloutRowPtr &row : m_rollouts->rows) {
            std::optional<Item> item = itemOf(*row);
            if (!item || offline.contains(row->id.context))
                continue;
            // Each has an act of its own: they never fold.
            byCause[{item->urgency, item->key}].push_back(std::move(*item));
            ++m_count;
        }
    }
    std::vector<std::vector<Item>> causes;
    for (auto &[place, members] : byCause) {
        std::ranges::stable_sort(members, {}, &Item::title);
        if (static_cast<int>(members.size()) >= kFoldFrom) {
            causes.push_back(std::move(members));
            continue;
        }
        for (Item &member : members)
            causes.push_back({std::move(member)});
    }
    std::ranges::stable_sort(causes, [](const std::vector<Item> &a, const std::vector<Item> &b) {
        if (rankOf(a.front()) != rankOf(b.front()))
            return rankOf(a.front()) < rankOf(b.front());
        return a.front().title < b.front().title;
    });
    for (std::vector<Item> &members : causes) {
        if (members.size() == 1) {
            shown.push_back(std::move(members.front()));
            continue;
        }
        Item group = groupOf(members, false);
        const bool isExpanded = m_expanded.contains(group.key);
        shown.push_back(groupOf(members, isExpanded));
        for (std::size_t i = 0; isExpanded && i < members.size(); ++i) {
            members[i].isInGroup = true;
            shown.push_back(std::move(members[i]));
        }
    }
    setRows(std::move(shown));
}

int AttentionList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 1;
}

QString AttentionList::ageOf(const AttentionItem &item) const
{
    return ageText(item.since, m_now);
}

QVariant AttentionList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Item &item = rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole: return item.title;
    case Qt::AccessibleTextRole: {
        QStringList words{item.title, item.cause, item.where, ageOf(item)};
        words.removeAll(QString());
        return words.join(u", "_s);
    }
    case Qt::ToolTipRole: {
        const QString since = exactTimeText(item.since);
        return QString(item.cause + u'\n' + item.where
                       + (since.isEmpty() ? QString() : u'\n' + tr("since %1").arg(since)));
    }
    case static_cast<int>(AppRole::IsStale):
        return item.kind == Item::Kind::Application && m_clusters
               && contextsOutOfReach(*m_clusters).contains(item.app.context);
    default: return {};
    }
}

} // namespace tiphys::models
