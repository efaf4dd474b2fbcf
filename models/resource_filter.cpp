// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/resource_filter.h"

#include "models/graph_layout.h"
#include "models/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::TreeNode;

namespace {

struct Resources
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::ResourceFilter)
};

bool hasWords(const TreeNode &node, const QStringList &words)
{
    if (words.isEmpty())
        return true;
    const QString all = text(node.key.kind) + u'\n' + text(node.key.name) + u'\n' + text(node.key.ns);
    return std::ranges::all_of(words, [&all](const QString &word) { return all.contains(word, Qt::CaseInsensitive); });
}

bool matches(const TreeNode &node, const ResourceFilter &filter, const QStringList &words)
{
    if (filter.isTroubleOnly && !isOutOfSync(node) && !isNotHealthy(node))
        return false;
    if (!filter.sync.empty() && !(node.hasSync && filter.sync.contains(node.sync)))
        return false;
    if (!filter.health.empty() && !filter.health.contains(node.health))
        return false;
    return hasWords(node, words);
}

} // namespace

bool ResourceFilter::isEmpty() const
{
    return text.trimmed().isEmpty() && !isTroubleOnly && sync.empty() && health.empty();
}

bool isOutOfSync(const TreeNode &node)
{
    return node.hasSync && node.sync == service::SyncStatus::OutOfSync;
}

bool isNotHealthy(const TreeNode &node)
{
    return badness(node.health) > badness(service::HealthStatus::Healthy);
}

FilteredResources filtered(std::vector<TreeNode> nodes, const ResourceFilter &filter)
{
    if (filter.isEmpty()) {
        const int all = static_cast<int>(nodes.size());
        return {std::move(nodes), all};
    }
    const QStringList words = filter.text.simplified().split(u' ', Qt::SkipEmptyParts);
    FilteredResources result;
    std::vector<bool> isKept(nodes.size(), false);
    // Children stand behind their parents: from the end, one pass carries each match up to its root.
    for (std::size_t i = nodes.size(); i-- > 0;) {
        if (matches(nodes[i], filter, words)) {
            isKept[i] = true;
            ++result.matches;
        }
        if (isKept[i] && nodes[i].parent >= 0)
            isKept[static_cast<std::size_t>(nodes[i].parent)] = true;
    }
    std::vector<int> places(nodes.size(), -1);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!isKept[i])
            continue;
        places[i] = static_cast<int>(result.nodes.size());
        TreeNode &kept = result.nodes.emplace_back(std::move(nodes[i]));
        if (kept.parent >= 0)
            kept.parent = places[static_cast<std::size_t>(kept.parent)];
    }
    return result;
}

QString resourceCountText(const ResourceFilter &filter, int matches, int total)
{
    if (filter.isEmpty())
        return Resources::tr("%n resource(s)", nullptr, total);
    return Resources::tr("%1 of %2", "how many match, of how many").arg(QLocale().toString(matches), QLocale().toString(total));
}

} // namespace tiphys::models
