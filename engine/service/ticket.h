// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/handed_over.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace tiphys::service {

/// A promise of an answer from another thread. Copies name the same answer.
template <typename T>
class Ticket
{
public:
    /// Gives the answer, once; later calls are ignored. Any thread.
    void resolve(Expected<T> result)
    {
        std::function<void(const Expected<T> &)> then;
        {
            const std::lock_guard lock(m_state->mutex);
            if (m_state->result)
                return;
            m_state->result = std::move(result);
            then = std::move(m_state->then);
        }
        if (then)
            then(*m_state->result);
    }

    /// Runs \p then when the answer is there, in the thread that gives it (or at once in this one).
    void onResolved(std::function<void(const Expected<T> &)> then) const
    {
        {
            const std::lock_guard lock(m_state->mutex);
            if (!m_state->result) {
                m_state->then = std::move(then);
                return;
            }
        }
        then(*m_state->result);
    }

private:
    struct State
    {
        std::mutex mutex; ///< guards result and then until result is set
        std::optional<Expected<T>> result;
        std::function<void(const Expected<T> &)> then;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

/// Calls `f(Expected<T>)` in the thread of \p context (the calling one) once the ticket is resolved; never if
/// \p context is gone by then.
template <typename T, typename F>
void whenDone(const Ticket<T> &ticket, QObject *context, F f)
{
    // The relay lives in this thread and outlives the context, so posting to it is always safe.
    // At the end of the program nothing is posted any more: the queue is being emptied, and locked, just then.
    const std::shared_ptr<QObject> relay(new QObject, [](QObject *object) {
        if (!QCoreApplication::closingDown())
            object->deleteLater();
    });
    const QPointer<QObject> alive(context);
    ticket.onResolved([relay, alive, f = std::move(f)](const Expected<T> &result) mutable {
        QMetaObject::invokeMethod(relay.get(), HandedOver([relay, alive, f = std::move(f), result]() mutable {
                                      if (alive)
                                          f(result);
                                  }),
                                  Qt::QueuedConnection);
    });
}

} // namespace tiphys::service
