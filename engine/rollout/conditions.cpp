// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/conditions.h"

#include <algorithm>

namespace tiphys::rollout {

bool Condition::operator==(const Condition &other) const
{
    return type == other.type && status == other.status && lastUpdateTime == other.lastUpdateTime
           && lastTransitionTime == other.lastTransitionTime && reason == other.reason && message == other.message;
}

const Condition *Conditions::find(std::string_view type) const
{
    const auto found = std::ranges::find(*this, type, &Condition::type);
    return found == end() ? nullptr : &*found;
}

void Conditions::remove(std::string_view type)
{
    if (!find(type))
        return;
    // The type may belong to a condition that is removed.
    const std::string removed(type);
    removeIf([&removed](const Condition &condition) { return condition.type == removed; });
}

} // namespace tiphys::rollout
