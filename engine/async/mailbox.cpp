// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/mailbox.h"

#include <QCoreApplication>
#include <QEvent>

namespace tiphys::async::detail {

void MailboxState::wakeLocked()
{
    if (isWaking || !receiver)
        return;
    isWaking = true;
    QCoreApplication::postEvent(receiver, new QEvent(QEvent::User));
}

MailboxReceiver::MailboxReceiver(std::shared_ptr<MailboxState> state) : m_state(std::move(state))
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->receiver = this;
}

MailboxReceiver::~MailboxReceiver()
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->receiver = nullptr;
}

void MailboxReceiver::customEvent(QEvent *)
{
    const std::shared_ptr<MailboxState> state = m_state; // a message may destroy this mailbox
    state->deliver();
}

} // namespace tiphys::async::detail
