// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/diff_rows.h"
#include "models/diff_text.h"

#include <QAbstractScrollArea>
#include <QTextLayout>

#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

class QMenu;

namespace tiphys::ui {

class YamlColors;

/// Differences of one resource, side by side or unified. Only visible lines are laid out, coloured and painted. Lines are
/// selected by mouse or keyboard and copied; a text that is looked for is marked.
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
    /// How the text is called in a patch that is copied, and what becomes of it; "" leaves the names out.
    void setPatchName(const QString &path, service::ChangeKind change);
    void setLayoutMode(models::DiffLayout layout);
    void unfoldAll();
    /// Goes to the next (1) or previous (-1) difference; false at the end.
    bool walk(int direction);
    int currentChange() const { return m_change; }
    int changeCount() const { return static_cast<int>(m_starts.size()); }
    const std::vector<models::DiffRow> &rows() const { return m_rows; }

    /// Marks every place where \p text stands and brings one into sight, from where the last one was; "" ends that.
    void find(const QString &text);
    /// Goes to the next (1) or previous (-1) place, from the end on to the beginning; false where there is none. A fold
    /// that hides it opens.
    bool walkMatches(int direction);
    int matchCount() const { return static_cast<int>(m_matches.size()); }
    /// Index of the place that is shown, -1 for none.
    int currentMatch() const { return m_match; }

    /// Selects rows by their index, on \p side where they have two.
    void selectRows(int anchor, int cursor, models::DiffSide side);
    void selectAll();
    /// Nothing is selected any more; false if nothing was.
    bool clearSelection();
    const models::PickedRows &selection() const { return m_picked; }
    /// The acts on the text, with what can be done now.
    QMenu *copyMenu();

Q_SIGNALS:
    /// Other places were found, or another one is shown.
    void matchesChanged();
    /// One sentence on what was copied.
    void noticed(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    int lineHeight() const;
    int gutterWidth() const;
    int headerHeight() const;
    void rebuild();
    void updateScrollBars();
    void paintHeader(QPainter &painter);
    void paintRow(QPainter &painter, int y, int row);
    void paintSelection(QPainter &painter, int y, int row);
    void paintFold(QPainter &painter, int y, const models::DiffRow &row);
    void paintUnified(QPainter &painter, int y, const models::DiffRow &row);
    void paintSide(QPainter &painter, const QRect &rect, int line, models::DiffSide side);
    void paintText(QPainter &painter, const QRect &rect, int line, YamlColors &colors);
    void paintRuler(QPainter &painter);
    QList<QTextLayout::FormatRange> matchFormats(int line, qsizetype length) const;
    int rowAt(int y) const;
    models::DiffSide sideAt(int x) const;
    int firstVisibleRow() const;
    int lineOfRow(int row) const;
    void showRow(int row);
    void showMatch();
    void seek();
    void updatePicked();
    void extendSelection(int rows);
    bool selectByKey(QKeyEvent *event);
    void copy(const QString &text, const QString &notice);
    void copySelection();

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
    QString m_sought;
    std::vector<models::DiffMatch> m_matches;
    std::unordered_map<int, int> m_firstMatches; ///< of each line that has one
    int m_match = -1;
    int m_anchor = -1;           ///< line that the selection began at, -1 for none
    int m_cursor = -1;           ///< line that it reaches to
    models::PickedRows m_picked; ///< the rows of that
    bool m_isSelecting = false;
    QString m_path;
    service::ChangeKind m_changeKind = service::ChangeKind::Changed;
    QMenu *m_menu;
};

} // namespace tiphys::ui
