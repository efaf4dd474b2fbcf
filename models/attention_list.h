// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/row_list_model.h"
#include "service/applications.h"
#include "service/rollouts.h"

#include <QString>

#include <set>

namespace tiphys::models {

/// One line of "Needs attention": an application, a cluster, or several applications with the same cause.
struct AttentionItem
{
    enum class Kind { Application, Cluster, Group, Rollout };
    /// What the line offers to do next.
    enum class NextAct { Open, ShowDiff, ShowOperation, Expand, Collapse, Reconnect, Promote, Switch, OpenRollout };

    Kind kind = Kind::Application;
    QString key; ///< unique
    QString title;
    QString cause;              ///< why it needs a person, a sentence
    QString where;              ///< cluster and namespace
    service::AppId app;         ///< of an application
    std::string context;        ///< of a cluster
    service::RolloutId rollout; ///< of a Rollout
    service::Urgency urgency = service::Urgency::None;
    service::HealthStatus health = service::HealthStatus::None;
    service::SyncStatus sync = service::SyncStatus::Unknown;
    service::WallTime since = 0;
    int count = 1;
    NextAct nextAct = NextAct::Open;
    bool isInGroup = false;

    bool operator==(const AttentionItem &) const = default;
    bool isWaitingRollout() const { return kind == Kind::Rollout && nextAct != NextAct::OpenRollout; }
};

/// What is written on the line's button.
QString nextActText(AttentionItem::NextAct act);

/// Everything that needs a person, most urgent first; applications with one cause fold into one line.
class AttentionList final : public RowListModel<AttentionItem, QString>
{
    Q_OBJECT

public:
    /// From this many lines of one cause on they fold.
    static constexpr int kFoldFrom = 4;

    explicit AttentionList(QObject *parent = nullptr);

    void apply(const service::ApplicationsPtr &applications, const service::ClustersPtr &clusters);
    /// Rollouts that wait for a person, or were aborted.
    void applyRollouts(const service::RolloutsPtr &rollouts);
    void setNow(service::WallTime now);
    /// Opens or closes the group \p key.
    void toggle(const QString &key);
    /// Applications and clusters that need a person; a group counts all of its own.
    int attentionCount() const { return m_count; }
    /// Applications that need nothing; of those on clusters that do not answer that cannot be said.
    int quietCount() const { return m_quiet; }

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    /// "4 min", for the line's right edge.
    QString ageOf(const AttentionItem &item) const;

protected:
    QString keyOf(const AttentionItem &item) const override { return item.key; }

private:
    void update();

    service::ApplicationsPtr m_applications;
    service::ClustersPtr m_clusters;
    service::RolloutsPtr m_rollouts;
    std::set<QString> m_expanded;
    service::WallTime m_now = 0;
    int m_count = 0;
    int m_quiet = 0;
};

} // namespace tiphys::models
