// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/affinity.h"

#include "rollout/names.h"

#include <vector>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr const char *kPreferred = "preferredDuringSchedulingIgnoredDuringExecution";
constexpr const char *kRequired = "requiredDuringSchedulingIgnoredDuringExecution";

/// The anti-affinity that the strategy asks for; null if it asks for none.
const AntiAffinity *antiAffinityOf(const Rollout &rollout)
{
    const AntiAffinity *found = nullptr;
    if (rollout.blueGreen && rollout.blueGreen->antiAffinity)
        found = &*rollout.blueGreen->antiAffinity;
    if (rollout.canary && rollout.canary->antiAffinity)
        found = &*rollout.canary->antiAffinity;
    return found && (found->preferredWeight || found->isRequired) ? found : nullptr;
}

Value injectedTerm(const Rollout &rollout)
{
    const Value hash = Value::map(
        {{"key", kHashLabel}, {"operator", "In"}, {"values", Value::list({Value(rollout.status.stableRs)})}});
    return Value::map({{"labelSelector", Value::map({{"matchExpressions", Value::list({hash})}})},
                       {"namespaces", Value::list({Value(rollout.ns)})},
                       {"topologyKey", "kubernetes.io/hostname"}});
}

/// Stable hash that \p term names; null if it is not one that was put in.
Value hashOf(const Value &term)
{
    const Value expressions = term.path({"labelSelector", "matchExpressions"});
    for (const Value &expression : expressions.items()) {
        if (expression["key"].stringOr() == kHashLabel)
            return expression["values"].at(0);
    }
    return {};
}

/// Where the term that was put in stands.
struct Injected
{
    const char *list = kRequired;
    std::size_t index = 0;
    Value hash;
};

std::optional<Injected> injectedIn(const Value &affinity, const Rollout &rollout)
{
    const AntiAffinity *wanted = antiAffinityOf(rollout);
    if (!wanted)
        return std::nullopt;
    Injected found{.list = wanted->preferredWeight ? kPreferred : kRequired, .index = 0, .hash = {}};
    const Value terms = affinity.path({"podAntiAffinity", found.list});
    for (const Value &term : terms.items()) {
        found.hash = hashOf(wanted->preferredWeight ? term["podAffinityTerm"] : term);
        if (!found.hash.isNull())
            return found;
        ++found.index;
    }
    return std::nullopt;
}

} // namespace

Value replicaSetAffinity(const Rollout &rollout)
{
    const Value affinity = rollout.podTemplate.value.path({"spec", "affinity"});
    const AntiAffinity *wanted = antiAffinityOf(rollout);
    const std::string &stable = rollout.status.stableRs;
    if (!wanted || stable.empty() || stable == rollout.computedHash())
        return affinity;
    const char *list = wanted->preferredWeight ? kPreferred : kRequired;
    Value term = injectedTerm(rollout);
    if (wanted->preferredWeight)
        term = Value::map({{"weight", *wanted->preferredWeight}, {"podAffinityTerm", term}});
    const Value terms = affinity.path({"podAntiAffinity", list});
    const Value longer = terms.isList() ? terms.appended(term) : Value::list({term});
    return affinity.withPath({"podAntiAffinity", list}, longer);
}

Value withoutInjectedAffinity(const Value &affinity, const Rollout &rollout)
{
    const std::optional<Injected> injected = injectedIn(affinity, rollout);
    if (!injected)
        return affinity;
    const Value terms = affinity.path({"podAntiAffinity", injected->list}).withoutItem(injected->index);
    Value pods = affinity["podAntiAffinity"];
    pods = terms.size() == 0 ? pods.without(injected->list) : pods.with(injected->list, terms);
    const Value result =
        pods.size() == 0 ? affinity.without("podAntiAffinity") : affinity.with("podAntiAffinity", pods);
    return result.size() == 0 ? Value() : result;
}

bool isInjectedAffinityStale(const Value &affinity, const Rollout &rollout)
{
    if (affinity.isNull())
        return false;
    const std::optional<Injected> injected = injectedIn(affinity, rollout);
    return injected && rollout.status.stableRs != rollout.computedHash()
           && injected->hash.stringOr() != rollout.status.stableRs;
}

} // namespace tiphys::rollout
