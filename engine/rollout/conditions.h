// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"
#include "object/value.h"
#include "rollout/shared_items.h"

#include <string>
#include <string_view>

namespace tiphys::rollout {

struct Condition
{
    std::string type;
    std::string status; ///< "True", "False" or "Unknown"
    crd::Timestamp lastUpdateTime;
    crd::Timestamp lastTransitionTime;
    std::string reason;
    std::string message;
    /// The condition as it stands in the object that it was read from, if it would be written like that; else null.
    object::Value stands;

    bool operator==(const Condition &other) const;
};

/// The conditions of a status.
class Conditions : public SharedItems<Condition>
{
public:
    using SharedItems::SharedItems;

    /// The condition of \p type, null if there is none.
    const Condition *find(std::string_view type) const;
    void append(Condition condition) { push_back(std::move(condition)); }
    void remove(std::string_view type);
    /// Sets \p condition unless one with its type, status and reason stands; true if something changed. A changed
    /// condition moves to the end and keeps its transition time where the status stays.
    /// Source: argo-rollouts utils/conditions/conditions.go (SetRolloutCondition)@v1.9.1
    bool set(Condition condition);
    /// Puts \p condition at the end, in place of those of its type.
    void replace(Condition condition);

    bool operator==(const Conditions &) const = default;
};

} // namespace tiphys::rollout
