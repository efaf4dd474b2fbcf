// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/diff_rows.h"

#include <QAbstractScrollArea>

#include <memory>
#include <set>
#include <vector>

namespace tiphys::ui {

class YamlColors;

/// Differences of one resource, side by side or unified. Only visible lines are laid out, coloured and painted.
class DiffView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit DiffView(QWidget *parent = nullptr);
    ~DiffView() override;

    /// Titles of the two sides: "live" and "desired", or two commits.
    void setTitles(const QString &left, const QString &right);
    /// What is in sight after other lines are shown.
    enum class Place { FirstDifference, Kept };
    /// \p place is Kept where they are news of what was shown before: folds and scrolling stay as far as they can.
    void setDiff(const std::vector<service::DiffLine> &lines, Place place = Place::FirstDifference);
    void setLayoutMode(models::DiffLayout layout);
    models::DiffLayout layoutMode() const { return m_layout; }
    void unfoldAll();
    /// Goes to the next (1) or previous (-1) difference; false at the end.
    bool walk(int direction);
    int currentChange() const { return m_change; }
    int changeCount() const { return static_cast<int>(m_starts.size()); }
    const std::vector<models::DiffRow> &rows() const { return m_rows; }

Q_SIGNALS:
    void changeWalked();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    enum class Side { Left, Right };
    int lineHeight() const;
    int gutterWidth() const;
    int headerHeight() const;
    void rebuild();
    void updateScrollBars();
    void paintHeader(QPainter &painter);
    void paintRow(QPainter &painter, int y, const models::DiffRow &row);
    void paintFold(QPainter &painter, int y, const models::DiffRow &row);
    void paintUnified(QPainter &painter, int y, const models::DiffRow &row);
    void paintSide(QPainter &painter, const QRect &rect, int line, Side side);
    void paintText(QPainter &painter, const QRect &rect, int line, YamlColors &colors);
    void paintRuler(QPainter &painter);
    int rowAt(int y) const;

    std::vector<service::DiffLine> m_lines;
    std::vector<models::DiffRow> m_rows;
    std::vector<int> m_starts;
    std::set<int> m_openFolds;
    models::DiffLayout m_layout = models::DiffLayout::SideBySide;
    QString m_leftTitle;
    QString m_rightTitle;
    std::unique_ptr<YamlColors> m_leftColors;
    std::unique_ptr<YamlColors> m_rightColors;
    qsizetype m_widest = 0;
    int m_change = -1;
};

} // namespace tiphys::ui
