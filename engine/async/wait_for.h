// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"

namespace tiphys::async {

/// Runs an event loop until \p task has ended, and gives its answer: for tests and the main function of the
/// command line only.
template <typename T>
Expected<T> waitFor(Async<T> task)
{
    return QCoro::waitFor(task);
}

} // namespace tiphys::async
