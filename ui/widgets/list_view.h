// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

namespace tiphys::ui {

/// A tree whose branches have the ground of their row.
class BranchView final : public QTreeView
{
    Q_OBJECT

public:
    using QTreeView::QTreeView;

protected:
    void drawBranches(QPainter *painter, const QRect &rect, const QModelIndex &index) const override;
};

/// The look and behaviour that all lists share: whole rows, uniform height, hover, no frame, Enter opens.
void setUpListView(QTreeView *view);

} // namespace tiphys::ui
