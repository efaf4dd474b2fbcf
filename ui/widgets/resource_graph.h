// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/graph_layout.h"

#include <QAbstractScrollArea>

#include <optional>

namespace tiphys::ui {

/// The objects of an application from left to right. One widget paints what is visible; to assistive technology its cards are
/// the items of a tree. The list beside it has the same selection.
class ResourceGraph final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit ResourceGraph(QWidget *parent = nullptr);

    /// \p isDimmed says of each node whether it is painted as one that is not looked for; empty: none is.
    void apply(const service::AppRow &row, const std::vector<service::TreeNode> &nodes, service::WallTime now,
               std::vector<bool> isDimmed = {});
    /// The application that apply() was called with.
    const service::AppId &app() const { return m_row.id; }
    /// What is shown; nodeSelected() and menuRequested() count in it.
    const std::vector<service::TreeNode> &nodes() const { return m_nodes; }
    /// Brings the first card into sight that is looked for, unless one is there.
    void showMatch();
    /// Card number \p card is none that is looked for, and folds none.
    bool isDimmed(int card) const;
    /// Selects the card of \p key; nothing selects the application. Where \p key is not shown, no card is selected.
    void select(const std::optional<object::ObjectKey> &key);
    /// The same, brought into sight; a fold that hides it opens.
    void reveal(const object::ObjectKey &key);
    double zoom() const { return m_zoom; }
    void setZoom(double zoom);
    void zoomToFit();
    const models::GraphLayout &layoutShown() const { return m_layout; }
    int cardCount() const { return static_cast<int>(m_layout.cards.size()); }
    int selectedCard() const { return m_selected; }
    /// Card number \p card in words: name, statuses, what is wrong; of a fold how many are in it, and are found.
    QString spokenCard(int card) const;
    /// Where it is, in the viewport.
    QRect cardPlace(int card) const;

Q_SIGNALS:
    /// The person chose a node: its index, -1 for the application.
    void nodeSelected(int node);
    /// The person wants the menu of a node, by mouse or keyboard; \p place is on the screen.
    void menuRequested(int node, const QPoint &place);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    QRectF cardRect(const models::GraphCard &card) const;
    QSizeF sceneSize() const;
    QPointF origin() const;
    void zoomAround(double zoom, const QPointF &point);
    void relayout();
    void updateScrollBars();
    /// Shows as much as can be read, the application in sight, while nobody moved the view.
    void frame();
    void choose(int card);
    void tellSelection();
    void toggleFold(int card);
    void showCard(int card);
    int cardAt(const QPoint &point) const;
    int cardOfNode(int node) const;
    int neighbour(int key) const;
    void paintEdges(QPainter &painter, const QRectF &visible);
    void paintCard(QPainter &painter, int card);
    void paintContents(QPainter &painter, const QRectF &rect, const models::GraphCard &card);
    /// How many of the resources in the fold \p card are looked for; 0 while none is.
    int matchesIn(const models::GraphCard &card) const;
    service::HealthStatus healthOf(const models::GraphCard &card) const;

    service::AppRow m_row;
    std::vector<service::TreeNode> m_nodes;
    std::vector<bool> m_isDimmed; ///< by node; empty while nothing is looked for
    std::set<QString> m_openFolds;
    models::GraphLayout m_layout;
    service::WallTime m_now = 0;
    double m_zoom = 1;
    int m_selected = 0;     ///< card, -1 for none
    bool m_isFramed = true; ///< nobody moved the view of this application yet
    bool m_isDragging = false;
    QPoint m_dragFrom;
    QString m_told; ///< of the selection, to assistive technology
};

} // namespace tiphys::ui
