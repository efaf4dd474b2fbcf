// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/istio_shares.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

std::int64_t weightOf(const Value &destination)
{
    return static_cast<std::int64_t>(destination["weight"].asNumber().value_or(0));
}

/// Lives as long as \p destination.
std::string_view subsetOf(const Value &destination)
{
    return destination.path({"destination", "subset"}).stringOr();
}

} // namespace

IstioShares::IstioShares(const IstioTargets &targets, int weight, const Router::Destinations &additional)
    : m_targets(targets), m_canary(weight), m_stable(100 - weight)
{
    for (const WeightDestination &destination : additional) {
        m_additional.insert_or_assign(destination.serviceName, destination.weight);
        m_stable -= destination.weight;
    }
}

Value IstioShares::ofRoutes(Value routes, const std::vector<std::size_t> &indexes) const
{
    std::vector<std::size_t> done;
    for (const std::size_t index : indexes) {
        if (std::ranges::contains(done, index))
            continue;
        done.push_back(index);
        const Value route = routes.at(index);
        const Value before = route["route"];
        if (const Value after = of(before); after != before && before.isList())
            routes = routes.withItem(index, route.with("route", after));
    }
    return routes;
}

Value IstioShares::of(const Value &destinations) const
{
    std::map<std::string, int> missing = m_additional;
    const int stable = stableShare(destinations);
    std::vector<Value> result;
    for (const Value &destination : destinations.items()) {
        const std::string host = shortHost(destination);
        const std::int64_t before = weightOf(destination);
        const std::optional<int> share = shareOf(destination, host, stable, missing);
        const bool isKept = host.empty() || isAdditionalSubset(destination) || share || before == 0;
        if (!isKept)
            continue;
        const bool isChanged = share && before != *share;
        result.push_back(isChanged ? destination.with("weight", Value(*share)) : destination);
    }
    for (const auto &[host, share] : missing) {
        if (share != 0)
            result.push_back(Value::map({{"weight", share}, {"destination", Value::map({{"host", host}})}}));
    }
    return Value::list(result);
}

bool IstioShares::isAdditionalSubset(const Value &destination) const
{
    const std::string_view subset = subsetOf(destination);
    return !subset.empty() && std::ranges::contains(m_targets.additionalSubsets, subset);
}

// What is left for stable; Istio knows no negative weights.
int IstioShares::stableShare(const Value &destinations) const
{
    std::int64_t share = m_stable;
    for (const Value &destination : destinations.items())
        share -= isAdditionalSubset(destination) ? weightOf(destination) : 0;
    return static_cast<int>(std::max<std::int64_t>(share, 0));
}

std::optional<int> IstioShares::shareOf(const Value &destination, const std::string &host, int stable,
                                        std::map<std::string, int> &missing) const
{
    const std::string_view subset = subsetOf(destination);
    if (host.empty())
        return std::nullopt;
    if (host == m_targets.canaryService || (!subset.empty() && subset == m_targets.canarySubset))
        return m_canary;
    if (host == m_targets.stableService || (!subset.empty() && subset == m_targets.stableSubset))
        return stable;
    const auto found = missing.find(host);
    if (found == missing.end())
        return std::nullopt;
    const int share = found->second;
    missing.erase(found);
    return share;
}

} // namespace tiphys::rollout
