// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/parameter_table.h"

#include "models/parameter_text.h"
#include "models/text.h"

#include <algorithm>

namespace tiphys::models {

ParameterTable::ParameterTable(const service::ParameterField &field, QObject *parent)
    : QAbstractTableModel(parent), m_field(field)
{
    m_field.rows.clear();
    m_rows = field.rows;
    for (std::vector<std::string> &row : m_rows)
        row.resize(m_field.columns.size());
}

void ParameterTable::setRows(const std::vector<std::vector<std::string>> &rows)
{
    const int before = static_cast<int>(m_rows.size());
    const int after = static_cast<int>(rows.size());
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_rows.resize(rows.size(), std::vector<std::string>(m_field.columns.size()));
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    }
    for (int row = 0; row < after; ++row) {
        std::vector<std::string> cells = rows[static_cast<std::size_t>(row)];
        cells.resize(m_field.columns.size());
        if (m_rows[static_cast<std::size_t>(row)] == cells)
            continue;
        m_rows[static_cast<std::size_t>(row)] = std::move(cells);
        Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
    }
}

service::ParameterField ParameterTable::field() const
{
    service::ParameterField field = m_field;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (!isBlank(static_cast<int>(row)))
            field.rows.push_back(m_rows[row]);
    }
    return field;
}

void ParameterTable::setEditable(bool isEditable)
{
    if (m_isEditable == isEditable)
        return;
    const int last = static_cast<int>(m_rows.size());
    if (isEditable)
        beginInsertRows({}, last, last);
    else
        beginRemoveRows({}, last, last);
    m_isEditable = isEditable;
    if (isEditable)
        endInsertRows();
    else
        endRemoveRows();
}

void ParameterTable::setDefaults(const QHash<QString, QString> &defaults)
{
    const bool hadAny = !m_defaults.isEmpty();
    const int column = static_cast<int>(m_field.columns.size());
    if (!hadAny && !defaults.isEmpty()) {
        beginInsertColumns({}, column, column);
        m_defaults = defaults;
        endInsertColumns();
    } else if (hadAny && defaults.isEmpty()) {
        beginRemoveColumns({}, column, column);
        m_defaults.clear();
        endRemoveColumns();
    } else if (m_defaults != defaults) {
        m_defaults = defaults;
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
    }
}

QStringList ParameterTable::defaultNames() const
{
    QStringList names = m_defaults.keys();
    names.sort();
    return names;
}

void ParameterTable::removeEntries(QList<int> rows)
{
    std::ranges::sort(rows, std::ranges::greater());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    bool isChanged = false;
    for (const int row : rows) {
        if (!m_isEditable || !isEntry(row))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
        isChanged = true;
    }
    if (isChanged)
        Q_EMIT edited();
}

int ParameterTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size()) + (m_isEditable ? 1 : 0);
}

int ParameterTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_field.columns.size()) + (m_defaults.isEmpty() ? 0 : 1);
}

bool ParameterTable::isSwitch(int column) const
{
    if (isDefault(column))
        return false;
    const std::string &name = m_field.columns[static_cast<std::size_t>(column)];
    return name == "forceString" || name == "code";
}

bool ParameterTable::isDefault(int column) const
{
    return static_cast<std::size_t>(column) >= m_field.columns.size();
}

bool ParameterTable::isBlank(int row) const
{
    if (!isEntry(row))
        return true;
    const std::vector<std::string> &cells = m_rows[static_cast<std::size_t>(row)];
    return std::ranges::all_of(cells, [](const std::string &text) { return text.empty() || text == "false"; });
}

QString ParameterTable::cell(int row, int column) const
{
    if (!isEntry(row))
        return {};
    if (isDefault(column))
        return m_defaults.value(cell(row, 0));
    return text(m_rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)]);
}

QVariant ParameterTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const int column = index.column();
    const bool isNew = isBlank(index.row());
    switch (role) {
    case kPlaceholderRole: return (isNew && column == 0) || isDefault(column);
    case Qt::DisplayRole:
        if (isNew && column == 0)
            return newItemText(m_field.name);
        return isSwitch(column) ? QString() : cell(index.row(), column);
    case Qt::EditRole: return isSwitch(column) ? QString() : cell(index.row(), column);
    case Qt::ToolTipRole:
        return isDefault(column) ? tr("%1, as the chart's values.yaml has it").arg(cell(index.row(), column))
                                 : cell(index.row(), column);
    case Qt::CheckStateRole:
        if (!isSwitch(column) || isNew)
            return {};
        return cell(index.row(), column) == QLatin1String("true") ? Qt::Checked : Qt::Unchecked;
    case Qt::AccessibleTextRole: {
        const QString title = headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        if (isSwitch(column))
            return tr("%1: %2", "column, yes or no")
                .arg(title, cell(index.row(), column) == QLatin1String("true") ? tr("yes") : tr("no"));
        return tr("%1: %2", "column, value")
            .arg(title, isNew && column == 0 ? newItemText(m_field.name) : cell(index.row(), column));
    }
    default: return {};
    }
}

bool ParameterTable::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || !m_isEditable || isDefault(index.column()))
        return false;
    const bool isTick = isSwitch(index.column());
    if (role != (isTick ? Qt::CheckStateRole : Qt::EditRole))
        return false;
    const std::string text = isTick ? (value.toInt() == Qt::Checked ? "true" : "false") : utf8(value.toString());
    if (!isEntry(index.row())) {
        if (text.empty() || isTick)
            return false;
        // The row for new items becomes the item, and another one follows.
        const int row = static_cast<int>(m_rows.size());
        beginInsertRows({}, row + 1, row + 1);
        m_rows.emplace_back(m_field.columns.size());
        for (int column = 0; column < static_cast<int>(m_field.columns.size()); ++column) {
            if (isSwitch(column))
                m_rows.back()[static_cast<std::size_t>(column)] = "false";
        }
        endInsertRows();
        m_rows.back()[static_cast<std::size_t>(index.column())] = text;
        Q_EMIT dataChanged(this->index(row, 0), this->index(row, columnCount() - 1));
        Q_EMIT edited();
        return true;
    }
    std::string &stored = m_rows[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    if (stored == text)
        return true;
    stored = text;
    Q_EMIT dataChanged(this->index(index.row(), 0), this->index(index.row(), columnCount() - 1));
    Q_EMIT edited();
    return true;
}

QVariant ParameterTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount())
        return {};
    return isDefault(section) ? tr("Chart's default") : columnTitle(m_field.columns[static_cast<std::size_t>(section)]);
}

Qt::ItemFlags ParameterTable::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || !m_isEditable || isDefault(index.column()))
        return flags;
    if (isSwitch(index.column()))
        return isBlank(index.row()) ? flags : flags | Qt::ItemIsUserCheckable;
    return flags | Qt::ItemIsEditable;
}

} // namespace tiphys::models
