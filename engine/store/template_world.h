// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/sprig/world.h"

namespace tiphys::store {

/// Clock, chance and zones of this machine for the functions of templates; its own zone is UTC, as in the containers
/// of the controller. Any thread.
text::SprigWorldPtr machineWorld();

} // namespace tiphys::store
