// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/act_list.h"
#include "service/service.h"
#include "ui/dialogs/writing_dialog.h"

#include <QTimer>

#include <deque>

class QCheckBox;
class QPushButton;
class QTreeView;

namespace tiphys::ui {

class TextLabel;
class TypedConfirmation;

/// One act on several applications: what each allows and what will happen to it, before; what came of each, afterwards.
/// A refresh begins by itself, everything else after the button. They are done one after the other; closed meanwhile,
/// those that are not begun stay as they are.
class ActsDialog final : public WritingDialog
{
    Q_OBJECT

public:
    ActsDialog(service::Service &service, models::ManyAct act, std::vector<service::AppRowPtr> applications,
               QWidget *parent = nullptr);

    void reject() override;
    models::ActList *list() const { return m_list; }
    QTreeView *view() const { return m_view; }
    QPushButton *runButton() const { return m_run; }
    QPushButton *closeButton() const { return m_close; }
    QCheckBox *stopBox() const { return m_stop; }
    TypedConfirmation *confirmation() const { return m_confirmation; }
    QString summary() const;
    /// Nothing is being asked for or done.
    bool isSettled() const { return m_open == 0 && m_questions.empty() && !isWriting(); }

Q_SIGNALS:
    /// All that was to be done was tried; one sentence for the person.
    void done(const QString &text);
    /// isSettled() became true.
    void settled();

private:
    void build();
    void ask();
    void askFor(int row);
    void askForPlan(int row);
    /// An answer about \p row came: the next question is asked.
    void answered(int row, models::ActRow content);
    void run();
    void runNext();
    void finish();
    void askAgain();
    void changeSoon();
    void showState();
    service::Ticket<service::Done> begin(const models::ActRow &row) const;
    QString protectedContexts() const;

    service::Service &m_service;
    models::ManyAct m_act;
    models::ActList *m_list;
    std::deque<int> m_questions; ///< rows whose rights are still to be asked for
    std::deque<int> m_waiting;   ///< rows that are still to be done
    int m_open = 0;              ///< questions that are not answered
    bool m_isEnded = false;      ///< nothing more is begun: the person closed the dialog, or one failed
    bool m_wasRun = false;
    QTimer m_change; ///< many answers, one look at all rows

    TextLabel *m_summary;
    QTreeView *m_view;
    QCheckBox *m_stop;
    TypedConfirmation *m_confirmation;
    QPushButton *m_close;
    QPushButton *m_run;
};

} // namespace tiphys::ui
