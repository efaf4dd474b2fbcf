// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/resource_tree.h"

#include "models/status_text.h"
#include "models/text.h"

#include <QRegularExpression>

#include <map>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::TreeNode;

void ResourceTree::link()
{
    m_children.assign(m_nodes.size() + 1, {});
    m_rows.assign(m_nodes.size(), 0);
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        std::vector<int> &siblings = m_children[static_cast<std::size_t>(m_nodes[i].parent + 1)];
        m_rows[i] = static_cast<int>(siblings.size());
        siblings.push_back(static_cast<int>(i));
    }
}

void ResourceTree::apply(std::vector<TreeNode> nodes, const std::string &ns)
{
    m_ns = ns;
    bool hasSameShape = nodes.size() == m_nodes.size();
    for (std::size_t i = 0; hasSameShape && i < nodes.size(); ++i)
        hasSameShape = nodes[i].key == m_nodes[i].key && nodes[i].parent == m_nodes[i].parent;
    if (hasSameShape) {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (nodes[i] == m_nodes[i])
                continue;
            m_nodes[i] = std::move(nodes[i]);
            Q_EMIT dataChanged(createIndex(m_rows[i], 0, static_cast<quintptr>(i)),
                               createIndex(m_rows[i], kColumns - 1, static_cast<quintptr>(i)));
        }
        return;
    }
    if (m_nodes.empty()) {
        beginResetModel();
        m_nodes = std::move(nodes);
        link();
        endResetModel();
        return;
    }
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    std::vector<object::ObjectKey> keys;
    for (const QModelIndex &index : before)
        keys.push_back(m_nodes[index.internalId()].key);
    m_nodes = std::move(nodes);
    link();
    std::map<object::ObjectKey, int> positions;
    for (std::size_t i = 0; i < m_nodes.size(); ++i)
        positions.emplace(m_nodes[i].key, static_cast<int>(i));
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const auto found = positions.find(keys[static_cast<std::size_t>(i)]);
        after << (found == positions.end() ? QModelIndex()
                                           : createIndex(m_rows[static_cast<std::size_t>(found->second)],
                                                         before[i].column(), static_cast<quintptr>(found->second)));
    }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged();
}

void ResourceTree::setNow(service::WallTime now)
{
    if (m_now == now)
        return;
    m_now = now;
    constexpr int kAge = static_cast<int>(Column::Age);
    for (const std::vector<int> &siblings : m_children) {
        if (siblings.empty())
            continue;
        const auto at = [this](int node) {
            return createIndex(m_rows[static_cast<std::size_t>(node)], kAge, static_cast<quintptr>(node));
        };
        Q_EMIT dataChanged(at(siblings.front()), at(siblings.back()));
    }
}

QModelIndex ResourceTree::indexOf(const object::ObjectKey &key) const
{
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (m_nodes[i].key == key)
            return createIndex(m_rows[i], 0, static_cast<quintptr>(i));
    }
    return {};
}

const TreeNode *ResourceTree::nodeAt(const QModelIndex &index) const
{
    return index.isValid() ? &m_nodes[index.internalId()] : nullptr;
}

QModelIndex ResourceTree::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const int node = parent.isValid() ? static_cast<int>(parent.internalId()) : -1;
    return createIndex(row, column, static_cast<quintptr>(childrenOf(node)[static_cast<std::size_t>(row)]));
}

QModelIndex ResourceTree::parent(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const int parent = m_nodes[index.internalId()].parent;
    return parent < 0 ? QModelIndex()
                      : createIndex(m_rows[static_cast<std::size_t>(parent)], 0, static_cast<quintptr>(parent));
}

int ResourceTree::rowCount(const QModelIndex &parent) const
{
    if (m_children.empty() || parent.column() > 0)
        return 0;
    return static_cast<int>(childrenOf(parent.isValid() ? static_cast<int>(parent.internalId()) : -1).size());
}

int ResourceTree::columnCount(const QModelIndex &) const
{
    return kColumns;
}

QVariant ResourceTree::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const TreeNode &node = m_nodes[index.internalId()];
    if (role == static_cast<int>(TreeRole::Kind))
        return text(node.key.kind);
    if (role == static_cast<int>(TreeRole::Health))
        return static_cast<int>(node.health);
    if (role == static_cast<int>(TreeRole::Sync))
        return node.hasSync ? static_cast<int>(node.sync) : -1;
    if (role == static_cast<int>(TreeRole::IsFaint))
        return !node.isLive || node.isStored || node.isOrphaned;
    if (role == Qt::AccessibleTextRole && index.column() == 0)
        return spokenNode(node, m_ns);
    if (role == Qt::ToolTipRole) {
        QStringList lines{resourceText(node.key)};
        if (!node.healthMessage.empty())
            lines << sentence(node.healthMessage);
        if (!node.podTrouble.empty())
            lines << text(node.podTrouble);
        if (node.isNotAssessed)
            lines << tr("A script assesses this kind, and it may not run here.");
        if (const QString note = nodeNote(node); !note.isEmpty())
            lines << note;
        return lines.join(u'\n');
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(index.column())) {
    case Column::Name: return resourceText(node.key, m_ns);
    case Column::Health: return statusWord(node.health);
    case Column::Sync: return node.hasSync ? statusWord(node.sync) : QString();
    case Column::Information: {
        const QString note = nodeNote(node);
        QStringList parts;
        for (const QString &part : {healthCause(node), QString(text(node.info)), note}) {
            if (!part.isEmpty())
                parts << part;
        }
        return parts.join(u" · "_s);
    }
    case Column::Age: return ageText(node.created, m_now);
    }
    return {};
}

QVariant ResourceTree::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Column::Name: return tr("Resource");
    case Column::Health: return tr("Health");
    case Column::Sync: return tr("Sync", "noun: sync status");
    case Column::Information: return tr("Details");
    case Column::Age: return tr("Age");
    }
    return {};
}

QString healthCause(const TreeNode &node)
{
    if (node.health != service::HealthStatus::Unknown || node.healthMessage.empty())
        return text(node.podTrouble).simplified();
    static const QRegularExpression place(u"^.*?<string>:([0-9]+): *"_s);
    const QString message = text(node.healthMessage).simplified();
    const QRegularExpressionMatch found = place.match(message);
    return found.hasMatch()
               ? ResourceTree::tr("script line %1: %2").arg(found.captured(1), message.mid(found.capturedEnd()))
               : message;
}

QString spokenNode(const TreeNode &node, const std::string &ns)
{
    QStringList words{resourceText(node.key, ns), statusWord(node.health)};
    if (node.hasSync)
        words << statusWord(node.sync);
    words << healthCause(node) << text(node.info) << nodeNote(node);
    words.removeAll(QString());
    return words.join(u", "_s);
}

namespace {

QString plainNote(const TreeNode &node)
{
    if (node.requiresPruning)
        return ResourceTree::tr("no longer in Git");
    if (node.isHook)
        return ResourceTree::tr("hook, wave %1").arg(node.wave);
    if (!node.isLive)
        return ResourceTree::tr("not in the cluster");
    if (node.isOrphaned)
        return ResourceTree::tr("orphaned");
    return {};
}

} // namespace

QString nodeNote(const TreeNode &node)
{
    const QString note = plainNote(node);
    if (!node.isStored)
        return note;
    const QString stored = ResourceTree::tr("as the stored status says");
    return note.isEmpty() ? stored : QString(note + u" · "_s + stored);
}

QString absenceText(const service::AppDetail &detail)
{
    return detail.manifest.empty() ? sentence(detail.treeProblem) : QString();
}

QString arrivalText(const service::AppDetail &detail)
{
    const service::Arrival &arrival = detail.arrival;
    if (arrival.waitsFor.empty())
        return {};
    const QString waits = text(arrival.waitsFor);
    if (detail.isTreeStored)
        return ResourceTree::tr("%1 of %2 lists have come, %3 among those that have not. What has not been seen yet is "
                                "shown as the stored status says.")
            .arg(arrival.listed)
            .arg(arrival.asked)
            .arg(waits);
    return ResourceTree::tr("%1 of %2 lists have come, %3 among those that have not. What they have is missing here.")
        .arg(arrival.listed)
        .arg(arrival.asked)
        .arg(waits);
}

} // namespace tiphys::models
