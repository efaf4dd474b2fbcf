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
inline constexpr int kHookRole = Qt::UserRole + 53; ///< true for a hook

using ResultKey = std::tuple<std::string, object::ObjectKey, std::string>;

/// What an operation did to each resource, grouped by phase and wave: the first line of a group names it, and how much of it is done.
class ResultList final : public RowListModel<service::ResultRow, ResultKey>
{
    Q_OBJECT

public:
    explicit ResultList(QObject *parent = nullptr) : RowListModel(parent) {}

    /// \p phase is that of the operation: only one that runs waits for anything.
    void apply(std::vector<service::ResultRow> rows, service::OperationPhase phase);
    /// True if \p row is one that the operation waits for now.
    bool isAwaited(int row) const;
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 4; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    ResultKey keyOf(const service::ResultRow &row) const override { return {row.phase, row.key, row.hookType}; }

private:
    bool isFirstOfGroup(int row) const;
    QString secondary(const QModelIndex &index) const;
    QString spoken(const QModelIndex &index) const;
    /// "1 of 3 done" of the group of \p row.
    QString progress(int row) const;

    service::OperationPhase m_phase = service::OperationPhase::None;
};

/// What a running operation waits for now, by name, one sentence; "" if it waits for nothing that is known.
QString awaitedText(const service::OperationView &operation);
/// How far the phases of an operation have come: "PreSync 1 of 1 → Sync 2 of 5"; "" before the first result.
QString phasesText(const service::OperationView &operation);
/// The first words of what an operation said: without the reasons of single objects, at most some ninety letters.
QString briefMessage(const service::OperationView &operation);

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
