// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <QPointF>
#include <QString>

#include <set>
#include <vector>

namespace tiphys::models {

/// A box of the resource graph, in cells: column 0 is the application, rows may be halves.
struct GraphCard
{
    int node = -1;   ///< index of the tree node; -1 for the application and for a fold
    int parent = -1; ///< index of the parent card
    int column = 0;
    double row = 0;
    QString foldKey;         ///< names a fold, "" otherwise
    std::vector<int> folded; ///< tree nodes in it, worst first
    bool isFoldOpen = false;

    bool isApplication() const { return parent < 0; }
    bool isFold() const { return !foldKey.isEmpty(); }
};

struct GraphLayout
{
    std::vector<GraphCard> cards; ///< the application first, parents before children
    int columns = 0;
    double rows = 0;
};

/// More siblings of one kind than this, all without children of their own, fold into one card.
inline constexpr int kFoldBeyond = 8;

/// Boxes of \p nodes from left to right. Folds named in \p openFolds show what is in them.
GraphLayout layoutOf(const std::vector<service::TreeNode> &nodes, const std::set<QString> &openFolds);
/// How bad a health is, for "worst first": greater is worse.
int badness(service::HealthStatus health);

} // namespace tiphys::models
