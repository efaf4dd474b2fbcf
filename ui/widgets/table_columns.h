// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/fitted_columns.h"

#include <QObject>
#include <QString>

#include <map>
#include <set>
#include <vector>

class QMenu;
class QPoint;
class QTreeView;

namespace tiphys::ui {

class Settings;

/// Which columns of a table are shown, how wide and in which order. What a person chose is remembered under the table's
/// name; the rest follows the room that the view has.
class TableColumns final : public QObject
{
    Q_OBJECT

public:
    /// \p view has its model; its header gets a menu.
    TableColumns(QTreeView &view, std::span<const ColumnWidth> columns, Settings &settings, const QString &name);

    /// Makes the columns fill \p width. The view does so itself whenever its size changes.
    void fit(int width);
    /// From now on \p column is \p pixels wide, as far as there is room for it.
    void setWidth(int column, int pixels);
    void setHidden(int column, bool isHidden);
    bool isHidden(int column) const { return m_hidden.contains(column); }
    /// As the table was before anybody chose anything.
    void reset();
    /// The menu of the header, filled as when it opens.
    QMenu *menu();
    void openMenu();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void takeWidth(int column, int pixels);
    void openMenuAt(const QPoint &place);
    void restore();
    void keep();
    const ColumnWidth &preferred(int column) const;

    QTreeView &m_view;
    std::vector<ColumnWidth> m_columns;
    Settings &m_settings;
    QString m_name;
    QMenu *m_menu;
    std::map<int, int> m_units; ///< widths a person chose, in units of the theme
    std::set<int> m_hidden;
    int m_width = 0;
    bool m_isKept = true;       ///< m_units, in the settings
    bool m_isArranging = false; ///< what the header tells now is not a person's choice
};

} // namespace tiphys::ui
