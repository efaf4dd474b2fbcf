// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card_words.h"

#include "models/resource_filter.h"
#include "models/resource_tree.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/widgets/resource_graph.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using models::GraphCard;
using service::TreeNode;

int unhealthyIn(const GraphCard &card, const std::vector<TreeNode> &nodes)
{
    return static_cast<int>(std::ranges::count_if(
        card.folded, [&nodes](int i) { return models::isNotHealthy(nodes[static_cast<std::size_t>(i)]); }));
}

QString cardWords(const models::GraphLayout &layout, int card, int found, const service::AppRow &row,
                  const std::vector<TreeNode> &nodes)
{
    if (card < 0 || static_cast<std::size_t>(card) >= layout.cards.size())
        return ResourceGraph::tr("Nothing is selected.");
    const GraphCard &selected = layout.cards[static_cast<std::size_t>(card)];
    if (selected.isFold()) {
        const int bad = unhealthyIn(selected, nodes);
        QStringList words{
            ResourceGraph::tr("%n resource(s), folded", nullptr, static_cast<int>(selected.folded.size())),
            models::text(nodes[static_cast<std::size_t>(selected.folded.front())].key.kind)};
        if (found > 0)
            words << ResourceGraph::tr("%1 found", "number of resources").arg(found);
        if (bad > 0)
            words << ResourceGraph::tr("%1 not healthy", "number of resources").arg(bad);
        return words.join(u", "_s);
    }
    if (selected.node < 0)
        return ResourceGraph::tr("Application %1, %2, %3", "name, health, sync")
            .arg(models::text(row.id.name), models::statusWord(row.health), models::statusWord(row.sync));
    return models::spokenNode(nodes[static_cast<std::size_t>(selected.node)], {});
}

} // namespace tiphys::ui
