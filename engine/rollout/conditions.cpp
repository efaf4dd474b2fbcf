// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/conditions.h"

#include <algorithm>
#include <atomic>

namespace tiphys::rollout {

Conditions::Conditions(std::vector<Condition> conditions)
{
    if (!conditions.empty())
        m_held = std::make_shared<std::vector<Condition>>(std::move(conditions));
}

const std::vector<Condition> &Conditions::held() const
{
    static const std::vector<Condition> kNone;
    return m_held ? *m_held : kNone;
}

std::vector<Condition> &Conditions::own()
{
    // What others hold as well is copied before it changes; nobody can come to share what is held here alone.
    if (!m_held)
        m_held = std::make_shared<std::vector<Condition>>();
    else if (m_held.use_count() > 1)
        m_held = std::make_shared<std::vector<Condition>>(*m_held);
    else
        std::atomic_thread_fence(std::memory_order_acquire);
    return *m_held;
}

const Condition *Conditions::find(std::string_view type) const
{
    const auto found = std::ranges::find(held(), type, &Condition::type);
    return found == held().end() ? nullptr : &*found;
}

void Conditions::append(Condition condition)
{
    own().push_back(std::move(condition));
}

void Conditions::remove(std::string_view type)
{
    if (!find(type))
        return;
    // The type may belong to a condition that is removed.
    const std::string removed(type);
    std::erase_if(own(), [&removed](const Condition &condition) { return condition.type == removed; });
}

} // namespace tiphys::rollout
