// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/parameter_editors.h"

#include "models/parameter_table.h"
#include "models/text.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/yaml_highlighter.h"

#include <QAction>
#include <QCompleter>
#include <QContextMenuEvent>
#include <QEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QStyledItemDelegate>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

constexpr int kMostRows = 12;

/// Cells with their placeholders in the secondary colour; names are completed from the chart's values.
class ParameterDelegate final : public QStyledItemDelegate
{
public:
    explicit ParameterDelegate(models::ParameterTable *table, QObject *parent)
        : QStyledItemDelegate(parent), m_table(table)
    {
    }

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem & /*option*/,
                          const QModelIndex &index) const override
    {
        auto *line = new QLineEdit(parent);
        line->setFrame(false);
        line->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
        if (const QStringList names = index.column() == 0 ? m_table->defaultNames() : QStringList(); !names.isEmpty()) {
            auto *completer = new QCompleter(names, line);
            completer->setFilterMode(Qt::MatchContains);
            completer->setCaseSensitivity(Qt::CaseInsensitive);
            line->setCompleter(completer);
        }
        return line;
    }

    void setEditorData(QWidget *editor, const QModelIndex &index) const override
    {
        auto *line = static_cast<QLineEdit *>(editor);
        line->setText(index.data(Qt::EditRole).toString());
        m_shown = line->text();
    }

    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override
    {
        // A line cannot hold all that a value can: one that was only looked at stays as it is.
        const QString text = static_cast<QLineEdit *>(editor)->text();
        if (text != m_shown)
            model->setData(index, index.column() == 0 ? text.trimmed() : text, Qt::EditRole);
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.data(models::kPlaceholderRole).toBool())
            option->palette.setColor(QPalette::Text, secondaryColor(option->palette));
        if (index.flags() & Qt::ItemIsUserCheckable)
            option->displayAlignment = Qt::AlignCenter;
    }

private:
    models::ParameterTable *m_table;
    mutable QString m_shown;
};

} // namespace

LinesEditor::LinesEditor(QWidget *parent) : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFont(monospace(font()));
    document()->setDocumentMargin(1.5 * unit(this)); // as much room as line edits have
    connect(this, &QPlainTextEdit::textChanged, this, &LinesEditor::edited);
    connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { updateGeometry(); });
}

void LinesEditor::setBounds(int least, int most)
{
    m_least = least;
    m_most = most;
}

void LinesEditor::setRows(const std::vector<std::vector<std::string>> &wanted)
{
    if (rows() == wanted)
        return;
    QStringList lines;
    for (const std::vector<std::string> &row : wanted)
        lines << (row.empty() ? QString() : models::text(row.front()));
    setPlainText(lines.join(u'\n'));
}

std::vector<std::vector<std::string>> LinesEditor::rows() const
{
    std::vector<std::vector<std::string>> rows;
    for (const QString &line : toPlainText().split(u'\n')) {
        if (!line.trimmed().isEmpty())
            rows.push_back({models::utf8(line.trimmed())});
    }
    return rows;
}

QSize LinesEditor::sizeHint() const
{
    const int lines = std::clamp(blockCount() + 1, m_least, m_most);
    const int margins = 2 * frameWidth() + 2 * static_cast<int>(document()->documentMargin());
    return {60 * unit(this), lines * fontMetrics().lineSpacing() + margins};
}

YamlEditor::YamlEditor(QWidget *parent) : LinesEditor(parent), m_highlighter(new YamlHighlighter(document()))
{
    setBounds(4, 20);
    recolour();
}

void YamlEditor::recolour()
{
    m_highlighter->recolour(palette());
}

void YamlEditor::changeEvent(QEvent *event)
{
    LinesEditor::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        recolour();
}

ParameterTableView::ParameterTableView(models::ParameterTable *model, QWidget *parent)
    : QTableView(parent), m_table(model), m_remove(new QAction(tr("Remove"), this))
{
    setModel(model);
    setItemDelegate(new ParameterDelegate(model, this));
    setTabKeyNavigation(false);
    setAlternatingRowColors(false);
    setShowGrid(true);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setEditTriggers(QAbstractItemView::AnyKeyPressed | QAbstractItemView::EditKeyPressed
                    | QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(7 * unit(this));
    verticalHeader()->setMinimumSectionSize(7 * unit(this));
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_remove->setShortcut(QKeySequence::Delete);
    m_remove->setShortcutContext(Qt::WidgetShortcut);
    addAction(m_remove);
    connect(m_remove, &QAction::triggered, this, &ParameterTableView::removeSelected);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(model, changed, this, [this] { updateGeometry(); });
    for (const auto changed : {&QAbstractItemModel::columnsInserted, &QAbstractItemModel::columnsRemoved})
        connect(model, changed, this, &ParameterTableView::fitColumns);
}

void ParameterTableView::focusInEvent(QFocusEvent *event)
{
    QTableView::focusInEvent(event);
    if (!currentIndex().isValid())
        setCurrentIndex(m_table->index(0, 0));
    else if (!selectionModel()->hasSelection())
        selectionModel()->select(currentIndex(), QItemSelectionModel::Select);
}

void ParameterTableView::focusOutEvent(QFocusEvent *event)
{
    QTableView::focusOutEvent(event);
    // An editor of its own, or a menu, leaves the selection alone.
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::OtherFocusReason)
        clearSelection();
}

void ParameterTableView::removeSelected()
{
    QList<int> rows;
    for (const QModelIndex &index : selectionModel()->selectedIndexes())
        rows << index.row();
    m_table->removeEntries(rows);
}

void ParameterTableView::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex index =
        indexAt(event->reason() == QContextMenuEvent::Keyboard ? visualRect(currentIndex()).center() : event->pos());
    m_remove->setEnabled(m_table->isEditable() && m_table->isEntry(index.row()));
    auto *shown = new QMenu(this);
    shown->setAttribute(Qt::WA_DeleteOnClose);
    shown->addAction(m_remove);
    shown->popup(event->globalPos());
    connect(shown, &QMenu::aboutToHide, this, [this] { m_remove->setEnabled(true); });
}

QSize ParameterTableView::sizeHint() const
{
    const int rows = std::clamp(m_table->rowCount(), 2, kMostRows);
    return {100 * unit(this),
            horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + 2 * frameWidth()};
}

void ParameterTableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void ParameterTableView::fitColumns()
{
    // Ticks take what their title takes, the rest is shared.
    int room = viewport()->width();
    std::vector<int> shared;
    for (int column = 0; column < m_table->columnCount(); ++column) {
        if (!m_table->isSwitch(column)) {
            shared.push_back(column);
            continue;
        }
        const int width =
            fontMetrics().horizontalAdvance(m_table->headerData(column, Qt::Horizontal).toString()) + 6 * unit(this);
        setColumnWidth(column, width);
        room -= width;
    }
    // Of many columns the first one, a name, gets more than the others.
    const int parts = static_cast<int>(shared.size()) + (shared.size() > 2 ? 1 : 0);
    for (const int column : shared) {
        const int share = room / std::max(1, parts);
        setColumnWidth(column, std::max(12 * unit(this), column == 0 && shared.size() > 2 ? 2 * share : share));
    }
}

} // namespace tiphys::ui
