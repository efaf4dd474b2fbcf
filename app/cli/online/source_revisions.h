// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/invocation.h"
#include "crd/application.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// The revisions that --revisions names, one for each source of \p app and "" for those that it does not name; empty where it
/// names none. Errors: InvalidInput for an application of one source, and for --revision with several; NotFound.
/// Source: argo-cd server/application/application.go (GetManifests, resolveSourceRevisions)@v3.5.1, which leave out what fits not
Expected<std::vector<std::string>> sourceRevisions(const crd::Application &app, const AppFlags &flags);

} // namespace tiphys::cli
