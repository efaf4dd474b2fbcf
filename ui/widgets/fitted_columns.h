// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

class QTreeView;

namespace tiphys::ui {

/// Whether a column takes a part of what is left.
enum class Growing { No, Yes };

/// How wide a column of a table wants to be.
struct ColumnWidth
{
    int column;
    int units;    ///< preferred width in units of the theme
    int priority; ///< the highest goes first when there is no room; 0 stays
    Growing growing = Growing::No;
};

/// The same for a column that has a name.
template <typename Column>
constexpr ColumnWidth widthOf(Column column, int units, int priority, Growing growing = Growing::No)
{
    return {static_cast<int>(column), units, priority, growing};
}

/// Shows of \p columns as many as \p width has room for and lets the growing ones grow.
void fitColumns(QTreeView &view, std::span<const ColumnWidth> columns, int width);

} // namespace tiphys::ui
