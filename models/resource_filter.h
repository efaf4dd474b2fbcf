// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <QMap>
#include <QString>

#include <set>
#include <vector>

namespace tiphys::models {

/// Which resources of an application are looked for. A resource has to be all that is asked for.
struct ResourceFilter
{
    QString text;                           ///< words that stand in kind, name or namespace, in any order and case
    bool isTroubleOnly = false;             ///< what is out of sync or not healthy
    std::set<service::SyncStatus> sync;     ///< any of these; empty: whatever it is
    std::set<service::HealthStatus> health; ///< any of these; empty: whatever it is

    /// Nothing is asked for: everything is shown.
    bool isEmpty() const;
    bool operator==(const ResourceFilter &) const = default;
};

/// The application itself manages the object, and it differs from Git.
bool isOutOfSync(const service::TreeNode &node);
/// Its health is known not to be Healthy.
bool isNotHealthy(const service::TreeNode &node);

/// \p node is all that \p filter asks for.
bool isMatch(const service::TreeNode &node, const ResourceFilter &filter);

/// What a filter leaves of a tree.
struct FilteredResources
{
    std::vector<service::TreeNode> nodes; ///< what matches and the way to it, parents before children
    int matches = 0;                      ///< how many of them match by themselves
};

/// The nodes of \p nodes (parents before children) that match \p filter, with all their ancestors; `parent` counts in the
/// result. An empty filter leaves everything.
FilteredResources filtered(std::vector<service::TreeNode> nodes, const ResourceFilter &filter);

/// What an address says of \p filter: "find" = words, "only" = "problems", "sync" and "health" = statuses. Nothing of an empty one.
QMap<QString, QString> optionsOf(const ResourceFilter &filter);
/// The filter that the options of an address name; others among them are left alone.
ResourceFilter resourceFilterOf(const QMap<QString, QString> &options);
/// \p options without those of a filter.
QMap<QString, QString> withoutResourceFilter(QMap<QString, QString> options);

/// "12 of 340" while something is filtered, "340 resources" else.
QString resourceCountText(const ResourceFilter &filter, int matches, int total);

} // namespace tiphys::models
