// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"

namespace tiphys::cli {

/// Changes \p named by \p patch, which tests each field that it changes, after the new spec was validated, and tells of it. Gives
/// the exit code. Errors: Denied, InvalidInput, Conflict where a field is no longer as it was seen.
Async<int> specChanged(OnlineSession &session, NamedApp named, object::Value patch, const Invocation &invocation,
                       CancelToken cancel);

} // namespace tiphys::cli
