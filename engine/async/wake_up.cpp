// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/wake_up.h"

namespace tiphys::async {

void WakeUp::notify()
{
    m_isNotified = true;
    if (m_waiter)
        m_waiter->set({});
}

Async<void> WakeUp::wait(CancelToken cancel)
{
    if (!m_isNotified) {
        const Completion<void> waiter;
        m_waiter = waiter;
        const CancelRegistration registration = cancel.onCancel([waiter] { waiter.fail(cancelledError()); });
        const Expected<void> result = co_await waiter;
        if (!result)
            co_return result; // this object may be gone
        m_waiter.reset();
    }
    m_isNotified = false;
    if (cancel.isCancelled())
        co_return std::unexpected(cancelledError());
    co_return {};
}

} // namespace tiphys::async
