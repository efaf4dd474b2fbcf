// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/codes.h"
#include "object/gvk.h"

#include <map>
#include <string>

namespace tiphys::cli {

/// Healths by resource; that of the application itself under the empty key.
using Healths = std::map<object::ObjectKey, crd::HealthCode>;

/// What has become Degraded that was not before: "health of Deployment web has gone from Progressing to Degraded"; "" for
/// nothing. What was not known does not count.
/// Source: argo-cd cmd/argocd/commands/app.go (waitOnApplicationStatus)@v3.5.1
std::string worsening(const Healths &before, const Healths &now);

} // namespace tiphys::cli
