// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"

#include <optional>

namespace tiphys::async {

/// A level-triggered wake-up of one waiting coroutine of the same thread: any number of notify() before or during
/// a wait() end it once, and none is lost.
class WakeUp
{
public:
    void notify();
    bool isNotified() const { return m_isNotified; }
    /// Returns once notified, and takes the notification. Errors: Cancelled. One waiter at a time.
    Async<void> wait(CancelToken cancel);

private:
    bool m_isNotified = false;
    std::optional<Completion<void>> m_waiter;
};

} // namespace tiphys::async
