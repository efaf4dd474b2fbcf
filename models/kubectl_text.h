// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "service/clusters.h"

#include <QString>

namespace tiphys::models {

/// \p word as a shell reads it back, in quotes where it needs them.
QString shellWord(std::string_view word);
/// "kubectl --context prod -n shop get deployment.apps/web -o yaml". \p context "" leaves the context to kubectl.
QString kubectlGet(const object::ObjectKey &key, std::string_view context);
/// The context by which the objects of \p app are reached; where none that is ticked is, the one of \p clusters that has the
/// destination's name or address: "" where none or several do.
std::string destinationContext(const service::AppDetail &app, const service::ClustersSnapshot &clusters);

} // namespace tiphys::models
