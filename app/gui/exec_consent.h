// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/mailbox.h"
#include "kube/credential_source.h"

#include <QObject>

#include <functional>
#include <memory>

class QWidget;

namespace tiphys::gui {

/// Asks the person, once for each credential plugin, whether a kubeconfig may run it; the answer is remembered by the
/// command's content. Lives in the UI thread.
class ExecConsent final : public QObject
{
    Q_OBJECT

public:
    explicit ExecConsent(QObject *parent = nullptr);

    /// What the engine asks; made in the engine thread, called there.
    kube::ExecConsent engineSide();

private:
    struct Question
    {
        QString context;
        QString program; ///< of it
        QString command;
        QByteArray fingerprint;
        std::function<void(bool)> answer; ///< any thread
    };
    void ask(const Question &question);

    async::Mailbox<Question> m_questions;
};

} // namespace tiphys::gui
