// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/destination_contexts.h"
#include "crd/destination.h"
#include "policy/registry.h"
#include "service/machine_choices.h"

#include <functional>
#include <string>
#include <vector>

namespace tiphys::control {

/// The destinations of the applications of one context.
struct DestinationUses
{
    std::string home;          ///< the context
    policy::Registry registry; ///< of its instance
    /// Whether the engine of this desktop reaches a server by what is registered; empty where it does not work for the instance.
    /// Errors: NotFound where none is registered there, else why it cannot be used.
    std::function<Expected<void>(const std::string &server)> registered;
    std::vector<crd::Destination> destinations; ///< one for each application
};

/// By which of the \p ticked contexts the objects of all \p uses are reached, their own clusters left out, and the other
/// addresses that a context was \p chosen for; in the order of MachineChoices::destinationContexts.
std::vector<service::DestinationContext> destinationList(const std::vector<DestinationUses> &uses,
                                                         const std::vector<ports::ContextFacts> &ticked,
                                                         const ChosenContexts &chosen);

} // namespace tiphys::control
