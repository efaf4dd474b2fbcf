// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/mailbox.h"

#include <coroutine>

namespace tiphys::async {

/// Where handles posted from any thread are resumed: the event loop of the calling thread.
Mailbox<std::coroutine_handle<>>::Address resumeAddress();

} // namespace tiphys::async
