// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/source_parameters.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QString>

#include <vector>

namespace tiphys::models {

/// True for a cell that only says what may be entered there.
inline constexpr int kPlaceholderRole = Qt::UserRole + 60;

/// The rows of one parameter to edit: a last row takes a new item, columns of switches are ticked, and where defaults are
/// known a further column shows them.
class ParameterTable final : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit ParameterTable(const service::ParameterField &field, QObject *parent = nullptr);

    /// The rows of \p field, which has the same columns; nothing is emitted but the smallest changes.
    void setRows(const std::vector<std::vector<std::string>> &rows);
    /// The field with its rows as they stand here, those without text left out.
    service::ParameterField field() const;
    void setEditable(bool isEditable);
    bool isEditable() const { return m_isEditable; }
    /// True for a column of ticks.
    bool isSwitch(int column) const;
    /// Values by the text of the first column.
    void setDefaults(const QHash<QString, QString> &defaults);
    QStringList defaultNames() const;
    /// Takes rows away; the last one stays.
    void removeEntries(QList<int> rows);
    bool isEntry(int row) const { return row >= 0 && static_cast<std::size_t>(row) < m_rows.size(); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// A person changed something.
    void edited();

private:
    bool isDefault(int column) const;
    bool isBlank(int row) const;
    QString cell(int row, int column) const;

    service::ParameterField m_field; ///< without rows
    std::vector<std::vector<std::string>> m_rows;
    QHash<QString, QString> m_defaults;
    bool m_isEditable = true;
};

} // namespace tiphys::models
