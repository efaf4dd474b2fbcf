// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fitted_columns.h"

#include "ui/theme/metrics.h"

#include <QTreeView>

#include <algorithm>
#include <vector>

namespace tiphys::ui {

void fitColumns(QTreeView &view, std::span<const ColumnWidth> columns, int width)
{
    const int u = unit(&view);
    int needed = 0;
    std::vector<ColumnWidth> shown(columns.begin(), columns.end());
    for (const ColumnWidth &column : shown)
        needed += column.units * u;
    while (needed > width) {
        const auto last = std::ranges::max_element(shown, {}, &ColumnWidth::priority);
        if (last->priority == 0)
            break;
        needed -= last->units * u;
        shown.erase(last);
    }
    const int extra = std::max(0, width - needed);
    int shares = 1;
    for (const ColumnWidth &column : shown)
        shares += column.shares;
    for (const ColumnWidth &column : columns) {
        const bool isShown = std::ranges::contains(shown, column.column, &ColumnWidth::column);
        view.setColumnHidden(column.column, !isShown);
        view.setColumnWidth(column.column, column.units * u + extra * column.shares / shares);
    }
}

} // namespace tiphys::ui
