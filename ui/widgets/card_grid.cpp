// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card_grid.h"

#include "ui/theme/metrics.h"

#include <QGridLayout>

namespace tiphys::ui {

CardGrid::CardGrid(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(4 * unit(this));
}

void CardGrid::add(QWidget *card)
{
    m_cards << card;
    m_grid->addWidget(card, 0, static_cast<int>(m_cards.size()) - 1);
    m_columns = static_cast<int>(m_cards.size());
}

void CardGrid::arrange(int width)
{
    int needed = -m_grid->spacing();
    for (const QWidget *card : std::as_const(m_cards))
        needed += card->minimumWidth() + m_grid->spacing();
    const int count = static_cast<int>(m_cards.size());
    // Two beside each other and one below would say that the one is less.
    const int columns = width >= needed ? count : 1;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int i = 0; i < count; ++i) {
        m_grid->removeWidget(m_cards[i]);
        m_grid->addWidget(m_cards[i], i / columns, i % columns);
    }
}

} // namespace tiphys::ui
