// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/app_observer.h"
#include "control/resource_action.h"

namespace tiphys::control {

/// Where the actions of objects of \p app happen, and what decides about them; \p destination is the session of the cluster
/// that the objects are on: for the Application object itself \p home.
ActionPlace actionPlaceOf(const ContextSession &home, const ContextSession &destination, const crd::Application &app,
                          const ObserverParts &parts);

} // namespace tiphys::control
