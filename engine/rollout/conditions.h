// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

struct Condition
{
    std::string type;
    std::string status; ///< "True", "False" or "Unknown"
    crd::Timestamp lastUpdateTime;
    crd::Timestamp lastTransitionTime;
    std::string reason;
    std::string message;
    bool operator==(const Condition &) const = default;
};

/// The conditions of a status: a value whose copies share what they hold until one of them changes, since most
/// decisions leave them as they are.
class Conditions
{
public:
    using value_type = Condition;
    using const_iterator = std::vector<Condition>::const_iterator;

    Conditions() = default;
    Conditions(std::vector<Condition> conditions);

    const_iterator begin() const { return held().begin(); }
    const_iterator end() const { return held().end(); }
    bool empty() const { return held().empty(); }
    std::size_t size() const { return held().size(); }
    /// The condition of \p type, null if there is none.
    const Condition *find(std::string_view type) const;
    void append(Condition condition);
    void remove(std::string_view type);

    bool operator==(const Conditions &other) const { return m_held == other.m_held || held() == other.held(); }

private:
    const std::vector<Condition> &held() const;
    std::vector<Condition> &own();

    std::shared_ptr<std::vector<Condition>> m_held; ///< null if there are none
};

} // namespace tiphys::rollout
