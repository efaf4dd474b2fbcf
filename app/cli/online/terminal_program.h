// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"

#include <QStringList>

namespace tiphys::cli {

/// The words of a command that the environment variable \p name holds; none where it is not set.
QStringList commandIn(const char *name);

/// Runs the program that is the first of \p words on this terminal until it ends. Gives its exit code.
/// Errors: NotFound where there is no such program, Unavailable where it crashed; they name it as the \p role that it has ("editor").
Async<int> programRun(QStringList words, std::string role, CancelToken cancel);

} // namespace tiphys::cli
