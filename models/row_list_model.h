// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace tiphys::models {

/// A table over a vector of rows that takes a whole new vector and tells views only what really changed, so that
/// selection, current row and scroll position stay.
///
/// \tparam Row  copied and compared with ==
/// \tparam Key  names the thing a row shows; unique within the rows, ordered
template <typename Row, typename Key>
class RowListModel : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    const std::vector<Row> &rows() const { return m_rows; }
    const Row &rowAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// Row of \p key, -1 if it is not shown. Linear.
    int rowOf(const Key &key) const
    {
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (keyOf(m_rows[i]) == key)
                return static_cast<int>(i);
        }
        return -1;
    }

protected:
    virtual Key keyOf(const Row &row) const = 0;

    /// Shows \p rows from now on.
    void setRows(std::vector<Row> rows)
    {
        std::map<Key, int> positions;
        for (std::size_t i = 0; i < rows.size(); ++i)
            positions.emplace(keyOf(rows[i]), static_cast<int>(i));
        std::vector<int> target(m_rows.size(), -1);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (const auto found = positions.find(keyOf(m_rows[i])); found != positions.end())
                target[i] = found->second;
        }
        setRows(std::move(rows), target);
    }

    /// The same where it is known that line i of before is line \p target[i] of \p rows, or none of them (-1).
    void setRows(std::vector<Row> rows, const std::vector<int> &target)
    {
        int ranges = 0;
        int last = -1;
        bool isOrdered = true;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < target.size(); ++i) {
            if (target[i] == -1) {
                ranges += i == 0 || target[i - 1] != -1 ? 1 : 0;
                continue;
            }
            ++kept;
            isOrdered = isOrdered && target[i] > last;
            ranges += target[i] != last + 1 ? 1 : 0;
            last = target[i];
        }
        if (isOrdered && ranges <= kMaxRanges)
            splice(std::move(rows), target);
        else if (kept == 0)
            replaceAll(std::move(rows));
        else
            remap(std::move(rows), target);
    }

    /// Shows \p row in place of line \p place, which has the same key.
    void replaceRow(int place, Row row)
    {
        m_rows[static_cast<std::size_t>(place)] = std::move(row);
        Q_EMIT dataChanged(index(place, 0), index(place, columnCount({}) - 1));
    }

    /// Tells views that all cells of \p column may read differently (an age, for instance).
    void touchColumn(int column)
    {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
    }
    void touchAll()
    {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount({}) - 1));
    }

private:
    /// Beyond this many separate ranges one layout change is cheaper than the single ones.
    static constexpr int kMaxRanges = 100;

    void splice(std::vector<Row> rows, const std::vector<int> &target)
    {
        for (int end = static_cast<int>(target.size()); end > 0;) {
            int begin = end;
            while (begin > 0 && target[static_cast<std::size_t>(begin - 1)] == -1)
                --begin;
            if (begin < end) {
                beginRemoveRows({}, begin, end - 1);
                m_rows.erase(m_rows.begin() + begin, m_rows.begin() + end);
                endRemoveRows();
            }
            end = begin == end ? end - 1 : begin;
        }
        std::vector<bool> isOld(rows.size(), false);
        for (const int row : target) {
            if (row >= 0)
                isOld[static_cast<std::size_t>(row)] = true;
        }
        const int count = static_cast<int>(rows.size());
        for (int begin = 0; begin < count;) {
            int end = begin;
            while (end < count && !isOld[static_cast<std::size_t>(end)])
                ++end;
            if (begin < end) {
                beginInsertRows({}, begin, end - 1);
                m_rows.insert(m_rows.begin() + begin, rows.begin() + begin, rows.begin() + end);
                endInsertRows();
            }
            begin = end + 1;
        }
        replaceContents(std::move(rows));
    }

    void replaceContents(std::vector<Row> rows)
    {
        std::vector<std::pair<int, int>> changed;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (m_rows[i] == rows[i])
                continue;
            const int row = static_cast<int>(i);
            if (!changed.empty() && changed.back().second == row - 1)
                changed.back().second = row;
            else
                changed.emplace_back(row, row);
        }
        m_rows = std::move(rows);
        for (const auto &[first, lastRow] : changed)
            Q_EMIT dataChanged(index(first, 0), index(lastRow, columnCount({}) - 1));
    }

    void replaceAll(std::vector<Row> rows)
    {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }

    void remap(std::vector<Row> rows, const std::vector<int> &target)
    {
        Q_EMIT layoutAboutToBeChanged();
        const QModelIndexList before = persistentIndexList();
        m_rows = std::move(rows);
        QModelIndexList after;
        after.reserve(before.size());
        for (const QModelIndex &old : before) {
            const int row = target[static_cast<std::size_t>(old.row())];
            after << (row < 0 ? QModelIndex() : index(row, old.column()));
        }
        changePersistentIndexList(before, after);
        Q_EMIT layoutChanged();
    }

    std::vector<Row> m_rows;
};

} // namespace tiphys::models
