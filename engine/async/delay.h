// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"

#include <chrono>

namespace tiphys::async {

/// Waits \p duration in the event loop of this thread. Errors: Cancelled.
Async<void> delay(std::chrono::milliseconds duration, CancelToken cancel);

} // namespace tiphys::async
