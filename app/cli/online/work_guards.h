// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"

#include <string>

namespace tiphys::cli {

/// Asks on the terminal; without one only --yes will do.
Expected<void> confirmed(const Invocation &invocation, const std::string &question);
/// Where nobody reconciles and the local engine is not asked for, a request would stay where it is.
Expected<void> somebodyWorks(const NamedApp &named, const Invocation &invocation);
/// Asked before anything is written: where the local engine is refused, nobody else is to do the work instead.
Expected<void> localWorkAllowed(const NamedApp &named, const Invocation &invocation);
/// Both of these.
Expected<void> workAllowed(const NamedApp &named, const Invocation &invocation);

} // namespace tiphys::cli
