// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/health_change.h"

namespace tiphys::cli {

std::string worsening(const Healths &before, const Healths &now)
{
    using enum crd::HealthCode;
    for (const auto &[key, health] : now) {
        const auto known = before.find(key);
        if (health == Degraded && known != before.end() && known->second != Degraded && known->second != Unknown)
            return (key.name.empty() ? "health" : "health of " + key.kind + " " + key.name) + " has gone from "
                   + std::string(crd::text(known->second)) + " to Degraded";
    }
    return {};
}

} // namespace tiphys::cli
