// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/list_view.h"

#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"

#include <QHeaderView>
#include <QPainter>
#include <QTreeView>

namespace tiphys::ui {

namespace {

/// A header without bevels: secondary text on the window colour and one line below.
class FlatHeader final : public QHeaderView
{
public:
    explicit FlatHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
    {
        setSectionsClickable(true);
        setHighlightSections(false);
        setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        setMinimumSectionSize(unit(this) * 8);
        setStretchLastSection(true);
    }

    QSize sizeHint() const override { return {QHeaderView::sizeHint().width(), 8 * unit(this)}; }

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        painter->save();
        const int u = unit(this);
        painter->fillRect(rect, palette().color(QPalette::Base));
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), lineColor(palette()));
        const bool isSorted = isSortIndicatorShown() && sortIndicatorSection() == section;
        painter->setFont(scaled(font(), kSecondaryFactor));
        painter->setPen(isSorted ? palette().color(QPalette::Text) : secondaryColor(palette()));
        const int left = rect.left() + (visualIndex(section) == 0 ? 3 * u : 2 * u);
        const QRect text(left, rect.top(), rect.right() - left - u, rect.height());
        const QString title = model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
        painter->drawText(text, static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft),
                          painter->fontMetrics().elidedText(title, Qt::ElideRight, text.width()));
        if (isSorted) {
            const int x = left + painter->fontMetrics().horizontalAdvance(title) + u;
            const bool isUp = sortIndicatorOrder() == Qt::AscendingOrder;
            paintIcon(*painter, QRectF(x, rect.center().y() - 1.5 * u, 3 * u, 3 * u),
                      isUp ? QStringLiteral("up") : QStringLiteral("down"), secondaryColor(palette()));
        }
        painter->restore();
    }
    void paintEvent(QPaintEvent *event) override
    {
        QPainter painter(viewport());
        painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
        painter.fillRect(QRect(0, viewport()->height() - 1, viewport()->width(), 1), lineColor(palette()));
        painter.end();
        QHeaderView::paintEvent(event);
    }
};

} // namespace

void BranchView::drawBranches(QPainter *painter, const QRect &rect, const QModelIndex &index) const
{
    const bool isSelected = selectionModel()->isSelected(index);
    painter->fillRect(rect, isSelected ? selectionColor(palette()) : palette().color(QPalette::Base));
    if (!model()->hasChildren(index))
        return;
    const int u = unit(this);
    const QRectF arrow(rect.right() - 4 * u, rect.center().y() - 1.5 * u, 3 * u, 3 * u);
    paintIcon(*painter, arrow, isExpanded(index) ? QStringLiteral("down") : QStringLiteral("forward"),
              secondaryColor(palette()));
}

void setUpListView(QTreeView *view)
{
    view->setHeader(new FlatHeader(view));
    view->setRootIsDecorated(false);
    view->setUniformRowHeights(true);
    view->setAllColumnsShowFocus(true);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setFrameShape(QFrame::NoFrame);
    view->setMouseTracking(true);
    view->setItemsExpandable(false);
    view->setExpandsOnDoubleClick(false);
}

} // namespace tiphys::ui
