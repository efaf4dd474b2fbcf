// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;

namespace tiphys::ui {

/// Cards beside each other where there is room for all of them, else below each other.
class CardGrid final : public QWidget
{
    Q_OBJECT

public:
    explicit CardGrid(QWidget *parent = nullptr);

    void add(QWidget *card);
    /// Places the cards for \p width pixels; each has a fixed width.
    void arrange(int width);
    /// Beside each other.
    int columns() const { return m_columns; }

private:
    QGridLayout *m_grid;
    QList<QWidget *> m_cards;
    int m_columns = 0;
};

} // namespace tiphys::ui
