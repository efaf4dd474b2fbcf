// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace tiphys::async {

namespace detail {

/// The part of a mailbox that senders share; \c mutex guards every member but \c deliver.
class MailboxState
{
public:
    virtual ~MailboxState() = default;
    /// Delivers what was in the queue at the call, in the receiver's thread.
    virtual void deliver() = 0;
    /// Asks for one event, unless one is under way. Needs the lock.
    void wakeLocked();

    std::mutex mutex;
    QObject *receiver = nullptr; ///< null once the mailbox is gone
    bool isWaking = false;
};

class MailboxReceiver final : public QObject
{
public:
    explicit MailboxReceiver(std::shared_ptr<MailboxState> state);
    ~MailboxReceiver() override;

protected:
    void customEvent(QEvent *event) override;

private:
    std::shared_ptr<MailboxState> m_state;
};

template <typename T>
class MailboxQueue final : public MailboxState
{
public:
    void deliver() override
    {
        std::size_t left;
        {
            const std::scoped_lock lock(mutex);
            isWaking = false;
            left = queue.size();
        }
        for (; left > 0; --left) {
            std::optional<T> message;
            {
                const std::scoped_lock lock(mutex);
                if (!receiver || queue.empty())
                    return;
                message.emplace(std::move(queue.front()));
                queue.pop_front();
                // A nested event loop below must be able to go on with the rest.
                if (!queue.empty())
                    wakeLocked();
            }
            onMessage(std::move(*message));
        }
    }

    std::deque<T> queue;
    std::function<void(T)> onMessage;
};

} // namespace detail

/// Takes messages from any thread to the thread that made it, in order; many posts cost one event.
/// Messages are immutable values. What is still queued when the mailbox ends is dropped.
template <typename T>
class Mailbox
{
public:
    /// Where to post: copied freely between threads, may outlive the mailbox.
    class Address
    {
    public:
        Address() = default;
        /// False if the mailbox is gone (the message is dropped).
        bool post(T message) const
        {
            if (!m_state)
                return false;
            const std::scoped_lock lock(m_state->mutex);
            if (!m_state->receiver)
                return false;
            m_state->queue.push_back(std::move(message));
            m_state->wakeLocked();
            return true;
        }

    private:
        friend class Mailbox;
        explicit Address(std::shared_ptr<detail::MailboxQueue<T>> state) : m_state(std::move(state)) {}
        std::shared_ptr<detail::MailboxQueue<T>> m_state;
    };

    /// \p onMessage runs in the thread that makes the mailbox, which needs an event loop.
    explicit Mailbox(std::function<void(T)> onMessage)
        : m_state(std::make_shared<detail::MailboxQueue<T>>()), m_receiver(m_state)
    {
        m_state->onMessage = std::move(onMessage);
    }

    Address address() const { return Address(m_state); }

private:
    std::shared_ptr<detail::MailboxQueue<T>> m_state;
    detail::MailboxReceiver m_receiver;
};

} // namespace tiphys::async
