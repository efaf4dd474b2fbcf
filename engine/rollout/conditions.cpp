// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/conditions.h"

#include "rollout/same_text.h"

namespace tiphys::rollout {

bool Condition::operator==(const Condition &other) const
{
    return isSame(type, other.type) && isSame(status, other.status) && lastUpdateTime == other.lastUpdateTime
           && lastTransitionTime == other.lastTransitionTime && isSame(reason, other.reason)
           && message == other.message;
}

const Condition *Conditions::find(std::string_view type) const
{
    for (const Condition &condition : *this) {
        if (isSame(condition.type, type))
            return &condition;
    }
    return nullptr;
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
