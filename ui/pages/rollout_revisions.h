// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QSplitter>

class QTreeView;

namespace tiphys::models {
class RevisionList;
}

namespace tiphys::ui {

class DiffView;
class Settings;
class TextLabel;

/// The versions of a Rollout, and how two of them differ: those that are selected, else the wanted and the stable one.
class RolloutRevisions final : public QSplitter
{
    Q_OBJECT

public:
    RolloutRevisions(service::Rollouts &rollouts, Settings &settings, QWidget *parent = nullptr);

    /// Shows the versions of \p detail; null while its Rollout is not known yet.
    void setRollout(const service::RolloutDetailPtr &detail, service::WallTime now);
    models::RevisionList *list() const { return m_list; }
    /// Parts that take the keyboard.
    QList<QWidget *> panes() const;

Q_SIGNALS:
    /// One sentence on what was copied.
    void noticed(const QString &text);

private:
    void showDifference();
    /// What was asked for is no longer waited for.
    void forgetDifference();

    service::Rollouts &m_rollouts;
    service::RolloutDetailPtr m_detail;
    int m_asked = 0;
    std::pair<std::string, std::string> m_compared; ///< versions whose difference is shown

    models::RevisionList *m_list;
    QTreeView *m_view;
    TextLabel *m_title;
    DiffView *m_difference;
};

} // namespace tiphys::ui
