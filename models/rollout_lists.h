// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_list_model.h"
#include "service/rollouts.h"

#include <QString>

#include <vector>

namespace tiphys::models {

/// One step of the ladder.
struct LadderItem
{
    enum class State { Done, Current, ToCome };
    int index = 0;
    QString sentence;
    QString note;  ///< what it waits for now, when it started and how long it took, as far as that is known
    QString times; ///< the same moments exactly
    State state = State::ToCome;
    bool waitsForPerson = false;
    bool isPause = false;

    bool operator==(const LadderItem &) const = default;
};

/// The way of an update, step by step; a blue-green one has three.
/// Steps that run an analysis have their times from those of \p analyses that belong to the update under way, others from \p times.
std::vector<LadderItem> ladderOf(const service::RolloutRow &row, const std::vector<service::AnalysisRow> &analyses,
                                 const std::vector<service::StepTimes> &times, service::WallTime now);

class LadderList final : public RowListModel<LadderItem, int>
{
    Q_OBJECT

public:
    explicit LadderList(QObject *parent = nullptr);
    void apply(const service::RolloutRow &row, const std::vector<service::AnalysisRow> &analyses,
               const std::vector<service::StepTimes> &times, service::WallTime now)
    {
        setRows(ladderOf(row, analyses, times, now));
    }

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 1; }
    QVariant data(const QModelIndex &index, int role) const override;

protected:
    int keyOf(const LadderItem &item) const override { return item.index; }
};

/// Versions of a Rollout, latest first.
class RevisionList final : public RowListModel<service::RolloutRevision, std::string>
{
    Q_OBJECT

public:
    explicit RevisionList(QObject *parent = nullptr);
    void apply(const std::vector<service::RolloutRevision> &revisions, service::WallTime now);

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 5; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    std::string keyOf(const service::RolloutRevision &revision) const override { return revision.replicaSet; }

private:
    service::WallTime m_now = 0;
};
/// "stable", "canary", "active", "preview" of a version, in that order.
QString rolesOf(const service::RolloutRevision &revision);

/// A metric of an analysis run.
struct MetricItem
{
    service::AnalysisRow run; ///< without its metrics
    service::MetricRow metric;

    bool operator==(const MetricItem &) const = default;
};

/// Metrics of all analysis runs, latest run first.
class MetricList final : public RowListModel<MetricItem, std::pair<std::string, std::string>>
{
    Q_OBJECT

public:
    explicit MetricList(QObject *parent = nullptr);
    void apply(const std::vector<service::AnalysisRow> &analyses, service::WallTime now);

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 5; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    std::pair<std::string, std::string> keyOf(const MetricItem &item) const override
    {
        return {item.run.name, item.metric.name};
    }

private:
    service::WallTime m_now = 0;
};
/// All that is known of a metric, a line each: provider, query, conditions, limits, measurements.
QString metricDetails(const MetricItem &item, service::WallTime now);

} // namespace tiphys::models
