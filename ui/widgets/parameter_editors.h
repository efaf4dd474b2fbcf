// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QTableView>

#include <string>
#include <vector>

class QAction;

namespace tiphys::models {
class ParameterTable;
}

namespace tiphys::ui {

class YamlHighlighter;

/// Several lines of text that are as high as they have to be, within bounds; Tab goes on to the next editor.
class LinesEditor : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit LinesEditor(QWidget *parent = nullptr);

    /// One item a line.
    void setRows(const std::vector<std::vector<std::string>> &rows);
    std::vector<std::vector<std::string>> rows() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void edited();

protected:
    /// Lines that stand there at least and at most before it scrolls.
    void setBounds(int least, int most);

private:
    int m_least = 2;
    int m_most = 8;
};

/// A YAML document with its colours.
class YamlEditor final : public LinesEditor
{
    Q_OBJECT

public:
    explicit YamlEditor(QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void recolour();

    YamlHighlighter *m_highlighter;
};

/// The rows of a parameter. Typing edits a cell, Delete takes rows away, Space ticks a switch, Tab goes on.
class ParameterTableView final : public QTableView
{
    Q_OBJECT

public:
    explicit ParameterTableView(models::ParameterTable *model, QWidget *parent = nullptr);

    models::ParameterTable *table() const { return m_table; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void removeSelected();
    void fitColumns();

    models::ParameterTable *m_table;
    QAction *m_remove;
};

} // namespace tiphys::ui
