// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/table_columns.h"

#include "ui/settings.h"
#include "ui/theme/metrics.h"

#include <QApplication>
#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QResizeEvent>
#include <QTreeView>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

constexpr int kSmallest = 8; ///< units

} // namespace

TableColumns::TableColumns(QTreeView &view, std::span<const ColumnWidth> columns, Settings &settings,
                           const QString &name)
    : QObject(&view), m_view(view), m_columns(columns.begin(), columns.end()), m_settings(settings), m_name(name),
      m_menu(new QMenu(&view))
{
    restore();
    QHeaderView *header = m_view.header();
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this,
            [this, header](const QPoint &place) { openMenuAt(header->mapToGlobal(place)); });
    connect(header, &QHeaderView::sectionResized, this, [this](int column, int, int size) {
        // The header stretches its last column by itself: only a drag is a choice.
        if (!m_isArranging && size > 0 && QApplication::mouseButtons().testFlag(Qt::LeftButton))
            takeWidth(column, size);
    });
    header->viewport()->installEventFilter(this);
    m_view.viewport()->installEventFilter(this);
    connect(header, &QHeaderView::sectionMoved, this, [this] {
        if (!m_isArranging)
            keep();
    });
    m_menu->setAccessibleName(tr("Columns"));
    m_menu->setToolTipsVisible(true);
}

void TableColumns::restore()
{
    const QVariantMap layout = m_settings.tableLayout(m_name);
    const QVariantMap widths = layout.value(u"widths"_s).toMap();
    const QStringList hidden = layout.value(u"hidden"_s).toStringList();
    for (const ColumnWidth &column : m_columns) {
        const QString key = QString::number(column.column);
        if (widths.contains(key))
            m_units[column.column] = std::max(kSmallest, widths.value(key).toInt());
        if (column.priority > 0 && hidden.contains(key))
            m_hidden.insert(column.column);
    }
    m_isArranging = true;
    int place = 0;
    for (const QString &key : layout.value(u"order"_s).toStringList()) {
        const int visual = m_view.header()->visualIndex(key.toInt());
        if (visual >= 0 && place < m_view.header()->count())
            m_view.header()->moveSection(visual, place++);
    }
    m_isArranging = false;
}

void TableColumns::keep()
{
    QVariantMap widths;
    for (const auto &[column, units] : m_units)
        widths.insert(QString::number(column), units);
    QStringList hidden;
    for (const int column : m_hidden)
        hidden << QString::number(column);
    QStringList order;
    for (int visual = 0; visual < m_view.header()->count(); ++visual)
        order << QString::number(m_view.header()->logicalIndex(visual));
    m_settings.setTableLayout(m_name, {{u"widths"_s, widths}, {u"hidden"_s, hidden}, {u"order"_s, order}});
    m_isKept = true;
}

void TableColumns::fit(int width)
{
    m_width = width;
    std::vector<ColumnWidth> wanted;
    for (ColumnWidth column : m_columns) {
        if (m_hidden.contains(column.column))
            continue;
        if (const auto chosen = m_units.find(column.column); chosen != m_units.end()) {
            column.units = chosen->second;
            column.shares = 0;
        }
        wanted.push_back(column);
    }
    const bool wasArranging = std::exchange(m_isArranging, true);
    fitColumns(m_view, wanted, width);
    for (const int column : m_hidden)
        m_view.setColumnHidden(column, true);
    m_isArranging = wasArranging;
}

const ColumnWidth &TableColumns::preferred(int column) const
{
    return *std::ranges::find(m_columns, column, &ColumnWidth::column);
}

void TableColumns::setWidth(int column, int pixels)
{
    takeWidth(column, pixels);
    keep();
}

void TableColumns::takeWidth(int column, int pixels)
{
    m_units[column] = std::max(kSmallest, pixels / unit(&m_view));
    m_isKept = false;
}

bool TableColumns::eventFilter(QObject *watched, QEvent *event)
{
    // The view itself may be half gone when its viewport says farewell.
    if (event->type() == QEvent::Resize && watched == m_view.viewport())
        fit(static_cast<QResizeEvent *>(event)->size().width());
    // A drag goes through many widths: the one it ends at is remembered.
    if (event->type() == QEvent::MouseButtonRelease && !m_isKept)
        keep();
    return QObject::eventFilter(watched, event);
}

void TableColumns::setHidden(int column, bool isHidden)
{
    if (preferred(column).priority == 0)
        return;
    if (isHidden)
        m_hidden.insert(column);
    else
        m_hidden.erase(column);
    keep();
    fit(m_width);
}

void TableColumns::reset()
{
    m_units.clear();
    m_hidden.clear();
    m_isArranging = true;
    for (int column = 0; column < m_view.header()->count(); ++column)
        m_view.header()->moveSection(m_view.header()->visualIndex(column), column);
    m_isArranging = false;
    m_settings.setTableLayout(m_name, {});
    fit(m_width);
}

QMenu *TableColumns::menu()
{
    m_menu->clear();
    for (const ColumnWidth &column : m_columns) {
        const QString title = m_view.model()->headerData(column.column, Qt::Horizontal).toString();
        const bool hasNoRoom = !m_hidden.contains(column.column) && m_view.isColumnHidden(column.column);
        QAction *action = m_menu->addAction(hasNoRoom ? tr("%1 (no room for it now)", "a column").arg(title) : title);
        action->setCheckable(true);
        action->setChecked(!m_hidden.contains(column.column));
        action->setEnabled(column.priority > 0);
        connect(action, &QAction::toggled, this,
                [this, column = column.column](bool isShown) { setHidden(column, !isShown); });
    }
    m_menu->addSeparator();
    m_menu->addAction(tr("Columns as at first"), this, &TableColumns::reset);
    return m_menu;
}

void TableColumns::openMenu()
{
    openMenuAt(m_view.header()->mapToGlobal(QPoint(0, m_view.header()->height())));
}

void TableColumns::openMenuAt(const QPoint &place)
{
    menu()->popup(place);
}

} // namespace tiphys::ui
