// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "ui/widgets/diff_view.h"

#include <QWidget>

#include <optional>

class QSplitter;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace tiphys::models {
class DiffList;
}

namespace tiphys::ui {

class EmptyPane;
class FindBar;
class Settings;
class ElidedLabel;
class TextLabel;

/// The text of one difference under a small bar: layout, previous and next, show all lines, copy, find.
class DiffText final : public QWidget
{
    Q_OBJECT

public:
    explicit DiffText(Settings &settings, QWidget *parent = nullptr);

    void show(const service::ResourceDiff &diff, DiffView::Place place = DiffView::Place::FirstDifference);
    void clear();
    void setTitles(const QString &left, const QString &right);
    DiffView *view() const { return m_view; }
    void walk(int direction);
    /// Opens the bar that finds a text in the difference.
    void startFind();
    /// To the next (1) or previous (-1) place that was found; opens the bar where nothing is looked for.
    void walkMatches(int direction);
    /// Esc: closes that bar, or ends the selection; false if there is neither.
    bool stepBack();
    FindBar *findBar() const { return m_find; }

Q_SIGNALS:
    /// Walked beyond the last (1) or first (-1) difference.
    void leftBehind(int direction);
    /// One sentence on what was copied.
    void noticed(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void connectFind();
    void showLayout();
    void stopFind();
    void showMatches();

    Settings &m_settings;
    DiffView *m_view;
    QStackedWidget *m_stack;
    EmptyPane *m_empty;
    ElidedLabel *m_title;
    QToolButton *m_split;
    QToolButton *m_unified;
    FindBar *m_find;
};

/// The differing resources at the left, the text of one at the right.
class DiffPane final : public QWidget
{
    Q_OBJECT

public:
    explicit DiffPane(Settings &settings, QWidget *parent = nullptr);

    /// \p ns is left out of names.
    void show(const std::vector<service::ResourceDiff> &diffs, const std::string &ns);
    /// What follows is about another application; \p scope is its address.
    void clear(const QString &scope = {});
    /// Instead of differences: why there are none.
    void showMessage(const QString &title, const QString &text);
    void select(const object::ObjectKey &key);
    /// Ticks the current difference and goes to the next one that is not ticked.
    void reviewAndGoOn();
    /// Opens the bar that finds a text in the difference that is shown.
    void startFind();
    /// Esc: closes it; false if nothing was open.
    bool stepBack();
    /// "3 resources differ: …", and how many of them were looked through.
    QString summary() const;
    DiffText *text() const { return m_text; }
    QTreeView *list() const { return m_list; }
    models::DiffList *model() const { return m_model; }

Q_SIGNALS:
    /// One sentence on what was copied.
    void noticed(const QString &text);

private:
    void showCurrent();
    void showSentence();

    QString m_differences; ///< the sentence without what was reviewed
    std::optional<object::ObjectKey> m_shown;
    models::DiffList *m_model;
    QTreeView *m_list;
    DiffText *m_text;
    QStackedWidget *m_stack;
    EmptyPane *m_empty;
    TextLabel *m_sentence;
};

} // namespace tiphys::ui
