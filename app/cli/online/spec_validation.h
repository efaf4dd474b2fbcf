// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/online_session.h"

namespace tiphys::cli {

/// Checks \p app, which \p invocation is about to store in the cluster of \p home, and prints warnings. With `--validate=false` what
/// is wrong is a warning too, and no repository is asked. Of `app edit` and `app unset` argocd asks no repository either.
/// Errors: InvalidInput for a spec that is refused, one that is wrong in form in any case; Cancelled.
/// Source: argo-cd cmd/argocd/commands/app.go, server/application/application.go (Create, Patch, UpdateSpec)@v3.5.1
Async<void> validated(OnlineSession &session, control::ContextSession *home, crd::Application app,
                      const Invocation &invocation, CancelToken cancel);

} // namespace tiphys::cli
