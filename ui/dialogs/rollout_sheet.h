// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"
#include "ui/dialogs/writing_dialog.h"

#include <functional>
#include <map>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace tiphys::service {
class Service;
}

namespace tiphys::ui {

class Banner;
class TextLabel;

/// One act on a Rollout: where, what it concerns, what will happen and what Git makes of it; nothing is done before the
/// button. A Rollout that moved on meanwhile is shown as it is now, and has to be confirmed again.
class RolloutSheet final : public WritingDialog
{
    Q_OBJECT

public:
    RolloutSheet(service::Service &service, service::RolloutId id, service::RolloutAct act,
                 std::function<service::WallTime()> now, QWidget *parent = nullptr);
    ~RolloutSheet() override;

    QPushButton *actButton() const { return m_button; }
    QLineEdit *typingField() const { return m_typing; }
    Banner *banner() const { return m_banner; }
    QString consequence() const;
    /// The state that would be acted on.
    const service::SeenRollout &seen() const { return m_seen; }
    bool isSettled() const { return m_detail != nullptr; }

Q_SIGNALS:
    /// Done; one sentence.
    void acted(const QString &text);
    void settled();

private:
    void update();
    void fillFacts();
    void fillChoices();
    void showButton();
    /// The Rollout is no longer what was seen; \p problem is why an act failed, "" if none did.
    void showMoved(const QString &problem);
    void carryOut();
    bool needsTyping() const;

    service::Service &m_service;
    service::RolloutId m_id;
    service::RolloutAct m_act;
    std::function<service::WallTime()> m_now;
    service::RolloutDetailPtr m_detail;
    service::SeenRollout m_seen; ///< what the person looks at; changes only while the button cannot have been aimed at
    TextLabel *m_title;
    TextLabel *m_facts;
    TextLabel *m_what;
    TextLabel *m_git;
    TextLabel *m_advice;
    Banner *m_banner;
    QComboBox *m_choice;
    QLineEdit *m_image;
    QLineEdit *m_typing;
    QPushButton *m_button;
};

} // namespace tiphys::ui
