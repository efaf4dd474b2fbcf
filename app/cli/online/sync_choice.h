// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"

#include <vector>

namespace tiphys::cli {

/// What --resource and --label of a sync choose; empty where they are not given. Labels choose among what is rendered at the
/// revision that is asked for. Errors: InvalidInput; NotFound where nothing is chosen; those of rendering.
/// Source: argo-cd cmd/argocd/commands/app.go (NewApplicationSyncCommand)@v3.5.1
Async<std::vector<object::ObjectKey>> chosenResources(OnlineSession &session, NamedApp named,
                                                      const Invocation &invocation, CancelToken cancel);

/// Fails where the application has nothing of \p chosen: an operation would do nothing. The status may be old; what it does not
/// list may be new in the sources. Errors: NotFound.
/// Source: argo-cd cmd/argocd/commands/app.go (NewApplicationSyncCommand)@v3.5.1, which looks at the status alone
Async<void> checkedChoice(OnlineSession &session, NamedApp named, const Invocation &invocation,
                          std::vector<object::ObjectKey> chosen, CancelToken cancel);

} // namespace tiphys::cli
