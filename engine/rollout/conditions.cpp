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
    removeIf([&removed](const Condition &condition) { return isSame(condition.type, removed); });
}

bool Conditions::set(Condition condition)
{
    if (const Condition *current = find(condition.type)) {
        if (isSame(current->status, condition.status)) {
            if (isSame(current->reason, condition.reason))
                return false;
            condition.lastTransitionTime = current->lastTransitionTime;
        }
        replace(std::move(condition));
        return true;
    }
    append(std::move(condition));
    return true;
}

void Conditions::replace(Condition condition)
{
    auto next = std::make_shared<const Condition>(std::move(condition));
    removeIf([&type = next->type](const Condition &candidate) { return isSame(candidate.type, type); });
    push_back(std::move(next));
}

} // namespace tiphys::rollout
