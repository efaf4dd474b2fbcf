// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_list_model.h"
#include "service/applications.h"

#include <QString>

#include <tuple>

namespace tiphys::models {

/// Role of a status word's mark in these lists: int of service::OperationPhase for results; -1 for none.
inline constexpr int kPhaseRole = Qt::UserRole + 50;
inline constexpr int kKindRole = Qt::UserRole + 51;
inline constexpr int kWarningRole = Qt::UserRole + 52;

using ResultKey = std::tuple<std::string, object::ObjectKey, std::string>;

/// What an operation did to each resource, by phase and wave.
class ResultList final : public RowListModel<service::ResultRow, ResultKey>
{
    Q_OBJECT

public:
    explicit ResultList(QObject *parent = nullptr) : RowListModel(parent) {}

    void apply(std::vector<service::ResultRow> rows);
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 4; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    ResultKey keyOf(const service::ResultRow &row) const override { return {row.phase, row.key, row.hookType}; }
};

/// Deployed revisions, newest first.
class HistoryList final : public RowListModel<service::HistoryRow, std::int64_t>
{
    Q_OBJECT

public:
    explicit HistoryList(QObject *parent = nullptr) : RowListModel(parent) {}

    void apply(std::vector<service::HistoryRow> rows, service::WallTime now);
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 4; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    std::int64_t keyOf(const service::HistoryRow &row) const override { return row.id; }

private:
    service::WallTime m_now = 0;
};

using EventKey = std::tuple<object::ObjectKey, std::string, std::string>;

/// Events of the application and its resources, newest first.
class EventList final : public RowListModel<service::EventRow, EventKey>
{
    Q_OBJECT

public:
    explicit EventList(QObject *parent = nullptr) : RowListModel(parent) {}

    void apply(std::vector<service::EventRow> rows, service::WallTime now);
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 5; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    EventKey keyOf(const service::EventRow &row) const override { return {row.object, row.reason, row.message}; }

private:
    service::WallTime m_now = 0;
};

} // namespace tiphys::models
