// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/sprig/world.h"

namespace tiphys::store {

/// Clock and chance of this machine for the functions of templates. Any thread.
text::SprigWorldPtr machineWorld();

} // namespace tiphys::store
