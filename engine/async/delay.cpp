// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/delay.h"

#include "async/completion.h"

#include <QTimer>

namespace tiphys::async {

Async<void> delay(std::chrono::milliseconds duration, CancelToken cancel)
{
    const Completion<void> done;
    const CancelRegistration registration = cancel.onCancel([done] { done.fail(cancelledError()); });
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [done] { done.set({}); });
    if (!done.isSet())
        timer.start(duration);
    const Expected<void> result = co_await done;
    co_return result;
}

} // namespace tiphys::async
