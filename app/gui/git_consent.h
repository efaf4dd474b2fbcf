// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/mailbox.h"
#include "git/credential_helper.h"

#include <QObject>

#include <memory>
#include <string>

class QThreadPool;

namespace tiphys::gui {

/// Asks the person, once for each server of repositories, whether Git's credential helpers may be asked for a password. A yes
/// is remembered, a no holds until the program ends. Lives in the UI thread.
class GitConsent final : public QObject
{
    Q_OBJECT

public:
    explicit GitConsent(QObject *parent = nullptr);
    ~GitConsent() override;

    /// What repositories ask, in a thread of \p pool: it waits for the person or a stop request, and the pool gets another
    /// thread meanwhile.
    git::CredentialConsent engineSide(QThreadPool *pool);

    /// Whoever waits for an answer gets a no, now and from here on. The pool can be waited for afterwards.
    void close();

private:
    struct Answers;
    void ask(const std::string &server);

    std::shared_ptr<Answers> m_answers;
    async::Mailbox<std::string> m_questions;
};

} // namespace tiphys::gui
