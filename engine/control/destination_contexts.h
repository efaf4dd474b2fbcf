// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/connections.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::control {

/// The contexts that somebody chose for API addresses, by address.
using ChosenContexts = std::map<std::string, std::string, std::less<>>;

/// What is told where no context reaches \p server; \p problem is why its registration does not help, "" if there is none.
std::string noAccess(std::string_view server, std::string_view problem = {});

/// The names of \p contexts that may reach the objects of a destination whose API address is \p server, best first: the
/// one that was \p chosen; \p home for the cluster that an instance runs in; then those with that address, \p home
/// before others. Empty if there is none.
std::vector<std::string> contextsFor(std::string_view server, std::string_view home,
                                     const std::vector<ports::ContextFacts> &contexts, const ChosenContexts &chosen);

} // namespace tiphys::control
