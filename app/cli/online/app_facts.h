// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"
#include "crd/timestamp.h"

#include <string>
#include <vector>

/// What `app get` shows beside the status.
namespace tiphys::cli {

/// Parameters of Helm that the source of \p spec which the flags name sets, as a table; "" where it is no source with some.
/// Errors: InvalidInput where one of several has to be named; NotFound.
/// Source: argo-cd cmd/argocd/commands/app.go (printParams)@v3.5.1
Expected<std::string> parameterTable(const crd::ApplicationSpec &spec, const SourceFlags &flags);

/// \p app as one that is compared by dry runs of the server, or not, whatever its annotation says.
Expected<crd::Application> comparedOnServer(const crd::Application &app, bool isServerSide);

/// What the sync windows of the project let happen now, and which ones they are: lines of a table, none without windows.
/// Source: argo-cd cmd/argocd/commands/app.go (printAppSummaryTable)@v3.5.1
std::vector<std::vector<std::string>> windowRows(const NamedApp &named, crd::Timestamp now);

} // namespace tiphys::cli
