// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/destination_contexts.h"

#include "policy/registry.h"

#include <algorithm>

namespace tiphys::control {

std::string noAccess(std::string_view server, std::string_view problem)
{
    return "no access to " + std::string(server) + ": "
           + (problem.empty() ? "choose a context of this cluster" : std::string(problem));
}

std::vector<std::string> contextsFor(std::string_view server, std::string_view home,
                                     const std::vector<ports::ContextFacts> &contexts, const ChosenContexts &chosen)
{
    const std::string wanted = policy::withoutSlash(server);
    std::vector<std::string> names;
    if (wanted.empty())
        return names;
    const auto add = [&names](std::string_view name) {
        if (!std::ranges::contains(names, name))
            names.emplace_back(name);
    };
    if (wanted == policy::kInClusterServer) {
        add(home);
        return names;
    }
    const auto isThere = [&contexts](std::string_view name) {
        return std::ranges::contains(contexts, name, &ports::ContextFacts::name);
    };
    for (const auto &[address, name] : chosen) {
        if (policy::withoutSlash(address) == wanted && isThere(name))
            add(name);
    }
    for (const bool isHome : {true, false}) {
        for (const ports::ContextFacts &context : contexts) {
            if ((context.name == home) == isHome && policy::withoutSlash(context.server) == wanted)
                add(context.name);
        }
    }
    return names;
}

} // namespace tiphys::control
