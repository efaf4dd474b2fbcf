// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/graph_face.h"

#include "ui/widgets/resource_graph.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>
#include <QWindow>

#include <map>

namespace tiphys::ui {

namespace {

/// One card, told by its number: what it shows may change, and it is invalid while there are fewer.
class CardFace final : public QAccessibleInterface
{
public:
    CardFace(ResourceGraph *graph, int card) : m_graph(graph), m_card(card) {}

    bool isValid() const override { return m_graph && m_card < m_graph->cardCount(); }
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_graph ? m_graph->window()->windowHandle() : nullptr; }
    QAccessibleInterface *parent() const override
    {
        return m_graph ? QAccessible::queryAccessibleInterface(m_graph.data()) : nullptr;
    }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Name && isValid() ? m_graph->spokenCard(m_card) : QString();
    }
    void setText(QAccessible::Text, const QString &) override {}
    QAccessible::Role role() const override { return QAccessible::TreeItem; }
    QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect place = m_graph->cardPlace(m_card);
        return {m_graph->viewport()->mapToGlobal(place.topLeft()), place.size()};
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.selectable = true;
        state.focusable = true;
        state.selected = m_graph->selectedCard() == m_card;
        state.focused = state.selected && m_graph->hasFocus();
        state.offscreen = !m_graph->viewport()->rect().intersects(m_graph->cardPlace(m_card));
        const models::GraphCard &card = m_graph->layoutShown().cards[static_cast<std::size_t>(m_card)];
        state.expandable = card.isFold();
        state.expanded = card.isFold() && card.isFoldOpen;
        state.collapsed = card.isFold() && !card.isFoldOpen;
        return state;
    }

private:
    QPointer<ResourceGraph> m_graph;
    int m_card;
};

class GraphFace final : public QAccessibleWidget
{
public:
    explicit GraphFace(ResourceGraph *graph) : QAccessibleWidget(graph, QAccessible::Tree), m_graph(graph) {}
    ~GraphFace() override
    {
        for (const auto &[card, id] : m_cards)
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return m_graph ? m_graph->cardCount() : 0; }
    QAccessibleInterface *child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        const auto known = m_cards.find(index);
        if (known != m_cards.end())
            return QAccessible::accessibleInterface(known->second);
        auto *face = new CardFace(m_graph, index);
        m_cards.emplace(index, QAccessible::registerAccessibleInterface(face));
        return face;
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        for (const auto &[card, id] : m_cards) {
            if (QAccessible::accessibleInterface(id) == child)
                return card;
        }
        return -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        for (int card = 0; card < childCount(); ++card) {
            if (m_graph->cardPlace(card).contains(m_graph->viewport()->mapFromGlobal(QPoint(x, y))))
                return child(card);
        }
        return nullptr;
    }
    QAccessibleInterface *focusChild() const override
    {
        return m_graph && m_graph->hasFocus() ? child(m_graph->selectedCard()) : nullptr;
    }

private:
    QPointer<ResourceGraph> m_graph;
    mutable std::map<int, QAccessible::Id> m_cards; ///< those that were asked for
};

QAccessibleInterface *faceOf(const QString &, QObject *object)
{
    auto *graph = qobject_cast<ResourceGraph *>(object);
    return graph ? new GraphFace(graph) : nullptr;
}

} // namespace

void offerGraphFaces()
{
    QAccessible::installFactory(faceOf); // a factory is kept once
}

} // namespace tiphys::ui
