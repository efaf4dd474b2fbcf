// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

class QTreeView;

namespace tiphys::ui {

/// How wide a column of a table wants to be.
struct ColumnWidth
{
    int column;
    int units;      ///< preferred width in units of the theme
    int priority;   ///< the highest goes first when there is no room; 0 stays
    int shares = 0; ///< how much it takes of the room that is left, beside the others; the last column has one more
};

/// The same for a column that has a name.
template <typename Column>
constexpr ColumnWidth widthOf(Column column, int units, int priority, int shares = 0)
{
    return {static_cast<int>(column), units, priority, shares};
}

/// Shows of \p columns as many as \p width has room for and divides what is left by their shares.
void fitColumns(QTreeView &view, std::span<const ColumnWidth> columns, int width);

} // namespace tiphys::ui
