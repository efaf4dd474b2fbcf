// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/pod.h"

#include <algorithm>

namespace tiphys::tree {

namespace {

using object::Value;

MilliAmounts amountsOf(const Value &resources)
{
    MilliAmounts amounts;
    for (const auto &[name, value] : resources.entries()) {
        std::optional<std::int64_t> amount;
        if (value.isString())
            amount = milliAmountOf(*value.asString());
        else if (value.isInteger())
            amount = milliAmountOf(std::to_string(value.intOr(0)));
        if (amount)
            amounts[std::string(name)] = *amount;
    }
    return amounts;
}

void add(MilliAmounts &amounts, const MilliAmounts &more)
{
    for (const auto &[name, amount] : more)
        amounts[name] += amount;
}

void raiseTo(MilliAmounts &amounts, const MilliAmounts &other)
{
    for (const auto &[name, amount] : other) {
        const auto [place, isNew] = amounts.try_emplace(name, amount);
        place->second = std::max(place->second, amount);
    }
}

Value named(const Value &list, std::string_view name)
{
    for (const Value &item : list.items()) {
        if (item["name"].stringOr() == name)
            return item;
    }
    return {};
}

/// What one container asks for: the larger of what its spec says and what it was given.
MilliAmounts containerRequests(const Value &container, const Value &statuses)
{
    MilliAmounts amounts = amountsOf(container.path({"resources", "requests"}));
    const Value status = named(statuses, container["name"].stringOr());
    if (!status["resources"].isNull()) {
        raiseTo(amounts, amountsOf(status.path({"resources", "requests"})));
        raiseTo(amounts, amountsOf(status["allocatedResources"]));
    }
    return amounts;
}

} // namespace

MilliAmounts podRequests(const Value &pod)
{
    const Value spec = pod["spec"];
    const Value status = pod["status"];
    MilliAmounts sum;
    const Value containers = spec["containers"];
    for (const Value &container : containers.items())
        add(sum, containerRequests(container, status["containerStatuses"]));
    MilliAmounts sidecars;
    MilliAmounts greediest;
    const Value inits = spec["initContainers"];
    for (const Value &container : inits.items()) {
        MilliAmounts amounts = containerRequests(container, status["initContainerStatuses"]);
        if (container["restartPolicy"].stringOr() == "Always") {
            add(sum, amounts);
            add(sidecars, amounts);
            amounts = sidecars;
        } else {
            add(amounts, sidecars);
        }
        raiseTo(greediest, amounts);
    }
    raiseTo(sum, greediest);
    for (const auto &[name, amount] : amountsOf(spec.path({"resources", "requests"}))) {
        if (name == "cpu" || name == "memory" || name.starts_with("hugepages-"))
            sum[name] = amount;
    }
    add(sum, amountsOf(spec["overhead"]));
    return sum;
}

} // namespace tiphys::tree
