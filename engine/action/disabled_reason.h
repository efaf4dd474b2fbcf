// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/action.h"

namespace tiphys::action {

/// Why \p offered, an action of \p object that is marked disabled, makes no sense now, as the end of a sentence ("it is
/// paused already"); "" for one that is enabled. Actions of scripts, which give no reason, get a general one.
std::string disabledReason(const object::Object &object, const ResourceAction &offered);

} // namespace tiphys::action
