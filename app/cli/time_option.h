// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/duration.h"

#include <functional>
#include <string>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace tiphys::cli {

/// Lets \p option, of whole seconds, take times as people write them: 90, 3s, 5m, 1h30m. Parts of a second count as one.
void takesTime(CLI::Option *option);

/// Adds an option to \p command whose time is written as Go does: 30s, 5m, 1h.
CLI::Option *addGoTime(CLI::App *command, const std::string &name, std::function<void(const crd::Duration &)> take,
                       const std::string &help);

} // namespace tiphys::cli
