// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/commands.h"

namespace tiphys::cli {

/// `render --repo`: a commit of a repository of this machine; \p fetch may be empty.
int renderCommit(const Invocation &invocation, const FetchMissing &fetch = {});
/// `diff A B`.
int diffCommits(const Invocation &invocation, const FetchMissing &fetch = {});

} // namespace tiphys::cli
