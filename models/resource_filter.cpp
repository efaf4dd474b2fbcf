// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/resource_filter.h"

#include "models/graph_layout.h"
#include "models/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::TreeNode;

namespace {

constexpr QLatin1StringView kTextOption("find");
constexpr QLatin1StringView kOnlyOption("only");
constexpr QLatin1StringView kProblems("problems");
constexpr QLatin1StringView kSyncOption("sync");
constexpr QLatin1StringView kHealthOption("health");

/// In the order of an address, which names them by words that no language changes.
constexpr std::array kSyncStatuses{service::SyncStatus::Synced, service::SyncStatus::OutOfSync,
                                   service::SyncStatus::Unknown};
constexpr std::array kHealthStatuses{service::HealthStatus::Healthy,   service::HealthStatus::Progressing,
                                     service::HealthStatus::Suspended, service::HealthStatus::Degraded,
                                     service::HealthStatus::Missing,   service::HealthStatus::Unknown};

template <typename Status, std::size_t count>
QString namesOf(const std::set<Status> &statuses, const std::array<Status, count> &known)
{
    QStringList words;
    for (const Status status : known) {
        if (statuses.contains(status))
            words << text(service::word(status));
    }
    return words.join(u',');
}

template <typename Status, std::size_t count>
std::set<Status> statusesOf(const QString &words, const std::array<Status, count> &known)
{
    const QStringList wanted = words.split(u',');
    std::set<Status> statuses;
    for (const Status status : known) {
        if (wanted.contains(text(service::word(status))))
            statuses.insert(status);
    }
    return statuses;
}

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

bool isMatch(const TreeNode &node, const ResourceFilter &filter)
{
    return matches(node, filter, filter.text.simplified().split(u' ', Qt::SkipEmptyParts));
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

QMap<QString, QString> optionsOf(const ResourceFilter &filter)
{
    QMap<QString, QString> options;
    if (const QString words = filter.text.simplified(); !words.isEmpty())
        options.insert(kTextOption, words);
    if (filter.isTroubleOnly)
        options.insert(kOnlyOption, kProblems);
    if (const QString names = namesOf(filter.sync, kSyncStatuses); !names.isEmpty())
        options.insert(kSyncOption, names);
    if (const QString names = namesOf(filter.health, kHealthStatuses); !names.isEmpty())
        options.insert(kHealthOption, names);
    return options;
}

ResourceFilter resourceFilterOf(const QMap<QString, QString> &options)
{
    return {.text = options.value(kTextOption).simplified(),
            .isTroubleOnly = options.value(kOnlyOption) == kProblems,
            .sync = statusesOf(options.value(kSyncOption), kSyncStatuses),
            .health = statusesOf(options.value(kHealthOption), kHealthStatuses)};
}

QMap<QString, QString> withoutResourceFilter(QMap<QString, QString> options)
{
    for (const QLatin1StringView name : {kTextOption, kOnlyOption, kSyncOption, kHealthOption})
        options.remove(name);
    return options;
}

QString resourceCountText(const ResourceFilter &filter, int matches, int total)
{
    if (filter.isEmpty())
        return Resources::tr("%n resource(s)", nullptr, total);
    return Resources::tr("%1 of %2", "how many match, of how many")
        .arg(QLocale().toString(matches), QLocale().toString(total));
}

} // namespace tiphys::models
