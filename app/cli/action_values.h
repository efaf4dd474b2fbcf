// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/action.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// How an action is printed: {"name","displayName","iconClass","disabled","params"}.
object::Value actionValue(const action::ResourceAction &offered);

/// What an action runs with now, its arguments from flags of the form NAME=VALUE. Errors: InvalidInput.
Expected<action::RunOptions> actionOptions(const std::vector<std::string> &parameters);

} // namespace tiphys::cli
