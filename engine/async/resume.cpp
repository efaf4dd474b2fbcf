// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/resume.h"

namespace tiphys::async {

Mailbox<std::coroutine_handle<>>::Address resumeAddress()
{
    thread_local const Mailbox<std::coroutine_handle<>> mailbox(
        [](std::coroutine_handle<> handle) { handle.resume(); });
    return mailbox.address();
}

} // namespace tiphys::async
