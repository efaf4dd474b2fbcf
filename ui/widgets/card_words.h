// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/graph_layout.h"
#include "service/applications.h"

#include <QString>

#include <vector>

namespace tiphys::ui {

/// How many of the resources that the fold \p card hides are not healthy.
int unhealthyIn(const models::GraphCard &card, const std::vector<service::TreeNode> &nodes);

/// Card number \p card of \p layout in words, for who does not see it; \p found is how many in a fold are looked for.
QString cardWords(const models::GraphLayout &layout, int card, int found, const service::AppRow &row,
                  const std::vector<service::TreeNode> &nodes);

} // namespace tiphys::ui
