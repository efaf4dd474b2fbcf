// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"
#include "ui/dialogs/writing_dialog.h"

#include <QTimer>

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;
class QTreeWidget;

namespace tiphys::ui {

class Banner;
class TextLabel;
class TypedConfirmation;

/// The sync dialog is the plan: exactly what will happen, asked for again with every change of the request.
class SyncDialog final : public WritingDialog
{
    Q_OBJECT

public:
    /// \p selectable: the objects that differ, for "only selected"; \p preselected starts with these ticked.
    SyncDialog(service::Service &service, const service::AppDetail &detail, std::vector<object::ObjectKey> preselected,
               QWidget *parent = nullptr);

    QPushButton *syncButton() const { return m_sync; }
    TypedConfirmation *confirmation() const { return m_confirmation; }
    QCheckBox *pruneBox() const { return m_prune; }
    /// The plan as lines, headings included.
    QStringList planLines() const;
    QString problem() const;
    bool hasPlan() const { return m_hasPlan; }

Q_SIGNALS:
    /// The operation was accepted.
    void accepted(const tiphys::service::AppId &app);
    /// The plan, or why there is none, is shown.
    void planShown();

private:
    void build();
    QWidget *buildOptions();
    service::SyncRequest request() const;
    void askForPlan();
    void showPlan(const service::SyncPlan &plan);
    void showTasks();
    void showChips();
    void updateButton();
    void run();

    service::Service &m_service;
    service::AppDetail m_detail;
    std::vector<object::ObjectKey> m_preselected;
    service::SyncPlan m_plan;
    bool m_hasPlan = false;
    bool m_hasMoved = false; ///< the branch, since the plan before this one
    int m_asked = 0;
    QTimer m_delay; ///< typing a revision asks once, not per key

    QLineEdit *m_revision;
    QLabel *m_commit;
    QRadioButton *m_full;
    QRadioButton *m_selected;
    QCheckBox *m_prune;
    QCheckBox *m_dryRun;
    QCheckBox *m_force;
    QCheckBox *m_replace;
    QTreeWidget *m_tasks;
    TextLabel *m_chips;
    TextLabel *m_doneBy;
    Banner *m_banner;
    TypedConfirmation *m_confirmation;
    QPushButton *m_sync;
};

} // namespace tiphys::ui
