// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/graph_layout.h"

#include "models/text.h"

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::HealthStatus;
using service::TreeNode;

namespace {

class Builder
{
public:
    Builder(const std::vector<TreeNode> &nodes, const std::set<QString> &openFolds)
        : m_nodes(nodes), m_openFolds(openFolds)
    {
        m_children.resize(nodes.size() + 1);
        for (std::size_t i = 0; i < nodes.size(); ++i)
            m_children[static_cast<std::size_t>(nodes[i].parent + 1)].push_back(static_cast<int>(i));
    }

    GraphLayout build()
    {
        m_layout.cards.push_back({});
        placeChildren(0, -1, 1);
        m_layout.rows = std::max(1.0, m_nextRow);
        return std::move(m_layout);
    }

private:
    /// Cards of all children of \p node right of \p card; the card then stands in their middle.
    void placeChildren(int card, int node, int column)
    {
        const double before = m_nextRow;
        std::map<std::string, std::vector<int>> leaves;
        std::vector<int> order;
        for (const int child : m_children[static_cast<std::size_t>(node + 1)]) {
            if (m_children[static_cast<std::size_t>(child + 1)].empty())
                leaves[m_nodes[static_cast<std::size_t>(child)].key.kind].push_back(child);
            order.push_back(child);
        }
        std::set<std::string> done;
        double first = -1;
        double last = -1;
        const auto take = [&](int made) {
            const double row = m_layout.cards[static_cast<std::size_t>(made)].row;
            first = first < 0 ? row : first;
            last = row;
        };
        for (const int child : order) {
            const std::string &kind = m_nodes[static_cast<std::size_t>(child)].key.kind;
            const bool isLeaf = m_children[static_cast<std::size_t>(child + 1)].empty();
            if (isLeaf && static_cast<int>(leaves[kind].size()) > kFoldBeyond) {
                if (done.insert(kind).second)
                    take(placeFold(card, node, column, leaves[kind]));
                continue;
            }
            take(placeNode(card, child, column));
        }
        GraphCard &own = m_layout.cards[static_cast<std::size_t>(card)];
        if (first < 0) {
            own.row = before;
            m_nextRow = before + 1;
        } else {
            own.row = (first + last) / 2;
        }
    }

    int placeNode(int parent, int node, int column)
    {
        const int card = add(parent, column);
        m_layout.cards[static_cast<std::size_t>(card)].node = node;
        placeChildren(card, node, column + 1);
        return card;
    }

    int placeFold(int parent, int node, int column, std::vector<int> folded)
    {
        std::ranges::stable_sort(folded, std::greater(),
                                 [this](int i) { return badness(m_nodes[static_cast<std::size_t>(i)].health); });
        const int card = add(parent, column);
        const TreeNode &sample = m_nodes[static_cast<std::size_t>(folded.front())];
        const QString owner = node < 0 ? u"/"_s : text(m_nodes[static_cast<std::size_t>(node)].key.path());
        const QString key = owner + u'#' + text(sample.key.kind);
        const bool isOpen = m_openFolds.contains(key);
        double first = m_nextRow;
        if (isOpen) {
            for (const int child : folded)
                placeNode(card, child, column + 1);
            m_layout.cards[static_cast<std::size_t>(card)].row = (first + m_nextRow - 1) / 2;
        } else {
            m_layout.cards[static_cast<std::size_t>(card)].row = m_nextRow;
            m_nextRow += 1;
        }
        GraphCard &own = m_layout.cards[static_cast<std::size_t>(card)];
        own.foldKey = key;
        own.folded = std::move(folded);
        own.isFoldOpen = isOpen;
        return card;
    }

    int add(int parent, int column)
    {
        GraphCard card;
        card.parent = parent;
        card.column = column;
        m_layout.columns = std::max(m_layout.columns, column + 1);
        m_layout.cards.push_back(std::move(card));
        return static_cast<int>(m_layout.cards.size()) - 1;
    }

    const std::vector<TreeNode> &m_nodes;
    const std::set<QString> &m_openFolds;
    std::vector<std::vector<int>> m_children;
    GraphLayout m_layout;
    double m_nextRow = 0;
};

} // namespace

int badness(HealthStatus health)
{
    switch (health) {
    case HealthStatus::Degraded: return 6;
    case HealthStatus::Missing: return 5;
    case HealthStatus::Unknown: return 4;
    case HealthStatus::Progressing: return 3;
    case HealthStatus::Suspended: return 2;
    case HealthStatus::Healthy: return 1;
    case HealthStatus::None: return 0;
    }
    return 0;
}

GraphLayout layoutOf(const std::vector<TreeNode> &nodes, const std::set<QString> &openFolds)
{
    return Builder(nodes, openFolds).build();
}

} // namespace tiphys::models
